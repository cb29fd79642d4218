"""What is seen of a served studio: its log, its health, its figures; and whom it believes."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from nimble_tui.studio.http.codec import Reply, Request
from nimble_tui.studio.http.metrics import Metrics
from nimble_tui.studio.http.observing import Answered, StatusPages, access, log_access
from nimble_tui.studio.http.proxies import Proxies, Sender
from nimble_tui.studio.http.public_server import PublicServer
from nimble_tui.studio.http.rate_limit import RateLimit
from tests.studio.http.harness import (
    KEY,
    SECRET,
    Answer,
    Front,
    Raw,
    connect_to,
    exchange,
    read_answer,
    signed,
)

SESSIONS = "/2020-08-01/studios/s/streaming-sessions"


@contextmanager
def served(front: Front, *, healthy: bool = True, **options: object) -> Iterator[Metrics]:
    """Serve a front as `studio serve --config` does."""
    application = front.application()
    application.rate_limit = RateLimit(rate=0.5, burst=3)

    def observe(answered: Answered) -> None:
        log_access(answered)
        metrics.observe(answered)

    metrics = Metrics(lambda: server.counts.total, lambda: 1_800_000_000.0)
    pages = StatusPages(application, lambda: healthy, metrics.text)
    server = PublicServer(pages, observe=observe, **options)  # type: ignore[arg-type]
    with server:
        front.url = server.endpoint_url
        yield metrics


def get(front: Front, target: str, **headers: str) -> Answer:
    sent = {"Host": front.netloc, "Connection": "close"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    return exchange(front, Raw("GET", target, sent))


def logged(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    return [json.loads(one.getMessage()) for one in caplog.records if one.name == access.name]


def test_each_request_is_one_line_without_queries_or_secrets(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, access.name)
    front = Front(output={"sessions": []})
    with served(front):
        exchange(front, signed(front, "GET", f"{SESSIONS}?nextToken=canary-query"))
        get(front, f"/canary-path/{SECRET}?authToken=canary-token", X_Amz_Security_Token="canary")
        exchange(front, signed(front, "POST", SESSIONS, b'{"launchProfileId": "canary-body"}'))
        get(front, "/\\x1b]52;c;canary-escape")
    first, second, *_ = logged(caplog)
    assert (
        first.items()
        >= {
            "client": "127.0.0.1",
            "method": "GET",
            "path": SESSIONS,
            "operation": "ListStreamingSessions",
            "status": 200,
        }.items()
    )
    assert first["request_id"]
    assert (second["path"], second["operation"], second["status"]) == (None, None, 403)
    text = caplog.text
    for secret in ("canary", SECRET, KEY, "Signature", "authToken", "\x1b"):
        assert secret not in text


def test_health_says_whether_the_data_can_be_read() -> None:
    front = Front()
    with served(front):
        assert get(front, "/healthz").status == 200
    with served(front, healthy=False):
        answer = get(front, "/healthz")
        assert (answer.status, answer.body) == (503, b"The studio cannot read its data.\n")


def test_figures_are_for_this_computer_alone(caplog: pytest.LogCaptureFixture) -> None:
    front = Front(output={"sessions": []})
    with served(front):
        exchange(front, signed(front, "GET", SESSIONS))
        for path in ("/canary-1", "/canary-2"):
            get(front, path)
        answer = get(front, "/metrics")
        assert answer.status == 200
        text = answer.body.decode()
        assert 'nimble_replies_total{operation="ListStreamingSessions",status="200"} 1.0' in text
        assert 'nimble_replies_total{operation="none",status="403"} 2.0' in text
        assert "nimble_certificate_end_timestamp_seconds 1.8e+09" in text
        assert "nimble_connections 1.0" in text
        assert "canary" not in text
        assert get(front, "/metrics", X_Forwarded_For="10.0.0.1").status == 403
    assert "127.0.0.1 forwards requests and is not in trusted_proxies" in caplog.text


def test_one_key_cannot_take_all_calls() -> None:
    front = Front(output={"sessions": []})
    with served(front):
        answers = [exchange(front, signed(front, "GET", SESSIONS)) for _ in range(4)]
        assert [one.status for one in answers] == [200, 200, 200, 429]
        assert answers[3].error == "ThrottlingException"
        assert 1 <= int(answers[3].headers["retry-after"]) <= 2
        # Who does not hold the key cannot use up its calls.
        forged = signed(front, "GET", SESSIONS)
        forged.headers["Authorization"] = forged.headers["Authorization"][:-1] + "x"
        assert exchange(front, forged).status == 403


def test_a_rate_is_counted_for_each_key() -> None:
    now = [0.0]
    limit = RateLimit(rate=2, burst=2, clock=lambda: now[0])
    assert [limit.wait("a") for _ in range(3)] == [0.0, 0.0, 0.5]
    assert limit.wait("b") == 0.0
    now[0] = 0.5
    assert [limit.wait("a") for _ in range(2)] == [0.0, 0.5]
    now[0] = 100.0
    assert [limit.wait("a") for _ in range(3)] == [0.0, 0.0, 0.5]


def test_it_remembers_so_many_keys_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nimble_tui.studio.http.rate_limit._MOST", 2)
    limit = RateLimit(rate=1, burst=1, clock=lambda: 0.0)
    assert [limit.wait(one) for one in ("a", "b", "c", "c", "a")] == [0.0, 0.0, 0.0, 1.0, 0.0]


FORWARDED = [
    ("10.0.0.5", "203.0.113.7", "https", Sender("203.0.113.7", "https")),
    ("10.0.0.5", "1.2.3.4, 203.0.113.7", "http", Sender("203.0.113.7", "http")),
    ("10.0.0.5", "203.0.113.7, 10.0.0.6", "", Sender("203.0.113.7", "http")),
    ("10.0.0.5", "not an address", "", Sender("10.0.0.5", "http")),
    ("10.0.0.5", "," * 5000, "", Sender("10.0.0.5", "http")),
    ("203.0.113.9", "127.0.0.1", "https", Sender("203.0.113.9", "http")),
]


@pytest.mark.parametrize(("peer", "forwarded", "proto", "expected"), FORWARDED)
def test_named_proxies_alone_are_believed(
    peer: str, forwarded: str, proto: str, expected: Sender
) -> None:
    proxies = Proxies(["10.0.0.5", "10.0.0.6"])
    headers = [
        (b"x-forwarded-for", forwarded.encode()),
        (b"x-forwarded-proto", proto.encode()),
    ]
    assert proxies.sender(peer, "http", headers) == expected
    assert proxies.sender(peer, "http", []) == Sender(peer, "http")


def test_a_proxy_that_is_not_named_is_named_once(caplog: pytest.LogCaptureFixture) -> None:
    proxies = Proxies()
    for number in range(100):
        for _ in range(2):
            proxies.sender(f"10.0.0.{number}", "http", [(b"forwarded", b"for=x")])
    assert caplog.text.count("10.0.0.7 forwards requests") == 1
    assert caplog.text.count("is not in trusted_proxies") == 32


def test_a_trusted_proxy_says_who_calls_and_how(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, access.name)
    seen: list[Request] = []

    def note(request: Request) -> Reply:
        seen.append(request)
        return Reply(200, {}, b"")

    with (
        PublicServer(note, proxies=["127.0.0.1"], observe=log_access) as server,
        connect_to(server.endpoint_url) as connection,
    ):
        connection.sendall(
            b"GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.7\r\n"
            b"X-Forwarded-Proto: https\r\nConnection: close\r\n\r\n"
        )
        assert read_answer(connection).status == 200
    assert (seen[0].client, seen[0].scheme) == ("203.0.113.7", "https")
    assert logged(caplog)[0]["client"] == "203.0.113.7"
