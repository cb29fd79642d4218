"""sessions and profiles."""

from argparse import Namespace
from datetime import datetime

from nimble_tui.cli import exit_codes
from nimble_tui.cli.choosing import Lists, remember
from nimble_tui.cli.context import opened
from nimble_tui.cli.errors import say
from nimble_tui.cli.output import Cell, is_for_people, print_json, print_table, style_of
from nimble_tui.config.plain import iso, plain
from nimble_tui.core.clock import SystemClock
from nimble_tui.core.model import LaunchProfile, SessionState, StreamingSession
from nimble_tui.core.rules import Deadline, Ending, Urgency
from nimble_tui.core.service import Listing
from nimble_tui.core.text import clean_id
from nimble_tui.tui import words as artist
from nimble_tui.tui.entries import Entry, build


def list_sessions(words: Namespace) -> int:
    """Print the workstations."""
    with opened(words) as (_, service):
        sessions = service.list_streaming_sessions()
        deleted = [one for one in sessions.items if one.state == SessionState.DELETED]
        if words.json:
            shown = [
                one for one in sessions.items if words.all or one.state != SessionState.DELETED
            ]
            print_json({"sessions": [plain(one.members) for one in shown]})
            return _ended(sessions)
        profiles = service.list_launch_profiles()
        remember(service.info, Lists(sessions, profiles))
    now = SystemClock().now()
    entries = build(sessions.items, profiles.items, now)
    if words.all:
        by_id = {one.launch_profile_id: one for one in profiles.items}
        gone = (Entry.of(one, by_id.get(one.launch_profile_id or "")) for one in deleted)
        entries = (*entries, *gone)
    if entries:
        heads = ("NAME", "ID", "STATE", "TYPE", "NEXT")
        print_table(heads, [_row(entry, now) for entry in entries], giving_way=("NAME", "NEXT"))
    elif not sessions.partial:
        say("You have no workstations.")
    _ended(profiles)
    return _ended(sessions)


def list_profiles(words: Namespace) -> int:
    """Print the launch profiles."""
    with opened(words) as (_, service):
        profiles = service.list_launch_profiles()
    if words.json:
        print_json({"launchProfiles": [plain(one.members) for one in profiles.items]})
    elif profiles.items:
        print_table(
            ("NAME", "ID", "STATE", "TYPES", "WORKSTATIONS"),
            [
                (
                    one.title,
                    clean_id(one.launch_profile_id),
                    (one.state or "UNKNOWN", "ready" if one.state == "READY" else "failed"),
                    ", ".join(one.stream_configuration.ec2_instance_types),
                    artist.keeping_of(one),
                )
                for one in profiles.items
            ],
            for_programs={"ID"},  # in a terminal the name is enough, and leaves room for the rest
            giving_way=("TYPES", "NAME"),
        )
    elif not profiles.partial:
        say("There is no launch profile you may use; ask your admin.")
    return _ended(profiles)


def _row(entry: Entry, now: datetime) -> tuple[Cell, ...]:
    session = entry.session
    # In a terminal the four characters that name it are enough, and leave room for the rest.
    shown_id = session.short_id if is_for_people() else clean_id(session.session_id)
    return (
        entry.title,
        shown_id,
        (session.state or "UNKNOWN", style_of(session)),
        session.ec2_instance_type or "",
        _next(entry.deadline, now),
    )


def _next(due: Deadline | None, now: datetime) -> Cell:
    """Return what the studio does by itself next; on a pipe with the time as programs read it."""
    if due is None:
        return ""
    if not is_for_people():
        return f"{'stop' if due.ending == Ending.STOP else 'delete'} {iso(due.at)}"
    loud = due.ending == Ending.DELETE and due.urgency(now) != Urgency.NONE
    return artist.deadline_in_words(due, now, None), "loud" if loud else ""


def _ended(listing: Listing[StreamingSession] | Listing[LaunchProfile]) -> int:
    """Tell what is missing from a list, and return the exit code."""
    if listing.problem:
        say(listing.problem)
    return exit_codes.FAILED if listing.partial else exit_codes.DONE
