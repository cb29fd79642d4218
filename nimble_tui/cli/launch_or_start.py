"""launch --or-start: the workstation of a name is started where there is one."""

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

# Such a one can only be deleted, or is about to be: it is of no use, and in nobody's way.
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
    """Stop where --or-start does not say which workstation."""
    if args.yes and not args.or_start:
        raise Stop(exit_codes.USAGE, "--yes answers what --or-start may ask; add --or-start.")
    if not args.or_start:
        return
    if not (args.name or "").strip():
        raise Stop(exit_codes.USAGE, "--or-start finds a workstation by its name; add --name.")
    if args.new:
        raise Stop(exit_codes.USAGE, "Give --or-start or --new, not both.")


def find_by_name(lists: Lists, profile: LaunchProfile, name: str) -> StreamingSession | None:
    """Return the workstation of this name, of several one that runs, else the newest.

    Stop where it is not sure that there is none, or where it is of another launch profile.
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
            lists.sessions.problem or "The studio's list came in part only.",
            f"So it is not sure that there is no {clean(wanted, 64)} yet; try again in a moment.",
        )
    if found and not of_profile:
        other = lists.profile_of(found[0])
        of_what = f", {other.title}" if other else ""
        raise Stop(
            exit_codes.REFUSED,
            f"{clean(wanted, 64)} is there and of another launch profile{of_what}; choose another "
            "--name.",
        )
    if not of_profile:
        return None
    chosen = max(of_profile, key=_rank)
    if len(of_profile) > 1:
        say(
            f"{len(of_profile)} workstations are called {clean(wanted, 64)}; this is about "
            f"{clean_id(chosen.session_id)}."
        )
    return chosen


def _rank(session: StreamingSession) -> tuple[bool, float]:
    made = session.created_at.timestamp() if session.created_at else 0.0
    return session.state in _RUNS, made


def started(
    args: Namespace, service: StudioService, settings: Settings, session: StreamingSession
) -> StreamingSession:
    """Start a workstation unless it runs; one that is being stopped is waited for first."""
    name = args.name.strip()
    if session.state == SessionState.STOP_IN_PROGRESS:
        session, _ = wait(service, session, settings, name, args.timeout)
    if session.state in _RUNS:
        say(f"{name} is there and runs; nothing was launched.")
        return session
    return start(service, session, name, yes=args.yes)
