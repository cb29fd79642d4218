"""Opens addresses in the browser or in the native DCV viewer.

The child gets a scrubbed environment and the address as one argument of its own, never a shell;
it has no terminal to write on. Whether a host may be opened at all was decided before.
"""

import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from nimble_tui.core.endpoints import is_loopback
from nimble_tui.desktop.environment import has_screen, is_remote, scrubbed, surroundings
from nimble_tui.desktop.openers import Opener, browsers, chosen_browsers

_LONGEST = 4096
_ADDRESS = re.compile(r"(?:https?|dcv)://[A-Za-z0-9\-._~:/?#\[\]!$&'()*+,;=%@]+\Z")
_AT_ONCE = 0.9
"""Seconds within which an opener that cannot open anything usually says so, all tries together."""

NOT_AN_ADDRESS = "This address can't be opened; ask your admin."
REMOTE = (
    "The app runs on another computer, over SSH, and can't open the desktop on your screen; copy "
    "the address and open it on your own computer."
)
NO_SCREEN = (
    "This computer has no screen for a browser; copy the address and open it on another computer."
)
FORWARD = (
    "The desktop can't open on your screen, and its address works on this computer only; forward "
    "port {port} to your own computer with ssh -L, copy the address and open it there."
)
NO_BROWSER = "Can't start a browser; copy the address and open it yourself."
NO_VIEWER = (
    "The DCV viewer is not installed; install it (Amazon DCV client), or copy the address and "
    "open it on a computer that has it."
)


def open_address(url: str) -> str | None:
    """Open an http, https or dcv address; None once it is handed over, else what to do instead.

    May be called from any thread; comes back within about a second. The sentence never repeats
    the address.
    """
    if not _is_address(url):
        return NOT_AN_ADDRESS
    environment = surroundings()
    native = url.startswith("dcv://")
    until = time.monotonic() + _AT_ONCE
    chosen = () if native else chosen_browsers(environment)
    if any(_start(opener, url, environment, until) for opener in chosen):
        return None
    if is_remote(environment) or not has_screen(environment):
        return _without_a_screen(url, environment)
    openers = _viewers(environment) if native else browsers(environment)
    if any(_start(opener, url, environment, until) for opener in openers):
        return None
    return NO_VIEWER if native else NO_BROWSER


def _without_a_screen(url: str, environment: Mapping[str, str]) -> str:
    parts = urlsplit(url)
    if is_loopback(parts.hostname or ""):
        port = parts.port or (80 if parts.scheme == "http" else 443)
        return FORWARD.format(port=port)
    return REMOTE if is_remote(environment) else NO_SCREEN


def _is_address(url: str) -> bool:
    if len(url) > _LONGEST or not _ADDRESS.match(url):
        return False
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        return False


def _viewers(environment: Mapping[str, str]) -> Iterator[Opener]:
    if sys.platform in {"darwin", "win32"}:
        yield from browsers(environment)  # the system itself knows who takes dcv://
    elif viewer := shutil.which("dcvviewer"):
        yield Opener(lambda url: [viewer, url])
    elif (opener := shutil.which("xdg-open")) and _has_handler("x-scheme-handler/dcv", environment):
        yield Opener(lambda url: [opener, url])


def _has_handler(kind: str, environment: Mapping[str, str]) -> bool:
    """Return whether a program is registered; without one, xdg-open would try a browser."""
    asker = shutil.which("xdg-mime")
    if asker is None:
        return False
    try:
        answer = subprocess.run(  # noqa: S603 - fixed words
            [asker, "query", "default", kind],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=scrubbed(environment),
            timeout=_AT_ONCE / 2,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return bool(answer.stdout.strip())


def _start(opener: Opener, url: str, environment: Mapping[str, str], until: float) -> bool:
    """Start a program without a terminal; return whether it appears to have worked."""
    try:
        child = subprocess.Popen(  # noqa: S603 - no shell, and the address was checked
            opener.command(url),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=scrubbed(environment),
            start_new_session=True,
        )
    except OSError:
        return False
    try:
        return child.wait(max(until - time.monotonic(), 0.1)) == 0 or not opener.reports
    except subprocess.TimeoutExpired:
        # A browser that stays is one that opened; a thread must wait for its end.
        threading.Thread(target=child.wait, name="nimble-opened", daemon=True).start()
        return True
