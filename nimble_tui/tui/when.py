"""Times and lengths of time as an artist reads them."""

from datetime import datetime, timedelta, tzinfo

_WEEK = timedelta(days=6)


def local_time(at: datetime, now: datetime, tz: tzinfo | None) -> str:
    """Return a time of day in the artist's zone, with its day where that is not today."""
    try:
        at, today = at.astimezone(tz), now.astimezone(tz)
    except (OverflowError, OSError, ValueError):
        return "far away"
    clock = f"{at:%H:%M}"
    days = (at.date() - today.date()).days
    match days:
        case 0:
            return clock
        case 1:
            return f"tomorrow {clock}"
        case -1:
            return f"yesterday {clock}"
    if abs(at - today) < _WEEK:
        return f"{at:%a} {clock}"
    if at.year == today.year:
        return f"{at.day} {at:%b} {clock}"
    return f"{at.day} {at:%b} {at.year}"


def moment(at: datetime, now: datetime, tz: tzinfo | None) -> str:
    """Return a time as it stands in a sentence: `at 16:40`, `on Mon at 16:40`, `on 3 Dec 2031`."""
    day, _, clock = local_time(at, now, tz).rpartition(" ")
    if ":" not in clock:
        return f"on {day} {clock}" if day[:1].isdigit() else f"{day} {clock}"
    if not day or day in {"tomorrow", "yesterday"}:
        return f"{day} at {clock}".strip()
    return f"on {day} at {clock}"


def short(length: timedelta) -> str:
    """Return a length in few columns: `4:07`, `52 min`, `3 h 12 m`, `2 d 4 h`, `120 d`."""
    seconds = max(int(length.total_seconds()), 0)
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, _ = divmod(rest, 60)
    if days >= 100:
        return f"{days} d"
    if days:
        return f"{days} d {hours} h"
    if hours:
        return f"{hours} h {minutes:02} m"
    return f"{minutes} min"


def hours(length: timedelta) -> str:
    """Return a length that is added up and paid for, in hours and minutes: `43 h 05 m`."""
    minutes = max(int(length.total_seconds()), 0) // 60
    return f"{minutes // 60} h {minutes % 60:02} m" if minutes >= 60 else f"{minutes} min"


def stopwatch(length: timedelta) -> str:
    """Return a length that is watched as it runs: `0:41`, `12:05`, then as `short` does."""
    seconds = max(int(length.total_seconds()), 0)
    if seconds >= 3_600:
        return short(length)
    return f"{seconds // 60}:{seconds % 60:02}"


def ago(length: timedelta) -> str:
    """Return how long ago something was, in steps too coarse to flicker."""
    seconds = max(int(length.total_seconds()), 0)
    if seconds < 5:
        return "just now"
    if seconds < 60:
        return f"{seconds // 5 * 5} s ago"
    if seconds < 3_600:
        return f"{seconds // 60} min ago"
    if seconds < 86_400:
        return f"{seconds // 3_600} h ago"
    days = seconds // 86_400
    return "1 day ago" if days == 1 else f"{days} days ago"
