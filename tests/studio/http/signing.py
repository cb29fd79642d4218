"""Signature Version 4, spelt out from AWS's description, for what no library would sign."""

import hashlib
import hmac
from datetime import UTC, datetime
from urllib.parse import quote

from botocore.utils import normalize_url_path

from tests.studio.http.harness import KEY, REGION, SECRET, Raw

ALGORITHM = "AWS4-HMAC-SHA256"
EMPTY = hashlib.sha256(b"").hexdigest()


def sign(
    raw: Raw,
    *,
    signed: set[str] | None = None,
    key: str = KEY,
    secret: str = SECRET,
    service: str = "nimble",
    at: datetime | None = None,
) -> Raw:
    """Sign in the Authorization header; by default every header that the request has."""
    date = f"{at or datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    raw = raw._replace(headers={"X-Amz-Date": date} | raw.headers)
    names = ";".join(sorted(signed or {name.lower() for name in raw.headers}))
    scope = f"{date[:8]}/{REGION}/{service}/aws4_request"
    signature = _signature(secret, date, scope, _canonical(raw, names))
    value = f"{ALGORITHM} Credential={key}/{scope}, SignedHeaders={names}, Signature={signature}"
    return raw._replace(headers=raw.headers | {"Authorization": value})


def presign(
    raw: Raw,
    *,
    expires: object = 60,
    signed: str = "host",
    key: str = KEY,
    secret: str = SECRET,
    service: str = "nimble",
    at: datetime | None = None,
    content_hash: str | None = None,
) -> Raw:
    """Sign in the query."""
    date = f"{at or datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    scope = f"{date[:8]}/{REGION}/{service}/aws4_request"
    fields = {
        "X-Amz-Algorithm": ALGORITHM,
        "X-Amz-Credential": f"{key}/{scope}",
        "X-Amz-Date": date,
        "X-Amz-Expires": str(expires),
        "X-Amz-SignedHeaders": signed,
    }
    query = "&".join(f"{name}={escaped(value)}" for name, value in fields.items())
    raw = raw._replace(target=f"{raw.target}{'&' if '?' in raw.target else '?'}{query}")
    signature = _signature(secret, date, scope, _canonical(raw, signed, content_hash))
    return raw._replace(target=f"{raw.target}&X-Amz-Signature={signature}")


def escaped(text: str) -> str:
    """Percent-encode everything that AWS wants encoded."""
    return quote(text.encode("utf-8", "surrogateescape"), safe="~")


def _canonical(raw: Raw, names: str, content_hash: str | None = None) -> str:
    path, _, query = raw.target.partition("?")
    headers = {name.lower(): " ".join(value.split()) for name, value in raw.headers.items()}
    fields = sorted(field.partition("=")[::2] for field in query.split("&") if query)
    return "\n".join(
        [
            raw.method,
            quote(normalize_url_path(path).encode("utf-8", "surrogateescape"), safe="/~"),
            "&".join(f"{name}={value}" for name, value in fields),
            *(f"{name}:{headers[name]}" for name in names.split(";")),
            "",
            names,
            content_hash or hashlib.sha256(raw.body).hexdigest(),
        ]
    )


def _signature(secret: str, date: str, scope: str, canonical: str) -> str:
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = _hmac(key, part)
    digest = hashlib.sha256(canonical.encode("utf-8", "surrogateescape")).hexdigest()
    return _hmac(key, f"{ALGORITHM}\n{date}\n{scope}\n{digest}").hex()


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
