"""The settings of workstations on this machine: `[local]` of studio.toml."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from nimble_tui.core.text import clean
from nimble_tui.core.toml_reader import Check, TomlReader

DEFAULT: Final = "default"
"""The name of what holds for every instance type or image without an entry of its own."""
FIRST_UID: Final = 1_000_000_000
UIDS: Final = 65_536
"""The number of user ids that each workstation has of its own where the studio is root."""
SCRIPT_SECONDS: Final = 600.0
ASKED_BEFORE: Final = 20.0
"""Seconds before its deadline at which a workstation's programs are asked to end."""

_LONGEST_PATH: Final = 4096
_LONGEST_COMMAND: Final = 64
_SIZE: Final = re.compile(r"([1-9][0-9]{0,6}) (MiB|GiB|TiB)")
_UNITS: Final = {"MiB": 2**20, "GiB": 2**30, "TiB": 2**40}
_HIGHEST_UID: Final = 2**32 - 2**24
_NAME: Final = re.compile(r"[\w.:/@ -]{1,128}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of one workstation: processors, and memory and disk in bytes."""

    cpus: int
    memory: int
    disk: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalSettings:
    """All of `[local]`, its paths absolute.

    `types` holds limits by ec2InstanceType, `shares` folders of this machine by a share's name,
    `images` session commands by ec2ImageId. `cpus` and `memory` (in bytes) are what all
    workstations together can have. A setup script may take `script_seconds`, and programs are
    asked to end `asked_before` seconds before a deadline. `hidden` are files of the studio's own,
    which no workstation can see.
    """

    folder: Path
    types: Mapping[str, Limits] = field(default_factory=dict)
    shares: Mapping[str, Path] = field(default_factory=dict)
    images: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cpus: int | None = None
    memory: int | None = None
    first_uid: int = FIRST_UID
    script_seconds: float = SCRIPT_SECONDS
    asked_before: float = ASKED_BEFORE
    hidden: tuple[Path, ...] = ()

    def limits(self, instance_type: str) -> Limits | None:
        """Return the limits of an instance type, None where there are none."""
        return self.types.get(instance_type) or self.types.get(DEFAULT)

    def session(self, ec2_image_id: str) -> tuple[str, ...] | None:
        """Return the session command of an image, None for the usual desktop."""
        return self.images.get(ec2_image_id) or self.images.get(DEFAULT)


def read_local(toml: TomlReader, table: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return the valid settings of `[local]`; paths are below `folder` unless absolute."""
    flat = {name: value for name, value in table.items() if name in _CHECKS}
    toml.names(("local",), table, (*_CHECKS, *_TABLES))
    right = toml.values(("local",), flat, _CHECKS)
    right["types"] = _types(toml, table.get("types", {}))
    right["shares"] = {
        name: folder / path
        for name, path in _entries(toml, "shares", table.get("shares", {}), _path).items()
    }
    right["images"] = _entries(toml, "images", table.get("images", {}), _command)
    if "script_minutes" in right:
        right["script_seconds"] = right.pop("script_minutes") * 60.0
    if "folder" in right:
        right["folder"] = folder / right["folder"]
    return right


def total_memory() -> int:
    """Return the memory of this machine in bytes."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _types(toml: TomlReader, value: object) -> dict[str, Limits]:
    types = {}
    for name, given in toml.table(("local", "types"), value).items():
        where = ("local", "types", name)
        if not _named(toml, where, name):
            continue
        table = toml.table(where, given)
        values = toml.values(where, table, _LIMITS)
        for key in _LIMITS:
            if key not in table:
                toml.report(where, f"{key} is missing.")
        if len(values) == len(_LIMITS):
            types[name] = Limits(**values)
    return types


def _entries(toml: TomlReader, table: str, value: object, check: Check) -> dict[str, Any]:
    where = ("local", table)
    entries = toml.table(where, value)
    right = [name for name in entries if _named(toml, (*where, name), name)]
    return toml.values(where, {name: entries[name] for name in right}, dict.fromkeys(right, check))


def _named(toml: TomlReader, where: tuple[str, ...], name: str) -> bool:
    if not _NAME.fullmatch(name):
        toml.report(where, "its name can contain only letters, digits and .:/@_-")
        return False
    return True


def _text(value: object, longest: int = _LONGEST_PATH) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= longest:
        raise ValueError('must be text in quotes, such as "this"')
    if clean(value, longest) != value:
        raise ValueError("can contain only visible characters")
    return value


def _path(value: object) -> Path:
    return Path(_text(value)).expanduser()


def _count(lowest: int, highest: int) -> Check:
    def check(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
            raise ValueError(f"must be a whole number from {lowest} to {highest}")
        return value

    return check


def _size(value: object) -> int:
    found = _SIZE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError('must be a size in quotes, such as "16 GiB"')
    return int(found[1]) * _UNITS[found[2]]


def _command(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= _LONGEST_COMMAND:
        raise ValueError('must be a command as a list of words, such as ["startxfce4"]')
    return tuple(_text(word) for word in value)


_CHECKS: Final[Mapping[str, Check]] = {
    "folder": _path,
    "cpus": _count(1, 4096),
    "memory": _size,
    "first_uid": _count(UIDS, _HIGHEST_UID),
    "script_minutes": _count(1, 24 * 60),
}
_LIMITS: Final[Mapping[str, Check]] = {"cpus": _count(1, 4096), "memory": _size, "disk": _size}
_TABLES: Final = ("types", "shares", "images")
