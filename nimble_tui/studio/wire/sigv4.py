"""Checks that a request is what the holder of an access key signed, and signed just now.

AWS Signature Version 4, in the Authorization header ("Signing AWS API requests" in the AWS
General Reference). The target is taken as it was sent, never through a URL parser, so that what
is checked and what is answered cannot differ.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple
from urllib.parse import quote

from botocore.utils import normalize_url_path

from nimble_tui.studio.wire.codec import Request
from nimble_tui.studio.wire.errors import ApiError, invalid_signature, unknown_key

ALGORITHM: Final = "AWS4-HMAC-SHA256"
MAX_SKEW: Final = timedelta(minutes=15)

_TIMESTAMP: Final = "%Y%m%dT%H%M%SZ"
_MUST_BE_SIGNED: Final = frozenset({"host", "x-amz-date"})
_PART: Final = re.compile(r"(Credential|SignedHeaders|Signature)=([^\s,]+)")


class _Claim(NamedTuple):
    """What the Authorization header says."""

    access_key_id: str
    scope: tuple[str, str, str, str]
    signed_headers: list[str]
    signature: str

    @property
    def service(self) -> str:
        """What it was signed for."""
        return self.scope[2]


@dataclass(frozen=True)
class Verifier:
    """Checks signatures for some services in one region.

    `services` are the names that a signature may be for, the most usual first. `secret_of`
    returns the secret of an access key, or None for a key that nobody may use; `now` the time of
    day, aware.
    """

    services: Sequence[str]
    region: str
    secret_of: Callable[[str], str | None]
    now: Callable[[], datetime]

    def verify(self, request: Request) -> str:
        """Return the access key that signed the request.

        Raises an `ApiError` (all are status 403): MissingAuthenticationTokenException without a
        signature, UnrecognizedClientException for an unknown key, InvalidSignatureException for
        everything else.
        """
        claim = _claim(request.headers)
        secret = self.secret_of(claim.access_key_id)
        if secret is None:
            raise unknown_key()
        timestamp = self._timestamp(request.headers)
        service = claim.service if claim.service in self.services else self.services[0]
        expected_scope = (timestamp[:8], self.region, service, "aws4_request")
        if claim.scope != expected_scope:
            raise invalid_signature(
                f"The signature is for {'/'.join(claim.scope)[:200]}; "
                f"here it must be for {'/'.join(expected_scope)}."
            )
        _require_signed(claim.signed_headers, request.headers)
        content_hash = hashlib.sha256(request.body).hexdigest()
        if request.headers.get("x-amz-content-sha256", content_hash) != content_hash:
            raise invalid_signature("The signature must cover the request's body.")
        canonical = _canonical(request, claim.signed_headers, content_hash)
        expected = _signature(secret, timestamp, expected_scope, canonical)
        if not hmac.compare_digest(expected.encode(), claim.signature.encode("utf-8", "replace")):
            raise invalid_signature(
                "The signature does not match the request: the secret access key is not the one "
                "of this access key, or the request was altered on its way."
            )
        return claim.access_key_id

    def _timestamp(self, headers: Mapping[str, str]) -> str:
        text = headers.get("x-amz-date", "")
        try:
            signed_at = datetime.strptime(text, _TIMESTAMP).replace(tzinfo=UTC)
        except ValueError:
            raise invalid_signature(
                "The request has no X-Amz-Date of the form 20200801T120000Z."
            ) from None
        now = self.now()
        if abs(now - signed_at) > MAX_SKEW:
            raise invalid_signature(
                f"The request was signed at {signed_at:%Y-%m-%d %H:%M:%S} UTC, and here it is "
                f"{now.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC: more than 15 minutes apart. "
                "One of the two clocks is wrong."
            )
        return signed_at.strftime(_TIMESTAMP)


def signed_for(headers: Mapping[str, str]) -> str:
    """Return the service that a request says it was signed for, unchecked; "" for none."""
    try:
        return _claim(headers).service
    except ApiError:
        return ""


def _claim(headers: Mapping[str, str]) -> _Claim:
    algorithm, _, rest = headers.get("authorization", "").strip().partition(" ")
    if algorithm != ALGORITHM:
        message = "The request is not signed with an access key."
        raise ApiError("MissingAuthenticationTokenException", message, "NOT_SIGNED")
    parts = dict(_PART.findall(rest))
    access_key_id, *scope = parts.get("Credential", "").split("/")
    if len(parts) != 3 or len(scope) != 4:
        raise invalid_signature("The Authorization header is not well formed.")
    date, region, service, ending = scope
    return _Claim(
        access_key_id,
        (date, region, service, ending),
        parts["SignedHeaders"].split(";"),
        parts["Signature"],
    )


def _require_signed(signed: list[str], headers: Mapping[str, str]) -> None:
    meaningful = {name for name in headers if name.startswith("x-amz-")}
    unsigned = (_MUST_BE_SIGNED | meaningful) - set(signed)
    if unsigned:
        names = ", ".join(sorted(unsigned))
        raise invalid_signature(f"The signature must cover these headers: {names[:200]}.")
    if signed != sorted(set(signed)) or not headers.keys() >= set(signed):
        raise invalid_signature("The signature covers headers that the request does not have.")


def _canonical(request: Request, signed_headers: list[str], content_hash: str) -> str:
    headers = [f"{name}:{' '.join(request.headers[name].split())}\n" for name in signed_headers]
    fields = request.raw_query.split("&") if request.raw_query else []
    pairs = sorted(field.partition("=")[::2] for field in fields)
    return "\n".join(
        [
            request.method,
            quote(normalize_url_path(request.raw_path), safe="/~"),
            "&".join(f"{name}={value}" for name, value in pairs),
            "".join(headers),
            ";".join(signed_headers),
            content_hash,
        ]
    )


def _signature(
    secret: str, timestamp: str, scope: tuple[str, str, str, str], canonical: str
) -> str:
    key = f"AWS4{secret}".encode()
    for part in scope:
        key = _hmac(key, part)
    digest = hashlib.sha256(canonical.encode("utf-8", "surrogateescape")).hexdigest()
    return _hmac(key, "\n".join([ALGORITHM, timestamp, "/".join(scope), digest])).hex()


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
