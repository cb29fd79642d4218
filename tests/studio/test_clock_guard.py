"""A time of day that jumps settles nothing, stops nothing that was begun, and counts in time."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from nimble_tui.core.clock import ManualClock
from nimble_tui.studio import clock_shift
from nimble_tui.studio.boot_clock import BootClock, system_boot_clock
from nimble_tui.studio.clock_guard import AGREED, TOLERANCE, ClockGuard
from nimble_tui.studio.store.database import Store
from nimble_tui.studio.studio import Studio
from tests.studio.world import NOW, STUDIO_ID, World, open_world, refused

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
LONG_ENOUGH = AGREED / timedelta(seconds=1)


class Machine(ManualClock):
    """A computer: a time of day, which can be set, over a boot clock, which cannot.

    Each change is one step, so that no thread sees half of it.
    """

    def __init__(self) -> None:
        super().__init__(NOW - HOUR, 3600.0)
        self.boot = BootClock("first", self.monotonic)

    def now(self) -> datetime:
        """Return the time of day; `time` is what it was as the computer started."""
        return self.time + timedelta(seconds=self.seconds)

    def advance(self, seconds: float) -> None:
        """Let time pass, awake or asleep: both clocks count it."""
        self.seconds += seconds

    def jump(self, by: timedelta) -> None:
        """Set the time of day."""
        self.time += by

    def reboot(self, downtime: timedelta) -> None:
        """Start again; the time of day has counted meanwhile."""
        self.time = self.now() + downtime
        self.seconds = 0.0
        self.boot = BootClock(f"{self.boot.boot_id} again", self.monotonic)

    def guard(self) -> ClockGuard:
        """Return the guard of a process that starts here."""
        return ClockGuard(self, self.boot)

    @contextmanager
    def serve(self, path: Path | None) -> Iterator[World]:
        """Serve the studio in `path` with this computer's clocks."""
        with open_world(path, self, guard=self.guard()) as world:
            yield world


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "studio.db"


def states(world: World) -> dict[str, str]:
    sessions = world.operator.list_streaming_sessions(studioId=STUDIO_ID)["sessions"]
    return {one["sessionId"]: one["state"] for one in sessions}


def test_a_day_forward_and_back_deletes_nothing(machine: Machine) -> None:
    with machine.serve(None) as world:
        before = states(world)
        assert {"READY", "STOPPED"} <= set(before.values())
        machine.jump(DAY)
        for _ in range(8):
            assert states(world) == before
            machine.advance(1)
        machine.jump(-DAY)
        machine.advance(1)
        assert states(world) == before


def test_nor_with_restarts_and_new_processes_in_between(machine: Machine, path: Path) -> None:
    with machine.serve(path) as world:
        before = states(world)
    machine.jump(DAY)
    for _ in range(2):
        with machine.serve(path) as world, machine.serve(path) as other:
            assert states(world) == states(other) == before
            machine.advance(2)
    machine.jump(-DAY)
    with machine.serve(path) as world:
        assert states(world) == before
        # No times were moved, neither by the jump nor by a gap that there was not.
        deadlines = [one["stopAt"] for one in world.mine() if "stopAt" in one]
        assert deadlines
        assert all(NOW < one < NOW + DAY for one in deadlines)


@pytest.mark.parametrize("by", [-DAY, DAY])
def test_what_was_begun_finishes_in_its_own_time(
    machine: Machine, path: Path, by: timedelta
) -> None:
    with machine.serve(path) as world:
        session_id = world.create()
        machine.advance(1)
        machine.jump(by)
        assert world.state(session_id) == "CREATE_IN_PROGRESS"
        machine.advance(60)
        assert world.state(session_id) == "READY"
        assert world.get(session_id)["updatedAt"] - NOW < timedelta(seconds=61)


def test_a_jump_that_stays_counts_after_ten_minutes(machine: Machine) -> None:
    with machine.serve(None) as world:
        session_id = world.ready()
        machine.jump(DAY)
        assert world.state(session_id) == "READY"
        machine.advance(LONG_ENOUGH - 1)
        assert world.state(session_id) == "READY"
        machine.advance(1)
        assert world.state(session_id) == "STOPPED"


def test_ten_minutes_begin_again_with_another_jump(machine: Machine) -> None:
    with machine.serve(None) as world:
        session_id = world.ready()
        for _ in range(3):
            machine.jump(DAY)
            world.state(session_id)
            machine.advance(LONG_ENOUGH - 1)
            assert world.state(session_id) == "READY"


def test_ten_minutes_count_from_when_the_first_process_saw_it(machine: Machine, path: Path) -> None:
    with machine.serve(path) as world, machine.serve(path) as other:
        session_id = world.ready()
        machine.jump(DAY)
        assert world.state(session_id) == "READY"
        machine.advance(LONG_ENOUGH - 5)
        assert other.state(session_id) == "READY"
        machine.advance(5)
        assert other.state(session_id) == world.state(session_id) == "STOPPED"


