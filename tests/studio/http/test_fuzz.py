"""Malformed requests by the hundred: each is answered, and none is the studio's own failure."""

import logging
import re
import socket
import ssl
from collections import Counter
from contextlib import ExitStack, suppress

import pytest

from nimble_tui.studio.http.codec import Request
from tests.studio.http.harness import KINDS, Raw, Servers, connect_to, server_of
from tests.studio.http.hostile_requests import FOREIGN, HostileRequests
from tests.studio.http.signing import escaped, presign, sign
from tests.studio.world import MARA, STUDIO_ID, World, open_world

RUNS = [pytest.param(1, 400), pytest.param(2, 10_000, marks=pytest.mark.slow)]


def _requests(world: World, seed: int, url: str = "") -> HostileRequests:
    people = world.studio.people()
    known: dict[str, list[str]] = {}
    with world.studio._store.read() as tx:  # noqa: SLF001 - what is there, to be named in requests
        for resource in tx.everything():
            for name, value in resource.document.items():
                if isinstance(value, str) and name.endswith(("Id", "arn", "ype", "ersona")):
                    known.setdefault(name, []).append(value)
    about = world.studio.about
    known |= {
        "studioId": [STUDIO_ID],
        "resourceArn": known.pop("arn"),
        "principalId": [one.principal_id for one in people],
        "ownedBy": [one.principal_id for one in people],
        "identityStoreId": [about.identity_store_id],
        "IdentityStoreId": [about.identity_store_id],
        "UserId": [one.principal_id for one in people],
        "domainIdentifier": [about.domain_id],
        "userIdentifier": [one.principal_id for one in people],
        "launchProfileProtocolVersions": ["2021-03-31"],
        "platform": ["LINUX"],
        "launchPurpose": ["VIRTUAL_WORKSTATION"],
    }
    keys = [(one.access_key_id, one.secret_access_key) for one in people]
    return HostileRequests(seed, (url or world.url).partition("://")[2], keys, known)


def _request(raw: Raw) -> Request:
    """Return what a server would make of a request."""

    def latin(text: str) -> str:
        return text.encode("utf-8", "surrogateescape").decode("latin-1")

    headers = [(latin(name), latin(value)) for name, value in raw.headers.items()]
    return Request.of(latin(raw.method), latin(raw.target), headers, raw.body)


def _answer(world: World, raw: Raw) -> tuple[str, str]:
    """Have the application answer a request; return the status and the body."""
    reply = world.studio.application(_request(raw))
    return str(reply.status), reply.body.decode()


def test_foreign_bytes_in_any_part_of_a_signature_are_refused(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    mara = next(one for one in world.studio.people() if one.principal_id == MARA)
    key, secret = mara.access_key_id, mara.secret_access_key
    host = {"Host": world.url.removeprefix("http://")}
    bare = Raw("GET", "/2020-08-01/studios", host)
    in_header = sign(bare, key=key, secret=secret)
    in_query = presign(bare, key=key, secret=secret)
    assert _answer(world, in_header)[0] == _answer(world, in_query)[0] == "200"
    altered = []
    for foreign in FOREIGN:
        for name in ("Authorization", "X-Amz-Date"):
            value = in_header.headers[name]
            altered += [
                in_header._replace(
                    headers=in_header.headers | {name: f"{value[:at]}{foreign}{value[at:]}"}
                )
                for at in _starts(value, "[=/,; ]")
            ]
        altered += [
            in_query._replace(
                target=f"{in_query.target[:at]}{escaped(foreign)}{in_query.target[at:]}"
            )
            for at in _starts(in_query.target, "=|%2F")
        ]
    found = {_answer(world, one)[0]: one for one in altered}
    assert found.keys() == {"403"}, found
    assert caplog.text == ""


def _starts(text: str, separator: str) -> list[int]:
    return [one.end() for one in re.finditer(separator, text)] or [0]


@pytest.mark.parametrize(("seed", "count"), RUNS)
def test_the_application_never_fails(
    seed: int, count: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    failed, statuses = [], Counter[str]()
    with open_world() as world:
        requests = _requests(world, seed)
        secrets = [one.secret_access_key for one in world.studio.people()]
        for number in range(count):
            raw = requests.request()
            status, said = _answer(world, raw)
            statuses[status] += 1
            if status >= "5" or any(secret in said for secret in secrets):
                failed.append((number, status, repr(raw)[:300], caplog.text[-300:]))
    assert failed == []
    assert statuses["200"] > 0  # some get past every check
    assert caplog.text == ""


SERVER_RUNS = [
    pytest.param(*run, kind, marks=marks)
    for kind in KINDS
    for run, marks in (((1, 100), ()), ((2, 20_000), pytest.mark.slow))
]


@pytest.mark.parametrize(("seed", "count", "kind"), SERVER_RUNS)
def test_the_server_never_fails(
    seed: int, count: int, kind: str, servers: Servers, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    failed, statuses = [], Counter[str]()
    with open_world() as world, ExitStack() as stack:
        server = server_of(kind, world.studio.application, servers.authority)
        stack.enter_context(server)
        requests = _requests(world, seed, server.endpoint_url)
        for number in range(count):
            data = requests.noise() if number % 2 else requests.request().encoded()
            with connect_to(server.endpoint_url, servers.authority) as connection:
                found = _statuses(connection, data)
            statuses.update(found)
            if any(one >= "5" for one in found):
                failed.append((number, found, data[:300]))
    assert failed == []
    assert statuses["200"] > 0  # some get past every check
    # Some say that they were forwarded, which is logged once.
    assert [one for one in caplog.messages if "trusted_proxies" not in one] == []
    assert len(caplog.messages) <= 1


def _statuses(connection: socket.socket, data: bytes) -> list[str]:
    """Send bytes and nothing more; return the statuses of every answer."""
    received = b""
    with suppress(OSError):
        connection.sendall(data)
        if isinstance(connection, ssl.SSLSocket):
            connection.settimeout(0.02)  # there is no way to say that this was all
        else:
            connection.shutdown(socket.SHUT_WR)
        while more := connection.recv(65536):
            received += more
    return re.findall(r"HTTP/1\.1 (\d+)", received.decode("latin-1"))
