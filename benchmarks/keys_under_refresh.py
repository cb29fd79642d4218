"""From a key to the repainted row with 10,000 workstations, while the list is being refreshed."""

import statistics
import time

from benchmarks.measure import APP, Terminal, home, studio

FRAME = 1 / 60
PRESSES = 300


def main() -> None:
    taken = []
    with (
        home() as environment,
        studio(environment, "--sessions", "10000"),
        Terminal(APP, environment) as terminal,
    ):
        terminal.wait_for(b"10000")
        terminal.written_in(2.0)
        for number in range(PRESSES):
            if number % 10 == 0:
                terminal.press("r")
            began = time.perf_counter()
            terminal.press("\x1b[B" if number % 40 < 20 else "\x1b[A")
            terminal.wait_for(b"\x1b[")
            taken.append(time.perf_counter() - began)
            terminal.written_in(0.03)
    frames = sorted(one / FRAME for one in taken)
    print(
        f"key to repainted row, in frames of 60 Hz, of {PRESSES} presses: "
        f"p50 {statistics.median(frames):.2f} (goal ≤ 0.5), "
        f"p99 {frames[int(len(frames) * 0.99)]:.2f} (goal ≤ 1)"
    )


if __name__ == "__main__":
    main()
