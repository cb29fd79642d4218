"""Members of the studio and of its launch profiles, through boto3."""

import json
from pathlib import Path

import pytest

from nimble_tui.api.loader import DATA
from nimble_tui.core.clock import ManualClock
from nimble_tui.studio import invites
from nimble_tui.studio.sample.data import CALLUM, GONE, LENA, RAVI, ZOFIA
from nimble_tui.studio.sample.facts import IDENTITY_STORE_ID
from tests.studio.memberships import IN_STORE, STUDIO, admins, listed, unchecked_operator, users
from tests.studio.world import (
    AIKO,
    INES,
    MARA,
    NOW,
    PAT,
    THEO,
    World,
    open_world,
    refused,
)


def profile_names(world: World, principal_id: str) -> set[str]:
    reply = world.client(principal_id).list_launch_profiles(**STUDIO, principalId=principal_id)
    return {one["name"] for one in reply["launchProfiles"]}


@pytest.fixture
def animation(world: World) -> dict[str, str]:
    return {**STUDIO, "launchProfileId": world.profile_id("Animation")}


def test_everybody_sees_who_the_admins_are(world: World) -> None:
    members = world.mara.list_studio_members(**STUDIO)["members"]
    assert [one["principalId"] for one in members] == [INES, PAT, LENA]
    assert {one["persona"] for one in members} == {"ADMINISTRATOR"}
    assert {one["identityStoreId"] for one in members} == {IDENTITY_STORE_ID}
    # A security identifier is there only for who has one.
    assert [("sid" in one) for one in members] == [True, False, False]
    assert world.mara.get_studio_member(**STUDIO, principalId=INES)["member"] == members[0]
    for nobody in (MARA, "nobody"):
        with refused("ResourceNotFoundException") as reply:
            world.mara.get_studio_member(**STUDIO, principalId=nobody)
        assert reply["context"] == {"resourceId": nobody}


def test_an_admin_is_made_and_unmade_and_that_counts_at_once(world: World) -> None:
    theo = world.client(THEO)
    with refused("AccessDeniedException"):
        theo.list_launch_profiles(**STUDIO)
    assert world.operator.put_studio_members(**IN_STORE, members=admins(THEO, AIKO)).keys() == {
        "ResponseMetadata"
    }
    assert len(theo.list_launch_profiles(**STUDIO)["launchProfiles"]) == 7
    assert theo.get_studio_member(**STUDIO, principalId=THEO)["member"]["persona"] == (
        "ADMINISTRATOR"
    )
    world.operator.delete_studio_member(**STUDIO, principalId=THEO)
    with refused("AccessDeniedException"):
        theo.list_launch_profiles(**STUDIO)
    assert listed(theo) == [[AIKO, INES, PAT, LENA]]
    with refused("ResourceNotFoundException"):
        world.operator.delete_studio_member(**STUDIO, principalId=THEO)


def test_whoever_is_an_admin_already_stays_what_they_are(world: World) -> None:
    world.operator.put_studio_members(**IN_STORE, members=admins(PAT, INES))
    assert {one.principal_id: one.role for one in world.studio.people()}[PAT] == "operator"
    assert listed(world.operator) == [[INES, PAT, LENA]]


def test_the_last_admin_cannot_be_removed(world: World) -> None:
    world.operator.delete_studio_member(**STUDIO, principalId=INES)
    with refused("ValidationException", "LAST_ADMINISTRATOR") as reply:
        world.operator.delete_studio_member(**STUDIO, principalId=LENA)
    assert "Lena Hoffmann" in reply["Error"]["Message"]
    assert listed(world.operator) == [[PAT, LENA]]
    world.operator.put_studio_members(**IN_STORE, members=admins(AIKO))
    world.operator.delete_studio_member(**STUDIO, principalId=LENA)


def test_an_admin_whose_keys_are_revoked_is_nobody_to_ask(tmp_path: Path) -> None:
    path = tmp_path / "studio.db"
    with open_world(path, ManualClock(NOW)) as world:
        invites.revoke(path, "Lena Hoffmann")
        with refused("ValidationException", "LAST_ADMINISTRATOR"):
            world.operator.delete_studio_member(**STUDIO, principalId=INES)
        world.operator.delete_studio_member(**STUDIO, principalId=LENA)


def test_who_runs_the_studio_stays_an_admin(world: World) -> None:
    with refused("ValidationException", "OPERATOR") as reply:
        world.operator.delete_studio_member(**STUDIO, principalId=PAT)
    assert "studio revoke PERSON --operator" in reply["Error"]["Message"]


def test_only_operators_change_admins(world: World) -> None:
    for principal_id in (INES, MARA):
        client = world.client(principal_id)
        with refused("AccessDeniedException"):
            client.put_studio_members(**IN_STORE, members=admins(THEO))
        with refused("AccessDeniedException"):  # not even an admin themself
            client.delete_studio_member(**STUDIO, principalId=INES)


