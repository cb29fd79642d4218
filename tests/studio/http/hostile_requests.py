"""Requests that no honest client sends, made by chance out of the API's own operations."""

import json
import random
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from botocore.model import ListShape, MapShape, OperationModel, Shape, StringShape, StructureShape

from nimble_tui.api import aws_service_model, service_model
from tests.studio.http.harness import Raw
from tests.studio.http.signing import escaped, presign, sign

AWS = {name: aws_service_model(name) for name in ("identitystore", "datazone")}
OPERATIONS: list[tuple[str, OperationModel]] = [
    ("nimble", service_model().operation_model(name)) for name in service_model().operation_names
] + [
    (service, AWS[service].operation_model(name))
    for service, names in {
        "identitystore": ("ListUsers", "DescribeUser"),
        "datazone": (
            "GetUserProfile",
            "SearchUserProfiles",
            "CreateUserProfile",
            "UpdateUserProfile",
        ),
    }.items()
    for name in names
]
# Bytes that are not UTF-8 are spelt as Python's surrogate escapes.
FOREIGN = ["\0", "é", "٠١٢", "\udcff", "\udced\udca0\udc80", "\udcc0\udc80", "\x85", "\xa0"]
TEXTS = [
    *("", " ", *FOREIGN),
    *("%", "%%", "%0", "%zz", "%u0041", "%00", "%FF", "%ED%A0%80", "%C0%80", "%2F..%2F", "%25"),
    *("..", "/../", "//", ";", "&", "=", "?", "#", "+", ","),
    *("\\", '"', "'", "`", "{}", "[]", "<a>"),
    *("0", "-1", "-0", "1e999", "NaN", "9" * 18, "9" * 19, "-" + "9" * 30, "9" * 5000, "٣", "²"),
    *("a" * 300, "é" * 2000, "A" * 20_000, ":" * 3000, "/" * 3000, "?" * 3000, "=&" * 1500),
    *("null", "true", "AAAA", "_" * 32, "-" * 32, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
    *("'; DROP TABLE resources; --", "${jndi:x}", "{{7*7}}", "../../etc/passwd", "\x1b]52;c;\x07"),
]
VALUES: list[Any] = [
    *TEXTS,
    *("\ud800", "x\udfff\ud800", "\uffff", "\U0010ffff", "\u202e", "a\0b", "\r\n", "\u2028"),
    *(None, True, False, 0, -1, 2**31, 2**63, -(2**63) - 1, 2**64, 10**400, 1.5, 1e308, -0.0),
    *([], {}, [[]], [None], [{}], {"": ""}, {"\0": "\0"}, {"\ud800": {}}, {"__type": "x"}),
    *(["x"] * 2000, {str(number): "x" for number in range(200)}),
]
BODIES = [
    *(b"", b" ", b"{", b"}", b"[]", b"null", b"0", b'"', b"\xff", b"\xef\xbb\xbf{}", b"{}{}"),
    *(b'{"a":1,}', b"{'a':1}", b'{"a":NaN}', b'{"a":1e99999}', b'{"a":' + b"9" * 5000 + b"}"),
    *(b"[" * 50_000, b'{"a":' * 50_000, b'{"a":"\\ud800"}', b'{"a":"\\u00', b"\0" * 1000),
    *("{}".encode(name) for name in ("utf-16", "utf-32", "utf-7")),
]
DATES = [
    *("00000101T000000Z", "00010101T000000Z", "99991231T235959Z", "20260230T000000Z", "20261301"),
    *("99999999T999999Z", "-0010101T000000Z", "20260302T090060Z", "20260302T090061Z", "2026"),
    *("٢٠٢٦٠٣٠٢T٠٩٠٠٠٠Z", "20260302T090000", "2026-03-02T09:00:00Z", ""),
    *("\0", "\udcff", "9" * 3000),
]
LINES = [
    *(b"GET / HTTP/1.1", b"GET /", b"GET", b"", b" ", b"\0", b"\xff\xfe", b"GET  /  HTTP/1.1"),
    *(b"GET / HTTP/", b"GET / HTTP/1", b"GET / HTTP/1.1.1", b"GET / HTTP/-1.1", b"GET / HTTP/9.9"),
    *(b"GET / HTTP/1." + b"9" * 5000, b"GET / HTTP/\xb2.\xb2"),
    *(b"GET / HTTP/1.1 x", b"PRI * HTTP/2.0"),
    *(b"GET http://[ HTTP/1.1", b"GET //x HTTP/1.1"),
    *(b"CONNECT x:1 HTTP/1.1", b"\x16\x03\x01\x02\x00"),
    *(b"GET /stream/ HTTP/1.1", b"GET /stream/a%00?authToken=\xff HTTP/1.1", b"G\xffT / HTTP/1.1"),
    *(b"HEAD / HTTP/1.1", b"TRACE / HTTP/1.0", b"get / http/1.1", b"GET /%FF?%FF HTTP/1.1"),
    *(b"GET /" + b"?" * 20_000 + b"\x7f HTTP/1.1", b"GET /\x85\xa0 HTTP/1.1"),
    *(b"GET /\x1c HTTP/1.1",),
]
HEADERS = [
    *(b"Host: 127.0.0.1", b"Host:", b"Host: \xff", b"Host: [::1", b"Host: a:b:c", b"host: ::::::"),
    *(b"Host: x\r\nHost: y", b"A", b": x", b" : x", b"A : b", b"\0: \0", b"\xff: \xff", b" folded"),
    *(b"Content-Length: 0", b"Content-Length:", b"Content-Length: -1", b"Content-Length: 1e3"),
    *(b"Content-Length: \xb2", b"Content-Length: 9999999999999999", b"Content-Length: 3"),
    *(b"Transfer-Encoding: chunked", b"Expect: 100-continue", b"Connection: close, \xff"),
    *(b"Content-Type: \xff", b"Content-Type: application/json; charset=\xff"),
    *(b"X-Amz-Target: \xff",),
    *(b"X-Amz-Date: \xff", b"X-Amz-Date: 00000101T000000Z", b"X-Forwarded-Proto: \xff"),
    *(b"Authorization: AWS4-HMAC-SHA256 ", b"Authorization: AWS4-HMAC-SHA256 Credential=\xff"),
    b"Authorization: AWS4-HMAC-SHA256 Credential=\xff/a/b/nimble/c, SignedHeaders=a, Signature=b",
    *(b"A: " + b"x" * 10_000, b"\r\n".join([b"A: b"] * 90), b"A: b\rC: d"),
    *(b"A: b\nC: d", b"A: \x85"),
]


class HostileRequests:
    """Makes requests by chance; `keys` are pairs of an access key and its secret.

    `known` holds real values by the names of members, so that requests get past the first checks.
    """

    def __init__(
        self,
        seed: int,
        host: str,
        keys: Iterable[tuple[str, str]],
        known: Mapping[str, list[str]],
    ) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - not for secrets
        self._host = host
        self._keys = list(keys)
        self._known = known

    def noise(self) -> bytes:
        """Return what may not even be a request."""
        pick = self._chance
        headers = pick.sample(HEADERS, pick.randrange(5))
        body = pick.choice([b"", b"", b"x", pick.randbytes(20)])
        data = bytearray(b"\r\n".join([pick.choice(LINES), *headers, b"", body]))
        if pick.random() < 0.3:
            for _ in range(pick.randrange(1, 6)):
                data[pick.randrange(len(data))] = pick.randrange(256)
        return bytes(data)

    def request(self) -> Raw:
        """Return a request that is wrong in its content, or in its signature, or in neither."""
        raw, service = self._call()
        pick = self._chance
        key, secret = pick.choice(self._keys)
        if pick.random() < 0.1:
            expires = pick.choice([60, 604_800, pick.choice(TEXTS)])
            raw = presign(raw, expires=expires, key=key, secret=secret, service=service)
        else:
            raw = sign(raw, key=key, secret=secret, service=service)
        return self._spoilt(raw) if pick.random() < 0.3 else raw

    def _call(self) -> tuple[Raw, str]:
        service, operation = self._chance.choice(OPERATIONS)
        shape = operation.input_shape
        assert isinstance(shape, StructureShape)
        members = shape.members
        target = str(operation.http["requestUri"])
        query: list[str] = []
        headers = {"Host": self._host, "Content-Type": "application/json"}
        body: dict[str, Any] = {}
        for name, member in members.items():
            location = member.serialization.get("location")
            key = member.serialization.get("name", name)
            if location == "uri":
                target = target.replace(f"{{{key}}}", self._escaped(self._text(name)))
            elif self._chance.random() < 0.4 and name not in shape.required_members:
                continue
            elif location == "querystring":
                count = self._chance.choice([1, 1, 1, 2, 30]) if self._rarely() else 1
                query += [f"{key}={self._escaped(self._text(name))}" for _ in range(count)]
            elif location == "header":
                headers[key] = self._text(name).replace("\r", "").replace("\n", "").strip()
            else:
                body[name] = self._value(name, member)
        if service == "identitystore":
            headers["Content-Type"] = "application/x-amz-json-1.1"
            headers["X-Amz-Target"] = f"AWSIdentityStore.{operation.name}"
        content = json.dumps(body).encode() if body else b""
        return self._distorted(
            Raw(operation.http["method"], target, headers, content), query
        ), service

    def _distorted(self, raw: Raw, query: list[str]) -> Raw:
        """Return a request with its query, and seldom with something odd in each of its parts."""
        headers, content, target = dict(raw.headers), raw.body, raw.target
        if self._rarely():
            headers[self._chance.choice(["Content-Type", "X-Amz-Target"])] = self._header_text()
        if self._rarely():
            query.append(self._chance.choice(TEXTS[:200]).replace(" ", ""))
        if self._rarely():
            content = self._chance.choice(BODIES)
        if query:
            target += "?" + "&".join(query)
        headers["Content-Length"] = str(len(content))
        return Raw(raw.method, target, headers, content)

    def _spoilt(self, raw: Raw) -> Raw:
        """Return a request altered after it was signed."""
        pick = self._chance
        name = pick.choice([*raw.headers, "Authorization", "X-Amz-Date", "X-Amz-Security-Token"])
        value = raw.headers.get(name, "")
        # Where the parts of a value begin is where a reader is most easily misled.
        at = pick.choice([0, len(value), *(one.end() for one in re.finditer("[=/,; ]", value))])
        changes: list[Callable[[], Raw]] = [
            lambda: raw._replace(headers=raw.headers | {name: self._header_text()}),
            lambda: raw._replace(headers=raw.headers | {"X-Amz-Date": pick.choice(DATES)}),
            lambda: raw._replace(
                headers=raw.headers | {name: value[:at] + self._header_text() + value[at:]}
            ),
            lambda: raw._replace(headers={k: v for k, v in raw.headers.items() if k != name}),
            lambda: raw._replace(target=raw.target + self._header_text().replace(" ", "")),
            lambda: raw._replace(target=self._header_text().replace(" ", "") + raw.target),
            lambda: raw._replace(method=pick.choice(["PUT", "\udcff", "HEAD", "X" * 3000])),
        ]
        spoilt = pick.choice(changes)()
        if name == "Content-Length" or "Content-Length" not in spoilt.headers:
            return raw
        return spoilt

    def _rarely(self) -> bool:
        return self._chance.random() < 0.1

    def _header_text(self) -> str:
        return self._chance.choice(TEXTS)

    def _text(self, name: str) -> str:
        known = self._known.get(name)
        if known and not self._rarely():
            return self._chance.choice(known)
        return self._chance.choice(TEXTS)

    def _escaped(self, text: str) -> str:
        """Percent-encode a text, seldom not, and then only what a target can hold."""
        if self._rarely():
            return "".join(one for one in text if one > " " and one not in "\x85\xa0")
        return escaped(text)

    def _value(self, name: str, shape: Shape) -> Any:
        pick = self._chance
        if self._rarely():
            return pick.choice(VALUES)
        if isinstance(shape, StructureShape):
            members = list(shape.members.items())
            if shape.is_tagged_union and not self._rarely():
                members = [pick.choice(members)]
            return {
                name: self._value(name, member)
                for name, member in members
                if name in shape.required_members or shape.is_tagged_union or pick.random() < 0.6
            }
        if isinstance(shape, ListShape):
            return [self._value(name, shape.member) for _ in range(pick.choice([0, 1, 1, 2, 3]))]
        if isinstance(shape, MapShape):
            return {self._text("tag"): self._value(name, shape.value) for _ in range(2)}
        if shape.type_name == "integer":
            least, most = shape.metadata.get("min", 0), shape.metadata.get("max", 10)
            return pick.choice([least, most, pick.randint(least, most)])
        if isinstance(shape, StringShape) and shape.enum:
            return pick.choice(shape.enum)
        return pick.choice(self._known[name]) if name in self._known else self._text(name)
