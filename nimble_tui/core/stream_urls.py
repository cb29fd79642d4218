"""The check of a stream's address before it is opened.

An address comes from the studio and goes to a browser or a viewer, so its host must be the
studio's own or one that the settings allow. It is a secret: no text here repeats more of it than
its host.
"""

import ipaddress
import re
from collections.abc import Sequence
from urllib.parse import SplitResult, urlsplit

from nimble_tui.core.endpoints import is_loopback
from nimble_tui.core.text import clean_id

_LONGEST = 4096
_LONGEST_SHOWN = 80
# The characters of a URL by RFC 3986; a backslash or a quote has a meaning in a shell.
_CHARACTERS = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&()*+,;=%-]+")
_NAME = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_PLACE = re.compile(
    rf"(?P<host>{_NAME}(\.{_NAME})*|\[[0-9a-f:.]+\])(:(?P<port>[1-9][0-9]{{0,4}}))?"
)
_LONGEST_HOST = 253
_LAST_PORT = 65535

_UNSAFE = "The studio returned an unsafe address for this desktop. Ask your admin."


def stream_url_problem(
    url: str, *, endpoint_url: str, stream_hosts: Sequence[str] = ()
) -> str | None:
    """Return why a stream's url must not be opened, as a sentence, or None if it is safe.

    It begins with `https://` or `dcv://`, and its host is the endpoint's, one below it, or one of
    `stream_hosts` (`*.example.com` means all below it). If the studio itself uses plain http on
    this computer, so can the screen: at the same address and port.
    """
    parts = _parts(url)
    if parts is None:
        return _UNSAFE
    host, endpoint = parts.hostname or "", urlsplit(endpoint_url)
    if parts.scheme == "http":
        same = parts.netloc.lower() == endpoint.netloc.lower() and endpoint.scheme == "http"
        return None if same and is_loopback(host) else _UNSAFE
    home = (endpoint.hostname or "").lower()
    if host == home or _is_below(host, home) or any(_allows(one, host) for one in stream_hosts):
        return None
    shown = clean_id(host, _LONGEST_SHOWN)
    return (
        f"The studio returned an address at {shown} for this desktop, which your settings don't "
        "allow; if your admin confirms it, add it to stream_hosts in the settings."
    )


def _parts(url: str) -> SplitResult | None:
    """Return the parts of an unambiguous URL, else None."""
    if len(url) > _LONGEST or not _CHARACTERS.fullmatch(url):
        return None
    if not url.startswith(("https://", "dcv://", "http://")):
        return None
    try:
        parts = urlsplit(url)
        place = _PLACE.fullmatch(parts.netloc.lower())
        host = parts.hostname or ""
    except ValueError:
        return None
    if place is None or place["host"].strip("[]") != host or len(host) > _LONGEST_HOST:
        return None
    if place["host"].startswith("[") and not _is_address(host):
        return None
    return parts if int(place["port"] or 443) <= _LAST_PORT else None


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_below(host: str, parent: str) -> bool:
    # Anyone can register a name below a top-level one; an IP address has nothing below it.
    return "." in parent and not _is_address(parent) and host.endswith(f".{parent}")


def _allows(allowed: str, host: str) -> bool:
    allowed = allowed.lower()
    return _is_below(host, allowed[2:]) if allowed.startswith("*.") else host == allowed
