"""The studio against a slow and unreliable backend: nothing is done twice, nothing is forgotten."""

import json
import sqlite3
import threading
from collections import deque
from contextlib import closing
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from nimble_tui.core.clock import ManualClock
from nimble_tui.core.unclear_steps import GIVE_UP_AFTER
from nimble_tui.studio.compute import MachineRequest, ObservedState, Power
from nimble_tui.studio.lifecycle.dispatcher import Dispatcher
from nimble_tui.studio.store.records import Kind
from tests.studio.compute.faulty import BROKEN, LOST, REFUSED, UNSENT, FaultyCompute
from tests.studio.compute.faulty_world import PROFILE, TIMED, open_faulty
from tests.studio.compute.room import Room
from tests.studio.world import MARA, NOW, open_world, refused

HOUR = timedelta(hours=1)


def test_a_whole_life_on_machines_that_take_their_time() -> None:
    with open_faulty() as world:
        session_id = world.create(PROFILE)
        assert world.effects(session_id) == []  # nothing is called within the request
        world.studio.reconcile()
        assert world.state(session_id) == "CREATE_IN_PROGRESS"
        world.clock.advance(1)
        world.studio.reconcile()
        assert world.state(session_id) == "CREATE_IN_PROGRESS"
        for what, state in (
            ("", "READY"),
            ("stop", "STOPPED"),
            ("start", "READY"),
            ("delete", "DELETED"),
        ):
            if what:
                world.act(what, session_id)
            world.advance()
            assert world.state(session_id) == state
        assert world.effects(session_id) == ["launch", "stop", "start", "terminate"]
        assert [one["power"] for one in world.machines(session_id)] == ["gone"]


def test_what_a_machine_is_made_of_is_frozen_with_the_request() -> None:
    with open_faulty() as world:
        session_id = world.create(PROFILE)
        profile_id = world.profile_id(PROFILE)
        with world.studio._store.write() as tx:  # noqa: SLF001 - as an admin changes it meanwhile
            profile = tx.resource(Kind.LAUNCH_PROFILE, profile_id)
            assert profile is not None
            subnets = profile.document["ec2SubnetIds"]
            profile.document["ec2SubnetIds"] = ["subnet-another"]
            tx.put(profile)
        world.compute.faults.append(LOST)
        world.advance()
        first, again = world.compute.sent
        assert first == again
        machine = first.machine
        assert machine.subnet_ids == subnets
        assert (machine.owner, machine.platform) == (MARA, "WINDOWS")
        assert machine.launch_profile_id == profile_id
        assert machine.security_group_ids
        assert machine.initialization
        assert first.token.startswith(session_id)
        assert len(first.token) <= 64
        assert first.token.isascii()


@pytest.mark.parametrize("fault", [LOST, UNSENT, BROKEN])
@pytest.mark.parametrize("step", ["create", "stop", "start", "delete"])
def test_an_unclear_answer_repeats_the_request_with_growing_pauses(step: str, fault: str) -> None:
    with open_faulty() as world:
        session_id = world.create(PROFILE)
        if step != "create":
            world.advance()
        if step == "start":
            world.act("stop", session_id)
            world.advance()
        if step != "create":
            world.act(step, session_id)
        other, sent = world.create(PROFILE), len(world.compute.sent)
        world.compute.faults.extend([fault, None, fault, fault])
        tries = []
        for second in range(60):
            before = len(world.compute.sent)
            world.compute.blind = True  # so that nothing is found out otherwise
            world.studio.reconcile()
            mine = [
                one for one in world.compute.sent[before:] if one.machine.session_id == session_id
            ]
            tries += [second] * len(mine)
            if len(tries) == 1:
                assert "no clear answer" in world.get(session_id)["statusMessage"]
            world.clock.advance(1)
        assert len(tries) == 4
        pauses = [later - sooner for sooner, later in pairwise(tries)]
        assert pauses == sorted(pauses)
        assert len(set(pauses)) > 1
        mine = [one for one in world.compute.sent[sent:] if one.machine.session_id == session_id]
        assert len({one.token for one in mine}) == 1
        assert "no clear answer" not in world.get(session_id)["statusMessage"]
        world.compute.blind = False
        world.advance()
        assert world.state(other) == "READY"
        done = {"create": "READY", "stop": "STOPPED", "start": "READY", "delete": "DELETED"}
        assert world.state(session_id) == done[step]
        verb = {"create": "launch", "delete": "terminate"}.get(step, step)
        assert world.effects(session_id).count(verb) == 1
        assert len(world.machines(session_id)) == 1


