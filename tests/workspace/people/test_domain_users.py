"""DataZone users and personas of a workspace: read, searched page by page, changed."""

from datetime import timedelta

from nimble_tui.core.history import Event, EventKind
from nimble_tui.core.people.changes import ChangeKind, PersonChange
from nimble_tui.core.people.model import UserProfile, UserSearchType
from nimble_tui.core.service import ErrorKind, StudioError
from nimble_tui.workspace.people_snapshot import KnownProfile, UserList
from tests.workspace.people.bench import NOW, TROUBLE, PeopleBench, play, until

SSO, IAM = UserSearchType.DATAZONE_SSO_USER, UserSearchType.DATAZONE_IAM_USER


def lists(bench: PeopleBench) -> dict[UserSearchType, UserList]:
    assert bench.snapshot.search is not None
    return dict(bench.snapshot.search.lists)


def ids(users: UserList) -> list[str]:
    return [one.user_id for one in users.users]


def give_theo_a_profile(bench: PeopleBench) -> None:
    bench.studio.profiles["theo"] = UserProfile("theo", type="SSO", status="ACTIVATED")


def populate(bench: PeopleBench, count: int = 5) -> None:
    """Have so many SSO users with an x in their id, and one IAM user."""
    for number in range(count):
        key = f"x{number}"
        bench.studio.profiles[key] = UserProfile(key, type="SSO", status="ASSIGNED")
    bench.studio.profiles["ax"] = UserProfile("ax", type="IAM", status="ACTIVATED", arn="arn")


def test_a_profile_is_read_with_why_there_is_none() -> None:
    async def scenario(bench: PeopleBench) -> None:
        users = bench.workspace.domain_users
        give_theo_a_profile(bench)
        bench.studio.fail("get profile", TROUBLE)
        users.read("theo")
        await bench.settled()
        assert bench.snapshot.profiles == {"theo": KnownProfile(problem=TROUBLE.message)}
        for key in ("theo", "zofia"):
            users.read(key)
        await bench.settled()
        assert bench.snapshot.profiles["theo"].profile == bench.studio.profiles["theo"]
        assert bench.snapshot.profiles["zofia"] == KnownProfile()

    play(scenario)


def test_a_profile_read_before_a_change_is_read_again() -> None:
    async def scenario(bench: PeopleBench) -> None:
        give_theo_a_profile(bench)
        held = bench.calls.hold()
        bench.workspace.domain_users.read("theo")
        await until(lambda: bench.calls.held)
        bench.calls.hold_no_others()
        change = PersonChange(ChangeKind.SET_STATUS, bench.person("theo"), value="DEACTIVATED")
        bench.workspace.people.send(change)
        await until(lambda: bench.notices)
        held.set()
        await bench.settled()
        profile = bench.snapshot.profiles["theo"].profile
        assert profile is not None
        assert profile.status == "DEACTIVATED"
        assert bench.studio.calls.count("get profile theo") == 3  # one of them by the change

    play(scenario)


def test_a_change_updates_what_is_known_of_a_profile_at_once() -> None:
    async def scenario(bench: PeopleBench) -> None:
        bench.workspace.people.send(PersonChange(ChangeKind.CREATE_PROFILE, bench.person("zofia")))
        await bench.settled()
        assert bench.texts == ["Zofia now has a DataZone profile."]
        assert bench.snapshot.profiles["zofia"].profile == bench.person("zofia").user_profile

    play(scenario)


def test_a_search_finds_each_type_apart_and_page_by_page() -> None:
    async def scenario(bench: PeopleBench) -> None:
        populate(bench)
        users = bench.workspace.domain_users
        users.search("x", everyone=False)
        assert all(one.is_reading for one in lists(bench).values())
        await bench.settled()
        assert ids(lists(bench)[SSO]) == ["x0", "x1"]
        assert ids(lists(bench)[IAM]) == ["ax"]
        assert lists(bench)[SSO].next_token
        assert not lists(bench)[IAM].next_token
        users.more(SSO)
        users.more(SSO)  # one page at a time
        users.more(IAM)
        await bench.settled()
        assert ids(lists(bench)[SSO]) == ["x0", "x1", "x2", "x3"]
        assert sorted(one for one in bench.studio.calls if one.startswith("search")) == [
            "search x DATAZONE_IAM_USER",
            "search x DATAZONE_SSO_USER",
            "search x DATAZONE_SSO_USER 2",
        ]
        users.more(SSO)
        await bench.settled()
        assert ids(lists(bench)[SSO])[-1] == "x4"
        assert not lists(bench)[SSO].next_token

    play(scenario)


