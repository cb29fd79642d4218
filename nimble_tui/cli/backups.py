"""backups: their list, and the choice of one to restore."""

from argparse import Namespace
from datetime import datetime

from nimble_tui.cli import exit_codes
from nimble_tui.cli.context import opened
from nimble_tui.cli.errors import say
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.cli.fetched_lists import Lists, choose, fetch_lists
from nimble_tui.cli.output import Cell, is_for_people, print_json, print_table
from nimble_tui.config.plain import iso, plain
from nimble_tui.core.action_checks import check_restore
from nimble_tui.core.backups import StreamingSessionBackup, of_session
from nimble_tui.core.clock import SystemClock
from nimble_tui.core.durations import in_words
from nimble_tui.core.model import SessionState, StreamingSession
from nimble_tui.core.rules import Refused
from nimble_tui.core.service import StudioService
from nimble_tui.core.text import clean, clean_id
from nimble_tui.core.transitions import is_stuck

LATEST = "latest"


def list_backups(args: Namespace) -> int:
    """Print the backups of one workstation, or of all."""
    with opened(args) as (_, service):
        lists = fetch_lists(service)
        session = choose(args, lists) if args.session else None
        listing = service.list_streaming_session_backups()
    ids = [session.session_id] if session else _owners(listing.items)
    backups = [one for session_id in ids for one in of_session(listing.items, session_id)]
    if args.json:
        print_json({"streamingSessionBackups": [plain(one.members) for one in backups]})
    elif backups:
        now = SystemClock().now()
        rows = [_row(one, lists, now) for one in backups]
        print_table(("WORKSTATION", "BACKUP", "STATE", "CREATED"), rows)
    elif listing.complete:
        say(f"{lists.title(session)} has no backups." if session else "You have no backups.")
    if listing.problem:
        say(listing.problem)
    return exit_codes.DONE if listing.complete else exit_codes.FAILED


def backup_for(
    service: StudioService, session: StreamingSession, word: str, name: str
) -> tuple[str, str]:
    """Return the id of the backup to start from, and what that does in a sentence.

    `word` is its id, or `latest` for the newest usable one. Stop if there is no such backup.
    """
    backups = of_session(service.list_streaming_session_backups().items, session.session_id)
    if word == LATEST:
        chosen = next((one for one in backups if one.usable), None)
    else:
        chosen = next((one for one in backups if one.backup_id == word), None)
    if chosen is None:
        what = "usable backup" if word == LATEST else f"backup {clean(word, 64)}"
        raise Stop(
            exit_codes.FAILED,
            f"{name} has no {what}." + (" It has:" if backups else ""),
            *(f"  {clean_id(one.backup_id)}  {_state(one)}  {_made(one)}" for one in backups),
        )
    stuck = is_stuck(session, SystemClock().now())
    answer = check_restore(chosen, session, read_only=service.info.read_only, stuck=stuck)
    if isinstance(answer, Refused):
        raise Stop(exit_codes.REFUSED, f"{name}: {answer.reason}")
    return chosen.backup_id, f"The backup was created {_made(chosen)}. {answer.note}"


def _owners(backups: tuple[StreamingSessionBackup, ...]) -> list[str]:
    return list(dict.fromkeys(one.session_id for one in backups if one.session_id))


def _row(one: StreamingSessionBackup, lists: Lists, now: datetime) -> tuple[Cell, ...]:
    owner = next((s for s in lists.sessions.items if s.session_id == one.session_id), None)
    name = lists.title(owner) if owner else clean_id(one.session_id or "")
    style = "ready" if one.usable else "moving" if _moves(one) else "failed"
    if not is_for_people():
        made = iso(one.created_at) if one.created_at else ""
    else:
        made = _made(one, now)
    return name, clean_id(one.backup_id), (_state(one), style), made


def _state(one: StreamingSessionBackup) -> str:
    return one.state or "UNKNOWN"


def _moves(one: StreamingSessionBackup) -> bool:
    return one.state == SessionState.CREATE_IN_PROGRESS


def _made(one: StreamingSessionBackup, now: datetime | None = None) -> str:
    if one.created_at is None:
        return "at an unknown time"
    return f"{in_words((now or SystemClock().now()) - one.created_at)} ago"
