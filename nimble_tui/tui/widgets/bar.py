"""Bars one line high: how much of a time is used up, and that something is moving."""

USED = "━"
USED_HALF = "╸"
LEFT = "─"
_COMET = 6


def used_up(part: float, width: int) -> tuple[str, str]:
    """Return a bar's used and remaining part, `width` cells together; `part` is 0 to 1."""
    halves = round(min(max(part, 0.0), 1.0) * width * 2)
    used = USED * (halves // 2) + (USED_HALF if halves % 2 else "")
    return used, LEFT * (width - len(used))


def moving(step: int, width: int) -> tuple[str, str, str]:
    """Return a bar with a short bright piece that runs from left to right as `step` grows."""
    bright = min(_COMET, width)
    start = step % (width + bright) - bright
    begin, end = max(start, 0), min(max(start + bright, 0), width)
    return LEFT * begin, USED * (end - begin), LEFT * (width - end)
