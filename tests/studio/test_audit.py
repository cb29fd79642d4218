"""The audit log: who did what, and nothing that could be secret."""

from datetime import timedelta
from typing import Any

import pytest

from nimble_tui.studio.audit import DEADLINE
from nimble_tui.studio.store.audit import AuditEntry
from tests.studio.world import AIKO, INES, MARA, PAT, STUDIO_ID, World, refused

SECRET = "canary-9f2c"


def entries(world: World, **filters: Any) -> list[AuditEntry]:
    with world.studio._store.read() as tx:  # noqa: SLF001 - as the command reads it
        return tx.audit.page(limit=1000, **filters)


def test_each_change_has_one_entry_in_order_and_a_read_has_none(world: World) -> None:
    before = entries(world)
    session_id = world.ready()
    world.act("stop", session_id)
    world.advance()
    world.act("delete", session_id, by=INES)
    world.mine()
    found = entries(world)[: -len(before) or None]
    assert [(one.action, one.principal_id) for one in found] == [
        ("DeleteStreamingSession", INES),
        ("StopStreamingSession", MARA),
        ("CreateStreamingSession", MARA),
    ]
    assert {one.session_id for one in found} == {session_id}
    assert {one.source for one in found} == {"127.0.0.1"}
    assert entries(world, session=session_id[-4:]) == found
    assert entries(world, session=session_id) == found
    assert entries(world, session=f"x{session_id[-4:]}") == []


def test_what_is_refused_or_repeated_has_no_entry(world: World) -> None:
    launch = {"studioId": STUDIO_ID, "launchProfileId": world.profile_id("Lighting")}
    for _ in range(3):
        world.mara.create_streaming_session(**launch, clientToken="one")
    with refused("ValidationException"):
        world.mara.create_streaming_session(**launch, tags={"x": "y"}, clientToken="one")
    with refused("AccessDeniedException"):
        world.mara.update_studio(studioId=STUDIO_ID, displayName="mine")
    found = entries(world, principal_id=MARA)
    made = [one for one in found if one.source != DEADLINE and one.at >= world.clock.now()]
    assert [one.action for one in made] == ["CreateStreamingSession"]


def test_a_deadline_is_the_studios_own_doing(world: World) -> None:
    session_id = world.ready("Review")
    for _ in range(2):
        world.advance(timedelta(days=30) / timedelta(seconds=1))
    with refused("ResourceNotFoundException"):
        world.get(session_id)  # deleted, and forgotten
    found = entries(world, session=session_id)
    assert found[0].name == "the studio"
    assert found[0].source == DEADLINE
    assert found[0].action == "DeleteStreamingSession"


def test_no_value_that_could_be_secret_is_in_it(world: World) -> None:
    made = world.operator.create_studio_component(
        studioId=STUDIO_ID,
        name="Licences",
        type="LICENSE_SERVICE",
        configuration={"licenseServiceConfiguration": {"endpoint": f"{SECRET}.example"}},
        initializationScripts=[
            {
                "launchProfileProtocolVersion": "2021-03-31",
                "platform": "LINUX",
                "runContext": "SYSTEM_INITIALIZATION",
                "script": f"echo {SECRET}",
            }
        ],
        scriptParameters=[{"key": "password", "value": SECRET}],
        tags={"owner": SECRET},
    )["studioComponent"]
    world.operator.tag_resource(resourceArn=made["arn"], tags={"note": SECRET})
    world.operator.put_studio_members(
        studioId=STUDIO_ID,
        identityStoreId=world.studio.about.identity_store_id,
        members=[{"persona": "ADMINISTRATOR", "principalId": AIKO}],
        clientToken=SECRET,
    )
    found = entries(world, principal_id=PAT)
    assert [one.action for one in found[:3]] == [
        "PutStudioMembers",
        "TagResource",
        "CreateStudioComponent",
    ]
    assert found[0].about["members"] == [AIKO]
    assert found[2].about["name"] == "Licences"
    assert found[2].about["studioComponentId"] == made["studioComponentId"]
    assert "scriptParameters" in found[2].about["changed"]
    assert SECRET not in repr(found)


def test_old_entries_are_removed_a_few_at_a_time(world: World) -> None:
    world.create()
    count = len(entries(world))
    now = world.clock.now()
    with world.studio._store.write() as tx:  # noqa: SLF001
        old = AuditEntry(now - timedelta(days=500), "", "root", "Old", {}, "command line")
        for _ in range(30):
            tx.audit.add(old)
        tx.audit.forget(now - timedelta(days=400), 20)
    assert len(entries(world)) == count + 10
    with world.studio._store.write() as tx:  # noqa: SLF001
        tx.audit.forget(now - timedelta(days=400), 20)
    assert len(entries(world)) == count


@pytest.mark.parametrize("limit", [1, 3])
def test_it_is_read_in_pages(world: World, limit: int) -> None:
    for _ in range(4):
        world.create()
    everything, pages, before = entries(world), [], None
    while True:
        with world.studio._store.read() as tx:  # noqa: SLF001
            page = tx.audit.page(limit=limit, before=before)
        if not page:
            break
        pages += page
        before = page[-1].number
    assert pages == everything
