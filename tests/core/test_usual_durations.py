"""The usual duration of transitions, from the recorded history."""

from datetime import UTC, datetime, timedelta

import pytest

from nimble_tui.core.history import Event, EventKind
from nimble_tui.core.model import SessionState, StreamingSession
from nimble_tui.core.usual_durations import changes, usual_duration

START = datetime(2026, 11, 21, 9, tzinfo=UTC)
CREATING = StreamingSession(
    "new",
    state=SessionState.CREATE_IN_PROGRESS,
    launch_profile_id="lighting",
    ec2_instance_type="g5.xlarge",
)


def event(
    seconds: float,
    what: str,
    session_id: str = "a",
    *,
    asked: bool = False,
    done: bool | None = None,
    profile: str | None = "lighting",
    machine: str | None = "g5.xlarge",
) -> Event:
    kind = EventKind.REQUESTED if asked else EventKind.OBSERVED
    at = START + timedelta(seconds=seconds)
    return Event(at, session_id, kind, what, done, "", profile, machine)


def launched(begin: float, took: float, name: str, machine: str = "g5.xlarge") -> list[Event]:
    return [
        event(begin, "launch", name, asked=True, done=True, machine=machine),
        event(begin + 1, "CREATE_IN_PROGRESS", name, machine=machine),
        event(begin + took, "READY", name, machine=machine),
    ]


def seconds(events: list[Event], session: StreamingSession = CREATING) -> float | None:
    length = usual_duration(changes(events), session)
    return None if length is None else length.total_seconds()


def test_it_is_the_median_of_the_last_five() -> None:
    events: list[Event] = []
    for place, took in enumerate((900, 900, 900, 10, 12, 14, 300, 11)):
        events += launched(place * 1000, took, str(place))
    assert seconds(events) == 12


def test_nothing_is_known_of_what_never_happened() -> None:
    assert seconds([]) is None
    assert seconds(launched(0, 12, "a"), StreamingSession("b", state="STOP_IN_PROGRESS")) is None


def test_the_same_type_counts_first_then_the_same_launch_profile_then_any() -> None:
    events = [*launched(0, 10, "a", "g5.xlarge"), *launched(100, 50, "b", "g5.4xlarge")]
    assert seconds(events) == 10
    other = StreamingSession(
        "n",
        state=SessionState.CREATE_IN_PROGRESS,
        launch_profile_id="lighting",
        ec2_instance_type="g5.16xlarge",
    )
    assert seconds(events, other) == 30
    elsewhere = StreamingSession(
        "n", state=SessionState.CREATE_IN_PROGRESS, launch_profile_id="comp"
    )
    assert seconds(events, elsewhere) == 30


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        ("START_IN_PROGRESS", "READY"),
        ("STOP_IN_PROGRESS", "STOPPED"),
        ("DELETE_IN_PROGRESS", "DELETED"),
    ],
)
def test_every_change_has_its_end(begin: str, end: str) -> None:
    events = [event(0, begin), event(7, end)]
    assert seconds(events, StreamingSession("n", state=begin)) == 7


def test_what_was_only_seen_counts_from_when_it_was_seen() -> None:
    assert seconds([event(3, "CREATE_IN_PROGRESS"), event(13, "READY")]) == 10


@pytest.mark.parametrize("end", ["CREATE_FAILED", "STOPPED", "DELETED", "BROKEN_SOMEHOW"])
def test_a_bad_end_teaches_nothing(end: str) -> None:
    events = [event(0, "launch", asked=True, done=True), event(9, end), event(20, "READY")]
    assert seconds(events) is None


def test_a_refused_launch_teaches_nothing() -> None:
    assert seconds([event(0, "launch", asked=True, done=False), event(9, "READY")]) is None


def test_what_nobody_watched_to_its_end_teaches_nothing() -> None:
    assert seconds(launched(0, 2 * 3600, "a")) is None


def test_other_things_asked_meanwhile_change_nothing() -> None:
    events = launched(0, 12, "a")
    events.insert(2, event(5, "rename", asked=True, done=False))
    events.insert(2, event(6, "connect", asked=True, done=False))
    assert seconds(events) == 12
