"""Labels of times, deadlines and states, as tables."""

from datetime import UTC, datetime, timedelta

from nimble_tui.core.durations import in_words
from nimble_tui.core.model import SessionState, StreamingSession
from nimble_tui.core.rules import Deadline, Ending
from nimble_tui.core.unclear_steps import GIVEN_UP
from nimble_tui.view import labels, times
from tests.tables import column, table
from tests.view.workstations import HOUR, NOW, session


@table(
    [
        (NOW, "13:26"),
        (NOW + 12 * HOUR, "tomorrow 01:26"),
        (NOW - 14 * HOUR, "yesterday 23:26"),
        (NOW + 72 * HOUR, "Tue 13:26"),
        (NOW - 20 * 24 * HOUR, "1 Nov 13:26"),
        (NOW + 400 * 24 * HOUR, "26 Dec 2027"),
        (datetime.max.replace(tzinfo=UTC), "31 Dec 9999"),
    ]
)
def test_a_time_names_its_day_when_that_is_not_today(at: datetime, shown: str) -> None:
    assert times.local_time(at, NOW, UTC) == shown


@table(
    [
        (4, "4 s", "4 s", "4 s", "just now"),
        (41, "41 s", "41 s", "41 s", "40 s ago"),
        (247, "4 min", "4 min 7 s", "4 min", "4 min ago"),
        (11_520, "3 h 12 min", "3 h 12 min", "3 h 12 min", "3 h ago"),
        (187_200, "2 days 4 h", "2 days 4 h", "52 h", "2 days ago"),
        (154_800, "1 day 19 h", "1 day 19 h", "43 h", "1 day ago"),
        (10_368_000, "120 days", "120 days", "2880 h", "120 days ago"),
    ]
)
def test_lengths_of_time(seconds: int, length: str, watched: str, worked: str, ago: str) -> None:
    """One way to write them: only how far it goes down, and up, depends on what they are for."""
    given = timedelta(seconds=seconds)
    assert in_words(given) == length
    assert in_words(given, seconds=True) == watched
    assert in_words(given, days=False) == worked
    assert times.ago(given) == ago


@table(
    [
        (Ending.STOP, 8 * HOUR, False, "stops in 8 h, at 21:26", "calm"),
        (Ending.STOP, 8 * HOUR, True, "stops in ≈ 8 h, at 21:26", "calm"),
        (Ending.DELETE, 96 * HOUR, False, "will be deleted in 4 days, Wed 13:26", "calm"),
        (Ending.STOP, HOUR, False, "stops in 1 h, at 14:26", "near"),
        (Ending.STOP, HOUR / 4, False, "stops in 15 min, at 13:41", "nearer"),
        (Ending.STOP, HOUR / 20, False, "stops in 3 min, at 13:29", "last"),
        (Ending.DELETE, HOUR, False, "will be deleted in 1 h, at 14:26", "last"),
        (Ending.DELETE, -HOUR, False, "will be deleted any moment now", "last"),
    ]
)
def test_a_deadline_says_what_happens_and_when_and_grows_louder(
    ending: Ending, left: timedelta, computed: bool, said: str, style: str
) -> None:
    deadline = Deadline(ending, NOW + left, NOW - HOUR, computed)
    assert labels.deadline_in_words(deadline, NOW, UTC) == said
    assert labels.deadline_style(deadline, NOW) == style


@table(column([*SessionState, "HIBERNATING", "THAW_IN_PROGRESS", None, ""]))
def test_every_state_has_a_symbol_a_word_and_a_style(state: str | None) -> None:
    label = labels.state_label(StreamingSession("one", state=state))
    assert len(label.symbol) == 1
    assert label.text
    known = {
        "READY": "READY",
        "START_IN_PROGRESS": "STARTING…",
        "START_FAILED": "START_FAILED",
        "HIBERNATING": "HIBERNATING",
        "THAW_IN_PROGRESS": "THAW…",
        None: "UNKNOWN",
    }
    assert label.text == known.get(state, label.text)


def test_a_failure_is_told_in_plain_words_or_in_the_studios_own() -> None:
    failed = session("one", "START_FAILED", status_code="INSUFFICIENT_CAPACITY")
    assert labels.failure_of(failed) == "Start failed: no machine available; start it again later."
    never = session("one", "CREATE_FAILED", status_code="INSUFFICIENT_CAPACITY")
    assert "launch another type, or later" in labels.failure_of(never)
    other = session("one", "STOP_FAILED", status_code="NEW_CODE", status_message="Disk on fire.")
    assert labels.failure_of(other).startswith("Stop failed: Disk on fire. It is still running")
    assert labels.failure_of(session("one", "CREATE_FAILED")) == "Creation failed."
    for code in ("INTERNAL_ERROR", "INITIALIZATION_SCRIPT_ERROR"):
        told = session("one", "CREATE_FAILED", status_code=code, status_message="Mount failed.")
        assert labels.failure_of(told) == "Creation failed: Mount failed."
        silent = session("one", "CREATE_FAILED", status_code=code)
        assert labels.failure_of(silent).endswith("ask your admin.")
    given_up = session("one", "STOP_FAILED", status_code="INTERNAL_ERROR", status_message=GIVEN_UP)
    assert labels.failure_of(given_up).endswith("no clear answer. It might still be running.")


def test_a_change_that_drags_on_is_pointed_out() -> None:
    stuck = session("one", "STOP_IN_PROGRESS", stopped_at=NOW - HOUR)
    assert labels.moving_note(stuck, NOW) == "longer than usual (1 h); ask your admin"
    assert "kept" in labels.moving_note(stuck, NOW - HOUR)
