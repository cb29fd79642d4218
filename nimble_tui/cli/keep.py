"""keep: a stopped workstation started and stopped again, so that it is kept for longer."""

from argparse import Namespace
from collections.abc import Iterable

from nimble_tui.cli import exit_codes
from nimble_tui.cli.context import again, opened
from nimble_tui.cli.errors import note_interrupt, say
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.cli.fetched_lists import Lists, choose, fetch_lists, resolve, store_change
from nimble_tui.cli.output import print_json
from nimble_tui.cli.session_actions import ended
from nimble_tui.cli.waiting import (
    TimedOut,
    WaitOptions,
    check_timeout,
    wait_options,
    wait_until_settled,
)
from nimble_tui.config.plain import plain
from nimble_tui.core.action_checks import check_keep
from nimble_tui.core.clock import SystemClock
from nimble_tui.core.model import SessionState, StreamingSession
from nimble_tui.core.rules import Refused
from nimble_tui.core.service import Finding, StudioService
from nimble_tui.core.transitions import is_stuck

# The most polls of a workstation whose state does not change.
_TRIES = 10
_UNDER_WAY = {
    SessionState.START_IN_PROGRESS,
    SessionState.READY,
    SessionState.STOP_IN_PROGRESS,
}


def keep(args: Namespace) -> int:
    """Postpone the deletion of a workstation; with --wait, until that is done."""
    check_timeout(args, waits=args.wait)
    with opened(args) as (settings, service):
        lists = fetch_lists(service)
        session = choose(args, lists)
        name = lists.title(session)
        latest = _resumed(service, session) or _begun(service, lists, session)
        store_change(service.info, lists, latest)
        resolve(service, lists, spare={session.session_id})
        later = again(args, f"keep {session.short_id} --wait")
        if args.wait:
            try:
                options = wait_options(service, latest, settings, name, args.timeout)
                latest = _carried_through(service, latest, options, name)
            except (KeyboardInterrupt, TimedOut) as ended_early:
                if args.json and isinstance(ended_early, TimedOut):
                    print_json({"session": plain(ended_early.latest.members)})
                say(f"The app finishes this, or run: {later}")
                raise
            store_change(service.info, lists, latest)
        is_pending = session.session_id in service.keeping()
    if args.json:
        print_json({"session": plain(latest.members)})
    if is_pending:
        say(
            f"{name}: {latest.state or 'UNKNOWN'}. The app stops it again when it is READY. "
            f"Without the app, run: {later}"
        )
    return ended(latest, SessionState.STOPPED, name) if args.wait else exit_codes.DONE


def _resumed(service: StudioService, session: StreamingSession) -> StreamingSession | None:
    """Resume a Keep, and return the workstation's new state.

    None where nothing started it.
    """
    if session.session_id not in service.keeping():
        return None
    for _ in range(2):  # stop it, then see it stopped
        findings = service.resume_keep(session.session_id)
        latest = service.get_streaming_session(session.session_id)
        if findings or latest.state in _UNDER_WAY:
            break
    is_over = any(finding.good for finding in findings)
    if latest.state == SessionState.STOPPED and not is_over:
        return None
    _report(service, findings)
    return latest if is_over or latest.state in _UNDER_WAY else None


def _begun(service: StudioService, lists: Lists, session: StreamingSession) -> StreamingSession:
    """Start a workstation to be kept; Stop where the rules forbid it."""
    name = lists.title(session)
    answer = check_keep(
        session,
        lists.profile_of(session),
        read_only=service.info.read_only,
        stuck=is_stuck(session, SystemClock().now()),
    )
    if isinstance(answer, Refused):
        raise Stop(exit_codes.REFUSED, f"{name}: {answer.reason}")
    with note_interrupt(name):
        return service.keep(session.session_id)


def _report(service: StudioService, findings: Iterable[Finding]) -> None:
    """Report how a Keep ended."""
    for finding in findings:
        say(finding.text)
        service.report_keep(finding)


def _carried_through(
    service: StudioService, latest: StreamingSession, options: WaitOptions, name: str
) -> StreamingSession:
    """Continue a Keep until it is finished; return the workstation's latest state."""
    before, tries = None, 0
    while latest.session_id in service.keeping() and tries < _TRIES:
        if before is None:
            say(f"{name} is stopped again when it is READY.")
        latest, _gone = wait_until_settled(
            service, latest, options, at_least_once=before is not None
        )
        _report(service, service.resume_keep(latest.session_id))
        tries = tries + 1 if latest.state == before else 0
        before = latest.state
    if latest.state != SessionState.STOPPED:  # what was reported may be newer
        latest, _gone = wait_until_settled(service, latest, options, at_least_once=True)
    return latest
