"""`nimble-tui sessions --json` against AWS's own CLI 1.35, which AWS_CLI names, on one server."""

import os
import subprocess
import time

from benchmarks.measure import APP, home, studio, tell

RUNS = 9


def seconds(words: list[str], environment: dict[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run(words, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def main() -> None:
    aws = os.environ.get("AWS_CLI")
    if not aws:
        print("not measured: AWS_CLI must name the aws command of AWS CLI 1.35")
        return
    with home() as environment, studio(environment) as about:
        ours = [*APP, "sessions", "--json"]
        theirs = [
            aws,
            "nimble",
            "list-streaming-sessions",
            "--profile",
            "bench",
            "--output",
            "json",
        ]
        theirs += ["--region", about["region"], "--endpoint-url", about["endpoint_url"]]
        theirs += ["--studio-id", about["studio_id"], "--owned-by", about["principal_id"]]
        seconds(ours, environment)
        seconds(theirs, environment)
        pairs = [(seconds(ours, environment), seconds(theirs, environment)) for _ in range(RUNS)]
    tell("sessions --json, seconds", [a for a, _ in pairs], [b for _, b in pairs], "≤ 0.4×")


if __name__ == "__main__":
    main()
