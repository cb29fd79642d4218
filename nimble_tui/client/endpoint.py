"""A studio's endpoint, and the proxy to it."""

import os
import urllib.request
from dataclasses import dataclass

from nimble_tui.core.endpoints import (
    AWS_CLOSED,
    endpoint_host,
    endpoint_problem,
    is_closed_by_aws,
    is_loopback,
)
from nimble_tui.core.service import ErrorKind, StudioError


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy, and the setting that names it; its URL can hold a password and is in no repr."""

    url: str
    setting: str

    def __repr__(self) -> str:
        return f"Proxy({self.setting})"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address that keys can be sent to: https, or any address on this machine."""

    url: str
    host: str
    is_loopback: bool

    @classmethod
    def parse(cls, url: str) -> "Endpoint":
        """Parse an endpoint's URL; StudioError of kind SETTINGS if it is not valid."""
        problem = endpoint_problem(url)
        if problem is not None:
            raise StudioError(
                ErrorKind.SETTINGS,
                f"The studio's address {problem}; correct endpoint_url in the settings or ask for "
                "a new invite.",
            )
        host = endpoint_host(url)
        if is_closed_by_aws(host):
            raise StudioError(ErrorKind.SETTINGS, AWS_CLOSED)
        return cls(url.rstrip("/"), host, is_loopback(host))

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