def test_a_lost_answer_is_found_out_by_looking_at_the_machines() -> None:
    with open_faulty() as world:
        session_id = world.create(PROFILE)
        world.compute.faults.extend([LOST] * 100)
        world.studio.reconcile()
        world.clock.advance(5)
        world.studio.reconciler.patrol()
        assert world.state(session_id) == "READY"
        assert world.effects(session_id) == ["launch"]
        world.compute.faults.clear()
        world.act("stop", session_id)  # by the handle that the observation brought
        world.advance()
        assert world.state(session_id) == "STOPPED"


@pytest.mark.parametrize("step", ["create", "stop", "start", "delete"])
def test_a_refusal_ends_the_step_as_a_failure(step: str) -> None:
    with open_faulty() as world:
        session_id = world.create(PROFILE)
        if step != "create":
            world.advance()
        if step == "start":
            world.act("stop", session_id)
            world.advance()
        if step != "create":
            world.act(step, session_id)
        world.compute.faults.append(REFUSED)
        world.studio.reconcile()
        session = world.get(session_id)
        assert session["state"] == f"{step.upper()}_FAILED"
        assert session["statusCode"] == "INSUFFICIENT_CAPACITY"
        assert session["statusMessage"] == "There is no such machine free."
        world.act("delete", session_id)
        world.advance()
        assert world.state(session_id) == "DELETED"


def test_what_is_unclear_for_long_can_be_given_up_and_a_late_machine_is_ended() -> None:
    with open_faulty() as world:
        session_id = world.create(PROFILE)
        world.compute.faults.append(LOST)
        world.compute.faults.extend([UNSENT] * 1000)
        world.compute.blind = True
        world.studio.reconcile()
        with refused("ConflictException"):
            world.act("delete", session_id)
        while world.clock.now() - NOW < GIVE_UP_AFTER + timedelta(seconds=60):
            world.clock.advance(30)
            world.studio.reconcile()
        assert "give it up" in world.get(session_id)["statusMessage"]
        given_up = world.act("delete", session_id)
        assert given_up["state"] == "CREATE_FAILED"
        assert "given up" in given_up["statusMessage"]
        sent = len(world.compute.sent)
        world.compute.faults.clear()
        world.compute.blind = False
        for _ in range(3):
            world.advance()
        assert {one.verb for one in world.compute.sent[sent:]} == {"terminate"}
        assert [one["power"] for one in world.machines(session_id)] == ["gone"]
        assert world.state(session_id) == "CREATE_FAILED"


def test_a_machine_stopped_outside_is_seen_with_the_reason() -> None:
    with open_faulty() as world:
        session_id = world.ready(TIMED)
        world.advance()
        world.outside("stop", session_id)
        world.advance()
        session = world.get(session_id)
        assert session["state"] == "STOPPED"
        assert session["statusMessage"].endswith("outside the studio: somebody at the console")
        assert session["terminateAt"] - session["stoppedAt"] == timedelta(minutes=5760)
        assert "stopAt" not in session
        world.act("start", session_id)
        world.advance()
        assert world.state(session_id) == "READY"
        assert world.effects(session_id) == ["launch", "start"]


def test_a_stream_ends_with_a_machine_that_was_stopped_outside() -> None:
    with open_faulty() as world:
        session_id = world.ready(PROFILE)
        stream_id = world.new_stream(session_id, expirationInSeconds=3600)
        world.advance()
        assert world.stream(session_id, stream_id)["state"] == "READY"
        world.outside("stop", session_id)
        world.advance()
        assert world.stream(session_id, stream_id)["state"] == "DELETED"


