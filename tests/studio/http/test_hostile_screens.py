"""Screens under attack: hostile handshakes and frames, and browsers that never read."""

import base64
import os
import random
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from nimble_tui.studio.http import screen_protocol, screen_server
from nimble_tui.studio.http.screen_handshake import SUBPROTOCOLS
from nimble_tui.studio.http.screen_protocol import MAX_BUFFER, MAX_MESSAGE
from tests.studio.http.harness import connect_to, read_answer
from tests.studio.http.screens import GREETING, ScreenWorld, open_screens, wait_until

pytestmark = pytest.mark.skipif(not hasattr(os, "O_PATH"), reason="needs Linux's sockets in files")

KEY = base64.b64encode(bytes(16)).decode()


@pytest.fixture
def screens(tmp_path: Path) -> Iterator[ScreenWorld]:
    with open_screens(tmp_path) as opened:
        yield opened


def head(screens: ScreenWorld, stream_id: str, token: str, **changes: str | None) -> bytes:
    """Return a handshake; a header that is None is left out."""
    headers = {
        "Host": screens.url.partition("://")[2],
        "Origin": screens.url,
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": KEY,
        "Sec-WebSocket-Protocol": ", ".join([*SUBPROTOCOLS, token]),
    } | {name.replace("_", "-"): value for name, value in changes.items()}
    lines = [f"GET /screen/{stream_id}/socket HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in headers.items() if value is not None]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def opened(screens: ScreenWorld) -> socket.socket:
    """Return a connection whose WebSocket is open."""
    connection = connect_to(screens.url)
    connection.sendall(head(screens, *screens.link(screens.ready())))
    got = b""
    while not got.endswith(GREETING):
        got += connection.recv(1)
    assert got.startswith(b"HTTP/1.1 101 ")
    return connection


PING = 0x89


def frame(opcode: int, data: bytes, *, fin: bool = True, length: int | None = None) -> bytes:
    """Return a frame of a browser, masked with zeros; `length` may be a lie."""
    size = len(data) if length is None else length
    first = bytes([(0x80 if fin else 0) | opcode])
    if size < 126:
        return first + bytes([0x80 | size]) + bytes(4) + data
    if size < 65536:
        return first + b"\xfe" + struct.pack("!H", size) + bytes(4) + data
    return first + b"\xff" + struct.pack("!Q", size) + bytes(4) + data


def message(connection: socket.socket) -> bytes:
    """Return the next short message to a browser; pings between them are passed over."""
    with connection.makefile("rb") as file:
        while True:
            first, size = file.read(2)
            data = file.read(size)
            if first != PING:
                assert first == 0x82
                return data


def is_ended(connection: socket.socket) -> bool:
    with suppress(ConnectionError, TimeoutError):
        while connection.recv(65536):
            pass
    return True


WRONG: dict[str, tuple[dict[str, str | None], int]] = {
    "no version": ({"Sec_WebSocket_Version": None}, 400),
    "another version": ({"Sec_WebSocket_Version": "8"}, 400),
    "no key": ({"Sec_WebSocket_Key": None}, 400),
    "a key of another length": ({"Sec_WebSocket_Key": "AAAA"}, 400),
    "a key that is none": ({"Sec_WebSocket_Key": "é" * 24}, 400),
    "no origin": ({"Origin": None}, 403),
    "an origin of another port": ({"Origin": "http://127.0.0.1"}, 403),
    "an origin that is none": ({"Origin": "http://[::1"}, 403),
    "a port that is none": ({"Origin": "http://127.0.0.1:99999"}, 403),
    "another host": ({"Host": "evil.example", "Origin": "http://evil.example"}, 403),
    "no token": ({"Sec_WebSocket_Protocol": ", ".join(SUBPROTOCOLS)}, 400),
    "no subprotocol": ({"Sec_WebSocket_Protocol": None}, 400),
    "a body": ({"Content_Length": "5"}, 400),
    "a coded body": ({"Transfer_Encoding": "chunked"}, 411),
    "too many headers": ({f"X-{number}": "1" for number in range(120)}, 431),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_malformed_handshake_is_answered_with_its_status(screens: ScreenWorld, case: str) -> None:
    changes, status = WRONG[case]
    with connect_to(screens.url) as connection:
        connection.sendall(head(screens, "none", "T" * 32, **changes))
        answer = read_answer(connection)
    assert (answer.status, answer.body) == (status, b"")


def test_a_token_in_the_address_opens_nothing_and_is_in_no_log(screens: ScreenWorld) -> None:
    stream_id, token = screens.link(screens.ready())
    for offered in (SUBPROTOCOLS, (*SUBPROTOCOLS, token)):
        sent = head(screens, stream_id, token, Sec_WebSocket_Protocol=", ".join(offered))
        sent = sent.replace(b"/socket ", f"/socket?token={token} ".encode())
        with connect_to(screens.url) as connection:
            connection.sendall(sent)
            assert read_answer(connection).status == 404
    assert not screens.rfb.connections
    assert token not in repr(screens.answered)


@pytest.mark.parametrize("proxies", [("127.0.0.1",), ()])
def test_the_scheme_of_the_origin_is_what_a_trusted_proxy_says(
    tmp_path: Path, proxies: tuple[str, ...]
) -> None:
    with open_screens(tmp_path, proxies=proxies) as screens, connect_to(screens.url) as connection:
        origin = screens.url.replace("http:", "https:")
        link = screens.link(screens.ready())
        connection.sendall(head(screens, *link, Origin=origin, X_Forwarded_Proto="https"))
        assert connection.recv(12) == (b"HTTP/1.1 101" if proxies else b"HTTP/1.1 403")


def test_frames_before_the_answer_are_refused(screens: ScreenWorld) -> None:
    link = screens.link(screens.ready())
    with connect_to(screens.url) as connection:
        connection.sendall(head(screens, *link) + frame(2, b"early"))
        assert read_answer(connection).status == 400
    assert not screens.rfb.connections


FRAMES: dict[str, bytes] = {
    "text": frame(1, b"text"),
    "a message too long": frame(2, b"", length=MAX_MESSAGE + 1),
    "a length of all ones": frame(2, b"", length=2**63 - 1),
    "fragments too long": frame(2, b"x" * 60_000, fin=False)
    + frame(0, b"x" * 60_000, fin=False) * (MAX_MESSAGE // 60_000 + 1),
    "no mask": b"\x82\x01x",
    "an opcode that is none": frame(3, b""),
    "a reserved bit": bytes([0xF2, 0x80]) + bytes(4),
    "a ping too long": frame(9, b"x" * 126),
    "a ping in pieces": frame(9, b"x", fin=False),
    "a continuation of nothing": frame(0, b"x"),
    "a close of one byte": frame(8, b"x"),
    "a close": frame(8, struct.pack("!H", 1000)),
}


@pytest.mark.parametrize("case", FRAMES)
def test_a_hostile_frame_ends_its_own_screen_alone(screens: ScreenWorld, case: str) -> None:
    with opened(screens) as bystander, opened(screens) as hostile:
        hostile.sendall(FRAMES[case])
        assert is_ended(hostile)
        bystander.sendall(frame(2, b"still here"))
        assert message(bystander) == b"still here"
    assert not any(one.reply.status >= 500 for one in screens.answered)


def test_a_message_in_pieces_passes_with_pings_between_them(screens: ScreenWorld) -> None:
    pieces = [frame(0 if text else 2, bytes([97 + text]), fin=text == 9) for text in range(10)]
    with opened(screens) as browser:
        browser.sendall(frame(9, b"ping").join(pieces))
        wait_until(lambda: bytes(screens.rfb.got) == b"abcdefghij")


def flood(screens: ScreenWorld, count: int) -> None:
    """Send `count` handshakes and frames made of right and wrong parts, by a fixed seed."""
    chance = random.Random(7)  # noqa: S311
    stream_id, token = screens.link(screens.ready())
    right = head(screens, stream_id, token)
    for number in range(count):
        with connect_to(screens.url) as connection, suppress(ConnectionError, TimeoutError):
            if number % 3 == 0:
                sent = head(screens, stream_id, token[:-1] + chance.choice("xyz-"))
            elif number % 3 == 1:
                place = chance.randrange(len(right))
                sent = right[:place] + chance.randbytes(1) + right[place + 1 :]
            else:
                sent = right
            connection.sendall(sent)
            if sent is right:
                connection.sendall(chance.randbytes(chance.randrange(1, 200)))
            if number % 5:
                connection.settimeout(0.5)  # half a head is waited for
                connection.recv(200)


def check_flood(screens: ScreenWorld, count: int) -> None:
    with opened(screens) as bystander:
        flood(screens, count)
        bystander.sendall(frame(2, b"still here"))
        bystander.settimeout(20)
        assert message(bystander) == b"still here"
        assert not [one for one in screens.answered if one.reply.status >= 500]
        wait_until(lambda: screens.open_screens == 1)
    wait_until(lambda: screens.server.counts.total == 0)


def test_hostile_handshakes_disturb_nobody(screens: ScreenWorld) -> None:
    check_flood(screens, 150)


@pytest.mark.slow
def test_ten_thousand_hostile_handshakes_disturb_nobody(screens: ScreenWorld) -> None:
    check_flood(screens, 10_000)


def test_a_browser_that_never_reads_holds_little_and_is_cut_off(
    screens: ScreenWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen_protocol, "PING_SECONDS", 0.2)
    monkeypatch.setattr(screen_protocol, "PONG_SECONDS", 0.5)
    screens.rfb.floods = True
    link = screens.link(screens.ready())
    with connect_to(screens.url) as silent:
        silent.sendall(head(screens, *link))
        wait_until(lambda: screens.open_screens == 1)
        wait_until(lambda: screens.open_screens == 0)
    screens.rfb.floods = False
    # The sockets' own buffers, and what may wait: no more was taken from the workstation.
    assert screens.rfb.sent < 16 * MAX_BUFFER


def test_pings_of_a_browser_that_never_reads_are_bounded(screens: ScreenWorld) -> None:
    with opened(screens) as silent:
        silent.settimeout(0.2)
        sent = 0
        with suppress(OSError):
            while sent < 50 * MAX_BUFFER:
                sent += silent.send(frame(9, b"p" * 125) * 500)
        assert sent < 50 * MAX_BUFFER


def test_tiny_frames_delay_nobody(screens: ScreenWorld) -> None:
    with opened(screens) as bystander, opened(screens) as hostile:
        hostile.setblocking(False)
        pending = frame(2, b"x") * 20_000
        waits = []
        for _ in range(20):
            with suppress(BlockingIOError):
                hostile.send(pending)
            begun = time.monotonic()
            bystander.sendall(frame(2, b"k"))
            assert bystander.recv(100) == b"\x82\x01k"
            waits.append(time.monotonic() - begun)
        # 20,000 frames take 0.2 s to read at once; they are read a few at a time.
        assert sorted(waits)[10] < 0.1


def test_a_workstation_that_never_greets_is_given_up(
    screens: ScreenWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen_protocol, "GREETING_SECONDS", 0.1)
    screens.rfb.greets = False
    with connect_to(screens.url) as browser:
        browser.sendall(head(screens, *screens.link(screens.ready())))
        received = b""
        while part := browser.recv(4096):
            received += part
    assert screen_protocol.NO_ANSWER.encode() in received


def test_what_a_workstation_does_not_take_waits_in_the_browser(screens: ScreenWorld) -> None:
    screens.rfb.reads = False
    with opened(screens) as browser:
        browser.settimeout(0.5)
        sent = 0
        with suppress(OSError):
            while sent < 100 * MAX_BUFFER:
                sent += browser.send(frame(2, bytes(60_000)))
        assert sent < 100 * MAX_BUFFER


@pytest.mark.parametrize("limit", ["MAX_SCREENS", "MAX_PER_PERSON"])
def test_more_screens_than_there_may_be_are_refused(
    screens: ScreenWorld, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(screen_server, limit, 1)
    with opened(screens), connect_to(screens.url) as another:
        another.sendall(head(screens, *screens.link(screens.ready())))
        received = b""
        while part := another.recv(4096):
            received += part
        assert b"Too many windows" in received
