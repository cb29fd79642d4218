"""The servers: connections kept alive, bounded and shut, on plain and on TLS ports."""

import logging
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest

from nimble_tui.studio.http import asgi, connection, guarded_protocol, public_server, server
from nimble_tui.studio.http.codec import Reply, Request
from nimble_tui.studio.http.connection import Handler
from nimble_tui.studio.http.connection_counts import ConnectionCounts, Verdict
from nimble_tui.studio.http.listening import ListenError
from nimble_tui.studio.http.public_server import PublicServer
from nimble_tui.studio.http.server import LocalServer
from tests.studio.http.harness import (
    PARAMS,
    Authority,
    Server,
    Servers,
    connect_to,
    read_answer,
    server_of,
)

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: x\r\n"
PUBLIC = ("public", "tls")


def hello(request: Request) -> Reply:
    return Reply(200, {"Content-Type": "text/plain"}, b"hello " + request.body)


class Kind:
    """A kind of server, and clients that can speak with it."""

    def __init__(self, name: str, authority: Authority) -> None:
        self.name = name
        self.authority = authority

    def server(self, app: Handler = hello) -> Server:
        return server_of(self.name, app, self.authority)

    def connect(self, running: Server) -> socket.socket:
        return connect_to(running.endpoint_url, self.authority)

    def connect_only(self, running: Server) -> socket.socket:
        """Connect without saying anything, not even hello."""
        host, _, port = running.endpoint_url.partition("://")[2].rpartition(":")
        return socket.create_connection((host, int(port)), timeout=10)

    @contextmanager
    def connected(self, app: Handler = hello) -> Iterator[tuple[Server, socket.socket]]:
        with self.server(app) as running, self.connect(running) as client:
            yield running, client


@pytest.fixture(params=PARAMS)
def kind(request: pytest.FixtureRequest, servers: Servers) -> Kind:
    return Kind(request.param, servers.authority)


@pytest.fixture(autouse=True)
def _no_time_for_last_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public_server, "LAST_REQUESTS_SECONDS", 0.0)


def is_over(client: socket.socket) -> bool:
    """Wait until the other side has ended the connection."""
    with suppress(ConnectionError, ssl.SSLError):
        return client.recv(1) == b""
    return True


def test_a_connection_serves_one_request_after_another(kind: Kind) -> None:
    with kind.connected() as (_, client):
        for body in (b"", b"one", b"two"):
            length = str(len(body)).encode()
            client.sendall(POST + b"Content-Length: " + length + b"\r\n\r\n" + body)
            assert read_answer(client).body == b"hello " + body
        client.sendall(GET + GET)
        received = b""
        while received.count(b"HTTP/1.1 200") < 2:
            received += client.recv(65536)


@pytest.mark.parametrize(
    "request_line",
    [b"GET / HTTP/1.0\r\n\r\n", GET[:-2] + b"Connection: close\r\n\r\n"],
    ids=["1.0", "close"],
)
def test_a_connection_ends_when_the_client_wants(kind: Kind, request_line: bytes) -> None:
    with kind.connected() as (_, client):
        client.sendall(request_line)
        answer = read_answer(client)
        assert (answer.status, answer.headers["connection"]) == (200, "close")
        assert is_over(client)


@pytest.mark.parametrize("name", ["local", "public"])
def test_a_client_may_say_that_this_was_all(servers: Servers, name: str) -> None:
    with Kind(name, servers.authority).connected() as (_, client):
        client.sendall(GET)
        client.shutdown(socket.SHUT_WR)
        assert read_answer(client).status == 200
        assert is_over(client)


def test_a_client_may_ask_before_it_sends_a_body(kind: Kind) -> None:
    with kind.connected() as (_, client):
        client.sendall(POST + b"Content-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 100 ")
        client.sendall(b"{}")
        assert read_answer(client).body == b"hello {}"


def threads_end() -> None:
    for thread in threading.enumerate():
        if thread.name.startswith("studio-"):
            thread.join(10)
            assert not thread.is_alive()


def test_closing_shuts_what_is_open_and_frees_the_port() -> None:
    for new in (LocalServer, PublicServer):
        with new(hello) as running, connect_to(running.endpoint_url) as client:
            client.sendall(GET)
            assert read_answer(client).status == 200
            port = int(running.endpoint_url.rpartition(":")[2])
            running.close()
            assert is_over(client)
            with new(hello, port=port) as again, connect_to(again.endpoint_url) as other:
                other.sendall(GET)
                assert read_answer(other).status == 200


def test_closing_does_not_wait_for_an_application_that_hangs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entered, leave = threading.Event(), threading.Event()

    def hanging(request: Request) -> Reply:
        entered.set()
        assert leave.wait(30)
        return hello(request)

    monkeypatch.setattr(server, "CLOSE_SECONDS", 0.01)
    with LocalServer(hanging) as running, connect_to(running.endpoint_url) as client:
        client.sendall(GET)
        assert entered.wait(10)
        running.close()
        assert is_over(client)
        leave.set()


