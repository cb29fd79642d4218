"""A parser of API structures, driven by the annotations of a dataclass.

Replies (from boto3) and the cache (from JSON) are parsed this way. Any member may be missing or
malformed, and any text may be hostile. A field holds the member of its name in camelCase:

- `Id`: a string unchanged, for use in requests; not sanitised for display. An `Id` that cannot be
  None identifies the structure: reading one that lacks it raises ValueError.
- `str`, `tuple[str, ...]`, `Mapping[str, str]`: texts that are safe to show.
- `int`: a whole number that the API's Integer shape can hold. `datetime`: an aware UTC time.
- a dataclass or a tuple of them: nested structures; in a list, unreadable ones are skipped.

An unreadable member is None, or empty if the annotation has no None.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from functools import cache, lru_cache, partial
from sys import intern
from types import MappingProxyType, NoneType
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

from nimble_tui.core.packed import pack
from nimble_tui.core.text import clean, is_encodable

T = TypeVar("T")
Members = Mapping[str, object]
Converter = Callable[[Any], object]

_LONGEST_ID = 1024
_LONGEST_TIME = 64
_LONGEST_WORD = 64
_MOST_TAGS = 200
_NO_TAGS: Mapping[str, str] = MappingProxyType({})
# The API's Integer shape has 32 bits; more would overflow when times are added.
_INTEGER_END = 2**31


@dataclass(frozen=True, slots=True)
class At:
    """Marks a field whose member has another name or is nested: `sessionBackup.mode`."""

    path: str


@dataclass(frozen=True, slots=True)
class From:
    """Marks a field that is computed from all members of its structure."""

    compute: Callable[[Members], object]


NOT_SENT = object()
"""Marks a field that is no member and is not read."""


def read(kind: type[T], value: object) -> T:
    """Return a structure as a dataclass; raises ValueError if it is not one or has no id."""
    if not isinstance(value, Mapping):
        raise ValueError("not a structure")
    members = {key: item for key, item in value.items() if isinstance(key, str)}
    structure: type = kind
    return kind(
        **{
            field: convert(members.get(name) if name else members)
            for field, name, convert in _plan(structure)
        }
    )


def read_all(
    read_one: Callable[[object], T], values: Iterable[object]
) -> tuple[tuple[T, ...], int]:
    """Return the structures that could be read, and the number of the others."""
    good: list[T] = []
    skipped = 0
    for value in values:
        try:
            good.append(read_one(value))
        except ValueError:
            skipped += 1
    return tuple(good), skipped


def names_of(kind: type, annotation: object) -> tuple[str, ...]:
    """Return the names of the members whose fields have this annotation."""
    return tuple(_camel_case(one.name) for one in fields(kind) if one.type == annotation)


def inner(value: object) -> Members:
    """Return the members of a nested structure; none if it is not a structure."""
    return value if isinstance(value, Mapping) else {}


def entries(value: object) -> list[object]:
    """Return the entries of a list; none if it is not a list."""
    return value if isinstance(value, list) else []


def raw(value: object, longest: int = _LONGEST_ID) -> str | None:
    """Return a string unchanged, for use in requests; not sanitised for display.

    A string with a lone surrogate counts as missing: no request, file or terminal could hold it.
    """
    if type(value) is not str or len(value) > longest or not is_encodable(value):
        return None
    return intern(value) if len(value) <= _LONGEST_WORD else value


def text(value: object) -> str | None:
    """Return a sanitised text, safe to show."""
    return _clean(value) if isinstance(value, str) else None


def read_time(value: object) -> datetime | None:
    """Read an ISO 8601 text, epoch seconds or a datetime as an aware UTC time; else None.

    The first and the last possible year count as missing: a local time zone may not have them.
    """
    if isinstance(value, str):
        return _read_text(value) if len(value) <= _LONGEST_TIME else None
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = datetime.fromtimestamp(value, UTC)
        if not isinstance(value, datetime):
            return None
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        at = aware.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return at if MINYEAR < at.year < MAXYEAR else None


@lru_cache(maxsize=256)  # many events share a time
def _read_text(value: str) -> datetime | None:
    try:
        return read_time(datetime.fromisoformat(value))
    except ValueError:
        return None


def _texts(value: object) -> tuple[str, ...]:
    return tuple(_clean(one) for one in entries(value) if isinstance(one, str))


def _tags(value: object) -> Mapping[str, str]:
    pairs = list(inner(value).items())[:_MOST_TAGS]
    tags = {_clean(k): _clean(v) for k, v in pairs if isinstance(k, str) and isinstance(v, str)}
    return MappingProxyType(tags) if tags else _NO_TAGS


def _integer(value: object) -> int | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if abs(value) < _INTEGER_END else None


def _clean(value: str) -> str:
    return _known(value) if len(value) <= _LONGEST_WORD else clean(value)


# Ten thousand workstations hold only a few different words and disks.
_known = lru_cache(maxsize=1024)(clean)


@lru_cache(maxsize=64)
def _shared(value: object) -> object:
    return value


Id = Annotated[str, raw]
AllMembers = Annotated[Mapping[str, object], From(pack)]
"""All members of a structure, for output that must match the API to the letter."""

_CONVERTERS: Mapping[object, Converter] = {
    str: text,
    int: _integer,
    datetime: read_time,
    tuple[str, ...]: _texts,
    Mapping[str, str]: _tags,
}


@cache
def _plan(kind: type) -> tuple[tuple[str, str, Converter], ...]:
    """Return for each parsed field its name, its member (none: all) and its converter."""
    hints = get_type_hints(kind, include_extras=True)
    parts = {field: _parts(hint) for field, hint in hints.items()}
    return tuple(
        (field, *_source(field, bare, marks, optional))
        for field, (bare, marks, optional) in parts.items()
        if NOT_SENT not in marks
    )


def _parts(hint: Any) -> tuple[Any, tuple[object, ...], bool]:
    """Return the bare type of an annotation, its marks, and whether it can be None."""
    if get_origin(hint) is Annotated:
        bare, marks, optional = _parts(hint.__origin__)
        return bare, (*marks, *hint.__metadata__), optional
    if NoneType in get_args(hint):
        (some,) = (one for one in get_args(hint) if one is not NoneType)
        return (*_parts(some)[:2], True)
    return hint, (), False


def _source(
    field: str, bare: Any, marks: tuple[object, ...], optional: bool
) -> tuple[str, Converter]:
    for mark in marks:
        if isinstance(mark, From):
            return "", mark.compute
    path = next((mark.path for mark in marks if isinstance(mark, At)), _camel_case(field))
    own: Any = next(filter(callable, marks), None)
    convert: Converter = own or _converter(bare, optional)
    if own and not optional:
        convert = partial(_needed, convert, path)
    name, *within = path.split(".")
    return name, partial(_within, convert, within) if within else convert


def _needed(convert: Converter, path: str, value: object) -> object:
    found = convert(value)
    if not found:
        raise ValueError(f"no {path}")
    return found


def _within(convert: Converter, names: Sequence[str], value: object) -> object:
    for name in names:
        value = inner(value).get(name)
    return convert(value)


def _converter(bare: Any, optional: bool) -> Converter:
    if is_dataclass(bare):
        kind: Any = bare
        if optional:
            return lambda value: _shared(read(kind, inner(value))) if inner(value) else None
        return lambda value: read(kind, inner(value))
    if get_origin(bare) is tuple and is_dataclass(get_args(bare)[0]):
        read_one = partial(read, get_args(bare)[0])
        return lambda value: read_all(read_one, entries(value))[0]
    if bare is str and not optional:
        return lambda value: text(value) or ""
    return _CONVERTERS[bare]


def _camel_case(field: str) -> str:
    first, *others = field.split("_")
    return first + "".join(map(str.capitalize, others))
