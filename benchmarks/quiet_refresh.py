"""What a refresh writes to the terminal when nothing changed, and what it asks of the studio."""

import re
from pathlib import Path

from benchmarks.measure import APP, Terminal, home, studio
from tests.tui.bench import Gate

SECONDS = 30.0


def main() -> None:
    with home() as environment, studio(environment) as about:
        gate = Gate(about["endpoint_url"])
        with Terminal((*APP,), through(environment, about, gate)) as terminal:
            terminal.wait_for(b"live")
            terminal.written_in(60.0)  # what was in transition in the sample comes to its end
            asked = len(gate.calls)
            written = terminal.written_in(SECONDS)
            calls = gate.calls[asked:]
        gate.close()
    shown = re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", written)
    lists = sum(b"/streaming-sessions" in call for call in calls)
    print(
        f"in {SECONDS:.0f} s: {len(calls)} calls, {lists} of them the list's pages; "
        f"{len(shown)} characters written, all clocks"
    )


def through(environment: dict[str, str], about: dict[str, str], gate: Gate) -> dict[str, str]:
    """Return the environment with settings that lead through the gate."""
    settings = Path(environment["NIMBLE_TUI_CONFIG"])
    settings.write_text(settings.read_text().replace(about["endpoint_url"], gate.endpoint_url))
    return environment


if __name__ == "__main__":
    main()
