"""Memory of the app with 10,000 workstations, against the bare app."""

from benchmarks.measure import APP, BARE, Terminal, home, studio, tell

RUNS = 7


def main() -> None:
    ours, bare = [], []
    with home() as environment, studio(environment, "--sessions", "10000"):
        for _ in range(RUNS):
            with Terminal(APP, environment) as app, Terminal(BARE, environment) as other:
                other.wait_for(b"Launch profiles")
                app.wait_for(b"10000")
                app.written_in(5.0)
                ours.append(app.memory())
                bare.append(other.memory())
    tell("memory with 10,000 workstations, MiB", ours, bare, "≤ 1.7×")


if __name__ == "__main__":
    main()
