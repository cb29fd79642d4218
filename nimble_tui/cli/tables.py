"""Workstations and launch profiles as tables: in words for people, whole for programs."""

from collections.abc import Iterable
from datetime import datetime

from nimble_tui.cli.fetched_lists import Lists
from nimble_tui.cli.output import Cell, is_for_people, print_table, style_of
from nimble_tui.config.plain import iso
from nimble_tui.core.clock import SystemClock
from nimble_tui.core.model import FAILED_STATES, LaunchProfile, SessionState
from nimble_tui.core.rules import Ending, Urgency
from nimble_tui.core.text import clean_id
from nimble_tui.view import labels
from nimble_tui.view.session_rows import SessionRow, build


def print_sessions(lists: Lists, *, deleted_too: bool) -> bool:
    """Print workstations, the DELETED ones last; return whether there were any."""
    now = SystemClock().now()
    sessions = lists.sessions.items
    rows = build(sessions, lists.known_profiles, now)
    if deleted_too:
        gone = (one for one in sessions if one.state == SessionState.DELETED)
        rows = (*rows, *(SessionRow.of(one, lists.profile_of(one)) for one in gone))
    if rows:
        heads = ("NAME", "ID", "STATE", "TYPE", "NEXT")
        print_table(heads, [_row(row, now) for row in rows], giving_way=("NAME", "NEXT"))
    return bool(rows)


def print_profiles(profiles: Iterable[LaunchProfile]) -> None:
    """Print launch profiles."""
    print_table(
        ("NAME", "ID", "STATE", "TYPES", "STOPPING"),
        [
            (
                one.title,
                clean_id(one.launch_profile_id),
                (one.state or "UNKNOWN", "ready" if one.state == "READY" else "failed"),
                ", ".join(one.stream_configuration.ec2_instance_types),
                labels.stopping_of(one),
            )
            for one in profiles
        ],
        for_programs={"ID"},  # in a terminal the name is enough, and leaves room for the rest
        giving_way=("TYPES", "NAME"),
    )


def _row(row: SessionRow, now: datetime) -> tuple[Cell, ...]:
    session = row.session
    # In a terminal the four characters that name it are enough, and leave room for the rest.
    shown_id = session.short_id if is_for_people() else clean_id(session.session_id)
    return (
        row.title,
        shown_id,
        (session.state or "UNKNOWN", style_of(session)),
        session.ec2_instance_type or "",
        _next(row, now),
    )


def _next(row: SessionRow, now: datetime) -> Cell:
    """Return the deadline of a workstation; in machine-readable form on a pipe.

    In a terminal, what failed says why where nothing is going to happen.
    """
    due = row.deadline
    if due is None and row.times_unread:
        return (row.times_unread if is_for_people() else "unread"), "loud"
    if due is None:
        failed = is_for_people() and row.session.state in FAILED_STATES
        return labels.reason_of(row.session) if failed else ""
    if not is_for_people():
        return f"{'stop' if due.ending == Ending.STOP else 'delete'} {iso(due.at)}"
    loud = due.ending == Ending.DELETE and due.urgency(now) != Urgency.NONE
    return labels.deadline_in_words(due, now, None), "loud" if loud else ""
