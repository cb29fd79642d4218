"""Stream operations; allowed to a session's owner and to admins.

Source: the AWS API reference, CreateStreamingSessionStream, GetStreamingSessionStream. Where that
is silent: a stream lasts two minutes unless the call says otherwise, counted from the request.
"""

from datetime import timedelta
from typing import Final

from nimble_tui.studio.compute import Stream
from nimble_tui.studio.http.errors import not_found, quota
from nimble_tui.studio.ids import new_id
from nimble_tui.studio.lifecycle import streams
from nimble_tui.studio.lifecycle.machines import shown_machine
from nimble_tui.studio.operations import streaming_sessions
from nimble_tui.studio.operations.request import Request
from nimble_tui.studio.operations.states import require_settled
from nimble_tui.studio.store.records import Document, Kind, Resource, stamp
from nimble_tui.studio.stream_tokens import stream_token

DEFAULT_EXPIRATION: Final = 120
"""Seconds: enough for a browser to open, little for anyone who finds the address later."""
MAX_LIVE: Final = 5
"""The most streams that a session can have at a time."""

_SHOWN: Final = (
    "streamId",
    "state",
    "statusCode",
    "ownedBy",
    "createdBy",
    "createdAt",
    "expiresAt",
)


def create_streaming_session_stream(request: Request) -> Document:
    """Create a stream of a session that is READY."""
    session = streaming_sessions.find(request)

    def effect() -> Resource:
        require_settled(session, {"READY"}, "connected to")
        if streams.count_live(request.tx, session.id, MAX_LIVE) >= MAX_LIVE:
            raise quota(
                f"This workstation already has {MAX_LIVE} links to its desktop; use one of "
                "them, or wait until one expires.",
                "STREAM_LIMIT",
            )
        seconds = request.params.get("expirationInSeconds", DEFAULT_EXPIRATION)
        document = {
            "streamId": new_id(request.chance),
            "sessionId": session.id,
            "ownedBy": session.document["ownedBy"],
            "createdBy": request.person.principal_id,
            "createdAt": stamp(request.now),
            "expiresAt": stamp(request.now + timedelta(seconds=seconds)),
        }
        step = request.compute.open_stream(shown_machine(request.tx, session), request.now)
        return streams.begin(request.tx, document, step)

    return {"stream": _shown(request, session, request.once(effect))}


def get_streaming_session_stream(request: Request) -> Document:
    """Return a stream, with its url while it is READY."""
    session = streaming_sessions.find(request)
    stream_id = request.params["streamId"]
    stream = request.tx.resource(Kind.STREAMING_SESSION_STREAM, stream_id)
    if stream is None or stream.document["sessionId"] != session.id:
        raise not_found(stream_id)
    return {"stream": _shown(request, session, stream.document)}


def _shown(request: Request, session: Resource, stream: Document) -> Document:
    shown = {name: stream[name] for name in _SHOWN}
    if stream["state"] == "READY":
        stream_id = stream["streamId"]
        way = Stream(stream_id, stream_token(request.tx, stream_id))
        shown["url"] = request.compute.stream_url(
            shown_machine(request.tx, session), way, request.own_url
        )
    return shown
