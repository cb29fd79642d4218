"""From a key to what it repaints, with 10,000 workstations, while the list is being refreshed.

Arrow keys move the cursor, `z` sorts, `t` starts and the row says so, `s` opens a question, and
`enter` stops: the question closes, Textual paints the whole screen again, and the row says so. Each
figure is in frames of 60 Hz. Only keys that the app accepts are pressed; it is read from the
screen. Then come the longest turns of the app's event loop, in which no key is answered.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import pyte

from benchmarks.measure import Terminal, home, studio
from nimble_tui.view.sorting import ORDERS

FRAME = 1 / 60
MOVES, STARTS, STOPS, SORTS = 300, 30, 30, 21
PAINTED = b"\x1b["
DOWN, UP, PAGE_DOWN, ESCAPE = "\x1b[B", "\x1b[A", "\x1b[6~", "\x1b"


class Screen:
    """What a terminal shows."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._screen = pyte.Screen(120, 34)
        self._stream = pyte.ByteStream(self._screen)

    def shows(self, words: str) -> bool:
        """Return whether a line contains these words."""
        return any(words in line for line in self._screen.display)

    def press(self, keys: str, seconds: float) -> None:
        """Press keys, and follow what is written for so long."""
        self._terminal.press(keys)
        self.follow(seconds)

    def follow(self, seconds: float) -> None:
        """Follow what is written for so long."""
        self._stream.feed(self._terminal.written_in(seconds))

    def frames_until(self, key: str, written: bytes) -> float:
        """Press a key, and return the frames until `written` is written, within 5 s."""
        seen, began = b"", time.perf_counter()
        self._terminal.press(key)
        while written not in seen:
            seen += self._terminal.read(began + 5.0 - time.perf_counter())
        frames = (time.perf_counter() - began) / FRAME
        self._stream.feed(seen)
        return frames

    def find(self, offer: str, absent: str) -> None:
        """Put the cursor on a row whose details offer an action, while no row says `absent`."""
        self.press(PAGE_DOWN, 0.4)
        while self.shows(absent) or not self.shows(f"✓ {offer}"):
            self.press(DOWN, 0.4)


def moves(screen: Screen) -> list[float]:
    taken = []
    for number in range(MOVES):
        if number % 10 == 0:
            screen.press("r", 0.0)
        taken.append(screen.frames_until(DOWN if number % 40 < 20 else UP, PAINTED))
        screen.follow(0.03)
    return taken


def sorts(screen: Screen) -> list[float]:
    taken = []
    for number in range(1, SORTS + 1):
        if number % 5 == 1:
            screen.press("r", 0.0)
        label = ORDERS[number % len(ORDERS)].label
        taken.append(screen.frames_until("z", label.encode()))
        screen.follow(0.3)
    return taken


def starts(screen: Screen) -> list[float]:
    """Start one workstation after the other; return the frames until its row shows it."""
    taken = []
    screen.press("z/lighting\r", 2.0)  # by name; a launch profile that allows a stop
    for _ in range(STARTS):
        screen.find("t Start", absent="STARTING")
        taken.append(screen.frames_until("t", b"STARTING"))
        screen.follow(0.6)
    return taken


def stops(screen: Screen) -> tuple[list[float], list[float]]:
    """Stop one workstation after the other; return the frames until it asks, and until it shows."""
    asked, shown = [], []
    for _ in range(STOPS):
        screen.find("s Stop", absent="STOPPING")
        asked.append(screen.frames_until("s", b"Stop this workstation?"))
        screen.follow(0.6)  # what is pressed sooner does not count
        shown.append(screen.frames_until("\r", b"STOPPING"))
        screen.follow(0.6)
    return asked, shown


def tell(name: str, frames: Sequence[float], goal: str) -> None:
    ordered = sorted(frames)
    print(
        f"{name}, in frames of 60 Hz, of {len(ordered)} presses: "
        f"p50 {statistics.median(ordered):.2f}, p99 {ordered[int(len(ordered) * 0.99)]:.2f} "
        f"(goal {goal})"
    )


def tell_turns(log: Path) -> None:
    turns = sorted(map(float, log.read_text().split()), reverse=True)
    longest = ", ".join(f"{one:.0f}" for one in turns[:5])
    over = sum(one > 50 for one in turns)
    print(f"turns of the event loop over 50 ms: {over} (goal 0); the longest, ms: {longest}")


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        home() as environment,
        studio(environment, "--sessions", "10000"),
    ):
        log = Path(folder, "turns")
        app = (sys.executable, "-m", "benchmarks.timed_app", str(log))
        with Terminal(app, environment) as terminal:
            screen = Screen(terminal)
            terminal.wait_for(b"10000")
            screen.press(DOWN, 2.0)
            log.write_text("")  # the start is another matter
            tell("key to repainted row", moves(screen), "p50 ≤ 0.5, p99 ≤ 1.5")
            tell("sort to the reordered list", sorts(screen), "p50 ≤ 2.5")
            tell("start to the row that says STARTING", starts(screen), "p50 ≤ 1")
            asked, shown = stops(screen)
            tell("stop to its question", asked, "p50 ≤ 2.5")
            tell("enter to the row that says STOPPING", shown, "p50 ≤ 1")
        tell_turns(log)


if __name__ == "__main__":
    main()
