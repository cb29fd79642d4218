"""Members of a reply, each as the type it should have or as nothing: believe nothing."""

from collections.abc import Mapping
from functools import lru_cache
from sys import intern
from types import MappingProxyType

from nimble_tui.core import text as safe

Members = Mapping[str, object]

_LONGEST_ID = 1024
_LONGEST_WORD = 64
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
    """Return a text as it came, for the next call; it is not safe to show.

    A text with a lone surrogate counts as none: no request, file or terminal could hold it.
    """
    value = m.get(name)
    if type(value) is not str or len(value) > longest or not safe.is_encodable(value):
        return None
    return intern(value) if len(value) <= _LONGEST_WORD else value


def text(m: Members, name: str) -> str | None:
    """Return a text that is safe to show."""
    value = m.get(name)
    return clean(value) if isinstance(value, str) else None


def texts(m: Members, name: str) -> tuple[str, ...]:
    """Return the texts of a list, safe to show."""
    return tuple(clean(value) for value in entries(m, name) if isinstance(value, str))


def clean(value: str) -> str:
    """Return a text that is safe to show; of equal short ones the very same."""
    return _known(value) if len(value) <= _LONGEST_WORD else safe.clean(value)


# Ten thousand workstations hold a handful of different words.
_known = lru_cache(maxsize=1024)(safe.clean)


def integer(m: Members, name: str) -> int | None:
    """Return a whole number that the API's Integer shape can hold."""
    value = m.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if abs(value) < _INTEGER_END else None
