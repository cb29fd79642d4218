"""First frame of the app in a real terminal, without and with a cached list in it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.measure import APP, BARE, Terminal, home, tell

RUNS = 9


def first(words: tuple[str, ...], needle: bytes, environment: dict[str, str]) -> float:
    with Terminal(words, environment) as terminal:
        return terminal.wait_for(needle)


@contextmanager
def hidden(folder: Path) -> Iterator[None]:
    """Let there be no such folder for a while, whatever is made in its place."""
    aside = folder.rename(folder.with_name("aside"))
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        aside.rename(folder)


def main() -> None:
    bare, empty, cached = [], [], []
    with home() as environment:
        with Terminal((*APP, "--demo"), environment) as terminal:
            terminal.wait_for(b"deleted in")  # it makes the demo, and then stores the list
            terminal.written_in(2.0)
        first(BARE, b"Launch profiles", environment)
        for _ in range(RUNS):
            bare.append(first(BARE, b"Launch profiles", environment))
            cached.append(first((*APP, "--demo"), b"deleted in", environment))
            with hidden(Path(environment["HOME"]) / ".cache"):
                empty.append(first((*APP, "--demo"), b"Launch profiles", environment))
    tell("first frame, seconds", empty, bare, "≤ 1.15×")
    tell("first frame with the cached list, seconds", cached, bare, "≤ 1.3×")


if __name__ == "__main__":
    main()
