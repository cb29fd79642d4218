"""JSON from outside, read within limits: no body holds up the program for more than a moment.

Parsing JSON lets no other thread run, the one that answers keys included, and what nests deeply
ends in a RecursionError wherever it is compared or written. So values are counted before they are
parsed, and what nests deeper than any shape of the API is left out.
"""

import json
import re
from typing import Any, Final, NoReturn

MOST_VALUES: Final = 150_000
"""The most values in a body; a page of 500 workstations has about 20,000."""

MOST_QUOTES: Final = 4 * MOST_VALUES

DEEPEST: Final = 32
"""The deepest nesting of values; the deepest shape of the API has 8 levels."""

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
# A string that does not end is one match too, so that no body is searched twice.
_STRINGS: Final = re.compile(rb'"(?:[^"\\]++|\\(?:.|\Z))*+(?:"|\Z)', re.DOTALL)
_ALL_BUT_BRACKETS: Final = bytes(set(range(256)) - set(b"[]{}"))
_LONGEST_INTEGER: Final = 20


class ParsedBody(bytes):
    """The bytes of a body together with what they hold, so that they are parsed once."""

    values: dict[str, Any]

    @classmethod
    def of(cls, body: bytes, values: dict[str, Any]) -> "ParsedBody":
        """Return a body that was read already."""
        parsed = cls(body)
        parsed.values = values
        return parsed


def begins_object(body: bytes) -> bool:
    """Return whether a body may be a JSON object, from its first bytes alone."""
    return body[:64].removeprefix(_BYTE_ORDER_MARK).lstrip().startswith(b"{")


def read_object(body: bytes) -> dict[str, Any] | None:
    """Return the members of a JSON object; None when it is none, or holds too much.

    A byte-order mark before it is ignored, as RFC 8259 (section 8.1) allows. What nests deeper
    than DEEPEST becomes None; a number too long for any integer of the API becomes a float.
    """
    body = body.removeprefix(_BYTE_ORDER_MARK)
    if body.count(b",") > MOST_VALUES or body.count(b'"') > MOST_QUOTES:
        return None
    brackets = _STRINGS.sub(b"", body).translate(None, _ALL_BUT_BRACKETS)
    if len(brackets) > 2 * MOST_VALUES:
        return None
    try:
        values = json.loads(body.decode(), parse_constant=_no_number, parse_int=_integer)
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, dict):
        return None
    if _nests_deeply(brackets):
        _cut_below(values, DEEPEST)
    return values


def _nests_deeply(brackets: bytes) -> bool:
    """Return whether more than DEEPEST levels are in a body, given its brackets alone."""
    for _ in range(DEEPEST):
        if not brackets:
            return False
        brackets = brackets.replace(b"{}", b"").replace(b"[]", b"")
    return bool(brackets)


def _cut_below(values: dict[str, Any], levels: int) -> None:
    """Put None in place of what nests deeper than so many levels."""
    level: list[Any] = [values]
    for depth in range(levels):
        inner: list[Any] = []
        for container in level:
            pairs = container.items() if isinstance(container, dict) else enumerate(container)
            for key, value in list(pairs):
                if isinstance(value, dict | list):
                    if depth == levels - 1:
                        container[key] = None
                    else:
                        inner.append(value)
        level = inner


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else float(digits)


def _no_number(_: str) -> NoReturn:
    raise ValueError("JSON has no such number")
