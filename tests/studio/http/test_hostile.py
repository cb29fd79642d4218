"""Requests that no honest client sends, on raw sockets."""

import hashlib
import ssl
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler

import pytest

from tests.studio.http.harness import (
    KEY,
    SECRET,
    Front,
    Raw,
    connect_to,
    exchange,
    read_answer,
    signed,
)

START = "/2020-08-01/studios/s/streaming-sessions/k.7rDr/start"
LIST = "/2020-08-01/studios/s/launch-profiles"

Alter = Callable[[Raw], Raw]


def header(name: str, value: str | None) -> Alter:
    def alter(raw: Raw) -> Raw:
        headers = {k: v for k, v in raw.headers.items() if k.lower() != name.lower()}
        return raw._replace(headers=headers if value is None else headers | {name: value})

    return alter


def authorization(old: str, new: str) -> Alter:
    def alter(raw: Raw) -> Raw:
        text = raw.headers["Authorization"]
        assert old in text
        return header("Authorization", text.replace(old, new, 1))(raw)

    return alter


ALTERED: dict[str, Alter] = {
    "body": lambda raw: raw._replace(body=raw.body.replace(b"one", b"two")),
    "path": lambda raw: raw._replace(target=raw.target.replace("k.7rDr", "k.nKwQ")),
    "case of an escape": lambda raw: raw._replace(target=raw.target.replace("k", "%6b")),
    "query": lambda raw: raw._replace(target=raw.target + "?ownedBy=me"),
    "method": lambda raw: raw._replace(method="PUT"),
    "host": header("Host", "localhost:1"),
    "token": header("X-Amz-Client-Token", "another"),
    "token with a space": header("X-Amz-Client-Token", "one token"),
    "date": header("X-Amz-Date", "20200801T000000Z"),
    "no date": header("X-Amz-Date", None),
    "odd date": header("X-Amz-Date", "yesterday"),
    "header added": header("X-Amz-Added", "x"),
    "unsigned body": header("X-Amz-Content-SHA256", "UNSIGNED-PAYLOAD"),
    "hash of another body": header("X-Amz-Content-SHA256", hashlib.sha256(b"").hexdigest()),
    "signature cut": authorization("Signature=", "Signature=0"),
    "signature gone": authorization("Signature=", "Sign="),
    "signature not ASCII": authorization("Signature=", "Signature=é"),
    "scope date": authorization("/us-west-2/", "0/us-west-2/"),
    "scope region": authorization("/us-west-2/", "/eu-west-1/"),
    "scope service": authorization("/nimble/", "/s3/"),
    "scope ending": authorization("/aws4_request", "/aws5_request"),
    "scope longer": authorization("/aws4_request", "/aws4_request/x"),
    "host not signed": authorization(";host;", ";"),
    "token not signed": authorization(";x-amz-client-token", ""),
    "signed header missing": authorization("SignedHeaders=", "SignedHeaders=accept;"),
    "credential twice": authorization("SignedHeaders=", "Credential=x, SignedHeaders="),
}


@pytest.mark.parametrize("what", ALTERED)
def test_what_was_altered_after_signing_is_refused(front: Front, what: str) -> None:
    raw = signed(front, "POST", START, b'{"backupId": "one"}', headers={"X-Amz-Client-Token": "t"})
    assert exchange(front, raw).status == 200
    front.calls.clear()
    answer = exchange(front, ALTERED[what](raw))
    assert (answer.status, answer.error) == (403, "InvalidSignatureException")
    assert "date" in answer.headers
    assert SECRET not in str(answer)
    assert front.calls == []


@pytest.mark.parametrize("value", ["", "Bearer x", "AWS4-HMAC-SHA512 x", "Basic AKIDMARA:x"])
def test_another_kind_of_signature_is_none(front: Front, value: str) -> None:
    answer = exchange(front, header("Authorization", value)(signed(front, "GET", LIST)))
    assert (answer.status, answer.error) == (403, "MissingAuthenticationTokenException")


def test_a_part_of_a_signature_in_the_query_is_malformed(front: Front) -> None:
    raw = signed(front, "GET", f"{LIST}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={KEY}")
    answer = exchange(front, header("Authorization", None)(raw))
    assert (answer.status, answer.error) == (403, "InvalidSignatureException")


SIGNED_BUT_WRONG = [
    ("GET", "/2020-08-01/nothing", b"", 404, "UnknownOperationException"),
    ("GET", "/", b"", 404, "UnknownOperationException"),
    ("GET", "/2020-08-01/studios/s/", b"", 404, "UnknownOperationException"),
    ("PUT", LIST, b"{}", 404, "UnknownOperationException"),
    ("OPTIONS", LIST, b"", 404, "UnknownOperationException"),
    ("GET", "/2020-08-01/studios/", b"", 400, "ValidationException"),
    ("GET", "/2020-08-01/studios//launch-profiles", b"", 400, "ValidationException"),
    ("GET", "/2020-08-01/studios/%00", b"", 400, "ValidationException"),
    ("GET", "/2020-08-01/studios/%FF", b"", 400, "ValidationException"),
    ("GET", f"{LIST}?nextToken=%00", b"", 400, "ValidationException"),
    ("GET", f"{LIST}?nextToken=%FF", b"", 400, "ValidationException"),
    ("GET", f"{LIST}?nextToken=a&nextToken=b", b"", 400, "ValidationException"),
    ("GET", f"{LIST}?maxResults=", b"", 400, "ValidationException"),
    ("GET", f"{LIST}?maxResults=%D9%A1", b"", 400, "ValidationException"),
    ("GET", f"{LIST}?maxResults={'9' * 5000}", b"", 400, "ValidationException"),
    ("GET", f"{LIST}?{'states=READY&' * 1001}", b"", 400, "ValidationException"),
    ("DELETE", "/2020-08-01/tags/arn", b"", 400, "ValidationException"),
    ("POST", START, b"{", 400, "ValidationException"),
    ("POST", START, b"[]", 400, "ValidationException"),
    ("POST", START, b"null", 400, "ValidationException"),
    ("POST", START, b"\xff", 400, "ValidationException"),
    ("POST", START, b'{"backupId": NaN}', 400, "ValidationException"),
    ("POST", START, b'{"backupId": 7}', 400, "ValidationException"),
    ("POST", START, b'{"backupId": "\\u0000"}', 400, "ValidationException"),
    ("POST", START, b'{"backupId": "\\ud800"}', 400, "ValidationException"),
    ("POST", START, b"[" * 100_000, 400, "ValidationException"),
    ("POST", START, b'{"backupId": ' + b"7" * 5000 + b"}", 400, "ValidationException"),
    ("POST", START, b" " * 1_100_000, 413, "RequestEntityTooLargeException"),
]


