"""Giving up an unclear step: what was confirmed is done, and never the other thing."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nimble_tui.client.journal.journal import Journal
from nimble_tui.client.nimble import NimbleService, connect
from nimble_tui.core.clock import ManualClock
from nimble_tui.core.model import SessionAction, StreamingSession
from nimble_tui.core.rules import Allowed, check_action
from nimble_tui.core.service import ErrorKind, StudioError, StudioInfo
from nimble_tui.core.unclear_steps import GIVE_UP_AFTER, can_be_given_up, was_given_up
from nimble_tui.studio.demo import Demo, open_demo
from tests.studio.unclear import make_clear, make_unclear
from tests.tui.bench import Gate, TimeOfDay

NOW = datetime(2026, 11, 21, 13, 26, tzinfo=UTC)
DELETE = SessionAction.DELETE


@dataclass
class Room:
    """A studio whose artist has a STOPPED workstation, with a service that goes through a gate."""

    demo: Demo
    clock: ManualClock
    gate: Gate
    service: NimbleService
    session_id: str

    def begin(self, step: str) -> None:
        make_unclear(self.demo.studio, self.session_id, step, self.clock.now())

    def get(self) -> StreamingSession:
        return self.service.get_streaming_session(self.session_id)

    def refused(self, *, gives_up: bool) -> StudioError:
        with pytest.raises(StudioError) as error:
            self.service.act(DELETE, self.session_id, gives_up=gives_up)
        return error.value

    def told(self) -> list[str]:
        return [one.text for one in self.service.reconcile(())]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    clock = ManualClock(NOW)
    with ExitStack() as ends:
        demo = ends.enter_context(open_demo(None, clock=clock))
        gate = Gate(demo.endpoint_url)
        ends.callback(gate.close)
        journal = ends.enter_context(closing(Journal(tmp_path / "journal.db")))
        invite = demo.invite
        service = connect(
            StudioInfo("demo", invite.studio_id, invite.region, invite.principal_id),
            endpoint_url=gate.endpoint_url,
            keys=invite.keys,
            clock=TimeOfDay(clock),
            journal=journal,
        )
        ends.callback(service.close)
        found = service.list_streaming_sessions().items
        stopped = next(one for one in found if one.state == "STOPPED")
        yield Room(demo, clock, gate, service, stopped.session_id)


@pytest.mark.parametrize("step", ["create", "start", "stop", "delete"])
def test_it_is_offered_exactly_when_the_studio_accepts_it(room: Room, step: str) -> None:
    room.begin(step)
    for seconds in (0, 899, 0.5):
        room.clock.advance(seconds)
        session = room.get()
        assert not can_be_given_up(session)
        assert not isinstance(check_action(DELETE, session, None), Allowed)
        assert room.refused(gives_up=True).kind == ErrorKind.REFUSED
        assert b"DELETE" not in b"".join(room.gate.calls)
    room.clock.advance(0.5)
    listed = room.service.list_streaming_sessions().items
    assert room.get() in listed  # lists say it as well
    assert isinstance(check_action(DELETE, room.get(), None), Allowed)
    given_up = room.service.act(DELETE, room.session_id, gives_up=True)
    assert given_up.state == f"{step.upper()}_FAILED"
    assert was_given_up(given_up)
    events = room.service.history(NOW - timedelta(days=1))
    assert [one.what for one in events if one.kind == "asked"] == ["give up"]


@pytest.mark.parametrize("step", ["create", "start", "stop"])
def test_a_workstation_that_got_its_answer_meanwhile_is_not_deleted(room: Room, step: str) -> None:
    room.begin(step)
    room.clock.advance(GIVE_UP_AFTER.total_seconds())
    assert can_be_given_up(room.get())
    make_clear(room.demo.studio, room.session_id)
    for seconds, state in ((0.0, f"{step.upper()}_IN_PROGRESS"), (900.0, "")):
        room.clock.advance(seconds)
        assert room.refused(gives_up=True).kind == ErrorKind.REFUSED
        assert room.get().state in {state, "READY", "STOPPED"}
    assert room.get().state in {"READY", "STOPPED"}


def test_a_deletion_that_was_confirmed_gives_nothing_up(room: Room) -> None:
    room.begin("start")
    room.clock.advance(GIVE_UP_AFTER.total_seconds())
    error = room.refused(gives_up=False)
    assert error.kind == ErrorKind.REFUSED
    assert "changed since you confirmed" in error.message
    assert room.get().state == "START_IN_PROGRESS"


def test_a_repeated_token_gives_nothing_else_up_and_deletes_nothing(room: Room) -> None:
    room.begin("start")
    room.clock.advance(GIVE_UP_AFTER.total_seconds())
    for gives_up in (True, False, True):
        latest = room.service.act(DELETE, room.session_id, client_token="job", gives_up=gives_up)
        assert latest.state == "START_FAILED"


def test_a_lost_reply_is_read_back(room: Room) -> None:
    room.begin("start")
    room.clock.advance(GIVE_UP_AFTER.total_seconds())
    room.gate.lose(b"DELETE ")
    assert was_given_up(room.service.act(DELETE, room.session_id, gives_up=True))
    assert room.told() == []
