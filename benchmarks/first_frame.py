"""First frame of the app in a real terminal, without and with a cached list in it."""

from benchmarks.measure import APP, BARE, Terminal, home, tell

RUNS = 9


def first(words: tuple[str, ...], needle: bytes, environment: dict[str, str]) -> float:
    with Terminal(words, environment) as terminal:
        return terminal.wait_for(needle)


def main() -> None:
    bare, empty, cached = [], [], []
    with home() as environment:
        first((*APP, "--demo"), b"DELETED in", environment)  # makes the demo, fills the cache
        first(BARE, b"Launch profiles", environment)
        for _ in range(RUNS):
            bare.append(first(BARE, b"Launch profiles", environment))
            empty.append(first((*APP, "--demo"), b"Launch profiles", environment))
            cached.append(first((*APP, "--demo"), b"DELETED in", environment))
    tell("first frame, seconds", empty, bare, "≤ 1.15×")
    tell("first frame with the cached list, seconds", cached, bare, "≤ 1.3×")


if __name__ == "__main__":
    main()
