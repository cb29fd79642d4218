"""Bars of one line: the used part of a time, and an animation of activity."""

USED = "━"
USED_HALF = "╸"
LEFT = "─"
_COMET = 6


def used_up(part: float, width: int) -> tuple[str, str]:
    """Return the used and the remaining part of a bar of `width` cells; `part` is 0 to 1."""
    halves = round(min(max(part, 0.0), 1.0) * width * 2)
    used = USED * (halves // 2) + (USED_HALF if halves % 2 else "")
    return used, LEFT * (width - len(used))


def moving(step: int, width: int) -> tuple[str, str, str]:
    """Return a bar with a short bright piece that moves from left to right as `step` grows."""
    bright = min(_COMET, width)
    start = step % (width + bright) - bright
    begin, end = max(start, 0), min(max(start + bright, 0), width)
    return LEFT * begin, USED * (end - begin), LEFT * (width - end)
