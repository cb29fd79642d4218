"""keep: a stopped workstation started and stopped again, so that it is kept for longer."""

from argparse import Namespace
from datetime import timedelta

from nimble_tui.cli import exit_codes
from nimble_tui.cli.acting import ended
from nimble_tui.cli.choosing import choose, go_on, look, look_to_act
from nimble_tui.cli.context import again, opened
from nimble_tui.cli.errors import asking, say
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.cli.output import print_json
from nimble_tui.cli.waiting import wait
from nimble_tui.config.plain import plain
from nimble_tui.config.settings import Settings
from nimble_tui.core.clock import SystemClock
from nimble_tui.core.history import EventKind
from nimble_tui.core.model import SessionState, StreamingSession
from nimble_tui.core.offers import can_keep
from nimble_tui.core.rules import Refused
from nimble_tui.core.service import StudioService

# Started, stopped, told: with one to spare.
_STEPS = 4
_RECENT = timedelta(days=1)
_UNDER_WAY = {
    SessionState.START_IN_PROGRESS,
    SessionState.READY,
    SessionState.STOP_IN_PROGRESS,
}


def keep(words: Namespace) -> int:
    """Put off the deletion of a workstation; with --wait until that is done."""
    with opened(words) as (settings, service):
        lists = look_to_act(service)
        session = choose(words, lists)
        name = lists.title(session)
        # One whose keeping began before is gone on with.
        begun = session.state in _UNDER_WAY and _was_begun(service, session)
        answer = can_keep(session, lists.profile_of(session), read_only=service.info.read_only)
        if isinstance(answer, Refused) and not begun:
            raise Stop(exit_codes.REFUSED, f"{name}: {answer.reason}")
        with asking(name):
            seen = session if begun else service.keep(session.session_id)
        later = again(words, f"keep {session.short_id} --wait")
        if words.wait:
            try:
                seen = _carried_through(service, seen, settings, name)
            except KeyboardInterrupt:
                say(f"Keeping it is gone on with by the app, or by: {later}")
                raise
    if words.json:
        print_json({"session": plain(seen.members)})
    if words.wait:
        return ended(seen, SessionState.STOPPED, name)
    say(
        f"{name}: {seen.state or 'UNKNOWN'}. It is to be stopped again once it is READY: the app "
        f"does that while it is open or when it starts next, and so does: {later}"
    )
    return exit_codes.DONE


def _was_begun(service: StudioService, session: StreamingSession) -> bool:
    """Return whether keeping it is what was asked last, its stop apart, and is not over."""
    if not service.is_unsettled():
        return False
    asked = [
        event.what
        for event in service.history(SystemClock().now() - _RECENT)
        if event.kind == EventKind.ASKED and event.session_id == session.session_id
    ]
    return "keep" in asked[-2:]


def _carried_through(
    service: StudioService, seen: StreamingSession, settings: Settings, name: str
) -> StreamingSession:
    """Go on with keeping a workstation until it stays as it is; return it as seen last."""
    for _ in range(_STEPS):
        before, _gone = wait(service, seen, settings, name)
        go_on(service, look(service))
        seen = service.get_streaming_session(before.session_id)
        if seen.state == before.state:
            break
    return seen
