"""List requests a second with 1,000 workstations, against moto's DescribeInstances of that size.

Only the servers are measured: the replies are counted, and kept from botocore's parsers.
MOTO_SERVER names moto's own server program; without it nothing is measured.
"""

import json
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
        whose = {"studioId": about["studio_id"], "ownedBy": about["principal_id"]}
        nimble.meta.events.register("before-parse", leave_body)

        def ours() -> int:
            body: bytes = nimble.list_streaming_sessions(**whose)["body"]
            found = body.count(b'"sessionId"')
            while token := json.loads(body).get("nextToken"):
                body = nimble.list_streaming_sessions(nextToken=token, **whose)["body"]
                found += body.count(b'"sessionId"')
            return found

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
                ec2.meta.events.register("before-parse", leave_body)

                def theirs() -> int:
                    body: bytes = ec2.describe_instances()["body"]
                    return body.count(b"<instanceId>")

                rates = [(_rate(ours), _rate(theirs)) for _ in range(RUNS)]
            finally:
                serving.terminate()
    tell("lists of 1,000 a second", [a for a, _ in rates], [b for _, b in rates], "≥ 10×")


def leave_body(
    response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: object
) -> None:
    body = response_dict["body"]
    customized_response_dict["body"] = body
    response_dict["body"] = b"<none/>" if body.startswith(b"<") else b"{}"


def _rate(ask: Callable[[], int]) -> float:
    began = time.perf_counter()
    found = ask()
    taken = time.perf_counter() - began
    if found < SIZE:
        raise SystemExit(f"only {found} of {SIZE} came")
    return 1 / taken


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
