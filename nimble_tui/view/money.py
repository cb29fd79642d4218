"""Estimated cost of running time, for types with a price in the settings."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nimble_tui.core.prices import Prices

_HOUR = timedelta(hours=1)


def cost(length: timedelta, ec2_instance_type: str | None, prices: Prices) -> float | None:
    """Return the cost of a running time; None if the type has no price."""
    price = prices.per_hour.get(ec2_instance_type or "")
    return None if price is None else length / _HOUR * price


def amount(value: float, prices: Prices) -> str:
    """Return an estimated amount, such as `≈ $12.40`."""
    return f"≈ {priced(value, prices)}"


def priced(value: float, prices: Prices) -> str:
    """Return an amount, such as `$12.40` or `EUR 12.40`."""
    currency = prices.currency
    gap = " " if currency[-1:].isalpha() or currency.endswith(".") else ""
    return f"{currency}{gap}{value:,.2f}"
