"""What the artist is told in passing: what came to its end, what failed, what is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nimble_tui.core.actions import BY_ID
from nimble_tui.core.model import SessionState
from nimble_tui.core.service import ErrorKind
from nimble_tui.tui import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from textual.notifications import SeverityLevel

    from nimble_tui.core.actions import Action
    from nimble_tui.core.model import SessionAction
    from nimble_tui.core.service import StudioError
    from nimble_tui.tui.entries import Entry

_SHORT = 6.0
_LONG = 12.0


@dataclass(frozen=True, slots=True)
class Notice:
    """One message; `seconds` is how long it stays."""

    text: str
    title: str = ""
    severity: SeverityLevel = "information"
    seconds: float = _SHORT


def of_changes(before: Iterable[Entry], after: Iterable[Entry]) -> Iterator[Notice]:
    """Yield a message for each workstation that was in transition and now is not."""
    moving = {entry.key: entry for entry in before if entry.session.in_transition}
    now = {entry.key: entry for entry in after if entry.key in moving}
    for old in moving.values():
        new = now.get(old.key)
        if new is None:
            yield Notice(f"{old.title} is deleted.")
        elif new.session.state in {SessionState.READY, SessionState.STOPPED}:
            yield Notice(f"{new.title} is {new.session.state}.")
        elif not new.session.in_transition:
            title = f"{new.title} is {new.session.state}"
            yield Notice(words.failure_of(new.session), title, "error", _LONG)


def of_failure(action: SessionAction, entry: Entry | None, error: StudioError) -> Notice:
    """Return the message about an action that did not work."""
    label = BY_ID[action].label
    checking = " Checking how it is now." if error.kind == ErrorKind.UNCERTAIN else ""
    title = f"{label} {entry.title}" if entry else label
    return Notice(error.message + checking, title, "error", _LONG)


def of_refusal(action: Action, reason: str) -> Notice:
    """Return the message about an action that is not even asked for."""
    return Notice(reason, f"{action.label}: not now", "warning", _LONG)
