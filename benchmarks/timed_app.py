"""The app, with each longer turn of its event loop written to the file that is named first."""

import sys
import time
from pathlib import Path

from nimble_tui.cli import main
from nimble_tui.tui.event_loop import TurnsSelector

SHORTEST = 0.01


def note_turns(log: Path) -> None:
    """Write every turn over 10 ms to `log`, in milliseconds, one a line."""
    select, began = TurnsSelector.select, [time.perf_counter()]

    def timed(self: TurnsSelector, timeout: float | None = None):  # type: ignore[no-untyped-def]
        took = time.perf_counter() - began[0]
        if took >= SHORTEST:
            with log.open("a") as file:
                file.write(f"{took * 1000:.1f}\n")
        try:
            return select(self, timeout)
        finally:
            began[0] = time.perf_counter()

    TurnsSelector.select = timed  # type: ignore[method-assign]


if __name__ == "__main__":
    note_turns(Path(sys.argv.pop(1)))
    sys.exit(main())
