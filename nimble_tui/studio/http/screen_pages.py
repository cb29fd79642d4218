"""The page that shows a workstation's screen, and the files of noVNC that draw it.

The stream's token is in the fragment of the page's address, which browsers never send: the
page's script takes it from there, and out of the address. So the page is the same for everyone.
"""

import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

from nimble_tui.studio.http.codec import Reply, Request
from nimble_tui.studio.http.connection import Handler
from nimble_tui.studio.http.front import PAGE

PREFIX: Final = "/screen/"
"""The prefix of the paths below; the API's own begin with its version."""
SOCKET_PATH: Final = re.compile(rf"{PREFIX}([\w-]{{1,64}})/socket", re.ASCII)

_PAGE_PATH: Final = re.compile(rf"{PREFIX}[\w-]{{1,64}}", re.ASCII)
_OWN: Final = Path(__file__).with_name("screen_page")
_LARGEST: Final = 1024 * 1024
_MISSING: Final = (
    "noVNC, which draws this screen, is not installed where the studio runs. Ask your admin to "
    "install it (on Debian: apt install novnc), or to name its folder as novnc in studio.toml.\n"
)
_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
}
_HEADERS: Final = {
    # noVNC draws pictures and pointers from data: and blob: addresses.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class ScreenPages:
    """Answers what is below `PREFIX`, and leaves everything else to `handler`.

    `novnc` is the folder of noVNC, 1.3 or later.
    """

    def __init__(self, handler: Handler, novnc: Path) -> None:
        self._handler = handler
        self._novnc = novnc

    def __call__(self, request: Request) -> Reply:
        """Answer one request."""
        if request.method not in {"GET", "HEAD"} or not request.raw_path.startswith(PREFIX):
            return self._handler(request)
        reply = self._answer(request.raw_path)
        headers = reply.headers | {"Content-Length": str(len(reply.body))}
        body = reply.body if request.method == "GET" else b""
        return Reply(reply.status, headers, body, PAGE)

    def _answer(self, raw_path: str) -> Reply:
        if _PAGE_PATH.fullmatch(raw_path):
            if not (self._novnc / "core" / "rfb.js").is_file():
                return _text(404, _MISSING)
            return _file(_OWN / "screen.html", "no-store")
        file = self._files.get(raw_path)
        if file is None:
            return _text(404, "There is no such page.\n")
        return _file(file, "no-cache" if file.parent == _OWN else "max-age=3600")

    @cached_property
    def _files(self) -> Mapping[str, Path]:
        """The files by their paths; what is not one of these is not served."""
        files = {f"{PREFIX}page/{name}": _OWN / name for name in ("screen.css", "screen.js")}
        for folder in ("core", "vendor"):
            for file in sorted((self._novnc / folder).rglob("*.js")):
                files[f"{PREFIX}novnc/{file.relative_to(self._novnc).as_posix()}"] = file
        return files


def _file(file: Path, caching: str) -> Reply:
    try:
        with file.open("rb") as opened:
            content = opened.read(_LARGEST + 1)
    except OSError:
        content = b""
    if not content or len(content) > _LARGEST:
        return _text(404, f"{file.name} cannot be read where the studio runs.\n")
    headers = {"Content-Type": _TYPES[file.suffix], "Cache-Control": caching}
    return Reply(200, headers | _HEADERS, content)


def _text(status: int, text: str) -> Reply:
    headers = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}
    return Reply(status, headers | _HEADERS, text.encode())
