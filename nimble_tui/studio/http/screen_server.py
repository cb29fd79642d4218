"""The screens that a server shows: opened, counted, and ended once they may be shown no longer."""

import asyncio
import functools
import logging
import socket
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from nimble_tui.studio.http.asgi import AsgiFront, TooBusyError, head_of
from nimble_tui.studio.http.codec import Reply
from nimble_tui.studio.http.observing import Answered
from nimble_tui.studio.http.proxies import Proxies
from nimble_tui.studio.http.refusal import refusal
from nimble_tui.studio.http.screen_gate import CloseCode, Gate, RefusedError, Screen
from nimble_tui.studio.http.screen_handshake import (
    Names,
    ScreenRequest,
    read_screen_request,
    switching,
)
from nimble_tui.studio.http.screen_protocol import LOST, RfbProtocol, ScreenProtocol

MAX_SCREENS: Final = 100
MAX_PER_PERSON: Final = 10
MAX_PER_STREAM: Final = 3
"""A page that is loaded again may overlap with itself."""
OPEN_SECONDS: Final = 10.0
WATCH_SECONDS: Final = 0.5
"""The time within which a screen ends that may be shown no longer."""
SCREEN: Final = "screen"
"""The operation of a request that is for a screen."""
_TOO_MANY: Final = "Too many windows show workstations. Close one, then connect again."
_OWN_CODES: Final = 4000

logger = logging.getLogger(__name__)

