"""Backups: one at each stop, as many as may be, and back to how a disk was."""

import pytest

from tests.studio.world import AIKO, INES, MARA, SAMIR, STUDIO_ID, World, refused

PROFILE = "Comp"
MOST = 3


def stop(world: World, session_id: str, by: str = MARA) -> None:
    world.act("stop", session_id, by)
    world.advance()
    assert world.state(session_id) == "STOPPED"


def stop_often(world: World, session_id: str, times: int) -> None:
    """Stop a session that is READY so often, and start it again in between."""
    for number in range(times):
        if number:
            world.act("start", session_id)
            world.advance()
        stop(world, session_id)


def test_a_stop_makes_one(world: World) -> None:
    session_id = world.ready(PROFILE)
    assert world.get(session_id)["backupMode"] == "AUTOMATIC"
    assert world.backups(session_id) == []
    asked_at = world.clock.now()
    world.act("stop", session_id)
    (making,) = world.backups(session_id)
    assert (making["state"], making["statusCode"]) == (
        "CREATE_IN_PROGRESS",
        "STREAMING_SESSION_CREATE_IN_PROGRESS",
    )
    assert making["createdAt"] == asked_at
    assert (making["ownedBy"], making["sessionId"]) == (MARA, session_id)
    assert making["launchProfileId"] == world.profile_id(PROFILE)
    assert making["arn"].endswith(f":streaming-session-backup/{making['backupId']}")
    world.advance()
    (made,) = world.backups(session_id)
    ready = {"state": "READY", "statusCode": "STREAMING_SESSION_READY"}
    assert made == making | ready | {"statusMessage": made["statusMessage"]}
    one = world.mara.get_streaming_session_backup(studioId=STUDIO_ID, backupId=made["backupId"])
    assert one["streamingSessionBackup"] == made


def test_a_stop_by_itself_makes_one_too(world: World) -> None:
    session_id = world.ready(PROFILE)
    world.clock.time = stop_at = world.get(session_id)["stopAt"]
    assert world.state(session_id) == "STOP_IN_PROGRESS"
    world.advance()
    (backup,) = world.backups(session_id)
    assert (backup["state"], backup["createdAt"]) == ("READY", stop_at)


def test_a_disk_that_is_not_kept_is_backed_up_all_the_same(world: World) -> None:
    session_id = world.ready(PROFILE)
    world.act("stop", session_id, volumeRetentionMode="DELETE")
    world.advance()
    assert [one["state"] for one in world.backups(session_id)] == ["READY"]
    world.act("start", session_id)
    world.advance()
    assert world.state(session_id) == "READY"


@pytest.mark.parametrize("backup", [{}, {"mode": "DEACTIVATED"}, {"maxBackupsToRetain": 3}])
def test_nobody_makes_one_unasked(world: World, backup: dict[str, object]) -> None:
    profile_id = world.new_profile(sessionPersistenceMode="ACTIVATED", sessionBackup=backup)
    session_id = made_from(world, profile_id)
    assert world.backups(session_id) == []


@pytest.mark.parametrize(("given", "most"), [(0, 0), (1, 1), (2, 2), (None, 10)])
def test_the_launch_profile_says_how_many_there_are(
    world: World, given: int | None, most: int
) -> None:
    backup = {"mode": "AUTOMATIC"} | ({} if given is None else {"maxBackupsToRetain": given})
    profile_id = world.new_profile(sessionPersistenceMode="ACTIVATED", sessionBackup=backup)
    session_id = made_from(world, profile_id)
    assert world.get(session_id)["maxBackupsToRetain"] == most
    for _ in range(2):
        world.act("start", session_id, by=INES)
        world.advance()
        stop(world, session_id, by=INES)
    assert len([one for one in world.backups(session_id) if one["state"] == "READY"]) == min(
        most, 3
    )


def made_from(world: World, profile_id: str) -> str:
    """Return a session launched from a launch profile, STOPPED."""
    made = world.admin.create_streaming_session(studioId=STUDIO_ID, launchProfileId=profile_id)
    session_id: str = made["session"]["sessionId"]
    world.advance()
    world.act("stop", session_id, by=INES)
    world.advance()
    return session_id


def test_the_oldest_goes_once_the_newest_is_there(world: World) -> None:
    session_id = world.ready(PROFILE)
    stop_often(world, session_id, MOST)
    before = world.backups(session_id)
    assert [one["state"] for one in before] == ["READY"] * MOST
    world.act("start", session_id)
    world.advance()
    world.act("stop", session_id)
    assert [one["state"] for one in world.backups(session_id)] == ["READY"] * MOST + [
        "CREATE_IN_PROGRESS"
    ]
    world.advance()
    after = world.backups(session_id)
    assert [one["state"] for one in after] == ["DELETED"] + ["READY"] * MOST
    assert [one["backupId"] for one in after[:-1]] == [one["backupId"] for one in before]
    with refused("ValidationException", "INVALID_STATE"):
        world.act("start", session_id, backupId=after[0]["backupId"])
    world.advance(3600)
    assert world.backups(session_id) == after[1:]
    with refused("ResourceNotFoundException"):
        world.mara.get_streaming_session_backup(studioId=STUDIO_ID, backupId=after[0]["backupId"])


