"""When to look again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimble_tui.core.cadence import Intervals, PollState, seconds_to_next_poll

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def soon(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


TABLE = [
    (PollState(NOW), 30),
    (PollState(NOW, in_transition=True), 3),
    (PollState(NOW, focused=False), 120),
    (PollState(NOW, focused=False, in_transition=True), 30),
    (PollState(NOW, next_deadline=soon(7)), 7),
    (PollState(NOW, next_deadline=soon(31)), 30),
    (PollState(NOW, next_deadline=soon(0.01)), 0.25),
    (PollState(NOW, next_deadline=soon(-7)), 30),
    (PollState(NOW, next_deadline=NOW), 30),
    (PollState(NOW, in_transition=True, next_deadline=soon(2)), 2),
    (PollState(NOW, focused=False, next_deadline=soon(90)), 90),
]


@pytest.mark.parametrize(("state", "seconds"), TABLE)
@pytest.mark.parametrize("jitter", [0.0, 0.5, 1.0])
def test_when_all_is_well(state: PollState, seconds: float, jitter: float) -> None:
    assert seconds_to_next_poll(state, Intervals(), jitter) == seconds


@pytest.mark.parametrize(
    ("failures", "ceiling"),
    [(1, 4), (2, 8), (3, 16), (4, 32), (5, 64), (6, 120), (7, 120), (10**9, 120)],
)
def test_after_failures(failures: int, ceiling: float) -> None:
    state = PollState(NOW, failures=failures)
    assert seconds_to_next_poll(state, Intervals(), 1.0) == ceiling
    assert seconds_to_next_poll(state, Intervals(), 0.5) == ceiling / 2
    assert seconds_to_next_poll(state, Intervals(), 0.0) == 1.0


@pytest.mark.parametrize(
    ("failures", "ceiling"), [(1, 3), (2, 3), (10, 3), (11, 30), (12, 30), (10**9, 30)]
)
def test_after_answers_that_were_not_understood(failures: int, ceiling: float) -> None:
    """The studio is there: the next look comes no later than a normal one would."""
    state = PollState(NOW, failures=failures, answered=True)
    assert seconds_to_next_poll(state, Intervals(), 1.0) == ceiling
    assert seconds_to_next_poll(state, Intervals(), 0.0) == 1.0
    assert seconds_to_next_poll(state._replace(retry_after=60), Intervals(), 1.0) == 60


def test_what_the_studio_asked_for_is_kept_to() -> None:
    state = PollState(NOW, failures=1, retry_after=300)
    assert seconds_to_next_poll(state, Intervals(), 1.0) == 300


def test_ones_own_intervals() -> None:
    assert seconds_to_next_poll(PollState(NOW), Intervals(idle=10), 0.0) == 10


@given(
    st.builds(
        PollState,
        now=st.just(NOW),
        in_transition=st.booleans(),
        focused=st.booleans(),
        failures=st.integers(0, 50),
        retry_after=st.floats(0, 900),
        next_deadline=st.none() | st.floats(-9e6, 9e6).map(soon),
        answered=st.booleans(),
    ),
    st.floats(0, 1),
)
def test_it_never_hammers_and_never_sleeps(state: PollState, jitter: float) -> None:
    wait = seconds_to_next_poll(state, Intervals(), jitter)
    assert 0.25 <= wait <= max(120, state.retry_after)