@pytest.mark.parametrize("state", ["READY", "STOPPED"])
def test_a_machine_terminated_outside_leaves_the_backups(state: str) -> None:
    with open_faulty() as world:
        session_id = world.ready(PROFILE)
        world.act("stop", session_id)
        world.advance()
        if state == "READY":
            world.act("start", session_id)
            world.advance()
        world.advance()
        world.outside("terminate", session_id)
        world.advance()
        session = world.get(session_id)
        assert session["state"] == "STOPPED"
        assert "start it from a backup" in session["statusMessage"]
        (backup,) = world.backups(session_id)
        assert backup["state"] == "READY"
        with refused("ValidationException", "DISK_GONE"):
            world.act("start", session_id)
        world.act("start", session_id, backupId=backup["backupId"])
        world.advance()
        assert world.state(session_id) == "READY"
        old, new = world.machines(session_id)
        assert (old["power"], new["power"]) == ("gone", "running")
        launch = world.compute.sent[-1]
        assert (launch.verb, launch.machine.backup_id) == ("launch", backup["backupId"])
        world.act("delete", session_id)
        world.advance()
        assert world.state(session_id) == "DELETED"


def test_a_machine_terminated_outside_without_a_backup_is_the_end() -> None:
    with open_faulty() as world:
        session_id = world.ready(PROFILE)
        world.advance()
        world.outside("terminate", session_id)
        world.advance()
        session = world.get(session_id)
        assert session["state"] == "DELETED"
        assert "outside the studio" in session["statusMessage"]


def test_a_missing_machine_is_gone_after_three_looks_over_five_minutes() -> None:
    with open_faulty() as world:
        session_id, others = world.ready(PROFILE), [world.create(PROFILE) for _ in range(2)]
        world.advance()
        world.room.call("vanish", session_id=session_id)
        seen = []
        for _ in range(8):
            world.advance()
            seen.append(world.state(session_id))
        assert seen[:5] == ["READY"] * 5
        assert seen[-1] == "DELETED"
        assert {world.state(one) for one in others} == {"READY"}


def test_a_machine_that_is_back_in_time_was_never_gone() -> None:
    with open_faulty() as world:
        session_id, _ = world.ready(PROFILE), world.create(PROFILE)
        world.advance()
        machines = dict(world.room.machines)
        for _ in range(4):
            world.room.call("vanish", session_id=session_id)
            for _ in range(4):
                world.advance()
            world.room.machines = dict(machines)
            world.advance()
        assert world.state(session_id) == "READY"


def test_a_backend_that_never_describes_its_machines_is_found_by_a_check() -> None:
    with open_faulty() as world:
        session_id = world.ready(PROFILE)
        world.advance()
        world.compute.blind = True
        since = world.clock.now()
        world.outside("stop", session_id)
        for _ in range(3):
            world.advance()
        assert world.state(session_id) == "READY"
        found = [one.text for one in world.studio.findings() if "be described since" in one.text]
        assert len(found) == 1
        assert f"since {since:%Y-%m-%dT%H:}" in found[0]
        world.compute.blind = False
        world.advance()
        assert world.state(session_id) == "STOPPED"
        assert all(one.ok for one in world.studio.findings())


def test_many_that_vanish_at_once_change_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with open_faulty() as world:
        sessions = [world.create(PROFILE) for _ in range(5)]
        world.advance()
        world.room.machines, machines = {}, world.room.machines
        for _ in range(10):
            world.advance()
        assert {world.state(one) for one in sessions} == {"READY"}
        said = [one for one in caplog.messages if "right account" in one]
        assert len(said) == 1
        assert any("right account" in one.text for one in world.studio.findings() if not one.ok)
        world.room.machines = machines
        world.advance()
        assert all(one.ok for one in world.studio.findings())
        for one in machines.values():  # a third and no more may go
            if one.session_id == sessions[0]:
                world.room.call("vanish", session_id=sessions[0])
                break
        for _ in range(8):
            world.advance()
        assert [world.state(one) for one in sessions] == ["DELETED"] + ["READY"] * 4