def test_a_launch_profile_has_members(world: World, animation: dict[str, str]) -> None:
    members = world.client(THEO).list_launch_profile_members(**animation)["members"]
    theo = next(one for one in members if one["principalId"] == THEO)
    assert theo.keys() == {"principalId", "persona", "identityStoreId", "sid"}
    assert (theo["persona"], theo["identityStoreId"]) == ("USER", IDENTITY_STORE_ID)
    again = world.client(THEO).get_launch_profile_member(**animation, principalId=THEO)
    assert again["member"] == theo
    updated = world.admin.update_launch_profile_member(
        **animation, principalId=THEO, persona="USER"
    )
    assert updated["member"] == theo
    for nobody in (MARA, INES, "nobody"):
        for call in (
            world.client(THEO).get_launch_profile_member,
            world.admin.delete_launch_profile_member,
        ):
            with refused("ResourceNotFoundException") as reply:
                call(**animation, principalId=nobody)
            assert reply["context"] == {"resourceId": nobody}
        with refused("ResourceNotFoundException"):
            world.admin.update_launch_profile_member(
                **animation, principalId=nobody, persona="USER"
            )


def test_whoever_is_not_on_a_profile_does_not_see_who_is(
    world: World, animation: dict[str, str]
) -> None:
    with refused("AccessDeniedException", "NOT_A_MEMBER"):
        world.mara.list_launch_profile_members(**animation)
    with refused("AccessDeniedException", "NOT_A_MEMBER"):
        world.mara.get_launch_profile_member(**animation, principalId=THEO)


def test_a_member_nobody_knows_any_more_can_be_seen_and_removed(world: World) -> None:
    comp = {**STUDIO, "launchProfileId": world.profile_id("Comp")}
    member = world.admin.get_launch_profile_member(**comp, principalId=GONE)["member"]
    assert "sid" not in member
    world.admin.delete_launch_profile_member(**comp, principalId=GONE)
    assert GONE not in listed(world.admin, comp["launchProfileId"])[0]
    with refused("ResourceNotFoundException"):
        world.admin.put_launch_profile_members(
            **comp, identityStoreId=IDENTITY_STORE_ID, members=users(GONE)
        )


def test_membership_counts_at_once_for_what_one_may_list_and_launch(
    world: World, animation: dict[str, str]
) -> None:
    assert profile_names(world, ZOFIA) == set()
    with refused("AccessDeniedException", "NOT_A_MEMBER"):
        world.create("Animation", ZOFIA)
    world.admin.put_launch_profile_members(
        **animation, identityStoreId=IDENTITY_STORE_ID, members=users(ZOFIA, CALLUM)
    )
    assert profile_names(world, ZOFIA) == {"Animation"}
    session_id = world.ready("Animation", ZOFIA)
    world.admin.delete_launch_profile_member(**animation, principalId=ZOFIA)
    assert profile_names(world, ZOFIA) == set()
    with refused("AccessDeniedException", "NOT_A_MEMBER"):
        world.create("Animation", ZOFIA)
    # What they have stays theirs, and can be put away.
    own = {**STUDIO, "sessionId": session_id}
    world.client(ZOFIA).stop_streaming_session(**own)
    world.advance()
    world.client(ZOFIA).delete_streaming_session(**own)


def test_adding_a_member_again_changes_nothing(world: World, animation: dict[str, str]) -> None:
    before = listed(world.admin, animation["launchProfileId"])
    world.admin.put_launch_profile_members(
        **animation, identityStoreId=IDENTITY_STORE_ID, members=users(THEO)
    )
    assert listed(world.admin, animation["launchProfileId"]) == before


def test_what_is_sent_again_has_no_second_effect(world: World, animation: dict[str, str]) -> None:
    put = {**animation, "identityStoreId": IDENTITY_STORE_ID, "members": users(ZOFIA)}
    world.admin.put_launch_profile_members(**put, clientToken="t-1")
    world.admin.delete_launch_profile_member(**animation, principalId=ZOFIA, clientToken="t-2")
    world.admin.put_launch_profile_members(**put, clientToken="t-1")
    world.admin.delete_launch_profile_member(**animation, principalId=ZOFIA, clientToken="t-2")
    assert ZOFIA not in listed(world.admin, animation["launchProfileId"])[0]
    with refused("ValidationException", "CLIENT_TOKEN_REUSED"):
        world.admin.delete_launch_profile_member(**animation, principalId=THEO, clientToken="t-2")
    world.operator.put_studio_members(**IN_STORE, members=admins(THEO), clientToken="t-1")
    world.operator.delete_studio_member(**STUDIO, principalId=THEO, clientToken="t-2")
    world.operator.delete_studio_member(**STUDIO, principalId=THEO, clientToken="t-2")
    world.operator.put_studio_members(**IN_STORE, members=admins(THEO), clientToken="t-1")
    assert THEO not in listed(world.operator)[0]


