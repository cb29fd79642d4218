"""Many artists at once, beside connections that say nothing or too little."""

import asyncio
import socket
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from typing import NamedTuple

import pytest

from tests.studio.http.harness import Front, Servers, server_of, signed

LIST = "/2020-08-01/studios/s/streaming-sessions"
PUBLIC = ("public", "tls")


class Crowd(NamedTuple):
    """So many artists, each listing once a round, and those that only hold a connection."""

    people: int
    rounds: int
    pause: float  # seconds between two rounds
    silent: int
    dripping: int


CROWDS = [
    pytest.param(Crowd(40, 2, 0.2, 60, 4), id="short"),
    pytest.param(Crowd(500, 3, 5.0, 600, 10), id="500", marks=pytest.mark.slow),
]
Timed = tuple[bytes, float]
"""The first line of a reply, and the seconds that it took."""


async def drip(connection: socket.socket, stop: asyncio.Event) -> None:
    """Send a head that never ends, a byte at a time."""
    loop = asyncio.get_running_loop()
    connection.setblocking(False)
    with suppress(OSError):
        await loop.sock_sendall(connection, b"GET / HTTP/1.1\r\nHost: x\r\nA: ")
        while not stop.is_set():
            await loop.sock_sendall(connection, b"x")
            await asyncio.sleep(0.05)


async def artist(front: Front, crowd: Crowd, start: float) -> list[Timed]:
    """List once a round, on one connection."""
    await asyncio.sleep(start)
    request = signed(front, "GET", LIST)
    request.headers["Connection"] = "keep-alive"
    host, _, port = front.netloc.rpartition(":")
    is_tls = front.url.startswith("https") and front.authority is not None
    context = front.authority.client if is_tls and front.authority else None
    reader, writer = await asyncio.open_connection(host, int(port), ssl=context)
    replies = []
    for number in range(crowd.rounds):
        began = time.perf_counter()
        writer.write(request.encoded())
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.lower().split(b"\r\n")
        length = next(one for one in lines if one.startswith(b"content-length"))
        await reader.readexactly(int(length.partition(b":")[2]))
        replies.append((head.partition(b"\r\n")[0], time.perf_counter() - began))
        if number < crowd.rounds - 1:
            await asyncio.sleep(crowd.pause)
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    return replies


async def everyone(front: Front, crowd: Crowd, drippers: list[socket.socket]) -> list[Timed]:
    """Have all artists list, spread over a round, while others drip."""
    stop = asyncio.Event()
    dripping = [asyncio.create_task(drip(one, stop)) for one in drippers]
    starts = [crowd.pause * number / crowd.people for number in range(crowd.people)]
    found = await asyncio.gather(*(artist(front, crowd, start) for start in starts))
    stop.set()
    await asyncio.gather(*dripping)
    return [reply for replies in found for reply in replies]


def figures(replies: list[Timed]) -> str:
    times = sorted(seconds * 1000 for _, seconds in replies)
    p99 = times[int(len(times) * 0.99)]
    return f"median {statistics.median(times):.1f}, p99 {p99:.1f}, max {times[-1]:.1f} ms"


@pytest.fixture(params=PUBLIC)
def crowded(request: pytest.FixtureRequest, servers: Servers) -> Iterator[Front]:
    """A front with a server of its own, whose connections are this test's alone."""
    front = Front(output={"sessions": []}, authority=servers.authority)
    server = server_of(request.param, front.application(), servers.authority)
    with server:
        front.url = server.endpoint_url
        yield front


@pytest.mark.parametrize("crowd", CROWDS)
def test_everyone_is_answered_beside_the_silent(crowded: Front, crowd: Crowd) -> None:
    """Print how long replies took (`-s` shows it); assert that there are all of them."""
    host, _, port = crowded.netloc.rpartition(":")
    alone = asyncio.run(everyone(crowded, crowd, []))
    with ExitStack() as stack:
        held = [
            stack.enter_context(socket.create_connection((host, int(port)), timeout=10))
            for _ in range(crowd.silent + crowd.dripping)
        ]
        beside = asyncio.run(everyone(crowded, crowd, held[crowd.silent :]))
    for name, replies in (("alone", alone), ("beside the silent", beside)):
        assert [line for line, _ in replies] == [b"HTTP/1.1 200 OK"] * (crowd.people * crowd.rounds)
        print(f"{crowded.url} {name}: {len(replies)} lists, {figures(replies)}")  # noqa: T201
