"""What the symbols of each screen mean, as its help tells it."""

from typing import NamedTuple


class Symbol(NamedTuple):
    """A symbol with the word that explains it, the style of both, and what they mean."""

    symbol: str
    word: str
    style: str
    meaning: str


_STATES = (
    Symbol("●", "READY", "ready", "runs, and costs money"),
    Symbol("◐", "STARTING…", "moving", "busy, wait a little"),
    Symbol("○", "STOPPED", "stopped", "asleep until it is started"),
)
_ABOUT = Symbol("≈", "about", "muted", "worked out by this app")
_WARNINGS = (
    Symbol("▲", "warning", "near", "stops within the hour"),
    Symbol("▲", "deleted", "on-loud on $last", "gone within the hour"),
)

SYMBOLS = {
    "main": (
        *_STATES,
        Symbol("✕", "…_FAILED", "failed", "the row says why"),
        Symbol("━", "the bar", "calm", "fills up to what is next"),
        _ABOUT,
        *_WARNINGS,
    ),
    "show": (_ABOUT, *_WARNINGS),
    "backups": (
        Symbol("●", "READY", "ready", "can be started from"),
        Symbol("◐", "being made", "moving", "wait a little"),
        Symbol("✕", "…_FAILED", "failed", "cannot be used"),
    ),
    "usage": (
        *_STATES,
        Symbol("✕", "…_FAILED", "failed", "something went wrong"),
        Symbol("▼", "now", "near", "on the bar of the day"),
        Symbol("▄", "a column", "calm", "a day; full are 24 hours"),
        Symbol("≥", "at least", "muted", "not all of it is known"),
        Symbol("≈", "about", "muted", "worked out from prices"),
    ),
    "people": (
        Symbol("◆", "admin", "accent", "may use all profiles"),
        Symbol("◈", "operator", "accent", "says who is an admin"),
        Symbol("·", "artist", "foreground", "uses the profiles named"),
        Symbol("–", "outside", "muted", "not in this studio"),
        Symbol("●", "2", "ready", "workstations that run"),
        Symbol("○", "1", "stopped", "workstations that are off"),
        Symbol("●", "ACTIVATED", "ready", "uses Amazon DataZone"),
        Symbol("✕", "DEACTIVATED", "failed", "may not use it any more"),
        Symbol("●", "member", "ready", "of that profile (matrix)"),
        Symbol("◌", "under way", "moving", "is being changed"),
    ),
}
"""By screen, as `PAGE` names it."""