def test_a_search_of_everyone_asks_for_people_without_a_profile_too() -> None:
    async def scenario(bench: PeopleBench) -> None:
        bench.workspace.domain_users.search("x", everyone=True)
        await bench.settled()
        assert "search x SSO_USER" in bench.studio.calls
        assert set(lists(bench)) == {UserSearchType.SSO_USER, IAM}

    play(scenario)


def test_one_type_that_fails_leaves_the_other_and_can_be_read_again() -> None:
    async def scenario(bench: PeopleBench) -> None:
        populate(bench)
        users = bench.workspace.domain_users
        users.search("x", everyone=False)
        await bench.settled()
        bench.studio.fail("search", StudioError(ErrorKind.TROUBLE, "SSO is off."))
        users.more(SSO)
        await bench.settled()
        assert lists(bench)[SSO].problem == "SSO is off."
        assert ids(lists(bench)[SSO]) == ["x0", "x1"]
        assert ids(lists(bench)[IAM]) == ["ax"]
        users.more(SSO)
        await bench.settled()
        assert lists(bench)[SSO].problem == ""
        assert len(ids(lists(bench)[SSO])) == 4

    play(scenario)


def test_the_answer_to_an_earlier_search_is_dropped() -> None:
    async def scenario(bench: PeopleBench) -> None:
        populate(bench)
        give_theo_a_profile(bench)
        users = bench.workspace.domain_users
        held = bench.calls.hold()
        users.search("x", everyone=False)
        await until(lambda: bench.calls.held == 2)
        bench.calls.hold_no_others()
        users.search("theo", everyone=False)
        await until(lambda: not any(one.is_reading for one in lists(bench).values()))
        held.set()
        await bench.settled()
        assert ids(lists(bench)[SSO]) == ["theo"]
        users.clear()
        assert bench.snapshot.search is None

    play(scenario)


def test_a_persona_is_set_and_its_date_read() -> None:
    async def scenario(bench: PeopleBench) -> None:
        added = Event(
            *(NOW - timedelta(days=1), "", EventKind.REQUESTED, "people add", True),
            launch_profile_id="comp",
            principal_ids=("theo",),
        )
        bench.studio.events.append(added)
        people = bench.workspace.people
        people.read_personas()
        await bench.settled()
        assert bench.snapshot.personas == ("USER", "REVIEWER")
        assert bench.person("theo").personas["comp"] == "USER"
        dates = bench.snapshot.persona_dates
        assert dates is not None
        assert dates.since("theo", "comp", "USER") == added.at
        change = PersonChange(
            ChangeKind.SET_PERSONA, bench.person("theo"), "comp", "Comp", value="REVIEWER"
        )
        people.send(change)
        assert bench.row("theo").pending == {"comp"}
        await bench.settled()
        assert "persona comp theo REVIEWER" in bench.studio.calls
        assert bench.person("theo").personas["comp"] == "REVIEWER"
        dates = bench.snapshot.persona_dates
        assert dates is not None
        assert dates.since("theo", "comp", "REVIEWER") == bench.studio.events[-1].at
        assert bench.texts == ["Theo has the persona REVIEWER on Comp."]

    play(scenario)


def test_a_history_that_cannot_be_read_leaves_the_dates_unknown() -> None:
    async def scenario(bench: PeopleBench) -> None:
        bench.studio.fail("history", TROUBLE)
        bench.workspace.people.read_personas()
        await bench.settled()
        assert bench.snapshot.persona_dates is None
        assert not bench.mistakes

    play(scenario)
