"""connect: a workstation's desktop, opened in the browser or viewer, or its address shown."""

from argparse import Namespace
from datetime import timedelta
from time import sleep as pause

from nimble_tui.cli import exit_codes
from nimble_tui.cli.context import again, opened
from nimble_tui.cli.errors import say
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.cli.fetched_lists import choose, fetch_to_act, store_change
from nimble_tui.cli.session_actions import ended, start
from nimble_tui.cli.waiting import check_timeout, wait
from nimble_tui.config.settings import Settings
from nimble_tui.core.action_checks import check_connect
from nimble_tui.core.clock import SystemClock
from nimble_tui.core.model import SessionState, StreamingSession
from nimble_tui.core.rules import Refused
from nimble_tui.core.service import StudioService
from nimble_tui.core.streams import StreamingSessionStream
from nimble_tui.view.times import local_time

_STARTING = {
    SessionState.STOPPED,
    SessionState.START_FAILED,
    SessionState.START_IN_PROGRESS,
    SessionState.CREATE_IN_PROGRESS,
}
_DEMO_LASTS = timedelta(minutes=2)


def connect(args: Namespace) -> int:
    """Open a workstation's desktop; with --start, start the workstation first."""
    if args.yes and not args.start:
        raise Stop(exit_codes.USAGE, "--yes confirms the start; add --start.")
    check_timeout(args, waits=args.start, needed="--start")
    with opened(args) as (settings, service):
        lists, session = fetch_to_act(service, lambda one: choose(args, one))
        name = lists.title(session)
        if args.start and session.state in _STARTING:
            session = _started(args, service, session, settings, name)
            store_change(service.info, lists, session)
            if session.state != SessionState.READY:
                return ended(session, SessionState.READY, name)
        answer = check_connect(session, read_only=service.info.read_only)
        if isinstance(answer, Refused):
            stopped = session.state == SessionState.STOPPED and not service.info.read_only
            hint = ["Add --start to start it first."] if stopped else []
            raise Stop(exit_codes.REFUSED, f"{name}: {answer.reason}", *hint)
        return open_screen(args, service, session, name, show=args.show)


def open_screen(
    args: Namespace,
    service: StudioService,
    session: StreamingSession,
    name: str,
    *,
    show: bool = False,
) -> int:
    """Open a READY workstation's screen, or print its address; return the exit code."""
    stream = service.connect(session.session_id)
    url = stream.url or ""
    if show:
        print(url, flush=True)
    else:
        from nimble_tui.desktop.opening import open_address

        problem = open_address(url)
        if problem:
            show_it = again(args, f"connect {session.short_id} --show")
            raise Stop(
                exit_codes.FAILED,
                problem,
                f"Print the address with: {show_it}. Anyone who has it can use the desktop, so "
                "keep it secret.",
            )
        say(f"{name}: opening its desktop.")
    if service.info.demo:
        _serve(stream)
    return exit_codes.DONE


def _started(
    args: Namespace,
    service: StudioService,
    session: StreamingSession,
    settings: Settings,
    name: str,
) -> StreamingSession:
    if not session.in_transition:
        session = start(service, session, name, yes=args.yes)
    return wait(service, session, settings, name, args.timeout)[0]


def _serve(stream: StreamingSessionStream) -> None:
    """Wait while the address works: the demo studio ends with the command that opened it."""
    now = SystemClock().now()
    until = stream.expires_at or now + _DEMO_LASTS
    say(
        f"The demo studio runs until this command ends: at {local_time(until, now, None)}, or when "
        "you press ctrl+c."
    )
    try:
        pause(max((until - now).total_seconds(), 0.0))
    except KeyboardInterrupt:
        say("")
