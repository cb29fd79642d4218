"""The local server: connections kept, bounded and shut; and the same front under waitress."""

import logging
import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest
from waitress.server import create_server

from nimble_tui.studio.http import connection, server
from nimble_tui.studio.http.server import ListenError, LocalServer
from tests.studio.http.harness import Front, exchange, read_answer, signed

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


def hello(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"hello ", body]


@contextmanager
def connected(app: "WSGIApplication") -> Iterator[tuple[LocalServer, socket.socket]]:
    with LocalServer(app) as local, connect(local) as client:
        yield local, client


def connect(local: LocalServer) -> socket.socket:
    host, _, port = local.endpoint_url.removeprefix("http://").rpartition(":")
    return socket.create_connection((host, int(port)), timeout=10)


def is_over(client: socket.socket) -> bool:
    """Wait until the other side has ended the connection."""
    with suppress(ConnectionError):
        return client.recv(1) == b""
    return True


def test_a_connection_serves_one_request_after_another() -> None:
    with connected(hello) as (_, client):
        for body in (b"", b"one", b"two"):
            length = str(len(body)).encode()
            client.sendall(b"POST / HTTP/1.1\r\nContent-Length: " + length + b"\r\n\r\n" + body)
            assert read_answer(client).body == b"hello " + body
        client.sendall(GET + GET)
        assert client.recv(65536).count(b"HTTP/1.1 200") >= 1


@pytest.mark.parametrize(
    "request_line", [b"GET / HTTP/1.0\r\n\r\n", GET[:-2] + b"Connection: close\r\n\r\n"]
)
def test_a_connection_ends_when_the_client_wants(request_line: bytes) -> None:
    with connected(hello) as (_, client):
        client.sendall(request_line)
        answer = read_answer(client)
        assert (answer.status, answer.headers["connection"]) == (200, "close")
        assert is_over(client)


def test_a_client_may_ask_before_it_sends_a_body() -> None:
    with connected(hello) as (_, client):
        client.sendall(b"POST / HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 100 ")
        client.sendall(b"{}")
        assert read_answer(client).body == b"hello {}"


def threads_end() -> None:
    for thread in threading.enumerate():
        if thread.name.startswith("studio-"):
            thread.join(10)
            assert not thread.is_alive()


def test_closing_shuts_what_is_open_and_frees_the_port() -> None:
    with connected(hello) as (local, client):
        client.sendall(GET)
        assert read_answer(client).status == 200
        port = int(local.endpoint_url.rpartition(":")[2])
        local.close()
        assert is_over(client)
        with LocalServer(hello, port=port) as again, connect(again) as other:
            other.sendall(GET)
            assert read_answer(other).status == 200
    threads_end()


def test_closing_does_not_wait_for_an_application_that_hangs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entered, leave = threading.Event(), threading.Event()

    def hanging(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        entered.set()
        assert leave.wait(30)
        return hello(environ, start_response)

    monkeypatch.setattr(server, "CLOSE_SECONDS", 0.01)
    with connected(hanging) as (local, client):
        client.sendall(GET)
        assert entered.wait(10)
        local.close()
        assert is_over(client)
        leave.set()
    threads_end()


def test_more_connections_than_allowed_are_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "MAX_CONNECTIONS", 1)
    with connected(hello) as (local, client):
        client.sendall(GET)
        assert read_answer(client).status == 200
        with connect(local) as second:
            assert is_over(second)
        client.sendall(GET)
        assert read_answer(client).status == 200


def test_an_idle_connection_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "IDLE_SECONDS", 0.05)
    with connected(hello) as (_, client):
        assert is_over(client)


@pytest.mark.parametrize("start", [b"G", b"POST / HTTP/1.1\r\nContent-Length: 100000\r\n\r\n"])
def test_a_client_that_drips_is_let_go(start: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """However steadily the bytes come, a request must be there in time."""
    monkeypatch.setattr(connection, "REQUEST_SECONDS", 0.1)
    with connected(hello) as (_, client):
        client.sendall(start)
        client.settimeout(0.01)
        for _ in range(1000):
            try:
                client.sendall(b"x")
                if client.recv(1) == b"":
                    break
            except TimeoutError:
                continue
            except ConnectionError:
                break
        else:
            pytest.fail("the connection was never ended")


def test_a_client_that_does_not_read_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "REPLY_SECONDS", 0.05)

    def large(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        return [*hello(environ, start_response), bytes(64 * 1024 * 1024)]

    with connected(large) as (_, client):
        client.sendall(GET)
        assert client.recv(1) == b"H"
        for thread in threading.enumerate():
            if thread.name == "studio-connection":
                thread.join(10)
                assert not thread.is_alive()


def test_an_application_that_fails_is_an_answer_too(caplog: pytest.LogCaptureFixture) -> None:
    def failing(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        hello(environ, start_response)
        raise ValueError("secret")

    caplog.set_level(logging.DEBUG)
    with connected(failing) as (_, client):
        client.sendall(GET)
        answer = read_answer(client)
    assert (answer.status, answer.body) == (500, b"")
    assert "ValueError" in caplog.text
    assert "secret" not in caplog.text


def test_a_taken_port_is_one_sentence() -> None:
    with LocalServer(hello) as first:
        port = int(first.endpoint_url.rpartition(":")[2])
        second = LocalServer(hello, port=port)
        with pytest.raises(ListenError, match=f"port {port}: another program uses"):
            second.start()


@pytest.mark.parametrize(("host", "port"), [("no.such.host.invalid", 0), ("127.0.0.1", 99999)])
def test_a_place_that_does_not_exist_is_one_sentence(host: str, port: int) -> None:
    with pytest.raises(ListenError, match=r"cannot listen on .*: this machine has no such"):
        LocalServer(hello, host, port).start()


def test_where_it_is_is_known_once_started() -> None:
    with pytest.raises(RuntimeError, match="not been started"):
        _ = LocalServer(hello).endpoint_url


@contextmanager
def under_waitress(front: Front) -> Iterator[None]:
    running: Any = create_server(front.application(), host="127.0.0.1", port=0, threads=2)
    front.url = f"http://127.0.0.1:{running.effective_port}"
    thread = threading.Thread(target=running.run, name="waitress")
    thread.start()
    try:
        yield
    finally:
        running.trigger.pull_trigger(running.close)
        thread.join(10)
        running.task_dispatcher.shutdown()
        running.close()
    assert not thread.is_alive()


@pytest.mark.parametrize(
    ("call", "params"),
    [
        ("get_studio", {"studioId": "us-west-2:stid/a é%2F"}),
        ("list_tags_for_resource", {"resourceArn": "arn:aws:nimble:us-west-2:1:studio/s"}),
        ("list_launch_profiles", {"studioId": "s", "states": ["READY", "DELETED"]}),
        ("stop_streaming_session", {"studioId": "s", "sessionId": "a.b", "clientToken": "é"}),
    ],
)
def test_the_same_front_runs_under_waitress(call: str, params: dict[str, Any]) -> None:
    front = Front(output={"studio": {}} if call == "get_studio" else {})
    with under_waitress(front):
        reply = getattr(front.client(), call)(**params)
        refused = exchange(front, signed(front, "GET", "/2020-08-01/studios", region="eu-west-1"))
    assert front.calls[0].params == params
    assert reply["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert (refused.status, refused.error) == (403, "InvalidSignatureException")
    assert "date" in refused.headers
