"""Times and durations as text."""

from datetime import datetime, timedelta, tzinfo

_WEEK = timedelta(days=6)


def local_time(at: datetime, now: datetime, tz: tzinfo | None) -> str:
    """Return a local time of day, with its day if that is not today."""
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
    """Return a time for use in a sentence: `at 16:40`, `on Mon at 16:40`, `on 3 Dec 2031`."""
    day, _, clock = local_time(at, now, tz).rpartition(" ")
    if ":" not in clock:
        return f"on {day} {clock}" if day[:1].isdigit() else f"{day} {clock}"
    if not day or day in {"tomorrow", "yesterday"}:
        return f"{day} at {clock}".strip()
    return f"on {day} at {clock}"


def ago(length: timedelta) -> str:
    """Return an age such as `5 s ago`, in steps too coarse to flicker."""
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