@pytest.mark.parametrize(
    "case",
    SIGNED_BUT_WRONG,
    ids=[f"{case[0]} {case[1][:40]} {case[2][:20]!r}" for case in SIGNED_BUT_WRONG],
)
def test_signed_but_wrong(front: Front, case: tuple[str, str, bytes, int, str]) -> None:
    method, target, body, status, name = case
    answer = exchange(front, signed(front, method, target, body))
    assert (answer.status, answer.error) == (status, name)
    assert "x-amzn-requestid" in answer.headers
    assert front.calls == []


def test_an_encoded_slash_stays_in_its_label(front: Front) -> None:
    assert exchange(front, signed(front, "GET", "/2020-08-01/studios/a%2Fb%2f..")).status == 500
    assert front.calls[0].params == {"studioId": "a/b/.."}


def test_a_repeated_key_of_a_list(front: Front) -> None:
    answer = exchange(front, signed(front, "GET", f"{LIST}?states=READY&states=DELETED&x=1"))
    assert answer.status == 200
    assert front.calls[0].params == {"studioId": "s", "states": ["READY", "DELETED"]}


def test_a_name_that_was_pointed_at_loopback_is_not_answered(front: Front) -> None:
    for host in ("studio.example", "studio.example:80", "127.0.0.1.studio.example", ""):
        answer = exchange(front, header("Host", host)(signed(front, "GET", LIST)))
        assert (answer.status, answer.error) == (403, "AccessDeniedException")
    assert front.calls == []


RAW = [
    (b"GET /\r\n\r\n", 400),
    (b"BREW\r\n\r\n", 400),
    (b"GET / HTTP/2.0\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx", 400),
    (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\nx", 400),
    (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n", 413),
    (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10485760\r\n\r\n", 413),
    (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 411),
    (b"GET / HTTP/1.1\r\nX_Amz_Date: x\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: x\r\nA: b\r\na: c\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: x\r\nX_A: b\r\nX-A: c\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nno colon\r\nHost: x\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: x\r\n%s\r\n" % b"".join(b"A%d: b\r\n" % n for n in range(200)), 431),
    (b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"b" * 100_000 + b"\r\n\r\n", 431),
    (b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 431),
    (b"GET http://127.0.0.1/2020-08-01/studios HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 400),
    (b"GET * HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 400),
    (b"GET /\xff\x00 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 400),
]


@pytest.mark.parametrize(("data", "status"), RAW, ids=[repr(case[0][:60]) for case in RAW])
def test_not_even_a_request(front: Front, data: bytes, status: int) -> None:
    answer = exchange(front, data)
    assert answer.status == status
    assert "date" in answer.headers
    assert front.calls == []
    front.output = {"studios": []}
    assert front.client().list_studios()["studios"] == []


INNER = b"GET /2020-08-01/studios HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
SMUGGLED = [
    b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + INNER,
    b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n" + INNER,
    b"Transfer-Encoding: identity\r\nContent-Length: 0\r\n\r\n" + INNER,
    b"Content-Length: 0\r\nContent-Length: 5\r\n\r\n" + INNER,
    b"Content-Length: 0\r\ncontent-length: 0\r\n\r\n" + INNER,
    b"Content-Length: 0, 0\r\n\r\n" + INNER,
    b"Content-Length : 5\r\n\r\n" + INNER,
    b"Content_Length: 500\r\n\r\n" + INNER,
    b"Content-Length: 0x5\r\n\r\n" + INNER,
]


@pytest.mark.parametrize("headers", SMUGGLED)
def test_a_request_within_another_is_never_read(front: Front, headers: bytes) -> None:
    with connect_to(front.url, front.authority) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers)
        assert 400 <= read_answer(connection).status < 500
        with suppress(ConnectionError, ssl.SSLError):
            assert connection.recv(65536) == b""
    assert front.calls == []


def test_a_request_without_a_version_may_come_without_headers(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From Python 3.14 on the base class gives it a plain dict in their place."""
    parse = BaseHTTPRequestHandler.parse_request

    def parse_request(handler: BaseHTTPRequestHandler) -> bool:
        parsed = parse(handler)
        if handler.request_version == "HTTP/0.9":
            handler.headers = {}  # type: ignore[assignment]
        return parsed

    monkeypatch.setattr(BaseHTTPRequestHandler, "parse_request", parse_request)
    assert exchange(front, b"GET /\r\n\r\n").status == 400
