"""Changes of people in the journal: written before they are sent, read back, reported once."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from nimble_tui.client.journal.journal import Journal
from nimble_tui.client.nimble import NimbleService, connect
from nimble_tui.client.transport import Limits
from nimble_tui.core.clock import ManualClock
from nimble_tui.core.history import Event
from nimble_tui.core.keys import Keys
from nimble_tui.core.model import SessionAction
from nimble_tui.core.people.plans import Plan, PlanKind, make_plan
from nimble_tui.core.people.settings import PeopleSettings
from nimble_tui.core.service import ErrorKind, StudioError, StudioInfo
from tests.client.killed_people import do, run_plan
from tests.client.people_peer import DOMAIN, STORE, PeoplePeer, person_id
from tests.faults.faulty_studio import PRINCIPAL_ID, STUDIO_ID, hang_up, no, replaced, reset

HERE = Path(__file__).parents[2]
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SOON = NOW + timedelta(minutes=1)
LATER = NOW + timedelta(hours=2)
MARA, THEO = person_id(1), person_id(2)
INFO = StudioInfo("northwind", STUDIO_ID, "us-west-2", PRINCIPAL_ID, host="127.0.0.1")
MANY = [person_id(number) for number in range(45)]

POSIX = pytest.mark.skipif(os.name != "posix", reason="POSIX signals")
WHAT = ["add", "remove", "persona", "promote", "demote", "profile", "status"]
CALLS = {
    "add": "PutLaunchProfileMembers",
    "remove": "DeleteLaunchProfileMember",
    "persona": "UpdateLaunchProfileMember",
    "promote": "PutStudioMembers",
    "demote": "DeleteStudioMember",
    "profile": "CreateUserProfile",
    "status": "UpdateUserProfile",
}
SENTENCES = {
    "add": "Adding Theo Lindqvist to Lighting",
    "remove": "Removing Theo Lindqvist from Lighting",
    "persona": "Setting the persona of Theo Lindqvist on Lighting to USER",
    "promote": "Making Theo Lindqvist an admin",
    "demote": "Removing the admin role of Theo Lindqvist",
    "profile": "Creating a DataZone profile for Theo Lindqvist",
    "status": "Setting the DataZone status of Theo Lindqvist to DEACTIVATED",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal"


@pytest.fixture(autouse=True)
def _people(people_peer: PeoplePeer) -> None:
    people_peer.users = {THEO: {"DisplayName": "Theo Lindqvist"}}
    put_back(people_peer, "")


def put_back(peer: PeoplePeer, what: str) -> None:
    """Have Theo as he is before a change."""
    peer.requests.clear()
    peer.ledger.clear()
    peer.admins = [PRINCIPAL_ID, MARA, *([THEO] if what in {"demote", "offboard"} else [])]
    peer.members = {"lp-1": [THEO] if what in {"remove", "persona", "offboard"} else []}
    peer.user_profiles = {}
    if what in {"status", "offboard"}:
        peer.user_profiles[THEO] = peer.user_profile(THEO, "ACTIVATED")


@contextmanager
def app(
    peer: PeoplePeer, path: Path, at: datetime = SOON, people: PeopleSettings | None = None
) -> Iterator[NimbleService]:
    with closing(Journal(path)) as journal:
        service = connect(
            INFO,
            endpoint_url=peer.url,
            keys=Keys("AKIDEXAMPLE", "secret"),
            clock=ManualClock(at),
            limits=Limits(pause=0.01),
            journal=journal,
            people=people or PeopleSettings(STORE, DOMAIN),
        )
        with closing(service):
            yield service


def asked(service: NimbleService) -> list[Event]:
    """Return what the history holds of people."""
    return [one for one in service.history(NOW - timedelta(days=1)) if one.principal_ids]


def changing(peer: PeoplePeer) -> list[str]:
    """Return the requests that change something."""
    return [one for one in map(peer.operation_of, peer.requests) if one in CALLS.values()]


@dataclass
class Killer:
    """Runs changes in processes that are killed at a step."""

    process: "subprocess.Popen[str]"
    known: dict[str, Any] = field(default_factory=dict)

    def ended(self, what: str, step: int | str, path: Path, ids: list[str] | None = None) -> int:
        order = {**self.known, "what": what, "step": step, "path": str(path), "ids": ids or [THEO]}
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@pytest.fixture
def killer(people_peer: PeoplePeer) -> Iterator[Killer]:
    known = {
        "info": asdict(INFO),
        "url": people_peer.url,
        "at": NOW.timestamp(),
        "people": [STORE, DOMAIN],
    }
    with subprocess.Popen(
        [sys.executable, "-m", "tests.client.killed_people"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=HERE,
        env={**os.environ, "PYTHONPATH": str(HERE)},
    ) as process:
        try:
            yield Killer(process, known)
        finally:
            process.kill()


def killed_at(
    peer: PeoplePeer, killer: Killer, path: Path, what: str, step: int | str
) -> bool | None:
    """Check what the next run makes of a change that was killed; None where it was not killed.

    Returns whether it was reported as done; False too where nothing was to be reported.
    """
    put_back(peer, what)
    if (ended := killer.ended(what, step, path)) != signal.SIGKILL:
        assert ended == 0
        return None
    sent = changing(peer)
    is_applied = peer.changed() == [CALLS[what]] or (what == "persona" and bool(sent))
    with app(peer, path) as service:
        is_written = bool(asked(service))
        is_closed = is_written and asked(service)[0].done is True
        assert is_written or not sent
        findings = service.reconcile_people()
        assert len(findings) == (is_written and not is_closed), step
        for one in findings:
            # A persona has one value, so that it shows as requested in any case.
            assert one.good is (is_applied or what == "persona")
            assert one.text.startswith(f"{SENTENCES[what]}, requested at ")
            how = "was done after all." if one.good else "has not been done so far; repeat it"
            assert how in one.text
        assert not service.has_unresolved_people()
        assert service.reconcile_people() == ()
        # Nothing is sent again by itself.
        assert changing(peer) == sent
        if not is_applied:
            do(service, what, [THEO])
    assert peer.changed() == ([] if what == "persona" else [CALLS[what]])
    with app(peer, path) as service:
        assert service.reconcile_people() == ()
    return any(one.good for one in findings)


@POSIX
def test_a_change_killed_on_its_way_has_one_effect_and_is_reported_once(
    people_peer: PeoplePeer, killer: Killer, tmp_path: Path
) -> None:
    """The short one of the next: the other moments take a process each as well."""
    for what in WHAT:
        assert killed_at(people_peer, killer, tmp_path / what, what, "sent") is True
    assert killed_at(people_peer, killer, tmp_path / "sending", "remove", "sending") is False
    assert killed_at(people_peer, killer, tmp_path / "written", "add", "written") is False


@pytest.mark.slow
@POSIX
@pytest.mark.parametrize("what", WHAT)
def test_a_change_killed_at_any_step_has_one_effect_and_is_reported_once(
    people_peer: PeoplePeer, killer: Killer, tmp_path: Path, what: str
) -> None:
    """Each write of the journal and each request, before and after."""
    done: list[bool] = []
    for step in range(1, 100):
        answer = killed_at(people_peer, killer, tmp_path / f"{step}", what, step)
        if answer is None:
            break
        done.append(answer)
    assert len(done) > 6
    assert set(done) == {True, False}


PLANS = {
    "onboard": ["CreateUserProfile", "PutStudioMembers", "PutLaunchProfileMembers"],
    "offboard": ["DeleteLaunchProfileMember", "DeleteStudioMember", "UpdateUserProfile"],
}


def plan_killed_at(
    peer: PeoplePeer, killer: Killer, path: Path, what: str, step: int | str
) -> int | None:
    """Check that a plan that was killed is resumed; return how many changes were reported.

    None where it was not killed. Each change has one effect, and what is in doubt is reported once.
    """
    put_back(peer, what)
    if (ended := killer.ended(what, step, path)) != signal.SIGKILL:
        assert ended == 0
        return None
    before = peer.changed()
    with app(peer, path) as service:
        in_doubt = [one for one in asked(service) if one.done is None]
        assert len(in_doubt) <= 1  # the steps are done one after the other
        findings = service.reconcile_people()
        assert len(findings) == len(in_doubt)
        assert service.reconcile_people() == ()
        assert peer.changed() == before  # reading back sends nothing
        plan = run_plan(service, PlanKind(what), THEO)
        assert not plan.left_to_me
        assert not service.has_unresolved_people()
    assert sorted(peer.changed()) == sorted(PLANS[what])
    with app(peer, path) as service:
        assert service.reconcile_people() == ()
    return len(findings)


@POSIX
def test_a_plan_killed_on_its_way_has_one_effect_a_step_and_is_reported_once(
    people_peer: PeoplePeer, killer: Killer, tmp_path: Path
) -> None:
    """The short one of the next: the first change was sent, or its answer came."""
    assert plan_killed_at(people_peer, killer, tmp_path / "1", "onboard", "sending") == 1
    assert plan_killed_at(people_peer, killer, tmp_path / "2", "offboard", "sent") == 1


@pytest.mark.slow
@POSIX
@pytest.mark.parametrize("what", PLANS)
def test_a_plan_killed_at_any_step_has_one_effect_a_step_and_is_reported_once(
    people_peer: PeoplePeer, killer: Killer, tmp_path: Path, what: str
) -> None:
    """Each write of the journal and each request, before and after."""
    reported: list[int] = []
    for step in range(1, 300):
        count = plan_killed_at(people_peer, killer, tmp_path / f"{step}", what, step)
        if count is None:
            break
        reported.append(count)
    assert len(reported) > 30
    assert set(reported) == {0, 1}


@pytest.mark.slow
@POSIX
def test_a_crowd_killed_on_its_way_is_reported_as_one_change(
    people_peer: PeoplePeer, killer: Killer, tmp_path: Path
) -> None:
    texts = set()
    for step in range(1, 100):
        path = tmp_path / f"journal-{step}"
        put_back(people_peer, "add")
        if killer.ended("add", step, path, MANY) != signal.SIGKILL:
            break
        through = len(people_peer.members["lp-1"])
        with app(people_peer, path) as service:
            findings = service.reconcile_people()
            texts |= {one.text for one in findings}
            assert service.reconcile_people() == ()
            if findings and 0 < through < len(MANY):
                assert f"was done in part: for {through} of 45 people, but not" in findings[0].text
            do(service, "add", MANY)
        assert people_peer.members["lp-1"] == MANY
    assert len(texts) == 4  # nobody, 20, 40 and all of them
    assert all("and 42 more to Lighting" in one for one in texts)


@pytest.mark.parametrize("what", WHAT)
def test_each_change_is_in_the_journal_before_it_is_sent(
    people_peer: PeoplePeer, path: Path, what: str
) -> None:
    put_back(people_peer, what)
    with app(people_peer, path, NOW) as service:
        written: list[Event] = []

        def note(operation: str, _: object) -> None:
            if operation == CALLS[what]:
                written.extend(asked(service))

        people_peer.plan = note
        do(service, what, [THEO])
        (before,) = written
        (after,) = asked(service)
    assert (before.what, before.done) == (f"people {what}", None)
    assert (after.done, after.principal_ids, after.at) == (True, (THEO,), NOW)
    on_profile = what in {"add", "remove", "persona"}
    assert after.launch_profile_id == ("lp-1" if on_profile else None)
    assert after.value == {"persona": "USER", "status": "DEACTIVATED"}.get(what, "")


def test_a_plan_goes_through_the_journal(people_peer: PeoplePeer, path: Path) -> None:
    with app(people_peer, path, NOW) as service:
        people = service.people.look()
        plan = make_plan(
            PlanKind.ONBOARD, people, THEO, launch_profile_ids=["lp-1"], administrator=True
        )
        assert isinstance(plan, Plan)
        service.people.run(plan)
        assert [one.what for one in asked(service)] == [
            "people profile",
            "people promote",
            "people add",
        ]


def test_what_was_refused_is_closed_with_the_reason(people_peer: PeoplePeer, path: Path) -> None:
    denied = replaced(no(403, "AccessDeniedException", "no"))
    people_peer.strike(denied, on=CALLS.values(), before=True)
    for what in WHAT:
        put_back(people_peer, what)
        with app(people_peer, path, NOW) as service, pytest.raises(StudioError) as error:
            do(service, what, [THEO])
        with app(people_peer, path) as service:
            event = asked(service)[-1]
            assert (event.done, event.note) == (False, error.value.message)
            assert not service.has_unresolved_people()


def test_a_part_that_failed_is_named_in_the_history(people_peer: PeoplePeer, path: Path) -> None:
    people_peer.unknown = {MANY[30]}
    with app(people_peer, path, NOW) as service:
        report = service.people.membership.put_launch_profile_members("lp-1", MANY)
        (event,) = asked(service)
        assert len(report.missing) == 20
        assert (event.done, event.note) == (False, report.problem)
        assert service.reconcile_people() == ()


@pytest.mark.parametrize("what", ["add", "remove", "status"])
def test_a_lost_reply_is_read_back_and_reported_once(
    people_peer: PeoplePeer, path: Path, what: str
) -> None:
    put_back(people_peer, what)
    # Neither the request nor a look at what became of it is answered.
    people_peer.plan = lambda operation, _: (
        None if operation == "ListStudioMembers" else (hang_up, False)
    )
    with app(people_peer, path, NOW) as service:
        with suppress(StudioError):  # a crowd's is a report
            do(service, what, [THEO])
        assert service.reconcile_people() == ()
        assert [one.done for one in asked(service)] == [None]
    people_peer.plan = lambda *_: None
    with app(people_peer, path) as service:
        assert service.has_unresolved_people()
        (finding,) = service.reconcile_people()
        assert finding.text.endswith("was done after all.")
        assert service.reconcile_people() == ()
        assert [one.done for one in asked(service)] == [True]
    assert people_peer.changed() in ([CALLS[what]], [CALLS[what]] * 3)


def test_what_was_not_done_is_said_to_be_so_once_it_cannot_arrive(
    people_peer: PeoplePeer, path: Path
) -> None:
    people_peer.strike(hang_up, on=["PutLaunchProfileMembers"], before=True)
    with app(people_peer, path, NOW) as service, pytest.raises(StudioError):
        do(service, "add", [THEO])
    with app(people_peer, path, NOW + timedelta(seconds=1)) as service:
        assert service.reconcile_people() == ()  # it may well be on its way
        assert service.has_unresolved_people()
    with app(people_peer, path, LATER) as service:
        (finding,) = service.reconcile_people()
        assert "Adding Theo Lindqvist to Lighting, requested at " in finding.text
        assert "was not done; repeat it if you still need it." in finding.text


def test_the_same_again_takes_the_place_of_what_is_in_doubt(
    people_peer: PeoplePeer, path: Path
) -> None:
    people_peer.strike(hang_up, on=["PutLaunchProfileMembers"], before=True)
    with app(people_peer, path, NOW) as service, pytest.raises(StudioError):
        do(service, "add", [THEO])
    people_peer.plan = lambda *_: None
    with app(people_peer, path) as service:
        do(service, "add", [MARA, THEO])
        assert service.reconcile_people() == ()
        assert [one.done for one in asked(service)] == [None, True]
    assert people_peer.changed() == ["PutLaunchProfileMembers"]


def test_workstations_and_people_do_not_wait_for_each_other(
    people_peer: PeoplePeer, path: Path
) -> None:
    people_peer.states = {"ses.ready": "READY"}
    people_peer.profiles[0]["streamConfiguration"] = {"maxStoppedSessionLengthInMinutes": 60}
    people_peer.strike(hang_up, on=["UpdateUserProfile", "GetUserProfile"], before=False)
    people_peer.user_profiles[THEO] = people_peer.user_profile(THEO, "ACTIVATED")
    with app(people_peer, path, NOW) as service, pytest.raises(StudioError):
        do(service, "status", [THEO])
    with app(people_peer, path) as service:
        assert (service.has_unresolved(), service.has_unresolved_people()) == (False, True)
        before = len(people_peer.requests)
        assert service.reconcile(()) == ()
        assert len(people_peer.requests) == before
        assert service.reconcile_people() == ()  # DataZone is away, so it is left for later
        asked_once = len(people_peer.sent("GetUserProfile"))
        assert service.reconcile_people() == ()
        assert len(people_peer.sent("GetUserProfile")) == asked_once  # and rests
        assert service.has_unresolved_people()
        service.act(SessionAction.STOP, "ses.ready")
        assert service.reconcile_people() == ()
    people_peer.plan = lambda *_: None
    with app(people_peer, path) as service:
        (finding,) = service.reconcile_people()
        assert finding.good


def test_a_domain_that_the_settings_lost_is_no_end(people_peer: PeoplePeer, path: Path) -> None:
    people_peer.user_profiles[THEO] = people_peer.user_profile(THEO, "ACTIVATED")
    people_peer.strike(hang_up, on=["UpdateUserProfile", "GetUserProfile"], before=False)
    with app(people_peer, path, NOW) as service, pytest.raises(StudioError):
        do(service, "status", [THEO])
    people_peer.plan = lambda *_: None
    with app(people_peer, path, LATER, PeopleSettings(STORE)) as service:
        assert service.reconcile_people() == ()
    with app(people_peer, path, LATER) as service:
        assert len(service.reconcile_people()) == 1


def test_who_may_not_look_any_more_is_told_that_it_is_not_known(
    people_peer: PeoplePeer, path: Path
) -> None:
    put_back(people_peer, "remove")
    people_peer.plan = lambda *_: (hang_up, False)
    with app(people_peer, path, NOW) as service, pytest.raises(StudioError):
        do(service, "remove", [THEO])
    denied = replaced(no(403, "AccessDeniedException", "no"))
    people_peer.strike(denied, on=["GetLaunchProfileMember"], before=True)
    with app(people_peer, path) as service:
        assert service.reconcile_people() == ()  # it may still be done
    with app(people_peer, path, LATER) as service:
        (finding,) = service.reconcile_people()
        assert "has an unknown result: the studio does not let you see" in finding.text
        assert service.reconcile_people() == ()


def test_too_many_for_one_change_are_refused_before_anything_is_sent(
    people_peer: PeoplePeer, path: Path
) -> None:
    crowd = [f"{number:036x}" for number in range(8_000)]
    with app(people_peer, path) as service, pytest.raises(StudioError) as error:
        do(service, "add", crowd)
    assert error.value.kind == ErrorKind.INVALID
    assert people_peer.requests == []


def test_thousands_are_written_down(people_peer: PeoplePeer, path: Path) -> None:
    crowd = [f"{number:036x}" for number in range(2_000)]
    with app(people_peer, path) as service:
        do(service, "add", crowd)
        (event,) = asked(service)
        assert event.principal_ids == tuple(crowd)


@pytest.mark.parametrize("what", WHAT)
def test_a_conflict_is_tried_again_within_the_call(
    people_peer: PeoplePeer, path: Path, what: str
) -> None:
    put_back(people_peer, what)
    conflict = replaced(no(409, "ConflictException", "Another operation is in progress"))
    people_peer.strike(conflict, on=[CALLS[what]], before=True, times=2)
    with app(people_peer, path) as service:
        do(service, what, [THEO])
    requests = people_peer.sent(CALLS[what])
    assert len(requests) == 3
    assert len({one.headers.get("x-amz-client-token") for one in requests}) == 1


def test_a_persona_whose_reply_is_lost_is_looked_for(people_peer: PeoplePeer, path: Path) -> None:
    put_back(people_peer, "persona")
    people_peer.strike(reset, on=["UpdateLaunchProfileMember"], before=False)
    with app(people_peer, path) as service:
        member = service.people.membership.update_launch_profile_member("lp-1", THEO)
        assert member.persona == "USER"
        assert [one.done for one in asked(service)] == [True]


@pytest.mark.parametrize(
    "parameters",
    [
        "{}",
        "[]",
        "no",
        '{"principal_ids": "", "launch_profile_id": "lp-1"}',
        '{"principal_ids": " ", "launch_profile_id": "lp-1"}',
        '{"principal_ids": 7, "launch_profile_id": "lp-1"}',
        '{"principal_ids": "a", "launch_profile_id": ""}',
        '{"principal_ids": "\\u202ea", "launch_profile_id": "lp-1"}',
        json.dumps({"principal_ids": "a " * 200_000, "launch_profile_id": "lp-1"}),
    ],
    ids=lambda text: text[:20],
)
def test_rows_that_nobody_wrote_hold_up_no_other(
    people_peer: PeoplePeer, path: Path, parameters: str
) -> None:
    people_peer.strike(hang_up, on=["PutLaunchProfileMembers"], before=True)
    with app(people_peer, path, NOW) as service, pytest.raises(StudioError):
        do(service, "add", [THEO])
    with closing(sqlite3.connect(path)) as journal, journal:
        journal.execute(
            "INSERT INTO intents SELECT number + 1, whose, 'other', verb, '', ?, '', asked_at - 1, "
            "0, NULL, '' FROM intents",
            (parameters,),
        )
        journal.execute("UPDATE intents SET number = 9 WHERE number = 1")
    with app(people_peer, path, LATER) as service:
        findings = service.reconcile_people()
        assert len([one for one in findings if "Theo Lindqvist" in one.text]) == 1
        assert not service.has_unresolved_people()


def test_a_journal_of_the_version_before_takes_changes_of_people(
    people_peer: PeoplePeer, path: Path
) -> None:
    path.touch(mode=0o600)
    with closing(sqlite3.connect(path)) as journal:
        journal.executescript(Path(__file__).with_name("journal_version_1.sql").read_text())
    people_peer.strike(hang_up, on=["PutLaunchProfileMembers"], before=True)
    with app(people_peer, path, NOW) as service, pytest.raises(StudioError):
        do(service, "add", [THEO])
    assert [one.name for one in path.parent.iterdir()] == ["journal"]
    with app(people_peer, path, LATER) as service:
        assert len(service.reconcile_people()) == 1
        assert service.has_unresolved()  # what it holds of workstations is left to them