def test_a_profile_that_changes_waits_and_a_deleted_one_is_no_place_to_be(world: World) -> None:
    on_new = {**STUDIO, "launchProfileId": world.new_profile()}
    put = {**on_new, "identityStoreId": IDENTITY_STORE_ID, "members": users(THEO)}
    world.admin.put_launch_profile_members(**put)
    world.operator.update_launch_profile(**on_new, name="Other")
    with refused("ConflictException"):
        world.admin.put_launch_profile_members(**put)
    with refused("ConflictException"):
        world.admin.delete_launch_profile_member(**on_new, principalId=THEO)
    world.advance()
    world.operator.delete_launch_profile(**on_new)
    world.advance()
    with refused("ValidationException", "INVALID_STATE"):
        world.admin.put_launch_profile_members(**put)


def test_pages_hold_twenty_whatever_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "studio.db"
    with open_world(path, ManualClock(NOW)) as world:
        profile_id = world.new_profile()
        made = [
            invites.invite(
                path, f"extra{number}", name=f"Extra {number}", endpoint_url=world.url
            ).invite.principal_id
            for number in range(45)
        ]
        for start in range(0, 45, 20):
            world.admin.put_launch_profile_members(
                **IN_STORE, launchProfileId=profile_id, members=users(*made[start : start + 20])
            )
        assert [len(page) for page in listed(world.admin, profile_id)] == [20, 20, 5]
        many = listed(world.admin, profile_id, PaginationConfig={"PageSize": 100})
        assert [len(page) for page in many] == [20, 20, 5]
        few = listed(world.admin, profile_id, PaginationConfig={"PageSize": 9})
        assert [len(page) for page in few] == [9, 9, 9, 9, 9]
        assert [one for page in few for one in page] == made
        world.operator.put_studio_members(**IN_STORE, members=admins(*made[:20]))
        assert [len(page) for page in listed(world.mara)] == [20, 3]
        with refused("ValidationException", "BAD_NEXT_TOKEN"):
            world.admin.list_studio_members(**STUDIO, nextToken="AAAA")


HOSTILE = [
    "[/oops]",
    "a/b?c=d%2F..",
    "\x1b[2J\u202egnp",
    "'; DROP TABLE people; --",
    "%_*",
    "\U0001f9d1\u200d\U0001f3a8" * 40,
    "x" * 3000,
]


@pytest.mark.parametrize("principal_id", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_id_is_nobody(world: World, animation: dict[str, str], principal_id: str) -> None:
    for call, where in (
        (world.mara.get_studio_member, STUDIO),
        (world.operator.delete_studio_member, STUDIO),
        (world.admin.get_launch_profile_member, animation),
    ):
        with refused("ResourceNotFoundException") as reply:
            call(**where, principalId=principal_id)
        assert reply["context"] == {"resourceId": principal_id}
    with refused("ResourceNotFoundException") as reply:
        world.operator.put_studio_members(**IN_STORE, members=admins(principal_id))
    assert reply["context"] == {"resourceId": principal_id}
    assert len(world.studio.people()) == 12


def test_a_client_from_before_there_were_security_identifiers(
    world: World, animation: dict[str, str], tmp_path: Path
) -> None:
    """The first published model: no `sid`, and no least number of members."""
    folder = tmp_path / "nimble" / "2020-08-01"
    folder.mkdir(parents=True)
    model = json.loads((DATA / "nimble" / "2020-08-01" / "service-2.json").read_text())
    for shape in ("StudioMembership", "LaunchProfileMembership"):
        del model["shapes"][shape]["members"]["sid"]
    for shape in ("NewStudioMemberList", "NewLaunchProfileMemberList"):
        del model["shapes"][shape]["min"]
    (folder / "service-2.json").write_text(json.dumps(model))
    client = unchecked_operator(world, tmp_path)
    assert "sid" not in client.get_studio_member(**STUDIO, principalId=INES)["member"]
    client.put_launch_profile_members(
        **animation, identityStoreId=IDENTITY_STORE_ID, members=users(RAVI)
    )
    member = client.get_launch_profile_member(**animation, principalId=RAVI)["member"]
    assert member.keys() == {"identityStoreId", "persona", "principalId"}
    client.delete_launch_profile_member(**animation, principalId=RAVI)
    with refused("ValidationException"):
        client.put_studio_members(**IN_STORE, members=[])
    client.close()


def test_an_artist_of_the_sample_is_on_what_they_always_were(world: World) -> None:
    assert MARA in listed(world.admin, world.profile_id("Lighting"))[0]
    matrix = {
        one["name"]: set(listed(world.admin, one["launchProfileId"])[0])
        for one in world.operator.list_launch_profiles(**STUDIO)["launchProfiles"]
    }
    known = {one.principal_id for one in world.studio.people()}
    assert {one for members in matrix.values() for one in members} - known == {GONE}
    assert all(ZOFIA not in members for members in matrix.values())