def test_unknown_machines_are_listed_and_left_alone() -> None:
    with open_faulty() as world:
        world.ready(PROFILE)
        now = world.clock.now().isoformat()
        world.room.call("add_unknown", machine_id="theirs-1", now=now)
        world.advance()
        assert any("theirs-1" in one.text for one in world.studio.findings())
        assert "theirs-1" in world.room.machines
        assert all(one.machine.id != "theirs-1" for one in world.compute.sent)


def test_a_machine_of_a_deleted_session_that_comes_back_is_ended_for_a_week() -> None:
    with open_faulty() as world:
        session_id = world.ready(PROFILE)
        world.act("delete", session_id)
        world.advance()
        for _ in range(70):
            world.advance()  # the session is forgotten, its request's id is not
        with refused("ResourceNotFoundException"):
            world.get(session_id)
        world.outside("launch", session_id)
        world.advance()
        world.advance()
        assert [one["power"] for one in world.machines(session_id)] == ["gone"]
        assert world.compute.sent[-1].verb == "terminate"


def test_an_observation_from_before_a_change_does_not_count() -> None:
    with open_faulty() as world:
        session_id = world.ready(PROFILE)
        world.advance()
        look_on = world.compute.describe

        def describe_while_it_is_stopped(machines: object) -> object:
            found = look_on(machines)  # type: ignore[arg-type]
            world.act("stop", session_id)
            world.compute.describe = look_on  # type: ignore[method-assign]
            return found

        world.outside("terminate", session_id)
        world.compute.describe = describe_while_it_is_stopped  # type: ignore[method-assign, assignment]
        world.clock.advance(60)
        world.studio.reconciler.patrol()
        assert world.state(session_id) == "STOP_IN_PROGRESS"


def test_a_late_stop_is_refused_by_its_number() -> None:
    """One that a suspended process sends after it was started again."""
    with open_faulty() as world:
        session_id = world.ready(PROFILE)
        world.act("stop", session_id)
        world.advance()
        stop = world.compute.sent[-1]
        world.room.tokens.pop(stop.token)  # as if it had not arrived yet
        world.act("start", session_id)
        world.advance()
        world.compute.apply(stop)
        world.advance()
        assert world.state(session_id) == "READY"
        assert [one["power"] for one in world.machines(session_id)] == ["running"]


def test_a_late_stop_that_cannot_be_refused_is_seen() -> None:
    with open_faulty(room=Room(checks_numbers=False)) as world:
        session_id = world.ready(PROFILE)
        world.act("stop", session_id)
        world.advance()
        stop = world.compute.sent[-1]
        world.room.tokens.pop(stop.token)
        world.act("start", session_id)
        world.advance()
        world.compute.apply(stop)
        world.advance()
        assert world.state(session_id) == "STOPPED"
        assert "outside the studio" in world.get(session_id)["statusMessage"]


def test_an_answer_that_comes_after_the_lease_is_discarded() -> None:
    with open_faulty() as world:
        session_id = world.create(PROFILE)
        world.compute.before_apply = lambda _: world.clock.advance(31)
        world.studio.reconciler.send_one()
        assert world.request_of(session_id).accepted_at is None
        world.compute.before_apply = lambda _: None
        world.advance()
        assert world.state(session_id) == "READY"
        assert world.effects(session_id) == ["launch"]
        assert len(world.compute.sent) == 2


def test_a_request_is_not_sent_when_its_lease_is_about_to_end() -> None:
    """As by a process that was suspended between its claim and its check."""
    with open_faulty() as world:
        session_id = world.create(PROFILE)
        dispatcher = Dispatcher(world.compute, world.clock)
        with world.studio._store.write() as tx:  # noqa: SLF001 - as another process
            claim = dispatcher.claim(tx)
        assert claim is not None
        world.clock.advance(16)
        assert dispatcher.send(claim) is None
        assert not world.compute.sent
        world.clock.advance(15)
        world.studio.reconcile()
        assert world.effects(session_id) == ["launch"]


def test_a_state_from_before_the_session_s_own_is_stale() -> None:
    with open_faulty() as world:
        session_id = world.ready(PROFILE)
        world.advance()
        look_on = world.compute.describe

        def describe(machines: object) -> object:
            found = dict(look_on(machines))  # type: ignore[arg-type]
            stale = ObservedState(Power.STOPPED, NOW)
            return found | {world.machine_of(session_id).id: stale}

        world.compute.describe = describe  # type: ignore[method-assign, assignment]
        for _ in range(3):
            world.advance()
        assert world.state(session_id) == "READY"


