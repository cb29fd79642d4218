"""Holds what a caller sent against the shapes of the service model, in full."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

# A path of members such as `streamConfiguration.ec2InstanceTypes[0]`, and what is wrong there.
Problem = tuple[str, str]

MAX_MATCHED: Final = 2048
"""The longest text that is held against a pattern where the shape itself has no maximum."""

_UNFIT: Final = re.compile("[\0\ud800-\udfff]")


def problems(value: object, shape: Shape, path: str = "") -> Iterator[Problem]:
    """Yield everything that is wrong with `value`, in plain words that never repeat it.

    Beyond what AWS's clients check themselves (required members, minima, types) it holds the
    value against maxima, enums and patterns. Members that the shape does not have are passed
    over, but for a union, which has one member and no other. A member that is null counts as
    absent.
    """
    if isinstance(shape, StructureShape):
        yield from _structure(value, shape, path)
    elif isinstance(shape, ListShape):
        yield from _list(value, shape, path)
    elif isinstance(shape, MapShape):
        yield from _map(value, shape, path)
    elif isinstance(shape, StringShape):
        yield from _string(value, shape, path)
    elif shape.type_name == "integer":
        yield from _integer(value, shape, path)
    else:
        raise TypeError(f"{shape.name}: a caller cannot send a {shape.type_name} yet")


def _structure(value: object, shape: StructureShape, path: str) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield path, "must be an object"
        return
    given = {name for name in shape.members if value.get(name) is not None}
    prefix = f"{path}." if path else ""
    for name in shape.required_members:
        if name not in given:
            yield f"{prefix}{name}", "is required"
    if shape.is_tagged_union and (len(given) != 1 or given != union_members(value)):
        yield path, f"must have exactly one of {', '.join(shape.members)}"
    for name, member in shape.members.items():
        if name not in given:
            continue
        # An empty label is left out of the path by the caller, not meant as a value.
        if member.serialization.get("location") == "uri" and value[name] == "":
            yield f"{prefix}{name}", "must not be empty"
        else:
            yield from problems(value[name], member, f"{prefix}{name}")


def union_members(value: Mapping[str, object]) -> set[str]:
    """Return the members that a union holds; clients may add `__type`, the name of its shape."""
    return {name for name, item in value.items() if item is not None and name != "__type"}


def _list(value: object, shape: ListShape, path: str) -> Iterator[Problem]:
    if not isinstance(value, list):
        yield path, "must be a list"
        return
    yield from _range(len(value), shape.metadata, path, "have at {} {} item{}")
    for index, item in enumerate(value):
        yield from problems(item, shape.member, f"{path}[{index}]")


def _map(value: object, shape: MapShape, path: str) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield path, "must be an object"
        return
    for key, item in value.items():
        where = f"{path}.{_UNFIT.sub('?', key[:64])}"
        yield from problems(key, shape.key, where)
        yield from problems(item, shape.value, where)


def _string(value: object, shape: StringShape, path: str) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield path, "must be a string"
        return
    if _UNFIT.search(value):
        yield path, "must not contain null characters or lone surrogates"
        return
    pattern = shape.metadata.get("pattern")
    limits = {"max": MAX_MATCHED, **shape.metadata} if pattern else shape.metadata
    too_long_or_short = list(_range(len(value), limits, path, "have at {} {} character{}"))
    yield from too_long_or_short
    if shape.enum and value not in shape.enum:
        yield path, f"must be {_one_of(shape.enum)}"
    elif pattern and not too_long_or_short and not _fits(pattern, value):
        yield path, f"must have the form {pattern}"


def _integer(value: object, shape: Shape, path: str) -> Iterator[Problem]:
    if not isinstance(value, int) or isinstance(value, bool):
        yield path, "must be a whole number"
        return
    yield from _range(value, shape.metadata, path, "be at {} {}")


def _range(size: int, limits: Mapping[str, Any], path: str, words: str) -> Iterator[Problem]:
    least, most = limits.get("min"), limits.get("max")
    if least is not None and size < least:
        yield path, "must " + words.format("least", least, "" if least == 1 else "s")
    elif most is not None and size > most:
        yield path, "must " + words.format("most", most, "" if most == 1 else "s")


def _one_of(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"one of {', '.join(words)}"


def _fits(pattern: str, value: str) -> bool:
    # Classes of Unicode are beyond Python's own expressions; what they leave out does no harm.
    return r"\p{" in pattern or _compiled(pattern).fullmatch(value) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
