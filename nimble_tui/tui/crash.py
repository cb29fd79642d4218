"""The report of a crash on the terminal: its place in the code, without any values."""

from __future__ import annotations

import traceback

_OURS = "nimble_tui"


def crash_report(error: BaseException | None) -> str:
    """Return a crash report without values, which could be secrets."""
    return (
        "nimble-tui crashed because of a bug. Your workstations are not affected.\n"
        f"Please report: {_place(error)}"
    )


def _place(error: BaseException | None) -> str:
    if error is None:
        return "no details are available."
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if _OURS in frame.filename] or frames
    name = type(error).__name__
    if not ours:
        return f"{name}."
    frame = ours[-1]
    file = frame.filename.replace("\\", "/").rpartition(f"{_OURS}/")[2]
    return f"{name} in {file}, line {frame.lineno}, in {frame.name}."
