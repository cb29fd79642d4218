"""launch --or-start: start an existing workstation of that name instead of launching."""

from argparse import Namespace

from nimble_tui.cli import exit_codes
from nimble_tui.cli.errors import say
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.cli.fetched_lists import Lists
from nimble_tui.cli.session_actions import start
from nimble_tui.cli.waiting import wait
from nimble_tui.config.settings import Settings
from nimble_tui.core.lookup import composed
from nimble_tui.core.model import LaunchProfile, SessionState, StreamingSession
from nimble_tui.core.service import StudioService
from nimble_tui.core.text import clean, clean_id

# These can only be deleted, or soon are, so they do not count as existing.
_NOT_THERE = frozenset(
    {
        SessionState.CREATE_FAILED,
        SessionState.DELETE_FAILED,
        SessionState.DELETE_IN_PROGRESS,
        SessionState.DELETED,
    }
)
_RUNS = (
    SessionState.READY,
    SessionState.START_IN_PROGRESS,
    SessionState.CREATE_IN_PROGRESS,
)


def check_or_start(args: Namespace) -> None:
    """Stop where --or-start lacks a --name, or conflicts with other options."""
    if args.yes and not args.or_start:
        raise Stop(exit_codes.USAGE, "--yes confirms the start; add --or-start.")
    if not args.or_start:
        return
    if not (args.name or "").strip():
        raise Stop(exit_codes.USAGE, "--or-start finds a workstation by its name; add --name.")
    if args.new:
        raise Stop(exit_codes.USAGE, "Use --or-start or --new, not both.")


def find_by_name(lists: Lists, profile: LaunchProfile, name: str) -> StreamingSession | None:
    """Return the workstation with this name; of several a running one, else the newest.

    Stop if the list is incomplete, or if it has another launch profile.
    """
    wanted = composed(name.strip())
    found = [
        one
        for one in lists.sessions.items
        if composed(lists.title(one)) == wanted and one.state not in _NOT_THERE
    ]
    of_profile = [one for one in found if one.launch_profile_id == profile.launch_profile_id]
    if not found and not lists.sessions.complete:
        raise Stop(
            exit_codes.FAILED,
            lists.sessions.problem or "The studio's list is incomplete.",
            f"{clean(wanted, 64)} could be missing from it; try again in a moment.",
        )
    if found and not of_profile:
        other = lists.profile_of(found[0])
        of_what = f", {other.title}" if other else ""
        raise Stop(
            exit_codes.REFUSED,
            f"{clean(wanted, 64)} already exists with another launch profile{of_what}; choose "
            "another --name.",
        )
    if not of_profile:
        return None
    chosen = max(of_profile, key=_rank)
    if len(of_profile) > 1:
        say(
            f"{len(of_profile)} workstations are named {clean(wanted, 64)}; using "
            f"{clean_id(chosen.session_id)}."
        )
    return chosen


def _rank(session: StreamingSession) -> tuple[bool, float]:
    made = session.created_at.timestamp() if session.created_at else 0.0
    return session.state in _RUNS, made


def started(
    args: Namespace, service: StudioService, settings: Settings, session: StreamingSession
) -> StreamingSession:
    """Start a workstation unless it runs; wait for one that is stopping."""
    name = args.name.strip()
    if session.state == SessionState.STOP_IN_PROGRESS:
        session, _ = wait(service, session, settings, name, args.timeout)
    if session.state in _RUNS:
        say(f"{name} already exists and is running or starting; nothing was launched.")
        return session
    return start(service, session, name, yes=args.yes)
