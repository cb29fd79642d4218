"""The registry of actions, bound to keys: for bindings, footer, palette, help."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.binding import Binding

from nimble_tui.core.actions import ACTIONS, BY_ID, Action

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_LABELS = {
    "slash": "/",
    "question_mark": "?",
    "enter": "enter",
    "escape": "esc",
    "space": "space",
    "comma": ",",
    "full_stop": ".",
    "plus": "+",
    "minus": "-",
    "asterisk": "*",
    "equals_sign": "=",
    "colon": ":",
    "semicolon": ";",
}


def bindings(ids: Iterable[str]) -> list[Binding]:
    """Return the default bindings of these actions; a keymap of action ids remaps them."""
    found = []
    for action in (BY_ID[name] for name in ids):
        found.append(Binding(action.key, action.id, action.label, id=action.id))
        found += [
            Binding(key, action.id, action.label, show=False, priority=key.startswith("ctrl+"))
            for key in action.also
        ]
    return found


def key_of(action: Action, keys: Mapping[str, str]) -> str:
    """Return the key of an action as it is set now, in Textual's spelling."""
    return keys.get(action.id) or action.key


def key_label(key: str) -> str:
    """Return a key as it stands on a keyboard."""
    return _LABELS.get(key, key)


def labels(keys: Mapping[str, str]) -> dict[str, str]:
    """Return how each action's key is written, by action id."""
    return {action.id: key_label(key_of(action, keys)) for action in ACTIONS}


@dataclass(frozen=True, slots=True)
class Offer:
    """An action as a screen offers it now: its key, and why it would be refused, if it would."""

    action: Action
    key: str
    refusal: str | None = None
