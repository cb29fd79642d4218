"""Members of a reply, each as the type it should have or as nothing: believe nothing."""

from collections.abc import Mapping
from types import MappingProxyType

from nimble_tui.core.text import clean

Members = Mapping[str, object]

_LONGEST_ID = 1024
# The API's Integer shape has 32 bits; more would overflow where time is added up.
_INTEGER_END = 2**31


def structure(value: object) -> Members:
    """Return the members of a structure; ValueError when it is none."""
    if not isinstance(value, Mapping):
        raise ValueError("not a structure")
    return MappingProxyType({key: item for key, item in value.items() if isinstance(key, str)})


def inner(m: Members, name: str) -> Members:
    """Return the members of a structure within; none when there is no such structure."""
    value = m.get(name)
    return value if isinstance(value, Mapping) else {}


def entries(m: Members, name: str) -> list[object]:
    """Return the entries of a list; none when there is no such list."""
    value = m.get(name)
    return value if isinstance(value, list) else []


def an_id(m: Members, name: str) -> str:
    """Return an id as it came; ValueError when there is none."""
    value = raw(m, name)
    if not value:
        raise ValueError(f"no {name}")
    return value


def raw(m: Members, name: str, longest: int = _LONGEST_ID) -> str | None:
    """Return a text as it came, for the next call; it is not safe to show."""
    value = m.get(name)
    return value if isinstance(value, str) and len(value) <= longest else None


def text(m: Members, name: str) -> str | None:
    """Return a text that is safe to show."""
    value = m.get(name)
    return clean(value) if isinstance(value, str) else None


def texts(m: Members, name: str) -> tuple[str, ...]:
    """Return the texts of a list, safe to show."""
    return tuple(clean(value) for value in entries(m, name) if isinstance(value, str))


def integer(m: Members, name: str) -> int | None:
    """Return a whole number that the API's Integer shape can hold."""
    value = m.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if abs(value) < _INTEGER_END else None
