"""Where requests go, and what becomes of those that get no answer."""

import socket
import threading
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from nimble_tui.client.deadlines import CURRENT, CallRunner
from nimble_tui.client.endpoint import Endpoint
from nimble_tui.client.errors import Peer
from nimble_tui.client.nimble import connect
from nimble_tui.client.transport import Limits, Transport
from nimble_tui.core.clock import SystemClock
from nimble_tui.core.keys import Keys
from nimble_tui.core.service import ErrorKind, StudioError, StudioInfo
from tests.client.conftest import Connect, returned
from tests.client.listeners import port_of, silent_peer
from tests.faults.faulty_studio import (
    STUDIO_ID,
    Fault,
    FaultyStudio,
    slow_body,
    slow_head,
)

IMPATIENT = Limits(call=1.0, attempt=0.5, connect=0.5)


@pytest.mark.parametrize(
    ("url", "loopback"),
    [
        ("https://studio.example.com", False),
        ("https://studio.example.com:8443/nimble", False),
        ("http://127.0.0.1:8080", True),
        ("http://127.9.9.9", True),
        ("http://localhost:1", True),
        ("http://[::1]:8080", True),
        ("https://127.0.0.1", True),
    ],
)
def test_addresses_that_may_be_used(url: str, loopback: bool) -> None:
    assert Endpoint.parse(url).is_loopback is loopback


@pytest.mark.parametrize(
    "url",
    [
        "http://studio.example.com",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://0x7f.1",
        "http://2130706433",
        "http://localhost@studio.example.com",
        "https://me:secret@studio.example.com",
        "https://studio.example.com?x=1",
        "https://studio.example.com#x",
        "https://studio.example.com:0",
        "https://studio.example.com:99999",
        "https://studio.exämple.com",
        "https://studio.example.com/a b",
        "https://studio.example.com\n",
        "https://[::1",
        "https://",
        "ftp://127.0.0.1",
        "file:///etc/passwd",
        "studio.example.com",
        "",
    ],
)
def test_addresses_that_may_not(url: str, info: StudioInfo, keys: Keys) -> None:
    with pytest.raises(StudioError) as error:
        connect(info, endpoint_url=url, keys=keys)
    assert error.value.kind == ErrorKind.SETTINGS
    assert error.value.message.endswith(".")


def test_no_keys_is_not_signed_in(info: StudioInfo) -> None:
    with pytest.raises(StudioError) as error:
        connect(info, endpoint_url="https://studio.example.com", keys=None)
    assert error.value.kind == ErrorKind.NOT_SIGNED_IN


@pytest.mark.parametrize("key", ["", "AKID EXAMPLE", "AKID\r\nX-Evil: 1", "ÄKID", "AKID\x1b"])
def test_keys_that_cannot_be_keys(info: StudioInfo, key: str) -> None:
    for keys in (Keys(key, "secret"), Keys("AKIDEXAMPLE", key)):
        with pytest.raises(StudioError) as error:
            connect(info, endpoint_url="https://studio.example.com", keys=keys)
        assert error.value.kind == ErrorKind.NOT_SIGNED_IN


@pytest.mark.parametrize("region", ["", "us west", "us-west-2/..", "x" * 300, "\n"])
def test_a_region_that_cannot_be_one(info: StudioInfo, keys: Keys, region: str) -> None:
    with pytest.raises(StudioError) as error:
        connect(replace(info, region=region), endpoint_url="http://127.0.0.1:1", keys=keys)
    assert error.value.kind == ErrorKind.SETTINGS


def test_nobody_listens(service_for: Connect) -> None:
    with silent_peer() as listener:
        url = f"http://127.0.0.1:{port_of(listener)}"
    with pytest.raises(StudioError, match=r"Can't connect to 127\.0\.0\.1") as error:
        returned(service_for(endpoint_url=url).get_studio)
    assert error.value.kind == ErrorKind.UNREACHABLE


def test_a_name_that_nobody_knows(service_for: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(StudioError, match="VPN") as error:
        returned(service_for(endpoint_url="https://studio.invalid").get_studio)
    assert error.value.kind == ErrorKind.UNREACHABLE


def test_a_look_up_that_hangs(service_for: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    woken = threading.Event()

    def hang(*_: object, **__: object) -> object:
        woken.wait(30)
        raise socket.gaierror(socket.EAI_AGAIN, "no answer")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    service = service_for(endpoint_url="https://studio.invalid", limits=IMPATIENT)
    with pytest.raises(StudioError, match="in time") as error:
        returned(service.get_studio)
    woken.set()
    assert error.value.kind == ErrorKind.UNREACHABLE


def test_a_call_given_up_while_it_looks_up_a_name_sends_nothing(
    service_for: Connect, studio: FaultyStudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken = threading.Event()
    look_up = socket.getaddrinfo

    def slow(*args: Any, **more: Any) -> Any:
        woken.wait(30)
        return look_up(*args, **more)

    service = service_for(limits=IMPATIENT)
    monkeypatch.setattr(socket, "getaddrinfo", slow)
    with pytest.raises(StudioError, match="in time"):
        returned(service.get_studio)
    woken.set()
    assert calls_end()
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    service_for().list_launch_profiles()
    assert {studio.operation_of(one) for one in studio.requests} == {"ListLaunchProfiles"}


@pytest.mark.parametrize("fault", [slow_head, slow_body])
def test_a_call_given_up_ends_though_the_studio_goes_on(
    service_for: Connect, studio: FaultyStudio, fault: Fault
) -> None:
    studio.strike(fault, on=["GetStudio"], before=False)
    with pytest.raises(StudioError, match="in time"):
        returned(service_for(limits=IMPATIENT).get_studio)
    assert calls_end()


def test_a_call_given_up_leaves_the_connections_of_others_alone(studio: FaultyStudio) -> None:
    clock = SystemClock()
    transport = Transport(Endpoint.parse(studio.url), None, Limits())
    runner = CallRunner(Peer("127.0.0.1"), clock)
    path = f"/2020-08-01/studios/{STUDIO_ID}"

    def look() -> int:
        return transport.send("GET", path, {}, None).status

    def look_and_give_up() -> int:
        status = look()
        CURRENT.get().give_up()
        return status

    assert [runner.run(look_and_give_up, 30), runner.run(look, 30)] == [200, 200]
    transport.close()
    assert studio.connections == 1


def test_nobody_accepts(service_for: Connect) -> None:
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = port_of(listener)
        waiting = []
        for _ in range(4):
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
            waiting.append(one)
        service = service_for(endpoint_url=f"http://127.0.0.1:{port}", limits=IMPATIENT)
        with pytest.raises(StudioError) as error:
            returned(service.get_studio)
        for one in waiting:
            one.close()
    assert error.value.kind == ErrorKind.UNREACHABLE


def calls_end() -> bool:
    """Return whether the threads of calls end by themselves, given a while."""
    threads = [one for one in threading.enumerate() if one.name == "studio call"]
    for one in threads:
        one.join(30)
    return not any(one.is_alive() for one in threads)
