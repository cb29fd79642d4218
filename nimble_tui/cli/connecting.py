"""connect: a workstation's screen, opened in the browser or viewer, or its address shown."""

import time
from argparse import Namespace
from datetime import datetime, timedelta

from nimble_tui.cli import exit_codes
from nimble_tui.cli.acting import ended
from nimble_tui.cli.choosing import choose, look_to_act
from nimble_tui.cli.context import opened
from nimble_tui.cli.errors import say
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.cli.waiting import wait
from nimble_tui.config.settings import Settings
from nimble_tui.core.clock import SystemClock
from nimble_tui.core.durations import in_words
from nimble_tui.core.model import SessionAction, SessionState, StreamingSession
from nimble_tui.core.offers import can_connect
from nimble_tui.core.rules import Refused
from nimble_tui.core.service import StudioService
from nimble_tui.core.streams import StreamingSessionStream

_STARTING = {
    SessionState.STOPPED,
    SessionState.START_FAILED,
    SessionState.START_IN_PROGRESS,
    SessionState.CREATE_IN_PROGRESS,
}
_DEMO_LASTS = timedelta(minutes=2)


def connect(words: Namespace) -> int:
    """Open a workstation's screen, and start the workstation first where that is asked for."""
    with opened(words) as (settings, service):
        lists = look_to_act(service)
        session = choose(words, lists)
        name = lists.title(session)
        if words.start and session.state in _STARTING:
            session = _started(service, session, settings, name)
            if session.state != SessionState.READY:
                return ended(session, SessionState.READY, name)
        answer = can_connect(session, read_only=service.info.read_only)
        if isinstance(answer, Refused):
            stopped = session.state == SessionState.STOPPED and not service.info.read_only
            hint = ["Add --start to have that done."] if stopped else []
            raise Stop(exit_codes.REFUSED, f"{name}: {answer.reason}", *hint)
        return open_screen(service, session, name, show=words.show)


def open_screen(
    service: StudioService, session: StreamingSession, name: str, *, show: bool = False
) -> int:
    """Open a READY workstation's screen, or print its address; return the exit code."""
    stream = service.connect(session.session_id)
    url = stream.url or ""
    lasts = _lasts(stream, SystemClock().now())
    if show:
        print(url, flush=True)
    else:
        from nimble_tui.desktop.opening import open_address

        problem = open_address(url)
        if problem:
            say(
                problem,
                f"nimble-tui connect {session.short_id} --show prints the address; it is a secret "
                f"for as long as it works ({in_words(lasts)}).",
            )
            return exit_codes.FAILED
        say(f"{name}: its screen opens now.")
    if service.info.demo:
        _serve(lasts)
    return exit_codes.DONE


def _started(
    service: StudioService, session: StreamingSession, settings: Settings, name: str
) -> StreamingSession:
    if not session.in_transition:
        session = service.act(SessionAction.START, session.session_id)
    return wait(service, session, settings, name)[0]


def _serve(lasts: timedelta) -> None:
    """Wait while the address works: the demo studio ends with the command that opened it."""
    say(f"The demo studio runs for {in_words(lasts)} more, or until you press ctrl+c.")
    try:
        time.sleep(lasts.total_seconds())
    except KeyboardInterrupt:
        say("")


def _lasts(stream: StreamingSessionStream, now: datetime) -> timedelta:
    if stream.expires_at is None:
        return _DEMO_LASTS
    return max(stream.expires_at - now, timedelta())
