"""What it means for the screens that the settings were changed while they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nimble_tui.config.settings import Settings

EVERY = 2.0
"""Seconds between two looks at the file of the settings."""

_NAMES = {
    "theme": "colours",
    "refresh": "how often to look",
    "keys": "keys",
    "notify": "notices of the terminal",
    "prices": "prices",
    "studios": "studios",
}
STUDIOS = (_NAMES["studios"],)
"""What differs after somebody signed in to another studio from the app."""


def changed(before: Settings, after: Settings) -> tuple[str, ...]:
    """Return what differs, in an artist's words."""
    return tuple(
        words for name, words in _NAMES.items() if getattr(before, name) != getattr(after, name)
    )