Opened = tuple[Screen, socket.socket]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request with an Upgrade header, and its connection, whose reading is paused.

    `headers` hold the stream's token. `left` is called once the connection is over, if it was taken
    over.
    """

    transport: asyncio.Transport
    method: str
    target: str
    version: str
    headers: Sequence[tuple[bytes, bytes]] = field(repr=False)
    peer: str
    scheme: str
    left: Callable[[], None]


class ScreenServer:
    """Opens screens as a `gate` allows, which is called in the threads of `front`.

    `names` are those of the server's own pages; `proxies` and `observe` are as for `AsgiFront`.
    """

    def __init__(
        self,
        gate: Gate,
        names: Names,
        front: AsgiFront,
        proxies: Proxies,
        observe: Callable[[Answered], None],
    ) -> None:
        self._gate = gate
        self._names = names
        self._front = front
        self._proxies = proxies
        self._observe = observe
        self._shown: dict[ScreenProtocol, Screen] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._watcher: asyncio.Task[None] | None = None

    @property
    def open_screens(self) -> int:
        """The number of screens that are open."""
        return len(self._shown)

    async def open(self, arrival: Arrival, connections: set[Any]) -> HTTPStatus:
        """Open the screen that a request is for, or return the status that refuses it.

        SWITCHING_PROTOCOLS says that the connection was taken over, and is one of `connections`,
        which the server shuts down at its own end.
        """
        begun = time.monotonic()
        sender = self._proxies.sender(arrival.peer, arrival.scheme, arrival.headers)
        request = self._read(arrival, sender.scheme)
        admitted: Opened | RefusedError | HTTPStatus
        if isinstance(request, HTTPStatus):
            admitted = request
        else:
            admitted = await self._admit(request, arrival.transport)
            if not isinstance(admitted, HTTPStatus):
                await self._take_over(request, admitted, arrival, connections)
        status, answer = _statuses(admitted)
        operation = SCREEN if isinstance(request, ScreenRequest) else ""
        self._observe(
            Answered(
                arrival.method,
                arrival.target.partition("?")[0],
                sender.address,
                Reply(status, {}, b"", operation),
                time.monotonic() - begun,
            )
        )
        return answer

    def _read(self, arrival: Arrival, scheme: str) -> ScreenRequest | HTTPStatus:
        headers = [
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in arrival.headers
        ]
        return refusal(arrival.version, arrival.target, headers) or read_screen_request(
            arrival.method, arrival.target, headers, scheme, self._names
        )

    async def _admit(
        self, request: ScreenRequest, transport: asyncio.Transport
    ) -> Opened | RefusedError | HTTPStatus:
        deadline = asyncio.get_running_loop().call_later(OPEN_SECONDS, transport.abort)
        try:
            screen, connection = await self._front.in_thread(
                self._gate.open, request.stream_id, request.token
            )
        except RefusedError as error:
            return error
        except TooBusyError:
            return HTTPStatus.SERVICE_UNAVAILABLE
        except Exception as error:  # noqa: BLE001 - its text may hold a secret
            logger.warning("A screen could not be opened: %s", type(error).__name__)
            return HTTPStatus.INTERNAL_SERVER_ERROR
        finally:
            deadline.cancel()
        if self._has_room(screen):
            return screen, connection
        connection.close()
        return RefusedError(CloseCode.TOO_MANY, _TOO_MANY)

    def _has_room(self, screen: Screen) -> bool:
        shown = self._shown.values()
        of_stream = sum(one.stream_id == screen.stream_id for one in shown)
        of_person = sum(one.principal_id == screen.principal_id for one in shown)
        return (
            len(shown) < MAX_SCREENS and of_stream < MAX_PER_STREAM and of_person < MAX_PER_PERSON
        )

    async def _take_over(
        self,
        request: ScreenRequest,
        admitted: Opened | RefusedError,
        arrival: Arrival,
        connections: set[Any],
    ) -> None:
        """Begin the WebSocket; a refusal is the reason with which it ends at once.

        A browser shows its page nothing of any other reply.
        """
        if arrival.transport.is_closing():
            if not isinstance(admitted, RefusedError):
                admitted[1].close()
            return
        protocol = ScreenProtocol(
            ended=lambda: self._forget(protocol, arrival, connections),
            lost=lambda: self._explain_soon(protocol),
        )
        shares_clipboard = not isinstance(admitted, RefusedError) and admitted[0].shares_clipboard
        headers = switching(request, shares_clipboard=shares_clipboard)
        arrival.transport.write(head_of(HTTPStatus.SWITCHING_PROTOCOLS, headers))
        connections.add(protocol)
        protocol.begin(arrival.transport)
        if isinstance(admitted, RefusedError):
            protocol.end(admitted.code, str(admitted))
            return
        self._shown[protocol], connection = admitted
        loop = asyncio.get_running_loop()
        _, rfb = await loop.create_connection(
            functools.partial(RfbProtocol, protocol), sock=connection
        )
        protocol.show(rfb)
        if self._watcher is None:
            self._watcher = self._start(self._watch())

    def _forget(self, protocol: ScreenProtocol, arrival: Arrival, connections: set[Any]) -> None:
        connections.discard(protocol)
        self._shown.pop(protocol, None)
        arrival.left()

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _watch(self) -> None:
        """End screens that may be shown no longer, as long as any is open."""
        try:
            while self._shown:
                await asyncio.sleep(WATCH_SECONDS)
                await self._end_over(list(self._shown))
        finally:
            self._watcher = None

    def _explain_soon(self, protocol: ScreenProtocol) -> None:
        self._start(self._explain(protocol))

    async def _explain(self, protocol: ScreenProtocol) -> None:
        """End a screen whose workstation ended it, with the reason where that is known."""
        await self._end_over([protocol])
        protocol.end(CloseCode.ENDED, LOST)

    async def _end_over(self, protocols: Sequence[ScreenProtocol]) -> None:
        screens = {one: self._shown[one] for one in protocols if one in self._shown}
        try:
            reasons = await self._front.in_thread(self._gate.ended, set(screens.values()))
        except TooBusyError:
            return
        except Exception as error:  # noqa: BLE001 - its text may hold a secret
            logger.warning("The open screens could not be checked: %s", type(error).__name__)
            return
        for protocol, screen in screens.items():
            if screen in reasons:
                protocol.end(CloseCode.ENDED, reasons[screen])


def _statuses(admitted: Opened | RefusedError | HTTPStatus) -> tuple[HTTPStatus, HTTPStatus]:
    """Return the status to log and the one to answer."""
    if isinstance(admitted, HTTPStatus):
        return admitted, admitted
    if isinstance(admitted, RefusedError):
        return HTTPStatus(admitted.code - _OWN_CODES), HTTPStatus.SWITCHING_PROTOCOLS
    return HTTPStatus.SWITCHING_PROTOCOLS, HTTPStatus.SWITCHING_PROTOCOLS
