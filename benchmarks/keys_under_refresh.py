"""From a key to what it repaints, with 10,000 workstations, while the list is being refreshed.

Arrow keys move the cursor, `z` sorts, `t` starts and the row says so, `s` opens a question, and
`enter` stops: the question closes, Textual paints the whole screen again, and the row says so. Each
figure is in frames of 60 Hz.
"""

import re
import statistics
import time
from collections.abc import Sequence

from benchmarks.measure import APP, Terminal, home, studio

FRAME = 1 / 60
MOVES, STARTS, STOPS, SORTS = 300, 20, 20, 14
PAINTED = b"\x1b["
STARTING = re.compile("STARTING….{0,90} 0 s".encode(), re.DOTALL)
CANCEL = b"Cancel"


def pressed(terminal: Terminal, key: str, shows: bytes) -> float:
    """Press a key, and return the frames until `shows` is written."""
    began = time.perf_counter()
    terminal.press(key)
    terminal.wait_for(shows)
    return (time.perf_counter() - began) / FRAME


def moves(terminal: Terminal) -> list[float]:
    taken = []
    for number in range(MOVES):
        if number % 10 == 0:
            terminal.press("r")
        taken.append(pressed(terminal, "\x1b[B" if number % 40 < 20 else "\x1b[A", PAINTED))
        terminal.written_in(0.03)
    return taken


def sorts(terminal: Terminal) -> list[float]:
    taken = []
    for number in range(SORTS):
        if number % 5 == 0:
            terminal.press("r")
        taken.append(pressed(terminal, "z", PAINTED))
        terminal.written_in(0.3)
    return taken


def starts(terminal: Terminal) -> list[float]:
    """Start one workstation after the other; return the frames until its row shows it."""
    shown: list[float] = []
    terminal.press("z/lighting\r")  # by name; a launch profile that allows a stop
    terminal.written_in(2.0)
    while len(shown) < STARTS:
        terminal.press("\x1b[B")
        terminal.written_in(0.3)
        written, began, taken = b"", time.perf_counter(), None
        terminal.press("t")
        while time.perf_counter() - began < 0.5:
            written += terminal.written_in(0.001)
            if taken is None and STARTING.search(written):
                taken = (time.perf_counter() - began) / FRAME
        if CANCEL in written:
            terminal.press("\x1b")
        elif taken is not None:
            shown.append(taken)
    return shown


def stops(terminal: Terminal) -> tuple[list[float], list[float]]:
    """Stop one workstation after the other; return the frames until it asks, and until it shows."""
    asked: list[float] = []
    shown: list[float] = []
    terminal.written_in(10.0)  # until the notices of what started are gone
    while len(shown) < STOPS:
        terminal.press("\x1b[B")
        terminal.written_in(0.3)
        frames = pressed(terminal, "s", PAINTED)
        if b"Stop this" not in terminal.written_in(0.4):  # what is pressed sooner does not count
            continue  # it is not READY
        asked.append(frames)
        shown.append(pressed(terminal, "\r", b"STOPPING"))
        terminal.written_in(0.6)
    return asked, shown


def tell(name: str, frames: Sequence[float], goal: str) -> None:
    ordered = sorted(frames)
    print(
        f"{name}, in frames of 60 Hz, of {len(ordered)} presses: "
        f"p50 {statistics.median(ordered):.2f}, p99 {ordered[int(len(ordered) * 0.99)]:.2f} "
        f"(goal {goal})"
    )


def main() -> None:
    with (
        home() as environment,
        studio(environment, "--sessions", "10000"),
        Terminal(APP, environment) as terminal,
    ):
        terminal.wait_for(b"10000")
        terminal.written_in(2.0)
        tell("key to repainted row", moves(terminal), "p50 ≤ 0.5, p99 ≤ 1")
        tell("sort to repainted list", sorts(terminal), "p50 ≤ 4")
        tell("start to the row that says STARTING", starts(terminal), "p50 ≤ 1")
        asked, shown = stops(terminal)
        tell("stop to its question", asked, "p50 ≤ 4")
        tell("enter to the row that says STOPPING", shown, "p50 ≤ 1, p99 ≤ 2")


if __name__ == "__main__":
    main()