def test_ten_minutes_are_counted_over_restarts(machine: Machine, path: Path) -> None:
    with machine.serve(path) as world:
        session_id = world.ready()
        machine.jump(DAY)
        world.state(session_id)
    machine.advance(LONG_ENOUGH)
    with machine.serve(path) as world:
        assert world.state(session_id) == "STOPPED"


@pytest.mark.parametrize("by", [-DAY, DAY])
def test_what_lasts_a_while_goes_along_when_a_jump_counts(
    machine: Machine, path: Path, by: timedelta
) -> None:
    with machine.serve(path) as world, machine.serve(path) as other:
        profile_id = world.profile_id("Lighting")
        launch = {"studioId": STUDIO_ID, "launchProfileId": profile_id, "clientToken": "t-1"}
        first = world.mara.create_streaming_session(**launch)["session"]["sessionId"]
        machine.advance(60)
        stopped = next(one["sessionId"] for one in world.mine() if one["state"] == "STOPPED")
        machine.jump(by)
        assert world.state(first) == other.state(first) == "READY"
        machine.advance(LONG_ENOUGH - 5)
        starting = world.act("start", stopped)
        stream = world.new_stream(first, expirationInSeconds=60)
        machine.advance(6)
        # The start takes as long as ever, in whichever process the jump counts first, and the token
        # is not forgotten, which would be a second workstation.
        assert world.state(stopped) == other.state(stopped) == starting["state"]
        assert other.mara.create_streaming_session(**launch)["session"]["sessionId"] == first
        if by < timedelta():  # else the deadline of its session fell
            assert other.stream(first, stream)["state"] == "READY"
        machine.advance(60)
        assert other.state(stopped) == "READY"
        if by < timedelta():
            assert other.stream(first, stream)["state"] == "DELETED"


def test_a_bad_record_is_left_alone_when_a_jump_counts(machine: Machine, path: Path) -> None:
    with machine.serve(path) as world:
        session_id, bad_id = world.create(), world.create()
        connection = sqlite3.connect(path)
        sql = """UPDATE resources SET document = '{"state":"READY","stopAt":7,"expiresAt":7}'"""
        connection.execute(f"{sql} WHERE id = ?", (bad_id,))
        connection.commit()
        connection.close()
        machine.jump(-DAY)
        assert world.state(session_id) == "CREATE_IN_PROGRESS"
        machine.advance(LONG_ENOUGH)
        assert world.state(session_id) == "READY"
        assert world.studio.clock.jump is None


