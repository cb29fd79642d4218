"""What a refresh writes to the terminal when nothing changed, and what it asks of the studio."""

import re
from pathlib import Path

import pyte

from benchmarks.measure import APP, Terminal, home, studio
from tests.tui.bench import Gate

SECONDS = 30.0


def main() -> None:
    with home() as environment, studio(environment) as about:
        seen = pyte.Screen(120, 34)
        stream = pyte.ByteStream(seen)
        gate = Gate(about["endpoint_url"])
        with Terminal((*APP,), through(environment, about, gate)) as terminal:
            # What is in transition in the sample comes to its end first.
            stream.feed(terminal.written_in(60.0))
            before, asked = words_of(seen), len(gate.calls)
            written = terminal.written_in(SECONDS)
            calls = gate.calls[asked:]
        gate.close()
    stream.feed(written)
    drawn = sorted({int(row) for row in re.findall(rb"\x1b\[(\d+);\d+H", written)} - {1})
    others = [row for row in drawn if words_of(seen)[row - 1] != before[row - 1]]
    more = [call for call in calls if b"/streaming-sessions" not in call]
    print(
        f"in {SECONDS:.0f} s: {len(calls) - len(more)} calls for the list's pages, others {more}; "
        f"{len(written)} bytes written, to the top line and to rows {drawn}; "
        f"more than times changed in {others}"
    )


def words_of(seen: pyte.Screen) -> list[str]:
    """Return what the screen says, line by line, but for its numbers, bars and units of time."""
    return [re.sub(r"[\d:─━\s]|h|min", "", line) for line in seen.display]


def through(environment: dict[str, str], about: dict[str, str], gate: Gate) -> dict[str, str]:
    """Return the environment with settings that lead through the gate."""
    settings = Path(environment["NIMBLE_TUI_CONFIG"])
    settings.write_text(settings.read_text().replace(about["endpoint_url"], gate.endpoint_url))
    return environment


if __name__ == "__main__":
    main()
