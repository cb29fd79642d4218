"""sessions and profiles."""

from argparse import Namespace

from nimble_tui.cli import exit_codes
from nimble_tui.cli.context import opened
from nimble_tui.cli.errors import say
from nimble_tui.cli.output import print_json
from nimble_tui.config.plain import plain
from nimble_tui.core.listing import Listing
from nimble_tui.core.model import LaunchProfile, SessionState, StreamingSession


def list_sessions(args: Namespace) -> int:
    """Print the workstations."""
    with opened(args) as (_, service):
        sessions = service.list_streaming_sessions()
        if args.json:
            print_json({"sessions": _members(sessions, deleted_too=args.all)})
            return _ended(sessions)
        from nimble_tui.cli.fetched_lists import profiles_of, with_last_seen

        profiles = profiles_of(service)
    from nimble_tui.cli.tables import print_sessions

    lists = with_last_seen(service.info, sessions, profiles)
    if not print_sessions(lists, deleted_too=args.all) and sessions.complete:
        say("You have no workstations.")
    return max(_ended(profiles), _ended(sessions))


def list_profiles(args: Namespace) -> int:
    """Print the launch profiles."""
    with opened(args) as (_, service):
        profiles = service.list_launch_profiles()
    if args.json:
        print_json({"launchProfiles": [plain(one.members) for one in profiles.items]})
    elif profiles.items:
        from nimble_tui.cli.tables import print_profiles

        print_profiles(profiles.items)
    elif profiles.complete:
        say("No launch profiles. Ask your admin for one.")
    return _ended(profiles)


def _members(sessions: Listing[StreamingSession], *, deleted_too: bool) -> list[object]:
    return [
        plain(one.members)
        for one in sessions.items
        if deleted_too or one.state != SessionState.DELETED
    ]


def _ended(listing: Listing[StreamingSession] | Listing[LaunchProfile]) -> int:
    """Report an incomplete list, and return the exit code."""
    if listing.problem:
        say(listing.problem)
    return exit_codes.DONE if listing.problem is None and listing.complete else exit_codes.FAILED
