"""The way to a workstation's screen: a stream asked for, waited for, its address checked.

Source: the AWS API reference, CreateStreamingSessionStream and GetStreamingSessionStream.
"""

from collections.abc import Callable, Mapping
from typing import Any

from nimble_tui.client.answers import read_reply, same
from nimble_tui.client.faults import CallError, not_understood
from nimble_tui.client.intent import Intent, ask
from nimble_tui.client.transport import Limits
from nimble_tui.client.wire import Wire
from nimble_tui.core.clock import Clock
from nimble_tui.core.members import read_stream
from nimble_tui.core.service import ErrorKind
from nimble_tui.core.streams import StreamingSessionStream, StreamState

Pause = Callable[[float], bool]
"""Waits so many seconds; returns True at once when there is nothing to wait for any more."""


def open_stream(
    wire: Wire, studio_id: str, intent: Intent, *, limits: Limits, clock: Clock, pause: Pause
) -> StreamingSessionStream:
    """Ask for a stream and return it once it is READY; its url is not checked yet.

    Raises CallError when it fails, or is not READY in time.
    """
    end = clock.monotonic() + limits.stream
    stream = _stream_of(wire.call(lambda client: ask(client, studio_id, intent)))
    stream_id = stream.stream_id
    looks = int(limits.stream / limits.look)
    while stream.state == StreamState.CREATE_IN_PROGRESS and looks and clock.monotonic() < end:
        looks -= 1
        if pause(limits.look):
            break
        reply = wire.call(
            lambda client: client.get_streaming_session_stream(
                studioId=studio_id, sessionId=intent.session_id, streamId=stream_id
            )
        )
        stream = _stream_of(reply)
        same(stream, stream.stream_id, stream_id)
    if stream.state == StreamState.READY and stream.url:
        return stream
    raise _without_picture(stream)


def _stream_of(reply: Mapping[str, Any]) -> StreamingSessionStream:
    return read_reply(read_stream, reply.get("stream"))


def _without_picture(stream: StreamingSessionStream) -> CallError:
    if stream.state == StreamState.READY:
        return not_understood("The studio tells no address of this workstation's screen")
    if stream.state == StreamState.CREATE_IN_PROGRESS:
        return CallError(
            ErrorKind.TROUBLE,
            "The workstation's screen is not there yet; try to connect again in a minute.",
        )
    if stream.status_code == "NETWORK_CONNECTION_ERROR":
        return CallError(
            ErrorKind.TROUBLE,
            "The studio cannot reach the workstation's screen; try again in a minute, "
            "and ask your admin if it stays.",
        )
    return CallError(
        ErrorKind.TROUBLE,
        "The studio could not open the workstation's screen; try again in a minute, "
        "and ask your admin if it stays.",
    )
