"""AWS's own SDK for Python, in its last version with Nimble Studio, in an environment of its own.

No environment holds it beside the boto3 that nimble-tui needs. `python3 tests/aws_sdk.py` is what
runs there: each line of standard input is a call as JSON, each line of output its answer.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PACKAGES = ("boto3==1.35.47", "botocore==1.35.47")


class AwsSdk:
    """Clients of one person; a call returns the reply, without its metadata, or raises."""

    def __init__(self, process: "subprocess.Popen[str]", about: dict[str, str]) -> None:
        self._process = process
        self._about = about

    def at(self, *, endpoint_url: str, key: str, secret: str) -> "AwsSdk":
        """Return the same process as a client of another studio or person."""
        return AwsSdk(self._process, {"endpoint_url": endpoint_url, "key": key, "secret": secret})

    def call(self, service: str, operation: str, **members: object) -> Any:
        """Return the reply to a call; AssertionError where it is an error."""
        answer = self.answer(service, operation, **members)
        assert "error" not in answer, answer
        return answer["reply"]

    def answer(self, service: str, operation: str, **members: object) -> dict[str, Any]:
        """Return the `reply` to a call, or the name of its `exception` and the `error`."""
        order = {**self._about, "service": service, "operation": operation, "members": members}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


def install(folder: Path) -> Path | None:
    """Return the Python of a new environment with the SDK; None where it cannot be had."""
    python = folder / "bin" / "python"
    for words in (
        [sys.executable, "-m", "venv", str(folder)],
        [str(python), "-m", "pip", "install", "--quiet", *PACKAGES],
    ):
        if subprocess.run(words, capture_output=True, timeout=300, check=False).returncode:
            return None
    return python


@contextmanager
def aws_sdk(python: Path, *, endpoint_url: str, key: str, secret: str) -> Iterator[AwsSdk]:
    """Start the SDK as one person; it ends with the block."""
    about = {"endpoint_url": endpoint_url, "key": key, "secret": secret}
    words = [str(python), "-P", __file__]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield AwsSdk(process, about)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(30)


def main() -> None:
    """Answer calls until standard input ends."""
    import boto3

    for line in sys.stdin:
        order = json.loads(line)
        client: Any = boto3.client(
            order["service"],
            region_name="us-west-2",
            endpoint_url=order["endpoint_url"],
            aws_access_key_id=order["key"],
            aws_secret_access_key=order["secret"],
        )
        answer: dict[str, Any]
        try:
            reply = getattr(client, order["operation"])(**order["members"])
            reply.pop("ResponseMetadata", None)
            answer = {"reply": reply}
        except Exception as error:  # noqa: BLE001 - the test shows it
            answer = {"error": repr(error), "exception": type(error).__name__}
        sys.stdout.write(json.dumps(answer, default=str) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
