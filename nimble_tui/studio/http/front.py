"""The studio's front: a request in, one call inside, a reply out."""

import logging
import math
import re
import traceback
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from nimble_tui.api import SERVICE
from nimble_tui.studio.http.claims import signed_for
from nimble_tui.studio.http.codec import Codec, Reply, Request
from nimble_tui.studio.http.errors import ApiError, access_denied, internal, throttled, validation
from nimble_tui.studio.http.services import SERVICES, codec_of
from nimble_tui.studio.http.sigv4 import Verifier

if TYPE_CHECKING:
    from nimble_tui.studio.http.rate_limit import RateLimit

LOOPBACK_HOSTS: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})
PAGE: Final = "page"
"""The operation of a reply that is a page for a person."""
MAX_BODY: Final = 1024 * 1024
_HOST: Final = re.compile(r"(?:[\w.-]{1,253}|\[[0-9A-Fa-f:.]{1,45}\])(?::\d{1,5})?", re.ASCII)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Call:
    """One operation to carry out: its name and parameters as the API has them, and for whom.

    `own_url` is the address under which the caller reached the studio, `client` the caller's own.
    """

    operation: str
    params: Mapping[str, Any] = field(repr=False)  # names and scripts are the caller's own
    access_key_id: str
    request_id: str
    own_url: str
    client: str = ""


class Application:
    """Answers the Nimble Studio API, for any server that passes on the raw target.

    It speaks for the services in `SERVICES`; which one is called is what the request is signed for.

    `dispatch` carries out a call and returns its output, by the API's member names, or raises an
    `ApiError`. `page` returns the page for a person at a path and query, or None where there is
    none; it is for GET and HEAD, without any signature. `secret_of` returns the secret of an
    access key, or None. `times` returns the time of day, aware, and after it any other that a
    signature may fit. `region` is the one that signatures must be for. With `allowed_hosts` (names
    without a port, in lower case) a request that was sent to another name is refused: a server on
    loopback would otherwise answer web pages that point their own name at it. `public_url` is where
    callers reach the studio; without it that is what each of them has used. `rate_limit` says how
    often one key may call, without any limit where it is None.
    """

    def __init__(
        self,
        *,
        dispatch: Callable[[Call], Mapping[str, Any]],
        page: Callable[[str, str], Reply | None],
        secret_of: Callable[[str], str | None],
        times: Callable[[], Sequence[datetime]],
        region: str,
        allowed_hosts: frozenset[str] | None = None,
        public_url: str | None = None,
    ) -> None:
        self._dispatch = dispatch
        self._public_url = public_url
        self.rate_limit: RateLimit | None = None
        self._page = page
        self._times = times
        self._allowed_hosts = allowed_hosts
        self._verifier = Verifier(SERVICES, region, secret_of, times)
        codec_of(SERVICE)  # read before the first request, which shall not wait for it

    def __call__(self, request: Request) -> Reply:
        """Return the whole reply to a request, whatever the request is."""
        request_id = str(uuid.uuid4())
        reply = self._answer(request, request_id)
        headers = {
            **reply.headers,
            "Content-Length": str(len(reply.body)),
            "Date": format_datetime(self._times()[0], usegmt=True),
            "x-amzn-RequestId": request_id,
        }
        if reply.status == HTTPStatus.NO_CONTENT:
            del headers["Content-Length"]
        body = reply.body if request.method != "HEAD" else b""
        return reply._replace(headers=headers, body=body)

    def _answer(self, request: Request, request_id: str) -> Reply:
        codec, operation = codec_of(SERVICE), ""
        try:
            _check_form(request)
            codec = codec_of(signed_for(request))
            self._check_host(request)
            if request.method in {"GET", "HEAD"}:
                page = self._page(request.raw_path, request.raw_query)
                if page is not None:
                    return page._replace(operation=PAGE)
            access_key_id = self._verifier.verify(request)
            self._check_rate(access_key_id)
            operation, params = codec.parse(request)
            own_url = self._public_url or _own_url(request)
            call = Call(operation, params, access_key_id, request_id, own_url, request.client)
            output = self._dispatch(call)
            return codec.reply(operation, output)._replace(operation=operation)
        except ApiError as error:
            return _error_reply(codec, error, operation)
        except Exception as error:  # noqa: BLE001 - whatever it is, the caller gets an answer
            return _error_reply(codec, _unexpected(error, request_id), operation)

    def _check_rate(self, access_key_id: str) -> None:
        wait = self.rate_limit.wait(access_key_id) if self.rate_limit else 0.0
        if wait > 0:
            raise throttled(math.ceil(wait))

    def _check_host(self, request: Request) -> None:
        host = re.sub(r":\d*$", "", request.headers.get("host", "")).lower()
        if self._allowed_hosts is not None and host not in self._allowed_hosts:
            raise access_denied("The studio does not answer to this host name.", "HOST_NOT_ALLOWED")


def _error_reply(codec: Codec, error: ApiError, operation: str) -> Reply:
    reply = codec.error_reply(error)._replace(operation=operation)
    if error.retry_after:
        reply.headers["Retry-After"] = str(error.retry_after)
    return reply


def _own_url(request: Request) -> str:
    """Return where the caller of a signed request reached the studio.

    The Host header is under the signature, so it is what the caller itself has used.
    """
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host):
        raise validation("The Host header is not the name of a host.", "MALFORMED_HOST")
    return f"{request.scheme}://{host}"


def _check_form(request: Request) -> None:
    target = request.raw_path + request.raw_query
    printable = target.isascii() and target.isprintable() and " " not in target
    if not (printable and request.raw_path.startswith("/")):
        raise validation("The request's target is not a path.", "MALFORMED_TARGET")
    if len(request.body) > MAX_BODY:
        message = f"The request's body is larger than {MAX_BODY} bytes."
        raise ApiError("RequestEntityTooLargeException", message, "BODY_TOO_LARGE")


def _unexpected(error: Exception, request_id: str) -> ApiError:
    """Log what kind of error rose and where, never its text: that may hold a secret."""
    frames = traceback.extract_tb(error.__traceback__)
    places = " > ".join(f"{frame.name} ({frame.filename}:{frame.lineno})" for frame in frames)
    logger.error("Request %s failed: %s in %s", request_id, type(error).__name__, places)
    return internal(f"The studio failed; its log has more under request {request_id}.")
