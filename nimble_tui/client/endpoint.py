"""Where a studio's endpoint is, and the way to it."""

import ipaddress
import os
import urllib.request
from dataclasses import dataclass
from urllib.parse import urlsplit

from nimble_tui.core.service import ErrorKind, StudioError


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy, and the setting that names it; its URL may hold a password and is in no repr."""

    url: str
    setting: str

    def __repr__(self) -> str:
        return f"Proxy({self.setting})"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address that keys may be shown to: https, or anything on this machine."""

    url: str
    host: str
    is_loopback: bool

    @classmethod
    def parse(cls, url: str) -> "Endpoint":
        """Read an endpoint's URL; StudioError of kind SETTINGS says what is wrong with it."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            host, port, parts = None, None, urlsplit("")
        well_formed = url.isascii() and url.isprintable() and " " not in url and port != 0
        plain = not (parts.username or parts.password or parts.query or parts.fragment)
        if not host or parts.scheme not in {"http", "https"} or not well_formed or not plain:
            raise StudioError(
                ErrorKind.SETTINGS,
                "The studio's address is not a web address such as https://studio.example.com; "
                "correct endpoint_url in the settings or ask for a new invite.",
            )
        is_loopback = _is_loopback(host)
        if parts.scheme == "http" and not is_loopback:
            raise StudioError(
                ErrorKind.SETTINGS,
                "The studio's address is not protected: it must begin with https://; "
                "correct endpoint_url in the settings or ask for a new invite.",
            )
        return cls(url.rstrip("/"), host, is_loopback)

    def proxy(self) -> Proxy | None:
        """Return the proxy that the environment or the system names for it, if any."""
        if self.is_loopback:
            return None
        url = urllib.request.getproxies().get("https")
        if not url or urllib.request.proxy_bypass(self.host):
            return None
        named = (name for name in ("https_proxy", "HTTPS_PROXY") if os.environ.get(name))
        return Proxy(
            url if "://" in url else f"http://{url}",
            next(named, "the system's network settings"),
        )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
