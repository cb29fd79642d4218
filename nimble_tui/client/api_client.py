"""API calls: each with a deadline, retried where that is safe."""

import random
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders

from nimble_tui.client.aws_profile import AwsProfile
from nimble_tui.client.call_log import RECORD, CallLog, CallRecord
from nimble_tui.client.deadlines import CURRENT, Call, CallRunner
from nimble_tui.client.errors import LAST_REQUEST_ID, CallError, Peer, from_exception
from nimble_tui.client.json_body import ParsedBody
from nimble_tui.client.reply_checks import PARSED_LATER, check
from nimble_tui.client.transport import Limits, Transport
from nimble_tui.core.clock import Clock
from nimble_tui.core.rules import READ_ONLY
from nimble_tui.core.service import ErrorKind

if TYPE_CHECKING:
    from mypy_boto3_nimble.client import NimbleStudioClient

Request = Callable[["NimbleStudioClient"], Mapping[str, Any]]

BODY = "body"
"""The key of a body that is parsed later."""

_READS_BY_POST = frozenset({"DescribeUser", "ListUsers", "SearchUserProfiles"})


class ApiClient:
    """One studio's API; every method raises CallError and nothing else, from any thread."""

    def __init__(
        self,
        client: "NimbleStudioClient",
        transport: Transport,
        peer: Peer,
        profile: AwsProfile | None,
        *,
        read_only: bool,
        limits: Limits,
        clock: Clock,
        log: CallLog,
    ) -> None:
        self._client = client
        self._transport = transport
        self._peer = peer
        self._profile = profile
        self._read_only = read_only
        self._limits = limits
        self._clock = clock
        self._log = log
        self._runner = CallRunner(peer, clock)
        # Its types know no handler that answers, which is what this event is for.
        events: Any = client.meta.events
        service_id: Any = client.meta.service_model.service_id
        events.register(f"before-call.{service_id.hyphenize()}", _begin_try)
        events.register(f"before-send.{service_id.hyphenize()}", self._send)
        for operation in PARSED_LATER:
            events.register(f"before-parse.{service_id.hyphenize()}.{operation}", _leave_body)

    @property
    def endpoint_url(self) -> str:
        """The endpoint of all requests."""
        return self._client.meta.endpoint_url

    def call(self, request: Request, seconds: float | None = None) -> Mapping[str, Any]:
        """Return what `request` returns when it is given the client.

        Of operations that are READ_LATER it is the reply's BODY alone.
        `seconds` is the time it has if that is less than the usual. Whatever is sent again is
        sent as it was, client token included.
        """
        time = self._limits.call if seconds is None else min(seconds, self._limits.call)

        def run() -> Mapping[str, Any]:
            return self._logged(request, time)

        # Nothing was sent yet where a signature needs an answer of the person first.
        return self._profile.with_answers(run) if self._profile else run()

    def close(self) -> None:
        """Abort pending calls and close the connections."""
        self._runner.close()
        self._transport.close()
        self._client.close()

    def _logged(self, request: Request, seconds: float) -> Mapping[str, Any]:
        record, error = CallRecord(), ""
        at, began = self._clock.now(), self._clock.monotonic()
        try:
            return self._runner.run(lambda: self._tries(request, record), seconds)
        except CallError as fault:
            error = fault.kind.value
            fault.name_request(record.request_id)
            raise
        finally:
            LAST_REQUEST_ID.set(record.request_id)
            self._log.write(record, at, self._clock.monotonic() - began, error)

    def _tries(self, request: Request, record: CallRecord) -> Mapping[str, Any]:
        call = CURRENT.get()
        RECORD.set(record)
        tried = 0
        maybe_applied = False
        while True:
            try:
                return request(self._client)
            except Exception as error:  # noqa: BLE001 - parsing a reply can raise anything
                fault = from_exception(error, self._peer)
            tried += 1
            # What an earlier try may have done, a later refusal does not undo.
            maybe_applied = fault.maybe_applied = maybe_applied or fault.maybe_applied
            if not fault.again or tried >= self._limits.attempts:
                raise fault
            self._pause(call, fault, tried)

    def _pause(self, call: Call, fault: CallError, tried: int) -> None:
        spread = random.uniform(0.5, 1.0)  # noqa: S311 - nothing secret about it
        pause = max(self._limits.pause * 2 ** (tried - 1) * spread, fault.retry_after)
        if pause >= call.left():
            raise fault
        call.pause(pause)

    def _send(self, request: AWSPreparedRequest, event_name: str, **_: object) -> AWSResponse:
        """Send a signed request in botocore's place and check the reply."""
        operation = event_name.rpartition(".")[2]
        reads = request.method == "GET" or operation in _READS_BY_POST
        if self._read_only and not reads:
            raise CallError(ErrorKind.REFUSED, READ_ONLY.reason)
        parts = urlsplit(request.url)
        reply = self._transport.send(
            request.method,
            parts.path + (f"?{parts.query}" if parts.query else ""),
            {name: _text(value) for name, value in request.headers.items()},
            request.body if isinstance(request.body, bytes) and request.body else None,
        )
        RECORD.get().end_try(reply.status, reply.headers.get("x-amzn-RequestId", ""))
        values = check(reply, operation, self._peer, self._clock.now())
        headers = HTTPHeaders()
        for name, value in reply.headers.items():
            headers[name] = value
        body = reply.body if values is None else ParsedBody.of(reply.body, values)
        return _Response(request.url, reply.status, headers, body)


def _begin_try(event_name: str, **_: object) -> None:
    RECORD.get().begin_try(event_name.rpartition(".")[2])


def _leave_body(
    response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: object
) -> None:
    """Withhold a long body from botocore's parser, which is slow."""
    customized_response_dict[BODY] = response_dict["body"]
    response_dict["body"] = b"{}"


class _Response(AWSResponse):
    """A reply that was read already, as botocore wants to have it."""

    def __init__(self, url: str, status: int, headers: HTTPHeaders, body: bytes) -> None:
        super().__init__(url, status, headers, BytesIO(body))
        self._body = body

    @property
    def content(self) -> bytes:
        """The body as it was read."""
        return self._body


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value
