"""What a crash leaves on the terminal: where it was, and none of the values it worked with."""

from __future__ import annotations

import traceback

_OURS = "nimble_tui"


def crash_report(error: BaseException | None) -> str:
    """Return two sentences about a mistake of the app; never a value, which may be a secret."""
    return (
        "nimble-tui had to stop because of a mistake of its own; your workstations go on as they "
        f"are.\nPlease tell its makers: {_place(error)}"
    )


def _place(error: BaseException | None) -> str:
    if error is None:
        return "no more is known."
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if _OURS in frame.filename] or frames
    name = type(error).__name__
    if not ours:
        return f"{name}."
    frame = ours[-1]
    file = frame.filename.replace("\\", "/").rpartition(f"{_OURS}/")[2]
    return f"{name} in {file}, line {frame.lineno}, in {frame.name}."
