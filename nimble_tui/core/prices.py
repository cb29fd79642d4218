"""Hourly prices of instance types, from the settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_NO_PRICES: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Prices:
    """The price of a running hour, by instance type; `currency` is written before the amount."""

    currency: str = "$"
    per_hour: Mapping[str, float] = field(default_factory=lambda: _NO_PRICES, hash=False)
