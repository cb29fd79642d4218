"""Streams of workstations: requested, polled, and checked.

Source: the AWS API reference, CreateStreamingSessionStream and GetStreamingSessionStream.
"""

from collections.abc import Callable, Mapping
from typing import Any

from nimble_tui.client.errors import CallError, closed, not_understood
from nimble_tui.client.executor import Executor
from nimble_tui.client.intent import Intent, Verb
from nimble_tui.client.reply_parsing import read_reply, require_same
from nimble_tui.client.session_actions import require_allowed
from nimble_tui.core.action_checks import check_connect
from nimble_tui.core.service import ErrorKind, StudioError
from nimble_tui.core.stream_urls import stream_url_problem
from nimble_tui.core.streams import StreamingSessionStream, StreamState, read_stream

_EXPIRATION = range(60, 3601)

Pause = Callable[[float], bool]
"""Waits some seconds; returns True immediately when the service is closed."""


def connect(
    executor: Executor, session_id: str, expiration_in_seconds: int | None, pause: Pause
) -> StreamingSessionStream:
    """Return a READY stream with a safe url; StudioError as for StudioService.connect."""
    session = executor.reader.get_streaming_session(session_id)
    info = executor.reader.info
    require_allowed(check_connect(session, read_only=info.read_only))
    seconds = expiration_in_seconds
    if seconds is not None and seconds not in _EXPIRATION:
        raise StudioError(
            ErrorKind.INVALID,
            f"Expiry must be {_EXPIRATION[0]} to {_EXPIRATION[-1]} seconds.",
        )
    parameters = {} if seconds is None else {"expiration_in_seconds": str(seconds)}
    intent = Intent(Verb.CONNECT, session_id, parameters)
    with executor.recorded(intent, session.state or ""):
        stream = _open(executor, intent, pause)
        problem = stream_url_problem(
            stream.url or "",
            endpoint_url=executor.api.endpoint_url,
            stream_hosts=info.stream_hosts,
        )
        if problem is not None:
            raise StudioError(ErrorKind.DENIED, problem)
    return stream


def _open(executor: Executor, intent: Intent, pause: Pause) -> StreamingSessionStream:
    """Ask for a stream and wait until it is READY."""
    limits, clock = executor.limits, executor.clock
    end = clock.monotonic() + limits.stream
    stream = _stream_of(executor.send(intent))
    studio_id, stream_id = executor.reader.info.studio_id, stream.stream_id
    polls = int(limits.stream / limits.poll_interval)
    while stream.state == StreamState.CREATE_IN_PROGRESS and polls and clock.monotonic() < end:
        polls -= 1
        if pause(limits.poll_interval):
            raise closed()
        reply = executor.api.call(
            lambda client: client.get_streaming_session_stream(
                studioId=studio_id, sessionId=intent.session_id, streamId=stream_id
            )
        )
        stream = _stream_of(reply)
        require_same(stream, stream.stream_id, stream_id)
    if stream.state == StreamState.READY and stream.url:
        return stream
    raise _without_picture(stream)


def _stream_of(reply: Mapping[str, Any]) -> StreamingSessionStream:
    return read_reply(read_stream, reply.get("stream"))


def _without_picture(stream: StreamingSessionStream) -> CallError:
    if stream.state == StreamState.READY:
        return not_understood("The studio returned no stream address")
    if stream.state == StreamState.CREATE_IN_PROGRESS:
        return CallError(
            ErrorKind.TROUBLE,
            "The workstation's desktop is not available yet; try to connect again in a minute.",
        )
    if stream.status_code == "NETWORK_CONNECTION_ERROR":
        return CallError(
            ErrorKind.TROUBLE,
            "The studio can't reach the workstation's desktop; try again in a minute, and ask "
            "your admin if it happens again.",
        )
    return CallError(
        ErrorKind.TROUBLE,
        "The studio could not open the workstation's desktop; try again in a minute, and ask your "
        "admin if it happens again.",
    )
