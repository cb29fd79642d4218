"""Counts of connections, in all and from each address."""

import ipaddress
from collections import Counter
from collections.abc import Collection
from enum import Enum
from typing import Final

MAX_CONNECTIONS: Final = 4000
MAX_PER_ADDRESS: Final = 2000
"""A studio's artists may share one address, that of their office."""
MAX_REFUSED: Final = 256
"""Connections above a limit that are answered 503; beyond them they are closed."""


class Verdict(Enum):
    """The ways to treat a new connection."""

    SERVE = "serve"
    REFUSE = "answer 503"
    DROP = "end it"


class ConnectionCounts:
    """Counts connections; used on the event loop alone.

    `exempt` are addresses that many people share, such as those of proxies: only the limit in all
    counts for them. An IPv6 address counts as its /64, which is what one host is given.
    """

    def __init__(
        self,
        most: int = MAX_CONNECTIONS,
        most_per_address: int = MAX_PER_ADDRESS,
        exempt: Collection[str] = (),
    ) -> None:
        self._most = most
        self._most_per_address = most_per_address
        self._exempt = frozenset(exempt)
        self._by_origin: Counter[str] = Counter()
        self.total = 0

    def enter(self, address: str) -> Verdict:
        """Count a connection, which has to `leave` unless the verdict is DROP."""
        if self.total >= self._most + MAX_REFUSED:
            return Verdict.DROP
        origin = _origin(address)
        is_limited = address not in self._exempt
        if is_limited and self._by_origin[origin] >= self._most_per_address + MAX_REFUSED:
            return Verdict.DROP
        self.total += 1
        self._by_origin[origin] += 1
        too_many = is_limited and self._by_origin[origin] > self._most_per_address
        return Verdict.REFUSE if too_many or self.total > self._most else Verdict.SERVE

    def leave(self, address: str) -> None:
        """Remove a connection from the counts."""
        origin = _origin(address)
        self.total -= 1
        self._by_origin[origin] -= 1
        if not self._by_origin[origin]:
            del self._by_origin[origin]


def _origin(address: str) -> str:
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    return str(ip.ipv4_mapped or ipaddress.ip_network((ip, 64), strict=False))
