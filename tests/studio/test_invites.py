"""Who may come in: invites and revoked keys, on the data file while it is served."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nimble_tui.core.clock import ManualClock
from nimble_tui.core.invite import Invite
from nimble_tui.studio import invites
from nimble_tui.studio.demo import open_demo
from nimble_tui.studio.invites import PeopleError
from nimble_tui.studio.sample.facts import DOMAIN_ID, IDENTITY_STORE_ID
from nimble_tui.studio.store.database import Store
from nimble_tui.studio.store.errors import StoreError
from nimble_tui.studio.store.records import Role
from tests.studio.world import (
    INES,
    MARA,
    NOW,
    PAT,
    STUDIO_ID,
    THEO,
    World,
    client_of,
    open_world,
    refused,
)

URL = "https://nimble.example"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "studio.db"


@pytest.fixture
def served(path: Path) -> Iterator[World]:
    with open_world(path, ManualClock(NOW)) as world:
        yield world


def issue(path: Path, who: str, **options: Any) -> invites.Issued:
    return invites.invite(path, who, **{"endpoint_url": URL, **options})


def client(world: World, invite: Invite) -> Any:
    return client_of(world.url, invite.access_key_id, invite.secret_access_key)


def test_somebody_new_comes_in_at_once(path: Path, served: World) -> None:
    issued = issue(path, "wren.adeyemi@northwind.example", name="Wren Adéyemi")
    invite = issued.invite
    assert (issued.is_new, issued.replaced) == (True, False)
    assert (invite.endpoint_url, invite.studio_id) == (URL, STUDIO_ID)
    assert (invite.region, invite.display_name) == ("us-west-2", "Wren Adéyemi")
    assert (invite.identity_store_id, invite.domain_id) == (IDENTITY_STORE_ID, DOMAIN_ID)
    assert Invite.decode(invite.encode()) == invite
    assert invite.principal_id.startswith(IDENTITY_STORE_ID.removeprefix("d-"))
    wren = client(served, invite)
    mine = wren.list_launch_profiles(studioId=STUDIO_ID, principalId=invite.principal_id)
    assert mine["launchProfiles"] == []
    user = served.client(MARA, "identitystore").describe_user(
        IdentityStoreId=IDENTITY_STORE_ID, UserId=invite.principal_id
    )
    assert (user["UserName"], user["DisplayName"]) == ("wren.adeyemi", "Wren Adéyemi")
    assert user["Emails"][0]["Value"] == "wren.adeyemi@northwind.example"
    served.admin.put_launch_profile_members(
        studioId=STUDIO_ID,
        identityStoreId=IDENTITY_STORE_ID,
        launchProfileId=served.profile_id("Lighting"),
        members=[{"persona": "USER", "principalId": invite.principal_id}],
    )
    wren.create_streaming_session(studioId=STUDIO_ID, launchProfileId=served.profile_id("Lighting"))
    wren.close()


@pytest.mark.parametrize(
    ("who", "name", "called"),
    [
        ("wren.adeyemi", "", ("Wren Adeyemi", "wren.adeyemi", "")),
        ("Wren Adéyemi", "", ("Wren Adéyemi", "wren.adeyemi", "")),
        ("wren@x.example", "", ("Wren", "wren", "wren@x.example")),
        ("李雷", "", ("李雷", "artist", "")),
        ("theo lindqvist 2", "Theo Lindqvist", ("Theo Lindqvist", "theo.lindqvist.2", "")),
        ("mara", "Mara Vos", ("Mara Vos", "mara", "")),
    ],
)
def test_what_somebody_new_is_called(
    path: Path, served: World, who: str, name: str, called: tuple[str, str, str]
) -> None:
    made = issue(path, who, name=name).invite
    person = next(one for one in served.studio.people() if one.principal_id == made.principal_id)
    assert (person.name, person.user_name, person.email) == called
    assert (person.role, person.active) == (Role.ARTIST, True)


def test_an_id_of_the_directory_stays_the_id(path: Path, served: World) -> None:
    principal_id = "9267a41c58-00000000-1111-2222-3333-444444444444"
    assert issue(path, principal_id, name="Wren").invite.principal_id == principal_id
    assert not issue(path, principal_id).is_new
    assert len(served.studio.people()) == 13


def test_a_user_name_is_taken_once(path: Path, served: World) -> None:
    for _ in range(2):
        issue(path, "Mara-Vos", name="Another Mara")
    assert {one.user_name for one in served.studio.people()} >= {"mara.vos", "mara.vos2"}


@pytest.mark.parametrize("who", ["Theo Lindqvist", "THEO.LINDQVIST", THEO, " theo lindqvist "])
def test_whoever_is_known_gets_new_keys_and_the_old_ones_end(
    path: Path, served: World, who: str
) -> None:
    theo = served.client(THEO)
    theo.list_studios()
    issued = issue(path, who)
    assert (issued.is_new, issued.replaced) == (False, True)
    assert issued.invite.principal_id == THEO
    with refused("UnrecognizedClientException") as reply:
        theo.list_studios()
    assert reply["ResponseMetadata"]["HTTPStatusCode"] == 403
    again = client(served, issued.invite)
    again.list_studios()
    again.close()
    assert len(served.studio.people()) == 12


def test_a_revoked_key_is_refused_at_once_whatever_is_asked(path: Path, served: World) -> None:
    served.client(THEO).list_studios()
    revoked = invites.revoke(path, "Theo Lindqvist")
    assert (revoked.person.principal_id, revoked.worked) == (THEO, True)
    theo = served.client(THEO)
    for call in (theo.list_studios, theo.list_eulas):
        with refused("UnrecognizedClientException") as reply:
            call()
        assert reply["ResponseMetadata"]["HTTPStatusCode"] == 403
    with refused("UnrecognizedClientException"):  # before anything is looked at
        theo.create_streaming_session(studioId="", launchProfileId="x" * 999)
    assert not invites.revoke(path, THEO).worked
    # What they had is as it was, and they may be let in again.
    assert served.operator.list_streaming_sessions(studioId=STUDIO_ID, ownedBy=THEO)["sessions"]
    issued = issue(path, THEO)
    assert (issued.is_new, issued.replaced) == (False, False)
    back = client(served, issued.invite)
    names = back.list_launch_profiles(studioId=STUDIO_ID, principalId=THEO)["launchProfiles"]
    assert {one["name"] for one in names} == {"Review", "Animation", "Previs"}
    back.close()


def test_who_alone_runs_the_studio_keeps_their_keys(path: Path, served: World) -> None:
    with pytest.raises(PeopleError, match="only operator of this studio"):
        invites.revoke(path, PAT)
    served.operator.list_studios()
    invites.revoke(path, INES)


def role_of(world: World, who: str) -> Role:
    return next(one.role for one in world.studio.people() if one.principal_id == who)


def test_somebody_else_runs_the_studio_too(path: Path, served: World) -> None:
    issued = issue(path, THEO, operator=True)
    assert (issued.is_new, issued.role) == (False, Role.OPERATOR)
    theo = client(served, issued.invite)
    admins = {"identityStoreId": IDENTITY_STORE_ID, "studioId": STUDIO_ID}
    theo.put_studio_members(**admins, members=[{"persona": "ADMINISTRATOR", "principalId": MARA}])
    assert role_of(served, MARA) == Role.ADMIN
    # New keys for an operator are an operator's; without the word nobody becomes or stops being it.
    assert issue(path, PAT).role == Role.OPERATOR
    assert issue(path, "Wren", name="Wren", operator=True).role == Role.OPERATOR
    assert issue(path, "Ada", name="Ada").role == Role.ARTIST
    theo.close()


def test_whoever_ran_the_studio_may_stop_and_keep_their_keys(path: Path, served: World) -> None:
    theo = client(served, issue(path, THEO, operator=True).invite)
    stopped = invites.revoke(path, PAT, operator=True)
    assert (stopped.worked, stopped.was_operator) == (True, True)
    assert role_of(served, PAT) == Role.ADMIN
    served.operator.list_studios()
    with refused("AccessDeniedException"):
        served.operator.delete_studio_member(studioId=STUDIO_ID, principalId=INES)
    theo.delete_studio_member(studioId=STUDIO_ID, principalId=PAT)
    theo.close()


def test_revoked_keys_take_running_the_studio_with_them(path: Path, served: World) -> None:
    theo = client(served, issue(path, THEO, operator=True).invite)
    assert invites.revoke(path, PAT).was_operator
    assert role_of(served, PAT) == Role.ARTIST
    with refused("ResourceNotFoundException"):
        theo.get_studio_member(studioId=STUDIO_ID, principalId=PAT)
    assert issue(path, PAT).role == Role.ARTIST
    theo.close()


@pytest.mark.parametrize("operator", [True, False])
def test_the_last_who_runs_the_studio_cannot_be_taken_away(
    path: Path, served: World, operator: bool
) -> None:
    issue(path, THEO, operator=True)
    invites.revoke(path, PAT, operator=operator)
    for only in (True, False):
        with pytest.raises(PeopleError, match="Theo Lindqvist is the only operator of this"):
            invites.revoke(path, THEO, operator=only)
    assert role_of(served, THEO) == Role.OPERATOR
    with pytest.raises(PeopleError, match="Inês Cardoso is not an operator of this studio"):
        invites.revoke(path, INES, operator=True)
    assert role_of(served, INES) == Role.ADMIN


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("Theo Lindquist", "did you mean Theo Lindqvist?"),
        ("nobody at all", "No person in this studio is called nobody at all."),
    ],
)
def test_nobody_of_that_name_is_revoked(path: Path, served: World, who: str, sentence: str) -> None:
    with pytest.raises(PeopleError) as caught:
        invites.revoke(path, who)
    assert sentence in str(caught.value)
    assert all(one.active for one in served.studio.people())


@pytest.mark.parametrize("who", ["Theo Lindquist", "theo", "LINDQVIST"])
def test_a_name_with_a_slip_makes_nobody_new(path: Path, served: World, who: str) -> None:
    with pytest.raises(PeopleError, match=r"did you mean Theo Lindqvist\?"):
        issue(path, who)
    assert len(served.studio.people()) == 12
    assert issue(path, "Theo Lindquist", name="Theo Lindquist").is_new


def test_a_name_of_several_is_asked_about(path: Path, served: World) -> None:
    other = issue(path, "theo2", name="Theo Lindqvist").invite
    with pytest.raises(PeopleError) as caught:
        invites.revoke(path, "Theo Lindqvist")
    assert THEO in str(caught.value)
    assert other.principal_id in str(caught.value)
    assert all(one.active for one in served.studio.people())


@pytest.mark.parametrize("name", ["\x1b[2J", "a\u202eb", "x" * 129, "a\nb", "\ud800"])
def test_a_name_that_cannot_be_shown_is_refused(path: Path, served: World, name: str) -> None:
    with pytest.raises(PeopleError, match="visible characters"):
        issue(path, "wren", name=name)
    assert len(served.studio.people()) == 12


def test_everybody_is_listed(path: Path, served: World) -> None:
    invites.revoke(path, THEO)
    listed = {one.person.principal_id: one for one in invites.all_people(path)}
    assert list(listed) == [one.principal_id for one in served.studio.people()]
    assert listed[THEO].launch_profiles == ["Review", "Animation", "Previs"]
    assert not listed[THEO].person.active
    assert listed[INES].launch_profiles == []


def test_where_there_is_no_studio(tmp_path: Path) -> None:
    empty, foreign, blank = (tmp_path / name for name in ("empty", "foreign", "blank"))
    empty.touch()
    foreign.write_text("something else")
    Store(blank).close()
    for where in (tmp_path / "nothing", tmp_path, empty, blank):
        with pytest.raises(PeopleError, match="There is no studio in"):
            invites.all_people(where)
    with pytest.raises(StoreError):
        invites.all_people(foreign)
    assert not (tmp_path / "nothing").exists()
    assert empty.read_bytes() == b""


def test_an_invite_leads_to_where_the_studio_is_served(path: Path) -> None:
    with open_world(path), pytest.raises(PeopleError, match="--endpoint"):
        invites.invite(path, THEO)
    with open_demo(path) as first:
        with open_demo(path) as second:
            assert invites.invite(path, THEO).invite.endpoint_url == second.endpoint_url
        # One that ended without a word is passed over.
        lost = "http://127.0.0.1:9"
        first.studio.answers_at(lost)
        found = invites.invite(
            path, THEO, is_answering=lambda where: where != lost and invites.answers(where)
        )
        assert found.invite.endpoint_url == first.endpoint_url
        first.studio.answered_at(lost)
        last = first.endpoint_url
    assert invites.invite(path, THEO).invite.endpoint_url == last
    assert invites.invite(path, THEO, endpoint_url=URL).invite.endpoint_url == URL


def test_an_invite_leads_to_the_newest_endpoint_where_none_answers(path: Path) -> None:
    endpoints = ["http://127.0.0.1:7", "http://127.0.0.1:8", "http://127.0.0.1:9"]
    with open_world(path) as world:
        for endpoint_url in endpoints:  # of processes that were killed
            world.studio.answers_at(endpoint_url)
            found = invites.invite(path, THEO, is_answering=lambda _where: False)
            assert found.invite.endpoint_url == endpoint_url


def test_a_demo_shows_no_invite_that_does_not_work(path: Path) -> None:
    with open_demo(path):
        pass
    invites.revoke(path, THEO)
    with open_demo(path) as demo:
        assert THEO not in {invite.principal_id for _, invite in demo.others}
        assert len(demo.others) == 10
