"""What rows, bars, times and messages say, as tables."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from rich.cells import cell_len
from textual.content import Content

from nimble_tui.core.durations import in_words
from nimble_tui.core.model import (
    LaunchProfile,
    SessionAction,
    SessionState,
    StreamConfiguration,
    StreamingSession,
)
from nimble_tui.core.rules import Deadline, Ending
from nimble_tui.core.service import ErrorKind, StudioError
from nimble_tui.tui import commands
from nimble_tui.tui.crash import crash_report
from nimble_tui.tui.widgets import bar
from nimble_tui.tui.widgets.line import fit, pad
from nimble_tui.tui.widgets.profile_list import profile_rows
from nimble_tui.tui.widgets.reading_list import Reading
from nimble_tui.view import labels, notices, session_rows, times
from nimble_tui.view.exit_summary import farewell
from nimble_tui.view.health import Health, Phase
from nimble_tui.view.session_rows import Asked, Entry

NOW = datetime(2026, 11, 21, 13, 26, tzinfo=UTC)
HOUR = timedelta(hours=1)
KEYS = commands.labels({})


def profile(name: str = "Lighting", **members: object) -> LaunchProfile:
    configuration = StreamConfiguration(
        session_persistence_mode="ACTIVATED",
        automatic_termination_mode="ACTIVATED",
        max_stopped_session_length_in_minutes=5760,
    )
    made = LaunchProfile(name, name=name, state="READY", stream_configuration=configuration)
    return replace(made, **members)  # type: ignore[arg-type]


def session(session_id: str, state: str, **members: object) -> StreamingSession:
    made = StreamingSession(
        session_id,
        state=state,
        launch_profile_id="Lighting",
        session_persistence_mode="ACTIVATED",
        automatic_termination_mode="ACTIVATED",
        tags={"Name": session_id},
    )
    return replace(made, **members)  # type: ignore[arg-type]


def build(*sessions: StreamingSession, **more: object) -> tuple[Entry, ...]:
    return session_rows.build(sessions, [profile()], NOW, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (NOW, "13:26"),
        (NOW + 12 * HOUR, "tomorrow 01:26"),
        (NOW - 14 * HOUR, "yesterday 23:26"),
        (NOW + 72 * HOUR, "Tue 13:26"),
        (NOW - 20 * 24 * HOUR, "1 Nov 13:26"),
        (NOW + 400 * 24 * HOUR, "26 Dec 2027"),
        (datetime.max.replace(tzinfo=UTC), "31 Dec 9999"),
    ],
)
def test_a_time_names_its_day_when_that_is_not_today(at: datetime, shown: str) -> None:
    assert times.local_time(at, NOW, UTC) == shown


@pytest.mark.parametrize(
    ("seconds", "length", "watched", "worked", "ago"),
    [
        (4, "4 s", "4 s", "4 s", "just now"),
        (41, "41 s", "41 s", "41 s", "40 s ago"),
        (247, "4 min", "4 min 7 s", "4 min", "4 min ago"),
        (11_520, "3 h 12 min", "3 h 12 min", "3 h 12 min", "3 h ago"),
        (187_200, "2 days 4 h", "2 days 4 h", "52 h", "2 days ago"),
        (154_800, "1 day 19 h", "1 day 19 h", "43 h", "1 day ago"),
        (10_368_000, "120 days", "120 days", "2880 h", "120 days ago"),
    ],
)
def test_lengths_of_time(seconds: int, length: str, watched: str, worked: str, ago: str) -> None:
    """One way to write them: only how far it goes down, and up, depends on what they are for."""
    given = timedelta(seconds=seconds)
    assert in_words(given) == length
    assert in_words(given, seconds=True) == watched
    assert in_words(given, days=False) == worked
    assert times.ago(given) == ago


@pytest.mark.parametrize(
    ("ending", "left", "computed", "said", "style"),
    [
        (Ending.STOP, 8 * HOUR, False, "stops in 8 h, at 21:26", "calm"),
        (Ending.STOP, 8 * HOUR, True, "stops in ≈ 8 h, at 21:26", "calm"),
        (Ending.DELETE, 96 * HOUR, False, "will be deleted in 4 days, Wed 13:26", "calm"),
        (Ending.STOP, HOUR, False, "stops in 1 h, at 14:26", "near"),
        (Ending.STOP, HOUR / 4, False, "stops in 15 min, at 13:41", "nearer"),
        (Ending.STOP, HOUR / 20, False, "stops in 3 min, at 13:29", "last"),
        (Ending.DELETE, HOUR, False, "will be deleted in 1 h, at 14:26", "last"),
        (Ending.DELETE, -HOUR, False, "will be deleted any moment now", "last"),
    ],
)
def test_a_deadline_says_what_happens_and_when_and_grows_louder(
    ending: Ending, left: timedelta, computed: bool, said: str, style: str
) -> None:
    deadline = Deadline(ending, NOW + left, NOW - HOUR, computed)
    assert labels.deadline_in_words(deadline, NOW, UTC) == said
    assert labels.deadline_style(deadline, NOW) == style


@pytest.mark.parametrize("state", [*SessionState, "HIBERNATING", "THAW_IN_PROGRESS", None, ""])
def test_every_state_has_a_symbol_a_word_and_a_style(state: str | None) -> None:
    look = labels.look_of(StreamingSession("one", state=state))
    assert len(look.symbol) == 1
    assert look.word
    known = {
        "READY": "READY",
        "START_IN_PROGRESS": "STARTING…",
        "START_FAILED": "START_FAILED",
        "HIBERNATING": "HIBERNATING",
        "THAW_IN_PROGRESS": "THAW…",
        None: "UNKNOWN",
    }
    assert look.word == known.get(state, look.word)


def test_a_failure_is_told_in_plain_words_or_in_the_studios_own() -> None:
    failed = session("one", "START_FAILED", status_code="INSUFFICIENT_CAPACITY")
    assert labels.failure_of(failed).startswith(
        "It did not start: no machine of this type was free"
    )
    other = session("one", "STOP_FAILED", status_code="NEW_CODE", status_message="Disk on fire.")
    assert labels.failure_of(other).endswith("then delete it: Disk on fire.")
    assert labels.failure_of(session("one", "CREATE_FAILED")) == "It was never made."


def test_a_change_that_drags_on_is_pointed_out() -> None:
    stuck = session("one", "STOP_IN_PROGRESS", stopped_at=NOW - HOUR)
    assert labels.moving_note(stuck, NOW) == "still not done after 1 h; tell your admin"
    assert "kept" in labels.moving_note(stuck, NOW - HOUR)


def test_what_is_deleted_soonest_comes_first_then_what_changes_runs_failed_sleeps() -> None:
    built = build(
        session("gone", "DELETED"),
        session("sleeps", "STOPPED", terminate_at=NOW + 48 * HOUR),
        session("odd", "HIBERNATING"),
        session("failed", "START_FAILED"),
        session("runs long", "READY", stop_at=NOW + 9 * HOUR),
        session("runs", "READY", stop_at=NOW + HOUR / 2),
        session("changes", "STOP_IN_PROGRESS"),
        session("ends", "STOPPED", terminate_at=NOW + HOUR / 2),
        session("ends first", "READY", terminate_at=NOW + HOUR / 3),
    )
    assert [entry.title for entry in built] == [
        "ends first",
        "ends",
        "changes",
        "runs",
        "runs long",
        "failed",
        "sleeps",
        "odd",
    ]


def test_what_did_not_change_is_the_same_entry_again() -> None:
    one = session("one", "READY")
    first = build(one, session("two", "STOPPED"))
    again = build(one, session("two", "READY"), known=first)
    by_title = {entry.title: entry for entry in again}
    assert by_title["one"] is next(entry for entry in first if entry.title == "one")
    assert by_title["two"].session.state == "READY"


def test_an_action_asked_for_shows_before_the_studio_knows() -> None:
    asked = {"one": Asked(SessionAction.DELETE, NOW)}
    (entry,) = build(session("one", "READY"), asked=asked)
    assert entry.session.state == SessionState.DELETE_IN_PROGRESS
    assert entry.session.updated_at == NOW


def test_a_session_listed_twice_is_one_row() -> None:
    assert len(build(session("one", "READY"), session("one", "READY"))) == 1


@pytest.mark.parametrize(("text", "width"), [("abc", 3), ("abcdef", 4), ("工作站", 4), ("", 2)])
def test_text_is_cut_and_filled_by_cells(text: str, width: int) -> None:
    assert cell_len(fit(text, width)) <= width
    assert cell_len(pad(text, width)) == width
    assert (fit(text, width) == text) == (cell_len(text) <= width)


@pytest.mark.parametrize("width", [1, 6, 23])
def test_bars_are_always_as_wide_as_asked(width: int) -> None:
    for step in range(60):
        assert len("".join(bar.moving(step, width))) == width
        used, left = bar.used_up(step / 59, width)
        assert len(used + left) == width
    assert bar.used_up(0, width)[0] == ""
    assert bar.used_up(1, width)[1] == ""


def test_profiles_for_people_come_first_and_count_what_is_mine() -> None:
    worker = profile("RenderWorker-Default")
    broken = profile("Animation", state="CREATE_FAILED")
    gone = profile("Old", state="DELETED")
    rows = profile_rows([worker, gone, broken, profile()], build(session("one", "READY")))
    assert [row.launch_profile.title for row in rows] == [
        "Lighting",
        "Animation",
        "RenderWorker-Default",
    ]
    assert [row.mine for row in rows] == [1, 0, 0]
    assert labels.keeping_of(broken) == "not usable now"
    assert labels.keeping_of(worker) == "for render machines"


@pytest.mark.parametrize(
    ("after", "said"),
    [
        ("STOPPED", "one is STOPPED."),
        (None, "one is deleted."),
        ("DELETED", "one is deleted."),
        ("STOP_FAILED", "The stop failed and it still runs; save your work, then delete it."),
        ("STOP_IN_PROGRESS", None),
    ],
)
def test_the_end_of_a_change_is_told(after: str | None, said: str | None) -> None:
    before = build(session("one", "STOP_IN_PROGRESS"), session("two", "READY"))
    now = build(*([session("one", after)] if after else []), session("two", "STOPPED"))
    notes = notices.of_changes(before, now, KEYS)
    assert [one.text for one in notes] == ([said] if said else [])


def test_what_became_ready_under_the_cursor_names_the_key_that_connects() -> None:
    before = build(session("one", "START_IN_PROGRESS"), session("two", "START_IN_PROGRESS"))
    now = build(session("one", "READY"), session("two", "READY"))
    notes = notices.of_changes(before, now, {**KEYS, "connect": "f5"}, "two")
    assert [one.text for one in notes] == ["one is READY.", "two is READY; f5 connects."]


def test_what_nobody_knows_is_said_to_be_looked_into() -> None:
    (entry,) = build(session("one", "READY"))
    lost = StudioError(ErrorKind.UNCERTAIN, "The reply was lost.")
    notice = notices.of_failure(SessionAction.STOP, entry, lost)
    assert notice.text == "The reply was lost. Checking how it is now."
    assert notice.title == "Stop one"


@pytest.mark.parametrize(
    ("health", "fresh", "banner"),
    [
        (Health(), "◌ connecting…", None),
        (Health(Phase.LIVE, seen_at=NOW), "● live, just now", None),
        (
            Health(Phase.LIVE, seen_at=NOW, looking_since=NOW - timedelta(seconds=2)),
            "◌ looking, just now",
            None,
        ),
        (
            Health(Phase.OFFLINE, NOW - HOUR, "No answer.", NOW + timedelta(seconds=9)),
            "▲ offline, seen 1 h ago",
            "No answer.  Next try in 9 s; r tries now.",
        ),
        (Health(Phase.OFFLINE, None, "No."), "▲ offline", "No.  Press r to try again."),
        (
            Health(Phase.SIGNED_OUT, problem="Signed out."),
            "▲ signed out",
            "Signed out.  Press i to sign in.",
        ),
        (Health(Phase.LIVE, NOW, notice="Half."), "● live, just now", "Half."),
    ],
)
def test_freshness_and_banner(health: Health, fresh: str, banner: str | None) -> None:
    assert health.freshness(NOW)[0] == fresh
    assert health.banner(NOW, "r", "i") == banner


def test_a_long_line_goes_on_under_its_beginning_where_there_is_room() -> None:
    line = Reading("one", Content("  09:26  Comp · qs2y   It was READY after 31 s"), indent=23)
    assert line.laid_out(60).plain == line.shown.plain
    assert line.laid_out(40).plain.split("\n") == [
        "  09:26  Comp · qs2y   It was READY",
        " " * 23 + "after 31 s",
    ]
    assert line.laid_out(30).plain.split("\n") == [
        "  09:26  Comp · qs2y",
        "   It was READY after 31 s",
    ]


def test_the_last_line_tells_what_runs_on_and_until_when() -> None:
    built = build(
        session("one", "READY", stop_at=NOW + 8 * HOUR),
        session("two", "STOPPED", terminate_at=NOW + HOUR / 2),
    )
    assert farewell(built, NOW, UTC) == (
        "1 workstation still runs: one stops at 21:26. "
        "two will be deleted at 13:56 unless it is started."
    )
    many = build(*(session(name, "READY", stop_at=NOW + HOUR) for name in "abcde"))
    assert farewell(many, NOW, UTC).startswith("5 workstations still run: a stops at 14:26, ")
    assert farewell(many, NOW, UTC).endswith("and 2 more.")
    assert farewell(build(session("z", "STOPPED")), NOW, UTC) == "No workstation is running."
    assert farewell((), NOW, UTC) == ""


def test_a_crash_tells_where_and_no_value() -> None:
    secret = "canary"
    with pytest.raises(ValueError, match=secret) as caught:
        int(secret)
    report = crash_report(caught.value)
    assert "ValueError" in report
    assert "test_a_crash_tells_where_and_no_value" in report
    assert secret not in report
    assert crash_report(None)
