"""The claims of a request about its signature, in the Authorization header or in its query.

Source: AWS Signature Version 4 ("Signing AWS API requests" in the AWS General Reference). Nothing
here is checked against a secret yet: see `Verifier`.
"""

from datetime import timedelta
from typing import Final, NamedTuple
from urllib.parse import unquote

from nimble_tui.studio.http.codec import Request
from nimble_tui.studio.http.errors import ApiError, invalid_signature

ALGORITHM: Final = "AWS4-HMAC-SHA256"
MAX_LIFETIME: Final = timedelta(days=7)
"""The longest that a signature in the query may be valid."""

_LONGEST: Final = 8192
_BLANKS: Final = " \t"  # those of HTTP; `str.strip` removes others too, which no client sends
_HEADER_PARTS: Final = frozenset({"Credential", "SignedHeaders", "Signature"})
_QUERY_PARTS: Final = frozenset({"Algorithm", "Credential", "Date", "Expires", *_HEADER_PARTS})
_PREFIX: Final = "X-Amz-"
_SIGNATURE: Final = f"{_PREFIX}Signature"


class Claim(NamedTuple):
    """The signer of a request, its scope and its time; all of it printable ASCII.

    `lifetime` is how long the signature is valid, None where only the two clocks must agree.
    `query` are the names and values of the query that the signature covers, as they were sent.
    """

    access_key_id: str
    scope: tuple[str, str, str, str]
    signed_headers: list[str]
    signature: str
    timestamp: str
    lifetime: timedelta | None
    query: list[tuple[str, str]]

    @property
    def service(self) -> str:
        """The service that the request was signed for."""
        return self.scope[2]


def claim_of(request: Request) -> Claim:
    """Return the claim of a request.

    Raises MissingAuthenticationTokenException for a request that is not signed, and
    InvalidSignatureException for a claim that is malformed or made twice.
    """
    fields = request.raw_query.split("&") if request.raw_query else []
    query = [(name, value) for name, _, value in (field.partition("=") for field in fields)]
    header = request.headers.get("authorization", "").strip(_BLANKS)
    in_query = {name for name, _ in query} & {_SIGNATURE, f"{_PREFIX}Algorithm"}
    if header and in_query:
        raise invalid_signature("The request is signed both in a header and in its query.")
    return _query_claim(query) if in_query else _header_claim(request, header, query)


def signed_for(request: Request) -> str:
    """Return the service that a request says it was signed for, unchecked; "" for none."""
    try:
        return claim_of(request).service
    except ApiError:
        return ""


def _header_claim(request: Request, header: str, query: list[tuple[str, str]]) -> Claim:
    algorithm, _, rest = header.partition(" ")
    _require_algorithm(algorithm)
    pairs = [part.strip(_BLANKS).partition("=") for part in rest.split(",")]
    parts = {name: value for name, _, value in pairs}
    date = request.headers.get("x-amz-date", "")
    if len(pairs) != len(parts) or parts.keys() != _HEADER_PARTS:
        raise invalid_signature("The Authorization header is not well formed.")
    return _claim(parts | {"Date": date}, None, query, "The Authorization header")


def _query_claim(query: list[tuple[str, str]]) -> Claim:
    pairs = [
        (name.removeprefix(_PREFIX), unquote(value))
        for name, value in query
        if name.removeprefix(_PREFIX) in _QUERY_PARTS and name.startswith(_PREFIX)
    ]
    parts = dict(pairs)
    _require_algorithm(parts.get("Algorithm", ""))
    expires = parts.get("Expires", "")
    if len(pairs) != len(parts) or parts.keys() != _QUERY_PARTS:
        raise invalid_signature("The signature in the query is not well formed.")
    if not (expires.isascii() and expires.isdigit() and len(expires) < 7):
        raise _bad_lifetime()
    lifetime = timedelta(seconds=int(expires))
    if not timedelta() < lifetime <= MAX_LIFETIME:
        raise _bad_lifetime()
    signed = [(name, value) for name, value in query if name != _SIGNATURE]
    return _claim(parts, lifetime, signed, "The signature in the query")


def _claim(
    parts: dict[str, str], lifetime: timedelta | None, query: list[tuple[str, str]], where: str
) -> Claim:
    access_key_id, *scope = parts["Credential"].split("/")
    text = "".join(parts.values())
    if len(scope) != 4 or len(text) > _LONGEST or not (text.isascii() and text.isprintable()):
        raise invalid_signature(f"{where} is not well formed.")
    date, region, service, ending = scope
    return Claim(
        access_key_id,
        (date, region, service, ending),
        parts["SignedHeaders"].split(";"),
        parts["Signature"],
        parts["Date"],
        lifetime,
        query,
    )


def _require_algorithm(algorithm: str) -> None:
    if algorithm != ALGORITHM:
        message = "The request is not signed with an access key."
        raise ApiError("MissingAuthenticationTokenException", message, "NOT_SIGNED")


def _bad_lifetime() -> ApiError:
    return invalid_signature("X-Amz-Expires must be from 1 to 604800 seconds.")