def test_a_failed_stop_is_a_failed_backup(world: World) -> None:
    session_id = world.failed("stop", PROFILE)
    (backup,) = world.backups(session_id)
    assert (backup["state"], backup["statusCode"]) == (
        "CREATE_FAILED",
        world.get(session_id)["statusCode"],
    )


def test_a_stop_that_is_not_allowed_backs_up_nothing(world: World) -> None:
    profile_id = world.new_profile(sessionBackup={"mode": "AUTOMATIC"})
    session_id = made_from(world, profile_id)
    assert world.state(session_id) == "STOP_FAILED"
    assert world.backups(session_id) == []


@pytest.mark.always_local
def test_a_start_from_one_says_so_until_the_next_start(world: World) -> None:
    session_id = world.ready(PROFILE)
    stop_often(world, session_id, 2)
    oldest = world.backups(session_id)[0]["backupId"]
    started = world.act("start", session_id, backupId=oldest)
    assert (started["state"], started["startedFromBackupId"]) == ("START_IN_PROGRESS", oldest)
    world.advance()
    assert world.get(session_id)["startedFromBackupId"] == oldest
    stop(world, session_id)
    assert world.get(session_id)["startedFromBackupId"] == oldest
    assert "startedFromBackupId" not in world.act("start", session_id)


def test_one_token_starts_from_one_backup(world: World) -> None:
    session_id = world.ready(PROFILE)
    stop_often(world, session_id, 2)
    first, second = (one["backupId"] for one in world.backups(session_id))
    names = {"clientToken": "t-1"}
    world.act("start", session_id, backupId=first, **names)
    again = world.act("start", session_id, backupId=first, **names)
    assert again["startedFromBackupId"] == first
    with refused("ValidationException", "CLIENT_TOKEN_REUSED"):
        world.act("start", session_id, backupId=second, **names)


def test_what_cannot_be_started_from(world: World) -> None:
    session_id, other_id = world.ready(PROFILE), world.ready(PROFILE)
    theirs = world.ready(PROFILE, by=SAMIR)
    stop(world, session_id)
    stop(world, other_id)
    stop(world, theirs, by=SAMIR)
    with refused("ResourceNotFoundException") as reply:
        world.act("start", session_id, backupId="unknown")
    assert reply["context"] == {"resourceId": "unknown"}
    with refused("AccessDeniedException", "NOT_YOURS"):
        world.act("start", session_id, backupId=world.backups(theirs)[0]["backupId"])
    of_other = world.backups(other_id)[0]["backupId"]
    with refused("ValidationException", "BACKUP_OF_ANOTHER_SESSION") as reply:
        world.act("start", session_id, backupId=of_other)
    assert "another workstation" in reply["message"]
    assert world.state(session_id) == "STOPPED"


def test_they_go_with_their_session(world: World) -> None:
    session_id = world.stopped(PROFILE)
    world.act("delete", session_id)
    assert [one["state"] for one in world.backups(session_id)] == ["READY"]
    world.advance()
    (deleted,) = world.backups(session_id)
    assert (deleted["state"], deleted["statusCode"]) == ("DELETED", "STREAMING_SESSION_DELETED")
    world.advance(3600)
    assert world.backups(session_id) == []


def test_they_stay_when_their_session_does(world: World) -> None:
    session_id = world.stopped(PROFILE)
    world.fail("delete", session_id)
    assert world.state(session_id) == "DELETE_FAILED"
    assert [one["state"] for one in world.backups(session_id)] == ["READY"]


def test_everybody_lists_their_own(world: World) -> None:
    stop(world, world.ready(PROFILE, by=SAMIR), by=SAMIR)
    mine = world.mara.list_streaming_session_backups(studioId=STUDIO_ID, ownedBy=MARA)
    assert {one["ownedBy"] for one in mine["streamingSessionBackups"]} == {MARA}
    for filters in ({}, {"ownedBy": SAMIR}):
        with refused("AccessDeniedException", "NOT_YOURS"):
            world.mara.list_streaming_session_backups(studioId=STUDIO_ID, **filters)
    everybodys = world.admin.list_streaming_session_backups(studioId=STUDIO_ID)
    owners = {one["ownedBy"] for one in everybodys["streamingSessionBackups"]}
    assert {MARA, SAMIR} <= owners
    nobodys = world.admin.list_streaming_session_backups(studioId=STUDIO_ID, ownedBy=AIKO)
    assert nobodys["streamingSessionBackups"] == []


def test_a_list_comes_in_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    names = {"studioId": STUDIO_ID, "ownedBy": MARA}
    everything = world.mara.list_streaming_session_backups(**names)["streamingSessionBackups"]
    monkeypatch.setattr("nimble_tui.studio.operations.listing.PAGE", 2)
    pages = list(world.mara.get_paginator("list_streaming_session_backups").paginate(**names))
    assert [one for page in pages for one in page["streamingSessionBackups"]] == everything
    assert len(pages) == -(-len(everything) // 2) > 1


def test_one_may_be_tagged_by_its_owner(world: World) -> None:
    session_id = world.stopped(PROFILE)
    (backup,) = world.backups(session_id)
    world.mara.tag_resource(resourceArn=backup["arn"], tags={"why": "before the retime"})
    assert world.backups(session_id)[0]["tags"] == {"why": "before the retime"}
    with refused("AccessDeniedException"):
        world.client(SAMIR).tag_resource(resourceArn=backup["arn"], tags={"a": "b"})
