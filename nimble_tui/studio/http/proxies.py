"""The client behind a proxy, as the proxy reports it."""

import ipaddress
import logging
from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

_FORWARDED: Final = frozenset({b"x-forwarded-for", b"x-forwarded-proto", b"forwarded"})
_LONGEST: Final = 1024
_MOST_NAMED: Final = 32

logger = logging.getLogger(__name__)


class Sender(NamedTuple):
    """A client's address, and the scheme that it speaks."""

    address: str
    scheme: str


class Proxies:
    """Believes the headers of the proxies in `trusted`, which are IP addresses, and no others.

    A proxy that is not named is named in the log, once.
    """

    def __init__(self, trusted: Collection[str] = ()) -> None:
        self._trusted = frozenset(trusted)
        self._named: set[str] = set()

    def sender(self, peer: str, scheme: str, headers: Iterable[tuple[bytes, bytes]]) -> Sender:
        """Return whom a request comes from; `peer` and `scheme` are those of the connection."""
        sent = {name: value for name, value in headers if name in _FORWARDED}
        if not sent:
            return Sender(peer, scheme)
        if peer not in self._trusted:
            self._name(peer)
            return Sender(peer, scheme)
        # The one next to us comes last; what is before the first that we do not trust is hearsay.
        address = peer
        for part in reversed(sent.get(b"x-forwarded-for", b"")[-_LONGEST:].split(b",")):
            try:
                address = str(ipaddress.ip_address(part.decode("latin-1").strip()))
            except ValueError:
                break
            if address not in self._trusted:
                break
        forwarded = sent.get(b"x-forwarded-proto", b"").strip().lower()
        return Sender(address, "https" if forwarded == b"https" else scheme)

    def _name(self, peer: str) -> None:
        if peer not in self._named and len(self._named) < _MOST_NAMED:
            self._named.add(peer)
            logger.warning(
                "%s forwards requests and is not in trusted_proxies: its headers are ignored, and "
                "all its clients count as one.",
                peer,
            )
