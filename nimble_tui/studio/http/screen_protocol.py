"""One screen: a browser's WebSocket on one side, a workstation's RFB socket on the other.

What one side sends waits until the other takes it. The limits below hold for each screen, so that
one of them, however it behaves, does not delay the others.
"""

import asyncio
import logging
import os
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from websockets.frames import Frame, Opcode
from websockets.protocol import Protocol, Side, State

from nimble_tui.studio.http.screen_gate import CloseCode

MAX_MESSAGE: Final = 512 * 1024
"""Bytes of a message from a browser; the longest is a clipboard's."""
MAX_BUFFER: Final = 1024 * 1024
"""Bytes that wait for a browser, beyond which it is cut off."""
HIGH_WATER: Final = 256 * 1024
READ_SIZE: Final = 4096
FRAMES_PER_SECOND: Final = 2000
"""A browser that sends more is read more slowly; keys and a mouse make less than 200."""
PING_SECONDS: Final = 20.0
PONG_SECONDS: Final = 40.0
GREETING_SECONDS: Final = 10.0
FAREWELL_SECONDS: Final = 1.0
NO_ANSWER: Final = "The workstation's screen does not answer. Try again in a minute."
LOST: Final = "The workstation's screen has ended."
_RESTART: Final = "The studio is restarting. Connect again in a minute."
_ONLY_BINARY: Final = "Only binary messages are accepted."

# Keys that a person types must not be logged, whatever the level.
_no_log = logging.getLogger(f"{__name__}.frames")
_no_log.disabled = True


