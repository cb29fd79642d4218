"""The screens of workstations: who can open one, and when it ends.

A stream's token opens a screen until the stream expires. A screen that is open does not expire: it
ends with the run of its workstation, and once the person may no longer see it.
"""

import logging
import socket
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Final

from nimble_tui.studio import rights
from nimble_tui.studio.compute import Compute, Machine
from nimble_tui.studio.compute.local import sockets
from nimble_tui.studio.http.screen_gate import CloseCode, RefusedError, Screen
from nimble_tui.studio.lifecycle import streams
from nimble_tui.studio.lifecycle.machines import shown_machine
from nimble_tui.studio.store.bad_records import log_bad_record
from nimble_tui.studio.store.database import Store
from nimble_tui.studio.store.errors import StoreError
from nimble_tui.studio.store.records import Kind, Resource
from nimble_tui.studio.store.transaction import Transaction
from nimble_tui.studio.stream_tokens import check_stream_token

ENDED: Final = "The workstation was stopped."
_REVOKED: Final = "You can no longer see this workstation's screen."
_NOT_FOUND: Final = "This link is not complete, or it is too old. Connect again to get a new one."
_EXPIRED: Final = "This link has expired. Connect again to get a new one."
_NOT_READY: Final = "The workstation is not running. Start it, then connect again."
_NO_ANSWER: Final = "The workstation's screen does not answer. Try again in a minute."

logger = logging.getLogger(__name__)


class Screens:
    """The screens of one studio; `tick` does what is due before its data is read."""

    def __init__(self, store: Store, compute: Compute, tick: Callable[[], None]) -> None:
        self._store = store
        self._compute = compute
        self._tick = tick

    def open(self, stream_id: str, token: str) -> tuple[Screen, socket.socket]:
        """Return the screen that a stream's token opens, and a connection to it."""
        screen, path = self._find(stream_id, token)
        if path is not None:
            try:
                # Without a wait: a workstation that takes no connection would hold up a thread.
                return screen, sockets.connect(path, 0)
            except OSError as error:
                logger.warning("The screen of %s cannot be reached: %s", screen.session_id, error)
        raise RefusedError(CloseCode.NO_ANSWER, _NO_ANSWER)

    def ended(self, screens: Collection[Screen]) -> Mapping[Screen, str]:
        """Return the screens that may be shown no longer, and why."""
        try:
            self._tick()
            with self._store.read() as tx:
                reasons = {screen: _known_reason(tx, screen) for screen in screens}
        except StoreError:  # those who could see it a moment ago still can
            return {}
        return {screen: reason for screen, reason in reasons.items() if reason}

    def _find(self, stream_id: str, token: str) -> tuple[Screen, Path | None]:
        """Return the screen that a stream's token opens, and its socket."""
        try:
            self._tick()
            with self._store.read() as tx, log_bad_record("stream", stream_id):
                screen, machine = _screen(tx, _stream(tx, stream_id, token))
                return screen, self._compute.screen_socket(machine)
        except StoreError as error:
            logger.warning("A screen could not be opened: %s", error)
        raise RefusedError(CloseCode.NO_ANSWER, _NO_ANSWER)


def _stream(tx: Transaction, stream_id: str, token: str) -> Resource:
    """Return the stream that a token opens; RefusedError where there is none, or it is over."""
    stream = tx.resource(Kind.STREAMING_SESSION_STREAM, stream_id)
    if stream is None or not check_stream_token(tx, stream_id, token):
        raise RefusedError(CloseCode.NOT_FOUND, _NOT_FOUND)
    if stream.state != "READY":
        raise RefusedError(CloseCode.EXPIRED, _EXPIRED)
    return stream


def _screen(tx: Transaction, stream: Resource) -> tuple[Screen, Machine]:
    """Return the screen of a stream and its machine; RefusedError where it cannot be seen now."""
    session = tx.resource(Kind.STREAMING_SESSION, stream.document["sessionId"])
    person = tx.person(stream.document["createdBy"])
    if session is None or session.state != "READY":
        raise RefusedError(CloseCode.NOT_READY, _NOT_READY)
    if person is None or not person.active or not rights.may_access(person, session):
        raise RefusedError(CloseCode.NOT_FOUND, _REVOKED)
    machine = shown_machine(tx, session)
    screen = Screen(
        stream_id=stream.id,
        session_id=session.id,
        principal_id=person.principal_id,
        access_key_id=person.access_key_id,
        shares_clipboard=machine.stream_configuration.get("clipboardMode") == "ENABLED",
    )
    return screen, machine


def _known_reason(tx: Transaction, screen: Screen) -> str:
    """Return why a screen ends now; one whose records cannot be read ends too."""
    with log_bad_record("screen", screen.session_id):
        return _reason(tx, screen)
    return _REVOKED


def _reason(tx: Transaction, screen: Screen) -> str:
    """Return why a screen ends now, "" where it does not."""
    session = tx.resource(Kind.STREAMING_SESSION, screen.session_id)
    if session is None or session.state != "READY":
        return ENDED
    person = tx.person(screen.principal_id)
    if person is None or not person.active or not rights.may_access(person, session):
        return _REVOKED
    if person.access_key_id != screen.access_key_id:
        return _REVOKED
    stream = tx.resource(Kind.STREAMING_SESSION_STREAM, screen.stream_id)
    return _REVOKED if stream is not None and streams.was_revoked(stream) else ""
