"""Additions to config.toml, which is never rewritten."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from nimble_tui.config.fields import STUDIO
from nimble_tui.config.files import make_folder, read_file, write_file
from nimble_tui.config.reading import parse
from nimble_tui.config.settings import SettingsError, StudioSettings
from nimble_tui.core.toml_scan import lines_of

_LARGEST = 1024 * 1024
_TRIES = 5
# What signing in decides; how a studio is shown and whether it is read-only is a person's choice.
_DECIDED = ("studio_id", "region", "principal_id", "endpoint_url", "credentials")
_WRITTEN = ("studio_id", "region", "principal_id", "display_name", "endpoint_url", "credentials")
# Written only where an invite has a value, also into a table that lacks it.
_TOLD = ("identity_store_id", "domain_id", "ca_file")


def append_studio(path: Path, studio: StudioSettings) -> tuple[str, ...]:
    """Add a `[studios.NAME]` table at the end of a file, atomically.

    Where a table of that name is there, it only learns where people are looked up. Returns what a
    person has to change by hand so that it says the same, one sentence a line: empty when it is
    done. ValueError when the studio itself cannot be written, SettingsError when the file is wrong
    as it stands, OSError when it cannot be written.
    """
    for name in _names(studio):
        STUDIO[name](getattr(studio, name))
    # A link (people keep such files elsewhere and link them) stays one; its target is replaced.
    target = Path(os.path.realpath(path))
    make_folder(target.parent)
    for _ in range(_TRIES):
        before = _content(target)
        there = parse(before, str(path)).studio(studio.name)
        if there is not None:
            notes = _differences(path, before, there, studio)
            new = {name: getattr(studio, name) for name in _TOLD if not getattr(there, name)}
            new = {name: value for name, value in new.items() if value}
            if notes or not new:
                return notes
            after = _with_lines(before, there, new)
            if after is None:
                at = _where(path, before, studio.name)
                return tuple(f"{at}: add {name} = {_quoted(new[name])}." for name in new)
        else:
            after = before + _block(before, studio)
            if not _says(after, studio):
                return (f"Add this at the end of {path}:\n{_block(b'', studio).decode()}",)
        if _content(target) == before:  # else it was saved meanwhile: try again
            write_file(target, after)
            return ()
    raise OSError(f"{path} keeps changing; save it and try again.")


def _content(target: Path) -> bytes:
    try:
        return read_file(target, _LARGEST, private=False)
    except FileNotFoundError:
        return b""


def _names(studio: StudioSettings) -> Iterator[str]:
    """Return the names of a studio's settings that are written."""
    yield from _WRITTEN
    yield from (name for name in _TOLD if getattr(studio, name))


def _block(before: bytes, studio: StudioSettings) -> bytes:
    end = "\r\n" if b"\r\n" in before else "\n"
    lines = [f"[studios.{studio.name}]"]
    lines += [f"{name} = {_quoted(getattr(studio, name))}" for name in _names(studio)]
    lead = ""
    if before.strip():
        lead = end if before.endswith(b"\n") else end * 2
    return (lead + end.join(lines) + end).encode()


def _with_lines(before: bytes, there: StudioSettings, new: Mapping[str, Any]) -> bytes | None:
    """Return the file with lines below the head of a table; None where that would not be right."""
    head = _lines(before).get(("studios", there.name))
    if head is None:
        return None
    lines = before.split(b"\n")
    end = "\r" if lines[head - 1].endswith(b"\r") else ""
    lines[head:head] = [f"{name} = {_quoted(value)}{end}".encode() for name, value in new.items()]
    after = b"\n".join(lines)
    known = parse(before, "")
    expected = tuple(replace(one, **new) if one == there else one for one in known.studios)
    try:
        right = parse(after, "") == replace(known, studios=expected)
    except SettingsError:
        return None
    return after if right else None


def _lines(content: bytes) -> dict[tuple[str, ...], int]:
    return lines_of(content.decode("utf-8-sig"))


def _where(path: Path, content: bytes, *names: str) -> str:
    """Return the place of a studio's setting, or else of the studio."""
    lines, place = _lines(content), ("studios", *names)
    line = lines.get(place) or lines.get(place[:2])
    return f"{path}, line {line}" if line else str(path)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _says(content: bytes, studio: StudioSettings) -> bool:
    """Return whether a file reads back as meant; a table written inline cannot be added to."""
    try:
        return parse(content, "").studio(studio.name) is not None
    except SettingsError:
        return False


def _differences(
    path: Path, content: bytes, there: StudioSettings, studio: StudioSettings
) -> tuple[str, ...]:
    changes = []
    for one in fields(StudioSettings):
        wanted, before = getattr(studio, one.name), getattr(there, one.name)
        is_decided = one.name in _DECIDED or (one.name == "ca_file" and wanted and before)
        if is_decided and before != wanted:
            at = _where(path, content, studio.name, one.name)
            changes.append(f"{at}: change {one.name} to {_quoted(wanted)}.")
    return tuple(changes)