@pytest.mark.parametrize("name", PUBLIC)
@pytest.mark.parametrize("count", [20, pytest.param(300, marks=pytest.mark.slow)])
def test_what_was_sent_before_the_end_is_answered(servers: Servers, name: str, count: int) -> None:
    kind = Kind(name, servers.authority)
    entered, leave = threading.Event(), threading.Event()

    def waiting(request: Request) -> Reply:
        entered.set()
        assert leave.wait(30)
        return hello(request)

    with ExitStack() as stack:
        running = kind.server(waiting)
        stack.enter_context(running)
        clients = [stack.enter_context(kind.connect(running)) for _ in range(count)]
        for client in clients:
            client.sendall(GET)
        assert entered.wait(10)
        closing = threading.Thread(target=running.close)
        closing.start()
        leave.set()
        assert [read_answer(client).status for client in clients] == [200] * count
        closing.join(30)
        assert not closing.is_alive()


def test_more_connections_than_the_local_server_takes_are_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server, "MAX_CONNECTIONS", 1)
    with LocalServer(hello) as running, connect_to(running.endpoint_url) as client:
        client.sendall(GET)
        assert read_answer(client).status == 200
        with connect_to(running.endpoint_url) as second:
            assert is_over(second)
        client.sendall(GET)
        assert read_answer(client).status == 200


@pytest.mark.parametrize("name", PUBLIC)
def test_more_connections_than_the_public_server_takes_are_told_when_to_return(
    servers: Servers, name: str
) -> None:
    kind = Kind(name, servers.authority)
    with kind.connected() as (running, client):
        assert isinstance(running, PublicServer)
        client.sendall(GET)
        assert read_answer(client).status == 200
        running.counts._most = 1  # noqa: SLF001 - a small limit
        with kind.connect(running) as second:
            second.sendall(GET)
            answer = read_answer(second)
            assert (answer.status, answer.headers["retry-after"]) == (503, "2")
            assert is_over(second)
        client.sendall(GET)
        assert read_answer(client).status == 200


def test_connections_are_counted_in_all_and_by_address() -> None:
    counts = ConnectionCounts(4, 2, {"10.0.0.9"})
    serve, refuse = Verdict.SERVE, Verdict.REFUSE
    assert [counts.enter("10.0.0.1") for _ in range(3)] == [serve, serve, refuse]
    assert counts.enter("10.0.0.2") is serve
    assert counts.enter("10.0.0.2") is refuse  # in all
    for _ in range(3):
        counts.leave("10.0.0.1")
    counts.leave("10.0.0.2")
    assert [counts.enter("10.0.0.9") for _ in range(3)] == [serve] * 3
    assert counts.total == 4


def test_an_ipv6_address_counts_as_its_network() -> None:
    counts = ConnectionCounts(10, 1)
    found = [counts.enter(one) for one in ("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1")]
    assert found == [Verdict.SERVE, Verdict.REFUSE, Verdict.SERVE]
    assert counts.enter("::ffff:10.0.0.1") is Verdict.SERVE
    assert counts.enter("10.0.0.1") is Verdict.REFUSE


def test_far_too_many_connections_are_ended_unanswered() -> None:
    counts = ConnectionCounts(1, 1)
    found = [counts.enter("10.0.0.1") for _ in range(300)]
    assert found.count(Verdict.SERVE) == 1
    assert found[-1] is Verdict.DROP
    for _ in range(300 - found.count(Verdict.DROP)):
        counts.leave("10.0.0.1")
    assert counts.total == 0


