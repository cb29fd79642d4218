"""stop, start and delete."""

from argparse import Namespace
from typing import Final

from nimble_tui.cli import exit_codes, terminal
from nimble_tui.cli.context import opened
from nimble_tui.cli.errors import say
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.cli.finding import find
from nimble_tui.cli.output import print_json
from nimble_tui.cli.waiting import Patience, until_settled
from nimble_tui.config.plain import plain
from nimble_tui.core.model import (
    FAILED_STATES,
    SessionAction,
    SessionState,
    StreamingSession,
)
from nimble_tui.core.rules import Refused, verdict
from nimble_tui.core.service import StudioService

_WANTED: Final = {
    SessionAction.STOP: SessionState.STOPPED,
    SessionAction.START: SessionState.READY,
    SessionAction.DELETE: SessionState.DELETED,
}


def act(words: Namespace) -> int:
    """Do the action that the words name, ask before it where it needs asking, and tell the end."""
    action = SessionAction(words.action)
    with opened(words) as (settings, service):
        session, name = _choose(words, service, action)
        seen = service.act(action, session.session_id)
        gone = False
        if words.wait:
            patience = Patience(settings.refresh, name)
            seen, gone = until_settled(service, seen, patience)
    if words.json:
        print_json({"session": plain(seen.members)})
    if not words.wait:
        say(f"{name}: {seen.state or 'UNKNOWN'}.")
        return exit_codes.FAILED if seen.state in FAILED_STATES else exit_codes.DONE
    return _ended(action, seen, name, gone=gone)


def _choose(
    words: Namespace, service: StudioService, action: SessionAction
) -> tuple[StreamingSession, str]:
    """Return the workstation meant and what it is called, once the person has agreed."""
    sessions = service.list_streaming_sessions()
    profiles = {one.launch_profile_id: one for one in service.list_launch_profiles().items}
    by_id = any(one.session_id == words.session for one in sessions.items)
    if sessions.partial and not by_id:
        raise Stop(
            exit_codes.FAILED,
            sessions.problem or "The studio's list came in part only.",
            "So it is not sure which workstation you mean; give its whole id, or try again.",
        )

    def title(one: StreamingSession) -> str:
        return one.title(profiles.get(one.launch_profile_id or ""))

    session = find(words.session, sessions.items, title)
    profile = profiles.get(session.launch_profile_id or "")
    answer = verdict(action, session, profile, read_only=service.info.read_only)
    name = title(session)
    if isinstance(answer, Refused):
        raise Stop(exit_codes.REFUSED, f"{name}: {answer.reason}")
    if not words.yes and action != SessionAction.START:
        _agree(action, session, name, answer.note)
    return session, name


def _agree(action: SessionAction, session: StreamingSession, name: str, note: str) -> None:
    terminal.need_terminal("add --yes if you are sure.")
    say(f"{name}, {session.state}, {session.ec2_instance_type or 'of unknown type'}. {note}")
    if action == SessionAction.DELETE:
        typed = terminal.ask(f"Type {session.short_id}, the end of its id, to delete it for good: ")
        agreed = typed == session.short_id
    else:
        agreed = terminal.ask("Stop it? [y/N] ").casefold() in {"y", "yes"}
    if not agreed:
        raise Stop(exit_codes.FAILED, "Nothing was changed.")


def _ended(action: SessionAction, seen: StreamingSession, name: str, *, gone: bool) -> int:
    if gone:
        say(f"{name} was being deleted, and the studio does not know it any more.")
        return exit_codes.DONE
    if seen.state == _WANTED[action]:
        say(f"{name}: {seen.state}.")
        return exit_codes.DONE
    why = f" {seen.status_message}" if seen.status_message else ""
    say(f"{name} ended as {seen.state or 'UNKNOWN'}, not {_WANTED[action]}.{why}")
    return exit_codes.FAILED
