"""Processor time of the app when nothing happens, against the bare app."""

from benchmarks.measure import APP, BARE, Terminal, home, tell

SECONDS = 60.0


def main() -> None:
    with (
        home() as environment,
        Terminal((*APP, "--demo"), environment) as ours,
        Terminal(BARE, environment) as bare,
    ):
        ours.wait_for(b"deleted in")
        bare.wait_for(b"Launch profiles")
        ours.written_in(60)  # what is in transition in the sample comes to its end
        ours.written_in(0.1)
        before = ours.cpu(), bare.cpu()
        ours.written_in(SECONDS)
        tell(
            f"idle, processor seconds in {SECONDS:.0f} s",
            [ours.cpu() - before[0]],
            [bare.cpu() - before[1]],
            "≤ 1.2×",
        )


if __name__ == "__main__":
    main()
