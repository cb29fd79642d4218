"""Warnings before a workstation stops or is deleted: in time, once each, louder for a deletion."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from nimble_tui.core.actions import ACTIONS
from nimble_tui.core.model import LaunchProfile, StreamConfiguration, StreamingSession
from nimble_tui.view import notices, session_rows
from nimble_tui.view.alarms import Alarms
from nimble_tui.view.session_rows import SessionRow
from nimble_tui.view.totals import Totals
from tests.tables import table

NOW = datetime(2026, 11, 21, 13, 26, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
KEYS = {action.id: action.key for action in ACTIONS}
KEEPS = LaunchProfile(
    "lp",
    name="Lighting",
    state="READY",
    stream_configuration=StreamConfiguration(
        session_persistence_mode="ACTIVATED",
        automatic_termination_mode="ACTIVATED",
        max_stopped_session_length_in_minutes=5760,
    ),
)


def one(name: str = "one", state: str = "STOPPED", **members: object) -> SessionRow:
    session = StreamingSession(
        name,
        state=state,
        launch_profile_id="lp",
        session_persistence_mode="ACTIVATED",
        automatic_termination_mode="ACTIVATED",
        tags={"Name": name},
    )
    session = replace(session, **members)  # type: ignore[arg-type]
    return session_rows.build([session], [KEEPS], NOW)[0]


def ending(rows: Sequence[SessionRow]) -> Sequence[SessionRow]:
    return Totals.of(rows).ending


def warned(alarms: Alarms, rows: Sequence[SessionRow], minutes: float) -> list[str]:
    """Return what is warned of so many minutes after NOW, and how near it is."""
    now = NOW + minutes * MINUTE
    return [f"{alarm.row.title} {alarm.urgency.name}" for alarm in alarms.due(ending(rows), now)]


def test_a_deadline_is_warned_of_at_60_15_and_5_minutes_once_each() -> None:
    alarms = Alarms()
    rows = (one(terminate_at=NOW + 90 * MINUTE),)
    told = [(m, said) for m in range(95) if (said := warned(alarms, rows, m))]
    assert told == [(30, ["one HOUR"]), (75, ["one QUARTER"]), (85, ["one LAST"])]


def test_what_is_first_seen_late_is_warned_of_at_once_and_only_once() -> None:
    alarms = Alarms()
    rows = (one(terminate_at=NOW + 40 * MINUTE),)
    assert warned(alarms, rows, 0) == ["one HOUR"]
    assert warned(alarms, rows, 20) == []
    assert warned(alarms, rows, 37) == ["one LAST"]  # asleep at 15 minutes
    assert warned(alarms, rows, 60) == []


def test_the_same_deadline_in_a_new_list_is_not_warned_of_again() -> None:
    alarms = Alarms()
    at = NOW + 40 * MINUTE
    assert warned(alarms, (one(terminate_at=at),), 0) == ["one HOUR"]
    # A studio that works it out anew each time may be some seconds off.
    again = one(terminate_at=at + timedelta(seconds=20))
    assert warned(alarms, (again, one("two")), 1) == []


def test_another_deadline_is_warned_of_anew() -> None:
    alarms = Alarms()
    assert warned(alarms, (one(terminate_at=NOW + 40 * MINUTE),), 0) == ["one HOUR"]
    assert warned(alarms, (one(terminate_at=NOW + 50 * MINUTE),), 1) == ["one HOUR"]
    assert warned(alarms, (one(state="READY", stop_at=NOW + 50 * MINUTE),), 2) == ["one HOUR"]


def test_what_changes_right_now_is_not_warned_of_but_after_that_it_is() -> None:
    alarms = Alarms()
    at = NOW + 10 * MINUTE
    assert warned(alarms, (one(state="STOP_IN_PROGRESS", terminate_at=at),), 0) == []
    assert warned(alarms, (one(terminate_at=at),), 1) == ["one QUARTER"]


def test_a_deletion_comes_before_a_stop_and_what_is_far_or_unknown_is_quiet() -> None:
    rows = (
        one("stops", "READY", stop_at=NOW + 3 * MINUTE),
        one("far", terminate_at=NOW + 600 * MINUTE),
        one("unknown"),
        one("deleted", terminate_at=NOW + 55 * MINUTE),
    )
    assert warned(Alarms(), rows, 0) == ["deleted HOUR", "stops LAST"]


def test_a_deadline_that_passed_without_an_end_is_warned_of_once() -> None:
    alarms = Alarms()
    for name in ("a", "b"):
        rows = (one(terminate_at=NOW - 300 * MINUTE), one(name))
        assert warned(alarms, rows, 0) == (["one LAST"] if name == "a" else [])


def told_of(rows: Sequence[SessionRow], *, read_only: bool = False) -> list[notices.Notice]:
    due = Alarms().due(ending(rows), NOW)
    return list(notices.of_alarms(due, NOW, UTC, KEYS, read_only=read_only))


@table(
    [
        (
            one(terminate_at=NOW + 52 * MINUTE),
            "one will be deleted in 52 min",
            "At 14:18. Select it and press k to keep it.",
        ),
        (
            one(state="START_FAILED", terminate_at=NOW + 52 * MINUTE),
            "one will be deleted in 52 min",
            "At 14:18. Select it and press t to start it, then save your work elsewhere.",
        ),
        (
            one(state="READY", terminate_at=NOW + 4 * MINUTE),
            "one will be deleted in 4 min",
            "At 13:30. Save your work elsewhere now. This can't be postponed.",
        ),
        (
            one(state="STOP_FAILED", terminate_at=NOW - MINUTE),
            "one will be deleted any moment now",
            "At 13:25. If there is work on it, ask your admin now.",
        ),
        (
            one(state="READY", stop_at=NOW + 14 * MINUTE),
            "one stops in 14 min",
            (
                "At 13:40. Save your work first. Kept with its disk for 4 days, then "
                "deleted unless started."
            ),
        ),
    ]
)
def test_a_warning_says_what_happens_when_and_what_to_do(
    row: SessionRow, title: str, text: str
) -> None:
    (notice,) = told_of((row,))
    assert (notice.title, notice.text) == (title, text)
    loud = "deleted" in title
    assert notice.severity == ("error" if loud else "warning")


def test_the_one_under_the_cursor_need_not_be_gone_to() -> None:
    due = Alarms().due((one(terminate_at=NOW + 52 * MINUTE),), NOW)
    (notice,) = notices.of_alarms(due, NOW, UTC, KEYS, here="one")
    assert notice.text == "At 14:18. Press k to keep it."


def test_who_may_only_look_is_not_told_to_press_a_key() -> None:
    (notice,) = told_of((one(terminate_at=NOW + MINUTE),), read_only=True)
    assert "press" not in notice.text


def test_many_at_once_are_one_message() -> None:
    rows = [one(f"s{n}", terminate_at=NOW + n * MINUTE) for n in range(10, 16)]
    rows += [one(f"r{n}", "READY", stop_at=NOW + n * MINUTE) for n in range(10, 13)]
    (notice,) = told_of(rows)
    assert notice.title == "9 workstations reach their deadline soon"
    assert notice.text == (
        "6 will be deleted and 3 will stop within the hour. "
        "First: s10 will be deleted in 10 min, at 13:36."
    )