def test_the_operator_s_word_counts_at_once_in_every_process(
    machine: Machine, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with machine.serve(path) as world, machine.serve(path) as other:
        session_id = world.ready()
        machine.jump(DAY)
        assert world.state(session_id) == other.state(session_id) == "READY"
        store = Store(path)
        with store.write() as tx:
            guard = machine.guard()
            guard.begin(tx)
            guard.accept(tx)
        store.close()
        assert world.state(session_id) == other.state(session_id) == "STOPPED"
        assert sum("was accepted" in line for line in caplog.messages) == 3  # each process logs it
        assert world.studio.clock.jump is None


def test_a_night_s_sleep_is_no_jump(machine: Machine) -> None:
    with machine.serve(None) as world:
        session_id = world.ready()
        machine.advance(12 * 3600)
        assert world.state(session_id) == "STOPPED"
        assert world.studio.clock.jump is None


def test_a_clock_that_is_corrected_by_and_by_is_followed(machine: Machine) -> None:
    guard = machine.guard()
    for _ in range(500):
        machine.advance(60)
        machine.jump(timedelta(seconds=1))
        assert guard.now() == machine.now()
    assert guard.jump is None
    machine.jump(TOLERANCE + timedelta(seconds=1))
    assert guard.jump is not None


def test_a_gap_with_another_start_of_the_machine_may_be_real(machine: Machine, path: Path) -> None:
    with machine.serve(path) as world:
        ready = {one["sessionId"]: one["stopAt"] for one in world.mine() if "stopAt" in one}
    machine.reboot(DAY)
    with machine.serve(path) as world:
        assert world.studio.clock.jump is None
        # A demo's own rule: what nobody served moves along.
        for session_id, stop_at in ready.items():
            assert abs(world.get(session_id)["stopAt"] - stop_at - DAY) < timedelta(seconds=2)


def test_after_a_start_of_the_machine_time_does_not_go_back(machine: Machine, path: Path) -> None:
    with machine.serve(path) as world:
        session_id = world.ready()
        made = world.get(session_id)
    machine.reboot(-20 * 365 * DAY)  # its battery is empty
    with machine.serve(path) as world:
        assert world.studio.clock.jump is not None
        assert world.get(session_id) == made
        begun = world.create()
        machine.advance(60)
        assert world.state(begun) == "READY"
        machine.jump(20 * 365 * DAY)  # a time service has set it
        assert world.studio.clock.jump is None
        assert world.get(session_id) == made


def test_a_demo_that_nobody_served_goes_along_with_the_clock(machine: Machine, path: Path) -> None:
    with machine.serve(path) as world:
        before = states(world)
        session_id = world.ready()
        stop_at = world.get(session_id)["stopAt"]
    machine.jump(DAY)  # or its virtual machine stood still for a day, which looks the same
    with machine.serve(path) as world:
        machine.advance(LONG_ENOUGH)
        assert world.get(session_id)["stopAt"] == stop_at + DAY
        assert states(world).items() >= {**before, session_id: "READY"}.items() - starting(before)


def starting(sessions: dict[str, str]) -> set[tuple[str, str]]:
    return {one for one in sessions.items() if one[1].endswith("_IN_PROGRESS")}


def test_what_is_noted_of_another_machine_or_damaged_is_passed_over(
    machine: Machine, path: Path
) -> None:
    with machine.serve(path) as world:
        session_id = world.ready()
    for text in ('{"boot":"first"}', "[]", "x", '{"boot":"first","origin":1,"jump":2}'):
        store = Store(path)
        with store.write() as tx:
            tx.note("clock", text)
        store.close()
        with machine.serve(path) as world:
            assert world.state(session_id) == "READY"
            assert world.studio.clock.jump is None


def test_a_process_that_sleeps_while_it_reads_the_clocks_sees_no_jump(machine: Machine) -> None:
    naps = [HOUR / timedelta(seconds=1)]

    class Sleepy(ManualClock):
        def now(self) -> datetime:
            read = machine.now()
            if naps:
                machine.advance(naps.pop())
            return read

    guard = ClockGuard(Sleepy(NOW), machine.boot)
    assert guard.now() == machine.now()
    naps.append(60.0)
    assert guard.now() == machine.now()
    assert guard.jump is None


def test_a_clock_that_cannot_be_checked_is_believed(machine: Machine) -> None:
    guard = ClockGuard(machine)
    machine.jump(DAY)
    assert guard.now() == machine.now()
    assert (guard.is_checked, guard.jump, guard.counts_in()) == (False, None, None)


def test_a_jump_is_logged_once_with_what_to_do(
    machine: Machine, caplog: pytest.LogCaptureFixture
) -> None:
    guard = machine.guard()
    guard.now()
    with caplog.at_level(logging.WARNING):
        machine.jump(DAY)
        for _ in range(3):
            guard.now()
    (line,) = caplog.messages
    assert "forward by 1 day, 0:00:00" in line
    assert "nimble-tui studio clock --accept" in line
    caplog.clear()
    machine.jump(-DAY)
    guard.now()
    assert "agrees" in caplog.messages[0]


def test_an_artist_reads_that_a_deadline_is_held_back(machine: Machine) -> None:
    with machine.serve(None) as world:
        session_id = world.ready()
        machine.jump(DAY)
        assert "clock" in world.get(session_id)["statusMessage"]
        assert (
            "clock" in {one["sessionId"]: one for one in world.mine()}[session_id]["statusMessage"]
        )
        machine.jump(-DAY)
        assert world.get(session_id)["statusMessage"] == "It is ready."


def test_signatures_may_fit_either_clock_and_the_date_is_the_studio_s() -> None:
    machine = Machine()
    machine.jump(datetime.now(UTC) - NOW)  # clients sign by the real clock
    guard = machine.guard()
    with open_world(None, ManualClock(NOW), signature_clock=guard) as world:
        world.mara.list_studios()
        for by in (DAY, -2 * DAY):  # the studio's time fits
            machine.jump(by)
            reply = world.mara.list_studios()
            date = reply["ResponseMetadata"]["HTTPHeaders"]["date"]
            assert abs(parsedate_to_datetime(date) - datetime.now(UTC)) < HOUR
        machine.advance(LONG_ENOUGH)
        machine.jump(DAY)  # to the real time, from a time that counts a day less: the other fits
        world.mara.list_studios()
    assert reply


def test_signatures_that_fit_neither_clock_are_refused() -> None:
    machine = Machine()
    machine.jump(datetime.now(UTC) - NOW + DAY)
    guard = machine.guard()
    guard.now()
    machine.jump(DAY)
    with (
        open_world(None, ManualClock(NOW), signature_clock=guard) as world,
        refused("InvalidSignatureException"),
    ):
        world.mara.list_studios()


def test_this_machine_s_own_clocks_agree(path: Path) -> None:
    boot = system_boot_clock()
    if boot is None:
        pytest.skip("this system has no clock that counts sleep")
    assert boot == system_boot_clock() or boot.boot_id
    before = boot.seconds()
    with Studio.open(path) as studio:
        assert studio.clock.is_checked
        assert studio.clock.jump is None
    assert boot.seconds() >= before
    store = Store(path)
    with store.read() as tx:
        assert boot.boot_id in (tx.fact("clock") or "")
        assert clock_shift.served_at(tx)
    store.close()
