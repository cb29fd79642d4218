"""Key names as Textual spells them, and the keys of actions."""

import string
import unicodedata
from collections.abc import Mapping

from nimble_tui.core.actions import BY_ID, SCREENS, Action

_COMMON_NAMES = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}


def _named(character: str) -> str:
    name = unicodedata.name(character).lower().replace(" ", "_").replace("-", "_")
    return _COMMON_NAMES.get(name, name)


_PUNCTUATION = {character: _named(character) for character in string.punctuation}
_LABELS = {name: character for character, name in _PUNCTUATION.items()} | {"escape": "esc"}
_FUNCTION = {f"f{number}" for number in range(1, 25)}
_MOVES = {"up", "down", "left", "right", "home", "end", "pageup", "pagedown"}
_EDITS = {"insert", "delete"}
# Terminals send ctrl with these, and no others, as a key of their own.
_WITH_CTRL = set(string.ascii_lowercase + string.digits) | _FUNCTION | _MOVES | _EDITS
_WITH_CTRL |= {"backslash", "right_square_bracket", "circumflex_accent", "underscore"}
_WITH_SHIFT = _MOVES | _EDITS | {"tab", "escape"}
_OTHERS = {"enter", "escape", "tab", "space", "backspace"}
_NAMES = set(_PUNCTUATION.values()) | _FUNCTION | _MOVES | _EDITS | _OTHERS

# Keys that every screen needs for moving, choosing and leaving; a terminal cannot tell ctrl+h, i,
# j and m from some of them.
RESERVED = frozenset(
    {"enter", "escape", "tab", "shift+tab", "space", "backspace", "ctrl+c"}
    | {"ctrl+h", "ctrl+i", "ctrl+j", "ctrl+m", "ctrl+z"}
    | _MOVES
)


def normal_key(spelt: str) -> str | None:
    """Return a key as Textual spells it (`/` is `slash`), or None if there is no such key."""
    if len(spelt) == 1:
        return _PUNCTUATION.get(spelt) or (spelt if spelt.isalnum() else None)
    *modifiers, key = spelt.lower().split("+")
    held = set(modifiers)
    if len(held) != len(modifiers) or not held <= {"ctrl", "shift"}:
        return None
    if not held:
        return key if key in _NAMES else None
    if held == {"shift"} and len(key) == 1 and key.isalpha():
        return key.upper()
    known = {
        frozenset({"ctrl"}): _WITH_CTRL,
        frozenset({"shift"}): _WITH_SHIFT,
        frozenset({"ctrl", "shift"}): _MOVES | _EDITS,
    }[frozenset(held)]
    return "+".join([*sorted(held), key]) if key in known else None


def known_keys() -> list[str]:
    """Return names of keys to suggest after a typing error."""
    with_ctrl = [f"ctrl+{letter}" for letter in string.ascii_lowercase]
    return [key for key in [*sorted(_NAMES), *with_ctrl] if key not in RESERVED]


def key_label(key: str) -> str:
    """Return a key as it stands on a keyboard: `/` for `slash`."""
    return _LABELS.get(key, key)


def keys_of(action: Action, changed: Mapping[str, str]) -> tuple[str, ...]:
    """Return all keys of an action as Textual spells them, the one to show first.

    `changed` is what the settings changed, as Settings.keys holds it.
    """
    given = changed.get(action.id, action.key).split(",")
    return tuple(dict.fromkeys(key for key in (*given, *action.also) if key))


def clashes(changed: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return each key that two actions of a screen would share: the key, the one, the other.

    `changed` holds the keys that the settings give; every other action keeps its own. Of the two
    actions the last one is the one that the settings changed.
    """
    found: dict[tuple[str, str, str], None] = {}
    for screen in SCREENS.values():
        owners: dict[str, str] = {}
        for name in sorted(screen, key=lambda name: name in changed):
            for key in keys_of(BY_ID[name], changed):
                owner = owners.setdefault(key, name)
                if owner != name:
                    found[key, owner, name] = None
    return list(found)
