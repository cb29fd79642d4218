"""The registry's actions with their keys, for bindings, key bar, palette and help."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.binding import Binding

from nimble_tui.config.keymap import key_label, keys_of
from nimble_tui.core.actions import BY_ID, Action

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def bindings(ids: Iterable[str], *, priority: bool = False, do: str = "") -> list[Binding]:
    """Return the default bindings of these actions; a keymap of action ids remaps them.

    With `priority` they come before the bindings of the focused widget. One method of the screen
    can run all of them: `do` is its name without `action_`, and it gets the action's id.
    """
    found = []
    for action in (BY_ID[name] for name in ids):
        run = f"{do}({action.id!r})" if do else action.id
        found.append(Binding(action.key, run, action.label, id=action.id, priority=priority))
        found += [
            Binding(key, run, action.label, show=False, priority=key.startswith("ctrl+"))
            for key in action.also
        ]
    return found


def named(*ids: str) -> tuple[Action, ...]:
    """Return these actions of the registry."""
    return tuple(BY_ID[name] for name in ids)


def labels(keys: Mapping[str, str]) -> dict[str, str]:
    """Return the label of each action's first key, by action id."""
    return {action.id: label(action, keys) for action in BY_ID.values()}


def label(action: Action, keys: Mapping[str, str]) -> str:
    """Return the label of an action's first key."""
    return key_label(keys_of(action, keys)[0])


class Offer(NamedTuple):
    """An action offered by a screen: its key, and the reason if it would be refused."""

    action: Action
    key: str
    refusal_reason: str | None = None