def test_a_lease_of_a_process_that_died_ends_and_one_from_the_future_is_void() -> None:
    with open_faulty() as world:
        session_id = world.create(PROFILE)
        with world.studio._store.write() as tx:  # noqa: SLF001 - as a process that was killed
            now = world.clock.now()
            tx.machines.claim_request(now, now + timedelta(seconds=30), "another")
        world.studio.reconcile()
        assert not world.compute.sent
        world.clock.advance(31)
        world.studio.reconcile()
        assert len(world.compute.sent) == 1
        other = world.create(PROFILE)
        with world.studio._store.write() as tx:  # noqa: SLF001 - by a clock that was wrong
            tx.machines.claim_request(now + HOUR, now + 2 * HOUR, "another")
        world.studio.reconcile()
        world.advance()
        assert {world.state(one) for one in (session_id, other)} == {"READY"}


def test_a_deadline_is_handed_to_the_machine_and_taken_back() -> None:
    with open_faulty() as world:
        session_id = world.ready(TIMED)
        world.studio.reconcile()
        machine_id = world.machine_of(session_id).id
        at, verb, version = world.room.deadlines[machine_id]
        assert (at, verb) == (world.get(session_id)["stopAt"].isoformat(), "stop")
        assert world.machine_of(session_id).enforced_by == "by the workstation itself"
        said = "Its deadline is enforced by the workstation itself."
        assert world.get(session_id)["statusMessage"] == f"It is ready. {said}"
        world.act("stop", session_id)
        assert world.get(session_id)["statusMessage"] == "It is stopping."
        world.advance()
        world.studio.reconcile()
        later = world.room.deadlines[machine_id]
        assert later[:2] == [world.get(session_id)["terminateAt"].isoformat(), "terminate"]
        assert later[2] > version
        record = world.machine_of(session_id)
        assert record.deadline_version == record.enforced_version
        world.act("start", session_id)
        world.studio.reconcile()
        assert machine_id not in world.room.deadlines


def test_a_deadline_that_could_not_be_handed_over_is_handed_over_later() -> None:
    with open_faulty() as world:
        session_id = world.ready(TIMED)
        real, failures = world.compute.enforce, deque([1, 2])

        def enforce(*words: object) -> object:
            if failures:
                failures.popleft()
                raise TimeoutError
            return real(*words)  # type: ignore[arg-type]

        world.compute.enforce = enforce  # type: ignore[method-assign, assignment]
        world.act("stop", session_id)
        for _ in range(4):
            world.advance(40)
        record = world.machine_of(session_id)
        assert record.deadline_version == record.enforced_version
        assert not failures


def test_after_an_hour_away_each_machine_is_described_at_most_once(tmp_path: Path) -> None:
    path, clock, room = tmp_path / "studio.db", ManualClock(NOW), Room()
    with open_faulty(path, clock, room) as world:
        ready = [world.create(PROFILE) for _ in range(6)]
        world.advance()
        for one in ready[:3]:
            world.act("stop", one)
        ready.append(world.create(PROFILE))
        world.studio.reconcile()
    clock.advance(3600 - 60)
    described = room.described
    with open_faulty(path, clock, room) as world:
        world.studio.reconcile()
        assert room.described == described + 1
        assert world.compute.asked == [7]
        assert [world.state(one) for one in ready] == ["STOPPED"] * 3 + ["READY"] * 4


