"""The request for a screen's WebSocket: read, checked, and answered.

Source: RFC 6455, section 4.2. The stream's token comes as the last of three subprotocols: a header,
unlike an address, is in no log.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import formatdate
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from nimble_tui.studio.http.screen_pages import SOCKET_PATH

SUBPROTOCOLS: Final = ("nimble-screen", "nimble-screen-without-clipboard")
"""The second is chosen where the launch profile does not share the clipboard."""
_ACCEPT: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_TOKEN: Final = re.compile(r"[A-Za-z0-9_.~-]{16,512}")
_VERSION: Final = "13"


@dataclass(frozen=True, slots=True)
class ScreenRequest:
    """A request for a screen: its stream and token, and the key to be answered."""

    stream_id: str
    token: str = field(repr=False)
    key: str


class Names:
    """The names under which a server's pages can be, for a request's Host and Origin.

    `hosts` are without a port and in lower case, None for any; `public_url` is the address behind a
    proxy that changes the Host.
    """

    def __init__(self, hosts: Collection[str] | None = None, public_url: str | None = None) -> None:
        self._hosts = hosts
        self._public_url = public_url

    def are_own(self, host: str, origin: str, scheme: str) -> bool:
        """Return whether a page at `origin` is our own, in a request to `host`."""
        name = re.sub(r":\d{1,5}$", "", host).lower()
        if self._hosts is not None and name not in self._hosts:
            return False
        if self._public_url is not None and _is_same(origin, self._public_url):
            return True
        return _is_same(origin, f"{scheme}://{host}")


def read_screen_request(
    method: str, target: str, headers: Sequence[tuple[str, str]], scheme: str, names: Names
) -> ScreenRequest | HTTPStatus:
    """Return what a request with an Upgrade header is for, or the status that refuses it.

    Its form was checked (see `refusal`).
    """
    named = SOCKET_PATH.fullmatch(target)
    if named is None:
        return HTTPStatus.NOT_FOUND
    if method != "GET":
        return HTTPStatus.METHOD_NOT_ALLOWED
    values = {name.lower(): value for name, value in headers}
    if values.get("sec-websocket-version") != _VERSION or int(values.get("content-length", "0")):
        return HTTPStatus.BAD_REQUEST
    if not names.are_own(values.get("host", ""), values.get("origin", ""), scheme):
        return HTTPStatus.FORBIDDEN
    key = values.get("sec-websocket-key", "")
    offered = [one.strip() for one in values.get("sec-websocket-protocol", "").split(",")]
    if not _is_key(key) or tuple(offered[:-1]) != SUBPROTOCOLS or not _TOKEN.fullmatch(offered[-1]):
        return HTTPStatus.BAD_REQUEST
    return ScreenRequest(named[1], offered[-1], key)


def switching(request: ScreenRequest, *, shares_clipboard: bool) -> Mapping[str, str]:
    """Return the headers of the reply that begins a WebSocket."""
    digest = hashlib.sha1(request.key.encode() + _ACCEPT, usedforsecurity=False).digest()
    return {
        "Date": formatdate(usegmt=True),
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Accept": base64.b64encode(digest).decode(),
        "Sec-WebSocket-Protocol": SUBPROTOCOLS[0 if shares_clipboard else 1],
    }


def _is_same(origin: str, url: str) -> bool:
    try:
        one, other = urlsplit(origin), urlsplit(url)
        ports = [part.port or {"http": 80, "https": 443}.get(part.scheme) for part in (one, other)]
    except ValueError:
        return False
    same = (one.scheme, one.hostname) == (other.scheme, other.hostname)
    return same and bool(one.hostname) and ports[0] == ports[1]


def _is_key(key: str) -> bool:
    try:
        return len(base64.b64decode(key, validate=True)) == 16
    except (binascii.Error, ValueError):
        return False
