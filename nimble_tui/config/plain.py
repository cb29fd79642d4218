"""The API's members as plain data that JSON can hold."""

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime


def plain(value: object) -> object:
    """Return members as dicts, lists, texts, numbers, booleans and None.

    Times become ISO 8601 in UTC; what JSON has no word for becomes None.
    """
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [plain(item) for item in value]
    return None


def iso(time: datetime) -> str:
    """Return an aware time as ISO 8601 in UTC, such as `2026-11-21T03:20:00+00:00`."""
    return time.astimezone(UTC).isoformat()
