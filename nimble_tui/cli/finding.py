"""The one workstation that a person means by a word."""

from collections.abc import Callable, Sequence

from nimble_tui.cli import exit_codes
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.core.model import SessionState, StreamingSession
from nimble_tui.core.text import clean, clean_id

Title = Callable[[StreamingSession], str]

_MOST_NAMED = 10


def find(word: str, sessions: Sequence[StreamingSession], title: Title) -> StreamingSession:
    """Return the workstation that `word` names; Stop when it names none, or several.

    It is an id; else the beginning of one, its last four characters, or a name as `title` shows
    it; else a name or four characters in other capitals. Deleted ones count only where no other
    fits.
    """
    if not word.strip():
        raise Stop(exit_codes.USAGE, "Say which workstation; nimble-tui sessions lists them.")
    for fits in (_is_id(word), _fits(word, title), _nearly_fits(word, title)):
        found = [session for session in sessions if fits(session)]
        living = [session for session in found if session.state != SessionState.DELETED]
        found = living or found
        if len(found) == 1:
            return found[0]
        if found:
            raise Stop(
                exit_codes.FAILED,
                f"{clean(word, 64)} may be any of {len(found)} workstations; say which:",
                *_named(found, title),
            )
    known = [session for session in sessions if session.state != SessionState.DELETED]
    raise Stop(
        exit_codes.FAILED,
        f"You have no workstation {clean(word, 64)}." + (" You have:" if known else ""),
        *_named(known, title),
    )


def _is_id(word: str) -> Callable[[StreamingSession], bool]:
    return lambda session: session.session_id == word


def _fits(word: str, title: Title) -> Callable[[StreamingSession], bool]:
    return lambda session: (
        session.session_id.startswith(word) or word in {session.short_id, title(session)}
    )


def _nearly_fits(word: str, title: Title) -> Callable[[StreamingSession], bool]:
    small = word.casefold()
    return lambda session: small in {session.short_id.casefold(), title(session).casefold()}


def _named(sessions: Sequence[StreamingSession], title: Title) -> list[str]:
    shown = [
        f"  {clean_id(session.session_id)}  {title(session)}  {session.state or 'UNKNOWN'}"
        for session in sessions[:_MOST_NAMED]
    ]
    more = len(sessions) - len(shown)
    return [*shown, f"  and {more} more"] if more > 0 else shown