def test_a_stop_missed_while_away_happens_at_once_and_a_deletion_an_hour_later(
    tmp_path: Path,
) -> None:
    path, clock, room = tmp_path / "studio.db", ManualClock(NOW), Room()
    with open_faulty(path, clock, room) as world:
        stopped, running = world.ready(TIMED), world.create(TIMED)
        world.act("stop", stopped)
        world.advance()
        with world.studio._store.write() as tx:  # noqa: SLF001 - soon
            for session_id, name in ((stopped, "terminateAt"), (running, "stopAt")):
                record = tx.resource(Kind.STREAMING_SESSION, session_id)
                assert record is not None
                record.due_at = clock.now() + timedelta(minutes=10)
                record.document[name] = record.due_at.isoformat()
                tx.put(record)
    clock.advance(40 * 60)
    with open_faulty(path, clock, room) as world:
        world.studio.reconcile()
        assert world.state(running) == "STOP_IN_PROGRESS"
        assert world.get(running)["stoppedAt"] == clock.now()
        session = world.get(stopped)
        assert session["state"] == "STOPPED"
        assert session["terminateAt"] == clock.now() + HOUR
        assert "while the studio was away" in session["statusMessage"]
        listed = next(one for one in world.mine() if one["sessionId"] == stopped)
        assert listed["terminateAt"] == session["terminateAt"]
        world.studio.reconcile()
        machine_id = world.machine_of(stopped).id
        assert room.deadlines[machine_id][0] == session["terminateAt"].isoformat()
        world.advance(3500)
        assert world.state(stopped) == "STOPPED"
        world.advance(100)
        world.advance()
        assert world.state(stopped) == "DELETED"


BAD = {
    "no machine": "DELETE FROM machines WHERE id = ?",
    "no handle": "UPDATE machines SET handle = '' WHERE id = ?",
    "about that is no JSON": "UPDATE machines SET about = '{' WHERE id = ?",
    "a request that is none": "UPDATE requests SET parameters = '[1]' WHERE machine_id = ?",
    "a verb unknown": "UPDATE requests SET verb = 'fly' WHERE machine_id = ?",
    "a time beyond all": "UPDATE requests SET issued_at = 9e18 WHERE machine_id = ?",
    "a lease for ever": "UPDATE requests SET next_try_at = 8e18, claimed_until = 8e18 "
    "WHERE machine_id = ?",
}


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_record_reaches_no_other_session(
    tmp_path: Path, bad: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "studio.db"
    with open_faulty(path) as world:
        session_id, other = world.ready(PROFILE), world.create(PROFILE)
        world.advance()
        for one in (session_id, other):
            world.act("stop", one)
        machine_id = world.machine_of(session_id).id
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(BAD[bad], (machine_id,))
        for _ in range(3):
            world.advance()
        assert world.state(other) == "STOPPED"
        assert world.mine()
        mine = world.get(session_id)
        if mine["state"] == "STOP_IN_PROGRESS":
            assert any(session_id in one for one in caplog.messages), bad


@pytest.mark.parametrize("power", ["flying", "", None])
def test_a_contradictory_answer_changes_nothing(power: str | None) -> None:
    with open_faulty() as world:
        session_id, other = world.ready(PROFILE), world.create(PROFILE)
        world.advance()
        look_on = world.compute.describe

        def describe(machines: object) -> object:
            found = dict(look_on(machines))  # type: ignore[arg-type]
            found[world.machine_of(session_id).id] = power  # type: ignore[assignment]
            found["x" * 10_000] = found[world.machine_of(other).id]
            return found

        world.compute.describe = describe  # type: ignore[method-assign, assignment]
        world.act("stop", other)
        world.advance()
        assert world.state(other) == "STOPPED"
        assert world.state(session_id) == "READY"
        assert json.dumps(world.get(session_id), default=str)


def test_lists_are_answered_while_a_launch_hangs() -> None:
    """In the background, as a served studio works."""
    clock, hold, room = ManualClock(NOW), threading.Event(), Room()

    called = threading.Event()

    def wait(_: MachineRequest) -> None:
        called.set()
        hold.wait(20)

    compute = FaultyCompute(room, clock.now, before_apply=wait)
    with open_world(None, clock, compute=compute) as world:
        session_id = world.create(PROFILE)
        assert called.wait(10)
        assert session_id in {one["sessionId"] for one in world.mine()}
        assert world.state(session_id) == "CREATE_IN_PROGRESS"
        with world.studio._store.read() as tx:  # noqa: SLF001 - the call is still under way
            machine = tx.machines.of_session(session_id)
            request = tx.machines.request_of(machine.id) if machine else None
        assert request is not None
        assert request.claimed_by
        hold.set()