class ScreenProtocol(asyncio.BufferedProtocol):
    """The browser's side, once its WebSocket is open.

    `ended` is called once, when its connection is over; `lost` when the workstation's side ends
    first, which is for the caller to explain with `end`.
    """

    def __init__(self, *, ended: Callable[[], None], lost: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._frames = Protocol(
            side=Side.SERVER, state=State.OPEN, max_size=MAX_MESSAGE, logger=_no_log
        )
        self._buffer = memoryview(bytearray(READ_SIZE))
        self._ended = ended
        self._lost = lost
        self._transport: asyncio.Transport | None = None
        self._rfb: RfbProtocol | None = None
        self._ping = b""
        self._timer: asyncio.TimerHandle | None = None
        self._resting: asyncio.TimerHandle | None = None
        self._is_ending = False
        self._is_held = False

    def begin(self, transport: asyncio.Transport) -> None:
        """Take over a connection whose reading is paused."""
        self._transport = transport
        transport.set_write_buffer_limits(HIGH_WATER)
        transport.set_protocol(self)

    def show(self, rfb: "RfbProtocol") -> None:
        """Start to relay data in both directions."""
        self._rfb = rfb
        if self._is_ending:
            rfb.close()
            return
        self._timer = self._loop.call_later(PING_SECONDS, self._send_ping)
        self._read_on()

    def end(self, code: int, sentence: str) -> None:
        """Close the WebSocket with a reason, and its connection soon after."""
        if not self._is_ending:
            self._frames.send_close(code, sentence)
            self._finish()

    def shutdown(self) -> None:
        """Close because the server shuts down; uvicorn calls this."""
        self.end(CloseCode.GOING_AWAY, _RESTART)

    def write(self, data: bytes) -> None:
        """Send data from the workstation's screen to the browser."""
        if not self._is_ending:
            self._frames.send_binary(data)
            self._flush()

    def hold(self) -> None:
        """Stop reading from the browser until `release`."""
        self._is_held = True
        if self._transport is not None:
            self._transport.pause_reading()

    def release(self) -> None:
        """Resume reading."""
        self._is_held = False
        self._read_on()

    def lose(self) -> None:
        """Report that the workstation's side has ended."""
        if not self._is_ending:
            self._lost()

    def get_buffer(self, sizehint: int) -> memoryview:
        """Return where the next bytes go; a small one, since others wait while it is worked on."""
        del sizehint
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Relay what the browser sent."""
        if self._is_ending:
            return
        self._frames.receive_data(bytes(self._buffer[:nbytes]))
        frames = self._frames.events_received()
        for frame in frames:
            if isinstance(frame, Frame):
                self._take(frame)
        if self._is_ending:
            return
        if self._frames.parser_exc is not None or self._frames.state is not State.OPEN:
            self._finish()
            return
        self._flush()
        rest = len(frames) / FRAMES_PER_SECOND
        if rest > 0.01:
            self._rest(rest)

    def eof_received(self) -> bool:
        """Close both directions: a WebSocket can't be half open."""
        return False

    def pause_writing(self) -> None:
        """Pause the workstation's side until the browser catches up."""
        if self._rfb is not None:
            self._rfb.hold()

    def resume_writing(self) -> None:
        """Resume the workstation's side."""
        if self._rfb is not None:
            self._rfb.release()

    def connection_lost(self, exc: Exception | None) -> None:
        """End the workstation's side too."""
        del exc
        self._is_ending = True
        for timer in (self._timer, self._resting):
            if timer is not None:
                timer.cancel()
        if self._rfb is not None:
            self._rfb.close()
        self._ended()

    def _take(self, frame: Frame) -> None:
        if frame.opcode in {Opcode.BINARY, Opcode.CONT} and self._rfb is not None:
            self._rfb.write(bytes(frame.data))
        elif frame.opcode is Opcode.TEXT:
            self.end(CloseCode.UNSUPPORTED_DATA, _ONLY_BINARY)
        elif frame.opcode is Opcode.PONG and self._ping and frame.data == self._ping:
            self._expect_ping()

    def _read_on(self) -> None:
        if self._transport is not None and not self._is_held and self._resting is None:
            self._transport.resume_reading()

    def _rest(self, seconds: float) -> None:
        if self._transport is not None and self._resting is None:
            self._transport.pause_reading()
            self._resting = self._loop.call_later(seconds, self._end_rest)

    def _end_rest(self) -> None:
        self._resting = None
        self._read_on()

    def _flush(self) -> None:
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        for data in self._frames.data_to_send():
            if data:  # what is empty stands for the end, which `_finish` brings
                transport.write(data)
        if transport.get_write_buffer_size() > MAX_BUFFER:
            transport.abort()

    def _send_ping(self) -> None:
        self._ping = os.urandom(8)
        self._frames.send_ping(self._ping)
        self._flush()
        self._timer = self._loop.call_later(PONG_SECONDS, self._abort)

    def _expect_ping(self) -> None:
        self._ping = b""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(PING_SECONDS, self._send_ping)

    def _finish(self) -> None:
        """Send what is left, then end the connection, whether or not the browser takes it."""
        self._is_ending = True
        self._flush()
        if self._rfb is not None:
            self._rfb.close()
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(FAREWELL_SECONDS, self._abort)
        if self._transport is not None:
            # What the browser still sends is read, or the reason would be lost to it.
            self._transport.resume_reading()
            if self._transport.can_write_eof():
                with suppress(OSError):  # the browser is gone already
                    self._transport.write_eof()
            else:  # TLS, which says goodbye in its own way
                self._transport.close()

    def _abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()


class RfbProtocol(asyncio.Protocol):
    """The workstation's side, which `screen` shows."""

    def __init__(self, screen: ScreenProtocol) -> None:
        self._screen = screen
        self._transport: asyncio.Transport | None = None
        self._loop = asyncio.get_running_loop()
        self._greeting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for its greeting."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what a stream socket has
        self._transport = transport
        transport.set_write_buffer_limits(HIGH_WATER)
        self._greeting = self._loop.call_later(
            GREETING_SECONDS, self._screen.end, CloseCode.NO_ANSWER, NO_ANSWER
        )

    def data_received(self, data: bytes) -> None:
        """Relay what it sends."""
        self._end_greeting()
        self._screen.write(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Report the end to the browser's side."""
        del exc
        self._end_greeting()
        self._screen.lose()

    def pause_writing(self) -> None:
        """Pause the browser's side."""
        self._screen.hold()

    def resume_writing(self) -> None:
        """Resume the browser's side."""
        self._screen.release()

    def write(self, data: bytes) -> None:
        """Send data from the browser to the screen."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def hold(self) -> None:
        """Stop reading until `release`."""
        if self._transport is not None:
            self._transport.pause_reading()

    def release(self) -> None:
        """Resume reading."""
        if self._transport is not None:
            self._transport.resume_reading()

    def close(self) -> None:
        """End the connection."""
        self._end_greeting()
        if self._transport is not None:
            self._transport.abort()

    def _end_greeting(self) -> None:
        if self._greeting is not None:
            self._greeting.cancel()
            self._greeting = None
