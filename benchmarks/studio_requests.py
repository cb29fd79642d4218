"""List requests a second with 1,000 workstations, against moto's DescribeInstances of that size.

MOTO_SERVER names moto's own server program; without it nothing is measured.
"""

import os
import socket
import subprocess
import time
from collections.abc import Callable
from typing import Any

import boto3

from benchmarks.measure import home, studio, tell
from nimble_tui.api import register

RUNS = 7
SIZE = 1000


def main() -> None:
    moto = os.environ.get("MOTO_SERVER")
    if not moto:
        print("not measured: MOTO_SERVER must name moto_server")
        return
    with home() as environment, studio(environment, "--sessions", str(SIZE)) as about:
        session = boto3.Session(
            about["access_key_id"], about["secret_access_key"], region_name=about["region"]
        )
        register(session)
        client: Any = session.client  # its stubs know no "nimble"
        nimble = client("nimble", endpoint_url=about["endpoint_url"])
        pages = nimble.get_paginator("list_streaming_sessions")

        def ours() -> int:
            found = pages.paginate(studioId=about["studio_id"], ownedBy=about["principal_id"])
            return sum(len(page["sessions"]) for page in found)

        with socket.create_server(("127.0.0.1", 0)) as free:
            port = str(free.getsockname()[1])
        with subprocess.Popen(
            [moto, "-p", port], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        ) as serving:
            try:
                ec2 = boto3.Session("bench", "bench", region_name="us-west-2").client(
                    "ec2", endpoint_url=f"http://127.0.0.1:{port}"
                )
                _wait(ec2.describe_instances)
                ec2.run_instances(ImageId="ami-12c6146b", MinCount=SIZE, MaxCount=SIZE)

                def theirs() -> int:
                    found = ec2.get_paginator("describe_instances").paginate()
                    return sum(len(r["Instances"]) for page in found for r in page["Reservations"])

                rates = [(_rate(ours), _rate(theirs)) for _ in range(RUNS)]
            finally:
                serving.terminate()
    tell("lists of 1,000 a second", [a for a, _ in rates], [b for _, b in rates], "≥ 10×")


def _rate(ask: Callable[[], int]) -> float:
    began = time.perf_counter()
    ask()
    return 1 / (time.perf_counter() - began)


def _wait(ask: Callable[[], object]) -> None:
    for _ in range(100):
        try:
            ask()
        except Exception:  # noqa: BLE001 - not there yet, in whatever way
            time.sleep(0.1)
        else:
            return


if __name__ == "__main__":
    main()
