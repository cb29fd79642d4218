"""Which addresses a studio may have."""

import ipaddress
from urllib.parse import urlsplit

_LONGEST = 2048


def endpoint_problem(url: str) -> str | None:
    """Return why `url` cannot be a studio's endpoint, or None when it can.

    Plain http is for a studio on this very computer; everything else is https. A URL holds no
    user name, password, query or fragment. The URL itself is not repeated.
    """
    if len(url) > _LONGEST or not all("!" <= character <= "~" for character in url):
        return "must be a web address without blanks or special characters"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "is not a web address"
    if parts.scheme not in {"http", "https"} or not host or port == 0:
        return "must be a web address that begins with https://"
    if "@" in parts.netloc:
        return "must not hold a user name or password"
    if parts.query or parts.fragment:
        return "must end before any ? or #"
    if parts.scheme == "http" and not is_loopback(host):
        return "must begin with https:// (http:// is only for a studio on this computer)"
    return None


def endpoint_host(url: str) -> str:
    """Return the host of a URL that has no `endpoint_problem`, in lower case."""
    return urlsplit(url).hostname or ""


def is_loopback(host: str) -> bool:
    """Return whether a host name or address is this computer, told without asking anybody."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
