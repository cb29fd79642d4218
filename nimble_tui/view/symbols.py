"""The symbols of each screen and their meaning, for the help."""

from typing import NamedTuple


class Symbol(NamedTuple):
    """A symbol, the word beside it, the style of both, and their meaning."""

    symbol: str
    word: str
    style: str
    meaning: str


_STATES = (
    Symbol("●", "READY", "ready", "running, costs money"),
    Symbol("◐", "STARTING…", "moving", "busy; wait a moment"),
    Symbol("○", "STOPPED", "stopped", "off until you start it"),
)
_ABOUT = Symbol("≈", "about", "muted", "calculated by this app")
_WARNINGS = (
    Symbol("▲", "stop", "near", "within the hour"),
    Symbol("▲", "deletion", "on-loud on $last", "within the hour"),
)

SYMBOLS = {
    "main": (
        *_STATES,
        Symbol("✕", "…_FAILED", "failed", "the row says why"),
        Symbol("━", "the bar", "calm", "fills up to the deadline"),
        _ABOUT,
        *_WARNINGS,
    ),
    "show": (_ABOUT, *_WARNINGS),
    "backups": (
        Symbol("●", "READY", "ready", "can be restored"),
        Symbol("◐", "being created", "moving", "wait a moment"),
        Symbol("✕", "…_FAILED", "failed", "can't be restored"),
    ),
    "usage": (
        *_STATES,
        Symbol("✕", "…_FAILED", "failed", "an action failed"),
        Symbol("▼", "now", "near", "on the day's bar"),
        Symbol("▄", "a column", "calm", "a day; full means 24 h"),
        Symbol("≥", "at least", "muted", "partly unknown"),
        Symbol("≈", "about", "muted", "estimated from prices"),
    ),
    "people": (
        Symbol("◆", "admin", "accent", "all launch profiles"),
        Symbol("◈", "operator", "accent", "can change admins"),
        Symbol("·", "artist", "foreground", "launches as a member"),
        Symbol("–", "none", "muted", "no launch profiles"),
        Symbol("●", "2", "ready", "running workstations"),
        Symbol("○", "1", "stopped", "stopped workstations"),
        Symbol("●", "ACTIVATED", "ready", "has DataZone access"),
        Symbol("✕", "DEACTIVATED", "failed", "no DataZone access"),
        Symbol("●", "member", "ready", "of the launch profile"),
        Symbol("◌", "pending", "moving", "is being changed"),
        Symbol("?", "unknown", "muted", "not known yet"),
    ),
}
"""The symbols by screen, under the names that `PAGE` uses."""
