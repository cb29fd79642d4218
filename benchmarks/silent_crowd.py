"""The longest wait for a list of 500 artists beside silent and dripping connections, and alone.

A studio is served from a settings file by a process of its own, plain and with TLS. Each artist
keeps a connection and lists their workstations once in five seconds, twice.
"""

import asyncio
import json
import socket
import ssl
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

import trustme
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from benchmarks.measure import APP, home
from nimble_tui.studio.sample.facts import REGION, STUDIO_ID
from nimble_tui.studio.store.records import Person
from nimble_tui.studio.studio import Studio

RUNS: Final = 3
ARTISTS: Final = 500
ROUNDS: Final = 2
PAUSE: Final = 5.0
SILENT: Final = 600
DRIPPING: Final = 10
GOAL: Final = 0.1


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Studio.open(folder / "studio.sqlite3", sessions=50) as studio:
            people = [one for one in studio.people() if one.access_key_id]
        authority = trustme.CA()
        certificate = authority.issue_cert("localhost", "127.0.0.1")
        certificate.cert_chain_pems[0].write_to_path(folder / "server.pem")
        certificate.private_key_pem.write_to_path(folder / "server.key")
        (folder / "server.key").chmod(0o600)
        trusting = ssl.create_default_context(cadata=authority.cert_pem.bytes().decode())
        for tls in (False, True):
            with _served(folder, tls) as url:
                context = trusting if tls else None
                port = int(url.rpartition(":")[2])
                requests = [_request(people[n % len(people)], url) for n in range(ARTISTS)]
                _measure("TLS" if tls else "plain", port, requests, context)


def _measure(name: str, port: int, requests: list[bytes], context: ssl.SSLContext | None) -> None:
    delays = []
    for _ in range(RUNS):
        alone = asyncio.run(_everyone(port, requests, context, []))
        with ExitStack() as stack:
            held = [
                stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
                for _ in range(SILENT + DRIPPING)
            ]
            beside = asyncio.run(_everyone(port, requests, context, held[SILENT:]))
        delays.append(max(beside) - max(alone))
        for where, times in (("alone", alone), ("beside", beside)):
            print(
                f"  {name} {where}: {len(times)} lists, "
                f"median {statistics.median(times) * 1000:.1f}, "
                f"p99 {statistics.quantiles(times, n=100)[98] * 1000:.1f}, "
                f"longest {max(times) * 1000:.1f} ms"
            )
    print(
        f"{name}: {SILENT} silent and {DRIPPING} dripping connections delay the longest list by "
        f"{statistics.median(delays) * 1000:+.0f} ms (goal ≤ {GOAL * 1000:.0f} ms); "
        f"median of {RUNS}"
    )


@contextmanager
def _served(folder: Path, tls: bool) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    url = f"http{'s' if tls else ''}://localhost:{port}"
    settings = folder / "studio.toml"
    settings.write_text(
        f'[studio]\nstore = "studio.sqlite3"\n[serve]\nlisten = "127.0.0.1:{port}"\n'
        + (f'public_url = "{url}"\ncertificate = "server.pem"\nkey = "server.key"\n' if tls else "")
    )
    command = [*APP, "studio", "serve", "--config", str(settings)]
    with (
        home() as environment,
        (folder / "log").open("w") as log,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment
        ) as serving,
    ):
        try:
            json.loads(serving.stdout.readline() if serving.stdout else "")
            yield url
        finally:
            serving.terminate()


def _request(person: Person, url: str) -> bytes:
    path = f"/2020-08-01/studios/{STUDIO_ID.replace(':', '%3A')}/streaming-sessions"
    query = f"?ownedBy={person.principal_id}"
    request = AWSRequest(method="GET", url=url + path + query)
    keys = Credentials(person.access_key_id, person.secret_access_key)
    SigV4Auth(keys, "nimble", REGION).add_auth(request)
    lines = [f"GET {path}{query} HTTP/1.1", f"Host: {url.partition('://')[2]}"]
    lines += [f"{header}: {value}" for header, value in request.headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


async def _everyone(
    port: int,
    requests: list[bytes],
    context: ssl.SSLContext | None,
    drippers: list[socket.socket],
) -> list[float]:
    """Return the seconds that each list took, of all artists over all rounds."""
    stop = asyncio.Event()
    dripping = [asyncio.create_task(_drip(one, stop)) for one in drippers]
    name = "localhost" if context else None
    connections = [
        await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname=name)
        for _ in requests
    ]
    found = await asyncio.gather(
        *(
            _artist(reader, writer, request, PAUSE * number / len(requests))
            for number, ((reader, writer), request) in enumerate(
                zip(connections, requests, strict=True)
            )
        )
    )
    stop.set()
    await asyncio.gather(*dripping)
    return [seconds for times in found for seconds in times]


async def _artist(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes, start: float
) -> list[float]:
    await asyncio.sleep(start)
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode())
        fields = head.lower().split(b"\r\n")
        length = next(one for one in fields if one.startswith(b"content-length"))
        await reader.readexactly(int(length.partition(b":")[2]))
        times.append(time.perf_counter() - began)
        await asyncio.sleep(PAUSE - times[-1])
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    return times


async def _drip(connection: socket.socket, stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    connection.setblocking(False)
    with suppress(OSError):
        await loop.sock_sendall(connection, b"GET / HTTP/1.1\r\nHost: x\r\nA: ")
        while not stop.is_set():
            await loop.sock_sendall(connection, b"x")
            await asyncio.sleep(0.05)


if __name__ == "__main__":
    main()
