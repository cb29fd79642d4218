"""The rules of workstations: every state, action and kind of launch profile."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from nimble_tui.core.model import (
    LaunchProfile,
    SessionAction,
    SessionState,
    StreamConfiguration,
    StreamingSession,
)
from nimble_tui.core.rules import (
    Allowed,
    Deadline,
    Ending,
    Refused,
    Urgency,
    can_be_stopped,
    check_action,
    deadline,
    kept_for,
)
from tests.tables import column, product, table

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)

# sessionPersistenceMode, automaticTerminationMode, maxStoppedSessionLengthInMinutes (None: there
# is no readable launch profile at all), whether a stop keeps the workstation (None: that cannot be
# known), and for how long (None: until it is deleted).
KINDS: dict[str, tuple[str | None, str | None, int | str | None, bool | None, timedelta | None]] = {
    "old, days": (None, None, 5760, True, timedelta(days=4)),
    "old, days, modes unheard of": (None, "ACTIVATED", 60, True, HOUR),
    "old, zero": (None, None, 0, False, timedelta()),
    "old, negative": (None, None, -5, False, timedelta(minutes=-5)),
    "old, unsaid": (None, None, "unsaid", False, timedelta()),
    "kept": ("ACTIVATED", "DEACTIVATED", "unsaid", True, None),
    "kept, unsaid": ("ACTIVATED", None, 0, True, None),
    "kept, days": ("ACTIVATED", "ACTIVATED", 5760, True, timedelta(days=4)),
    "kept, zero": ("ACTIVATED", "ACTIVATED", 0, False, timedelta()),
    "kept, new mode": ("ACTIVATED", "SOMETIMES", 0, False, timedelta()),
    "off": ("DEACTIVATED", "DEACTIVATED", 5760, False, timedelta(days=4)),
    "new mode": ("SOMETIMES", None, 5760, False, timedelta(days=4)),
    "unreadable, kept": ("ACTIVATED", "DEACTIVATED", None, True, None),
    "unreadable, days": ("ACTIVATED", "ACTIVATED", None, None, None),
    "unreadable, old": (None, None, None, None, None),
    "unreadable, off": ("DEACTIVATED", None, None, False, None),
}

LEGAL: dict[str | None, set[str]] = {
    "CREATE_IN_PROGRESS": set(),
    "START_IN_PROGRESS": set(),
    "STOP_IN_PROGRESS": set(),
    "DELETE_IN_PROGRESS": set(),
    "READY": {"stop", "delete"},
    "STOPPED": {"start", "delete"},
    "START_FAILED": {"start", "delete"},
    "CREATE_FAILED": {"delete"},
    "STOP_FAILED": {"delete"},
    "DELETE_FAILED": {"delete"},
    "DELETED": set(),
    "HIBERNATED": set(),
    "HIBERNATE_IN_PROGRESS": set(),
    "ready": set(),
    "": set(),
    None: set(),
}


def session_of(kind: str, state: str | None) -> StreamingSession:
    persistence, termination, _, _, _ = KINDS[kind]
    return StreamingSession(
        "ses.one",
        state=state,
        session_persistence_mode=persistence,
        automatic_termination_mode=termination,
    )


def profile_of(kind: str) -> LaunchProfile | None:
    length = KINDS[kind][2]
    if length is None:
        return None
    minutes = length if isinstance(length, int) else None
    return LaunchProfile(
        "lp-1",
        stream_configuration=StreamConfiguration(max_stopped_session_length_in_minutes=minutes),
    )


def test_the_table_knows_every_state() -> None:
    assert set(SessionState) <= set(LEGAL)


@table(product(LEGAL, SessionAction, KINDS))
def test_what_may_be_done(state: str | None, action: SessionAction, kind: str) -> None:
    stoppable = KINDS[kind][3]
    answer = check_action(action, session_of(kind, state), profile_of(kind))
    allowed = action in LEGAL[state] and (bool(stoppable) or action != SessionAction.STOP)
    assert isinstance(answer, Allowed) is allowed
    words = answer.note if isinstance(answer, Allowed) else answer.reason
    assert re.fullmatch(r"[A-Z].*[^.]\.", words)
    if action == SessionAction.STOP and state == "READY" and not allowed:
        # Nobody is told to delete what a stop might have kept, or what is known by halves.
        surely = stoppable is False and profile_of(kind) is not None
        assert ("then delete the workstation" in words) == surely


@table(column(KINDS))
def test_what_a_stop_keeps(kind: str) -> None:
    *_, stoppable, kept = KINDS[kind]
    session, profile = session_of(kind, "READY"), profile_of(kind)
    assert can_be_stopped(session, profile) is stoppable
    if profile is not None:
        assert kept_for(session, profile) == kept


@table(product(LEGAL, SessionAction))
def test_looking_only_refuses_everything(state: str | None, action: SessionAction) -> None:
    answer = check_action(action, session_of("kept", state), profile_of("kept"), read_only=True)
    assert isinstance(answer, Refused)
    assert "read_only" in answer.reason


@pytest.mark.parametrize("action", SessionAction)
@pytest.mark.parametrize("session_id", ["ses one", "ses\x1b[2J", "sеs", "", "x" * 300])
def test_an_id_that_cannot_be_shown_is_not_acted_on(action: SessionAction, session_id: str) -> None:
    for state in ("READY", "STOPPED"):
        session = StreamingSession(session_id, state=state, session_persistence_mode="ACTIVATED")
        assert isinstance(check_action(action, session, profile_of("kept")), Refused)


@pytest.mark.parametrize(
    ("kind", "note"),
    [
        ("old, days", "Kept with its disk for 4 days, then deleted unless started."),
        ("kept", "Its disk is kept until you delete it."),
    ],
)
def test_a_stop_says_how_long_the_disk_is_kept(kind: str, note: str) -> None:
    answer = check_action(SessionAction.STOP, session_of(kind, "READY"), profile_of(kind))
    assert answer == Allowed(note)


NOTES: dict[str, tuple[SessionAction, StreamingSession, str]] = {
    "start": (
        SessionAction.START,
        StreamingSession("s.1", "STOPPED"),
        "with its disk as you left it",
    ),
    "start, retained": (
        SessionAction.START,
        StreamingSession("s.1", "STOPPED", volume_retention_mode="RETAIN"),
        "with its disk as you left it",
    ),
    "start, thrown away": (
        SessionAction.START,
        StreamingSession("s.1", "STOPPED", volume_retention_mode="DELETE"),
        "deleted at its last stop. It starts with a new disk.",
    ),
    "start, thrown away with backups": (
        SessionAction.START,
        StreamingSession("s.1", "STOPPED", volume_retention_mode="DELETE", backup_mode="AUTOMATIC"),
        "It starts with a new disk unless you restore a backup.",
    ),
    "start, no backup kept": (
        SessionAction.START,
        StreamingSession(
            "s.1",
            "STOPPED",
            volume_retention_mode="DELETE",
            backup_mode="AUTOMATIC",
            max_backups_to_retain=0,
        ),
        "It starts with a new disk.",
    ),
    "start, new mode": (
        SessionAction.START,
        StreamingSession("s.1", "STOPPED", volume_retention_mode="ARCHIVE"),
        "whether its disk was kept is unknown (ARCHIVE)",
    ),
    "delete": (
        SessionAction.DELETE,
        StreamingSession("s.1", "STOPPED"),
        "its disk permanently",
    ),
    "delete, thrown away": (
        SessionAction.DELETE,
        StreamingSession("s.1", "STOPPED", volume_retention_mode="DELETE"),
        "Its disk was deleted at its last stop",
    ),
    "delete, thrown away and new again": (
        SessionAction.DELETE,
        StreamingSession("s.1", "READY", volume_retention_mode="DELETE"),
        "its disk permanently",
    ),
}


@pytest.mark.parametrize("case", NOTES)
def test_what_is_said_of_the_disk_is_what_the_last_stop_did_with_it(case: str) -> None:
    action, session, words = NOTES[case]
    answer = check_action(action, session, profile_of("kept"))
    assert isinstance(answer, Allowed)
    assert words in answer.note


def with_times(state: str, **members: object) -> StreamingSession:
    return StreamingSession("ses.one", state=state, **members)  # type: ignore[arg-type]


def with_lengths(running: int | None, stopped: int | None) -> LaunchProfile:
    return LaunchProfile(
        "lp-1",
        stream_configuration=StreamConfiguration(
            max_session_length_in_minutes=running, max_stopped_session_length_in_minutes=stopped
        ),
    )


DEADLINES: dict[str, tuple[StreamingSession, LaunchProfile | None, Deadline | None]] = {
    "sent stop": (
        with_times("READY", created_at=NOW, stop_at=NOW + HOUR),
        None,
        Deadline(Ending.STOP, NOW + HOUR, NOW, computed=False),
    ),
    "sent end": (
        with_times("READY", created_at=NOW, terminate_at=NOW + HOUR),
        None,
        Deadline(Ending.DELETE, NOW + HOUR, NOW, computed=False),
    ),
    "the nearer of two": (
        with_times("READY", stop_at=NOW + HOUR, terminate_at=NOW + 2 * HOUR),
        None,
        Deadline(Ending.STOP, NOW + HOUR, None, computed=False),
    ),
    "a stop that is over": (
        with_times("STOPPED", stopped_at=NOW, stop_at=NOW - HOUR, terminate_at=NOW + 2 * HOUR),
        None,
        Deadline(Ending.DELETE, NOW + 2 * HOUR, NOW, computed=False),
    ),
    "runs since its last start": (
        with_times("READY", created_at=NOW, started_at=NOW + HOUR),
        with_lengths(60, 5760),
        Deadline(Ending.STOP, NOW + 2 * HOUR, NOW + HOUR, computed=True),
    ),
    "the usual length": (
        with_times("READY", created_at=NOW),
        with_lengths(None, None),
        Deadline(Ending.DELETE, NOW + 11.5 * HOUR, NOW, computed=True),
    ),
    "stopped": (
        with_times("STOPPED", created_at=NOW - HOUR, stopped_at=NOW),
        with_lengths(None, 120),
        Deadline(Ending.DELETE, NOW + 2 * HOUR, NOW, computed=True),
    ),
    "kept": (
        with_times("STOPPED", stopped_at=NOW, session_persistence_mode="ACTIVATED"),
        with_lengths(None, 120),
        None,
    ),
    "no times": (with_times("READY"), with_lengths(60, 60), None),
    "no profile": (with_times("READY", created_at=NOW), None, None),
    "in transition": (with_times("START_IN_PROGRESS", created_at=NOW), with_lengths(9, 9), None),
    "gone": (with_times("DELETED", terminate_at=NOW), with_lengths(9, 9), None),
    "going": (with_times("DELETE_IN_PROGRESS", terminate_at=NOW), None, None),
    "unheard of": (with_times("HIBERNATED", created_at=NOW), with_lengths(9, 9), None),
}


@pytest.mark.parametrize("case", DEADLINES)
def test_what_happens_by_itself(case: str) -> None:
    session, profile, expected = DEADLINES[case]
    assert deadline(session, profile) == expected


@pytest.mark.parametrize("length", [-(2**31) + 1, -1])
def test_a_length_below_zero_is_none_at_all(length: int) -> None:
    found = deadline(with_times("READY", created_at=NOW), with_lengths(length, length))
    assert found == Deadline(Ending.DELETE, NOW, NOW, computed=True)


def test_a_length_beyond_all_calendars_is_the_end_of_time() -> None:
    session = with_times("READY", created_at=NOW)
    found = deadline(session, with_lengths(2**31 - 1, 2**31 - 1))
    assert found is not None
    assert found.left(NOW) > timedelta(days=365 * 1000)
    found.at.astimezone(timezone(timedelta(hours=14)))


@pytest.mark.parametrize(
    ("left", "urgency"),
    [
        (timedelta(minutes=61), Urgency.NONE),
        (timedelta(minutes=60), Urgency.HOUR),
        (timedelta(minutes=15, seconds=1), Urgency.HOUR),
        (timedelta(minutes=15), Urgency.QUARTER),
        (timedelta(minutes=5), Urgency.LAST),
        (timedelta(), Urgency.LAST),
        (-HOUR, Urgency.LAST),
    ],
)
def test_how_loud_to_be(left: timedelta, urgency: Urgency) -> None:
    one = Deadline(Ending.DELETE, NOW + left, None, computed=False)
    assert one.urgency(NOW) == urgency
    assert one.left(NOW) == max(left, timedelta())


@pytest.mark.parametrize(
    ("since", "passed"),
    [
        (NOW - HOUR, 0.5),
        (NOW, 0.0),
        (NOW + HOUR / 2, 0.0),
        (NOW + HOUR, None),
        (None, None),
    ],
)
def test_how_much_time_is_used_up(since: datetime | None, passed: float | None) -> None:
    assert Deadline(Ending.STOP, NOW + HOUR, since, computed=False).passed(NOW) == passed


def test_time_that_is_over_is_used_up() -> None:
    one = Deadline(Ending.STOP, NOW - HOUR, NOW - 2 * HOUR, computed=False)
    assert one.passed(NOW) == 1.0


def test_without_its_launch_profile_a_workstation_that_is_to_stop_can_be_stopped() -> None:
    unknown = StreamingSession(
        "7q2hk0gq3vfx9r1c",
        "READY",
        session_persistence_mode="ACTIVATED",
        automatic_termination_mode="ACTIVATED",
    )
    assert can_be_stopped(unknown, None) is None
    to_stop = replace(unknown, stop_at=NOW)
    assert can_be_stopped(to_stop, None) is True
    answer = check_action(SessionAction.STOP, to_stop, None)
    assert isinstance(answer, Allowed)
    assert "unknown" in answer.note
    assert can_be_stopped(replace(to_stop, terminate_at=NOW), None) is None
    # What was last seen is believed before that.
    none_kept = LaunchProfile("lp", is_last_seen=True)
    assert can_be_stopped(to_stop, none_kept) is False
    refused = check_action(SessionAction.STOP, to_stop, none_kept)
    assert isinstance(refused, Refused)
    assert "delete" not in refused.reason
