"""Checks that a request is what the holder of an access key signed, and that it is still valid.

AWS Signature Version 4 ("Signing AWS API requests" in the AWS General Reference). The target is
taken as it was sent, never through a URL parser, so that what is checked and what is answered
cannot differ.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import quote

from botocore.utils import normalize_url_path

from nimble_tui.studio.http.claims import ALGORITHM, Claim, claim_of
from nimble_tui.studio.http.codec import Request
from nimble_tui.studio.http.errors import invalid_signature, unknown_key

MAX_SKEW: Final = timedelta(minutes=15)

_TIMESTAMP: Final = "%Y%m%dT%H%M%SZ"
_CONTENT_HASH: Final = "x-amz-content-sha256"


@dataclass(frozen=True)
class Verifier:
    """Checks signatures for some services in one region.

    `services` are the names that a signature may be for, the most usual first. `secret_of`
    returns the secret of an access key, or None for a key that is not valid; `times` the times of
    day, aware, of which a signature must fit one, the studio's own first.
    """

    services: Sequence[str]
    region: str
    secret_of: Callable[[str], str | None]
    times: Callable[[], Sequence[datetime]]

    def verify(self, request: Request) -> str:
        """Return the access key that signed the request.

        Raises an `ApiError` (all are status 403): MissingAuthenticationTokenException without a
        signature, UnrecognizedClientException for an unknown key, InvalidSignatureException for
        everything else.
        """
        claim = claim_of(request)
        secret = self.secret_of(claim.access_key_id)
        if secret is None:
            raise unknown_key()
        self._check_time(claim)
        service = claim.service if claim.service in self.services else self.services[0]
        expected_scope = (claim.timestamp[:8], self.region, service, "aws4_request")
        if claim.scope != expected_scope:
            raise invalid_signature(
                f"The signature is for {'/'.join(claim.scope)[:200]}; "
                f"here it must be for {'/'.join(expected_scope)}."
            )
        _require_signed(claim, request.headers)
        # Whatever the request says its hash is, UNSIGNED-PAYLOAD included, only this one counts.
        content_hash = hashlib.sha256(request.body).hexdigest()
        if request.headers.get(_CONTENT_HASH, content_hash) != content_hash:
            raise invalid_signature("The signature must cover the request's body.")
        canonical = _canonical(request, claim, content_hash)
        expected = _signature(secret, claim.timestamp, expected_scope, canonical)
        if not hmac.compare_digest(expected, claim.signature):
            raise invalid_signature(
                "The signature does not match the request: the secret access key is not the one "
                "of this access key, or the request was altered on its way."
            )
        return claim.access_key_id

    def _check_time(self, claim: Claim) -> None:
        try:
            signed_at = datetime.strptime(claim.timestamp, _TIMESTAMP).replace(tzinfo=UTC)
        except ValueError:
            signed_at = None
        # Other spellings are read too, and would differ from what was signed.
        if signed_at is None or signed_at.strftime(_TIMESTAMP) != claim.timestamp:
            raise invalid_signature("The request has no X-Amz-Date of the form 20200801T120000Z.")
        # While the studio does not believe the machine's clock, either of the two may be the one
        # that the clients have, and no client should be shut out for that.
        problems = [_time_problem(claim, signed_at, now) for now in self.times()]
        if all(problems):
            raise invalid_signature(problems[0])


def _time_problem(claim: Claim, signed_at: datetime, now: datetime) -> str:
    """Return why a signature made at `signed_at` is not valid `now`; "" for a valid one."""
    age = now - signed_at
    if claim.lifetime is not None and age > claim.lifetime:
        return (
            f"The signature expired at {signed_at + claim.lifetime:%Y-%m-%d %H:%M:%S} UTC; "
            "sign the request again."
        )
    if age < -MAX_SKEW or (claim.lifetime is None and age > MAX_SKEW):
        return (
            f"The request was signed at {signed_at:%Y-%m-%d %H:%M:%S} UTC, and here it is "
            f"{now.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC: more than 15 minutes apart. "
            "One of the two clocks is wrong."
        )
    return ""


def _require_signed(claim: Claim, headers: Mapping[str, str]) -> None:
    """Refuse a signature that leaves out what decides the meaning of the request.

    The hash of the body may be left out: it is compared with the body itself.
    """
    required = {name for name in headers if name.startswith("x-amz-")} - {_CONTENT_HASH}
    required |= {"host"} if claim.lifetime else {"host", "x-amz-date"}
    unsigned = required - set(claim.signed_headers)
    if unsigned:
        names = ", ".join(sorted(unsigned))
        raise invalid_signature(f"The signature must cover these headers: {names[:200]}.")
    signed = claim.signed_headers
    if signed != sorted(set(signed)) or not headers.keys() >= set(signed):
        raise invalid_signature("The signature covers headers that the request does not have.")


def _canonical(request: Request, claim: Claim, content_hash: str) -> str:
    names = claim.signed_headers
    headers = [f"{name}:{' '.join(request.headers[name].split())}\n" for name in names]
    return "\n".join(
        [
            request.method,
            quote(normalize_url_path(request.raw_path), safe="/~"),
            "&".join(f"{name}={value}" for name, value in sorted(claim.query)),
            "".join(headers),
            ";".join(names),
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
