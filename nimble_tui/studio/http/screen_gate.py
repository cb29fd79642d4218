"""The decisions about screens that a server asks for: who can open one, and when it ends."""

import socket
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol


class CloseCode(IntEnum):
    """The status codes with which a screen's WebSocket is closed.

    Source: RFC 6455, sections 7.4.1 and 7.4.2; those from 4000 on are our own, and end in the
    HTTP status of the same meaning.
    """

    GOING_AWAY = 1001
    UNSUPPORTED_DATA = 1003
    ENDED = 4000
    NOT_FOUND = 4404
    NOT_READY = 4409
    EXPIRED = 4410
    TOO_MANY = 4429
    NO_ANSWER = 4424


class RefusedError(Exception):
    """A screen cannot be opened; the text is a sentence for the artist, of at most 120 bytes."""

    def __init__(self, code: CloseCode, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen that a person opened; `access_key_id` is the key they had then.

    `shares_clipboard` says whether the clipboard is shared with the person's computer.
    """

    stream_id: str
    session_id: str
    principal_id: str
    access_key_id: str
    shares_clipboard: bool


class Gate(Protocol):
    """Decides about screens; its methods may wait for the disk."""

    def open(self, stream_id: str, token: str) -> tuple[Screen, socket.socket]:
        """Return the screen that a stream's token opens, and a connection to it.

        Raises RefusedError.
        """
        ...

    def ended(self, screens: Collection[Screen]) -> Mapping[Screen, str]:
        """Return the screens that may be shown no longer, and for each a sentence that says why."""
        ...
