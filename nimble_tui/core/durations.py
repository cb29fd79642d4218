"""Lengths of time as people say them."""

from datetime import timedelta


def in_words(length: timedelta) -> str:
    """Return a length in one or two plain units: `4 days`, `11 h 30 min`, `5 min`, `40 s`."""
    seconds = max(length // timedelta(seconds=1), 0)
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, seconds = divmod(rest, 60)
    if days:
        named = "1 day" if days == 1 else f"{days} days"
        return f"{named} {hours} h" if hours else named
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min" if minutes else f"{seconds} s"
