"""Durations in plain units."""

from datetime import timedelta


def in_words(length: timedelta, *, days: bool = True, seconds: bool = False) -> str:
    """Return a length in one or two plain units: `4 days 2 h`, `11 h 30 min`, `5 min`, `40 s`.

    Without `days` the largest unit is hours, for what is paid by the hour; with `seconds` minutes
    have seconds too, for a countdown: `4 min 7 s`.
    """
    return _in_words(max(length // timedelta(seconds=1), 0), days=days, exact=seconds)


def _in_words(length: int, *, days: bool, exact: bool) -> str:
    whole_days, rest = divmod(length, 86_400) if days else (0, length)
    hours, rest = divmod(rest, 3_600)
    minutes, seconds = divmod(rest, 60)
    if whole_days:
        named = "1 day" if whole_days == 1 else f"{whole_days} days"
        return f"{named} {hours} h" if hours else named
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    if minutes:
        return f"{minutes} min {seconds} s" if exact and seconds else f"{minutes} min"
    return f"{seconds} s"