def _shorten(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    monkeypatch.setattr(connection, "IDLE_SECONDS", seconds)
    monkeypatch.setattr(connection, "REQUEST_SECONDS", seconds)
    monkeypatch.setattr(guarded_protocol, "REQUEST_SECONDS", seconds)


def test_an_idle_connection_is_ended(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    _shorten(monkeypatch, 0.05)
    with kind.connected() as (_, client):
        assert is_over(client)


def test_a_silent_tls_client_is_ended(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public_server, "HANDSHAKE_SECONDS", 0.05)
    kind = Kind("tls", servers.authority)
    with kind.server() as running, kind.connect_only(running) as client:
        assert is_over(client)
        assert isinstance(running, PublicServer)
        with kind.connect(running) as other:
            other.sendall(GET)
            assert read_answer(other).status == 200
            assert running.counts.total == 1


@pytest.mark.parametrize(
    "start", [b"G", POST + b"Content-Length: 100000\r\n\r\n", GET + b"G"], ids=["head", "body", "2"]
)
def test_a_client_that_drips_is_ended(
    kind: Kind, start: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However steadily the bytes come, a request must be there in time."""
    _shorten(monkeypatch, 0.1)
    with kind.connected() as (_, client):
        client.sendall(start)
        client.settimeout(0.01)
        for _ in range(1000):
            try:
                client.sendall(b"x")
                if client.recv(65536) == b"":
                    break
            except TimeoutError:
                continue
            except (ConnectionError, ssl.SSLError):
                break
        else:
            pytest.fail("the connection was never ended")


def test_a_client_that_does_not_read_is_ended(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "REPLY_SECONDS", 0.05)
    monkeypatch.setattr(guarded_protocol, "REPLY_SECONDS", 0.05)
    size = 32 * 1024 * 1024

    def large(request: Request) -> Reply:
        del request
        return Reply(200, {}, bytes(size))

    with kind.connected(large) as (_, client):
        client.sendall(GET)
        assert client.recv(1) == b"H"
        if kind.name == "local":
            for thread in threading.enumerate():
                if thread.name == "studio-connection":
                    thread.join(10)
                    assert not thread.is_alive()
        received = 0
        with suppress(ConnectionError, ssl.SSLError):
            while more := len(client.recv(1024)):
                received += more
                if received > size:
                    break
                threading.Event().wait(0.0001)
        assert received < size


def test_an_application_that_fails_is_an_answer_too(
    kind: Kind, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(request: Request) -> Reply:
        del request
        raise ValueError("secret")

    caplog.set_level(logging.DEBUG)
    with kind.connected(failing) as (_, client):
        client.sendall(GET)
        answer = read_answer(client)
    assert (answer.status, answer.body) == (500, b"")
    assert "ValueError" in caplog.text
    assert "secret" not in caplog.text


def test_bodies_that_do_not_come_delay_nobody(
    servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asgi, "MAX_WAITING", 2)
    kind = Kind("public", servers.authority)
    with kind.server() as running, ExitStack() as stack:
        for _ in range(4):
            client = stack.enter_context(kind.connect(running))
            client.sendall(POST + b"Content-Length: 10\r\nExpect: 100-continue\r\n\r\n")
            assert client.recv(100).startswith(b"HTTP/1.1 100 ")  # its body is awaited
        with kind.connect(running) as client:
            client.sendall(GET)
            assert read_answer(client).status == 200


def test_calls_that_would_wait_too_long_are_told_when_to_return(
    servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asgi, "MAX_WAITING", 1)
    entered, leave = threading.Event(), threading.Event()

    def waiting(request: Request) -> Reply:
        entered.set()
        assert leave.wait(30)
        return hello(request)

    with Kind("public", servers.authority).connected(waiting) as (running, client):
        client.sendall(GET)
        assert entered.wait(10)
        with connect_to(running.endpoint_url) as second:
            second.sendall(GET)
            answer = read_answer(second)
            assert (answer.status, answer.headers["retry-after"]) == (503, "2")
        leave.set()
        assert read_answer(client).status == 200


def test_large_bodies_are_taken_a_few_at_a_time(servers: Servers) -> None:
    kind = Kind("public", servers.authority)
    large = POST + b"Content-Length: 1000000\r\nExpect: 100-continue\r\n\r\n"
    with kind.server() as running, ExitStack() as stack:
        for _ in range(asgi.MAX_LARGE_PER_ADDRESS):
            client = stack.enter_context(kind.connect(running))
            client.sendall(large)
            assert client.recv(100).startswith(b"HTTP/1.1 100 ")
        for request, status in ((large, 503), (GET, 200)):
            with kind.connect(running) as client:
                client.sendall(request)
                assert read_answer(client).status == status


@pytest.mark.parametrize(
    "start",
    [lambda **where: LocalServer(hello, **where), lambda **where: PublicServer(hello, **where)],
    ids=["local", "public"],
)
class TestListening:
    def test_a_taken_port_is_one_sentence(self, start: Callable[..., Server]) -> None:
        with start() as first:
            port = int(first.endpoint_url.rpartition(":")[2])
            with pytest.raises(ListenError, match=f"port {port}: another program is using"):
                start(port=port).start()

    @pytest.mark.parametrize(("host", "port"), [("no.such.host.invalid", 0), ("127.0.0.1", 99999)])
    def test_a_place_that_does_not_exist_is_one_sentence(
        self, start: Callable[..., Server], host: str, port: int
    ) -> None:
        with pytest.raises(ListenError, match=r"cannot listen on .*: this machine has no such"):
            start(host=host, port=port).start()

    def test_where_it_is_is_known_once_started(self, start: Callable[..., Server]) -> None:
        with pytest.raises(RuntimeError, match="not been started"):
            _ = start().endpoint_url
