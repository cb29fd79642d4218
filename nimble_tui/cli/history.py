"""history: the recorded events of workstations and people, newest last."""

from argparse import Namespace
from datetime import UTC, datetime

from nimble_tui.cli import exit_codes
from nimble_tui.cli.context import opened
from nimble_tui.cli.errors import say
from nimble_tui.cli.fetched_lists import Lists, choose, fetch_lists
from nimble_tui.cli.output import Cell, is_for_people, print_json, print_table
from nimble_tui.cli.person_names import names_of
from nimble_tui.config import cache
from nimble_tui.config.plain import iso
from nimble_tui.core.clock import SystemClock
from nimble_tui.core.history import Event, EventKind, done_by
from nimble_tui.core.listing import Listing
from nimble_tui.core.service import StudioError, StudioService
from nimble_tui.core.text import clean_id
from nimble_tui.view import timeline
from nimble_tui.view.times import local_time

_BEGINNING = datetime(1970, 1, 2, tzinfo=UTC)


def show_history(args: Namespace) -> int:
    """Print the history of one workstation, or of all; works without the studio."""
    with opened(args) as (_, service):
        events = service.history(_BEGINNING)
        lists, is_reached = _lists(service)
        if args.session:
            known = {event.session_id for event in events}
            whose = args.session if args.session in known else choose(args, lists).session_id
            events = tuple(event for event in events if event.session_id == whose)
        sessions = {one.session_id: one for one in lists.sessions.items}
        doers = [done_by(event, sessions.get(event.session_id)) for event in events]
        me = service.info.principal_id
        doers = [me if one.principal_ids else who for one, who in zip(events, doers, strict=True)]
        whom = [one for event in events for one in event.principal_ids[: timeline.MOST_NAMED]]
        people = {} if args.json else names_of(service, [*doers, *whom], ask=is_reached)
    if args.json:
        pairs = zip(events, doers, strict=True)
        print_json({"events": [_plain(event, who) for event, who in pairs]})
    elif events:
        now = SystemClock().now()
        names = {one.session_id: lists.title(one) for one in sessions.values()} | people
        names |= {one.launch_profile_id: one.title for one in lists.launch_profiles.items}
        by = [people.get(who or "", "") for who in doers]
        rows = [_row(event, names, who, now) for event, who in zip(events, by, strict=True)]
        print_table(("ABOUT", "WHEN", "WHAT", "BY", "NOTE"), rows)
    else:
        say("No history yet.")
    return exit_codes.DONE


def _lists(service: StudioService) -> tuple[Lists, bool]:
    """Return the lists, and whether the studio reported them just now."""
    try:
        return fetch_lists(service), True
    except StudioError:
        stored = cache.read(service.info)
        sessions = stored.sessions if stored else ()
        profiles = stored.launch_profiles if stored else ()
        return Lists(
            Listing(sessions), Listing(profiles), stored.last_seen if stored else ()
        ), False


def _row(event: Event, names: dict[str, str], who: str, now: datetime) -> tuple[Cell, ...]:
    note = event.note
    if event.principal_ids:
        name = timeline.named(event.principal_ids, lambda one: names.get(one) or clean_id(one))
        where = event.launch_profile_id
        place = names.get(where) or clean_id(where) if where else ""
        note = ", ".join(part for part in (place, event.value, note) if part)
    else:
        name = names.get(event.session_id) or clean_id(event.session_id)
    at = (
        local_time(event.at, now, None) if is_for_people() else iso(event.at.replace(microsecond=0))
    )
    return name, at, _what(event), who, note


def _what(event: Event) -> Cell:
    if event.kind == EventKind.OBSERVED:
        return event.what
    if event.done is False:
        return f"{event.what} (not done)", "failed"
    return f"{event.what} (unconfirmed)" if event.done is None else event.what


def _plain(event: Event, who: str | None) -> dict[str, object]:
    return {
        "at": iso(event.at),
        "sessionId": None if event.principal_ids else event.session_id,
        "kind": event.kind.value,
        "what": event.what,
        "done": event.done,
        "by": who,
        "note": event.note,
        "launchProfileId": event.launch_profile_id,
        "ec2InstanceType": event.ec2_instance_type,
        "principalIds": list(event.principal_ids),
        "value": event.value or None,
    }
