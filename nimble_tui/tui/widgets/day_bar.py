"""Bars for a day's activity, and small columns for the days of a week."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from nimble_tui.core.usage import Doing, Period, Span, doing_in

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, tzinfo

LOOKS = {
    Doing.RUNNING: ("█", "$ready"),
    Doing.MOVING: ("▒", "$moving"),
    Doing.STOPPED: ("─", "$stopped"),
    Doing.UNKNOWN: ("?", "$muted"),
}
NO_RUN = "·"
"""Shown in a column for a day without a known run."""
_NOTHING = (" ", "")
_COLUMNS = "▁▂▃▄▅▆▇█"
_LABEL_EVERY = 3


def bar(spans: Iterable[Span], day: Period, width: int) -> list[tuple[str, str]]:
    """Return a bar for a day as `width` cells of text with their styles.

    Each cell shows the longest activity of its time.
    """
    within = [one for one in spans if one.end > day.start and one.start < day.end]
    cells = []
    for place in range(width):
        did = doing_in(within, _cell(day, width, place))
        cells.append(LOOKS[max(did, key=lambda one: did[one])] if did else _NOTHING)
    return [(look[0] * len(list(same)), look[1]) for look, same in groupby(cells)]


def column(length: timedelta) -> str:
    """Return a block whose height is the running time's part of a day; a dot for none."""
    if not length:
        return NO_RUN
    part = min(length / timedelta(days=1), 1.0)
    return _COLUMNS[min(round(part * len(_COLUMNS)), len(_COLUMNS) - 1)]


def axis(day: Period, now: datetime, tz: tzinfo | None, width: int) -> list[tuple[str, str]]:
    """Return the axis of hours for a bar, with a mark at the current time."""
    line = [" "] * width
    hours = round((day.end - day.start) / timedelta(hours=1))
    for hour in range(0, hours, _LABEL_EVERY):
        at = day.start + timedelta(hours=hour)
        label, place = f"{at.astimezone(tz).hour}", _place(day, width, at)
        if place + len(label) <= width:
            line[place : place + len(label)] = label
    mark = min(_place(day, width, now), width - 1)
    first, last = mark, mark + 1
    while first > 0 and line[first - 1].isdigit() and line[mark] != " ":
        first -= 1
    while last < width and line[last].isdigit() and line[mark] != " ":
        last += 1
    line[first:last] = [" "] * (last - first)
    line[mark] = "▼"
    text = "".join(line)
    return [(text[:mark], "$muted"), ("▼", "bold $near"), (text[mark + 1 :], "$muted")]


def _cell(day: Period, width: int, place: int) -> Period:
    length = day.end - day.start
    return Period(day.start + length * place / width, day.start + length * (place + 1) / width)


def _place(day: Period, width: int, at: datetime) -> int:
    return max(int((at - day.start) / (day.end - day.start) * width), 0)
