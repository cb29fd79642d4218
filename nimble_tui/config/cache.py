"""The last complete lists of each studio and person, so that the app starts with content.

A file is trusted as little as a reply of the network: one that is damaged, too large, of another
version or accessible to others is ignored. Each workstation has a line, so that ten thousand of
them need no further memory while they are written and read.
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from nimble_tui.config.files import private_folder, read_file, write_file
from nimble_tui.config.paths import cache_dir
from nimble_tui.config.plain import iso, plain
from nimble_tui.core.model import (
    LaunchProfile,
    StreamingSession,
    read_launch_profile,
    read_streaming_session,
)
from nimble_tui.core.packed import PackedMembers
from nimble_tui.core.service import StudioInfo
from nimble_tui.core.structures import read_all, read_time
from nimble_tui.core.turns import in_turns

VERSION = 1
LARGEST = 32 * 1024 * 1024


class Cached(NamedTuple):
    """The cached lists, and their time.

    `last_seen` are launch profiles of these workstations that were not in the last list.
    """

    launch_profiles: tuple[LaunchProfile, ...]
    sessions: tuple[StreamingSession, ...]
    updated_at: datetime
    last_seen: tuple[LaunchProfile, ...] = ()

    @property
    def known_profiles(self) -> tuple[LaunchProfile, ...]:
        """All launch profiles that are known, those of the last list and others."""
        return (*self.launch_profiles, *self.last_seen)


class _Head(NamedTuple):
    launch_profiles: tuple[LaunchProfile, ...]
    last_seen: tuple[LaunchProfile, ...]
    updated_at: datetime
    sessions: int


def read(info: StudioInfo) -> Cached | None:
    """Return the cached lists of this studio and person; None if there are none."""
    try:
        lines = BytesIO(read_file(_file(info), LARGEST, private=True))
        head = _head(info, lines.readline())
        if head is None:
            return None
        sessions, skipped = read_all(read_streaming_session, map(json.loads, lines))
        if len(sessions) + skipped != head.sessions:
            return None
        return Cached(head.launch_profiles, sessions, head.updated_at, head.last_seen)
    except (OSError, ValueError, RecursionError):
        return None


def read_launch_profiles(info: StudioInfo) -> tuple[LaunchProfile, ...]:
    """Return the cached launch profiles, without reading the workstations."""
    try:
        content = read_file(_file(info), LARGEST, private=True)
        head = _head(info, content.partition(b"\n")[0])
    except (OSError, ValueError, RecursionError):
        return ()
    return (*head.launch_profiles, *head.last_seen) if head else ()


def _head(info: StudioInfo, line: bytes) -> _Head | None:
    """Read the first line; None when it is of another version or studio, or damaged."""
    stored = json.loads(line)
    if not isinstance(stored, dict) or stored.get("version") != VERSION:
        return None
    if stored.get("whose") != _whose(info):
        return None
    updated_at = read_time(stored.get("seenAt"))
    profiles, number = stored.get("launchProfiles"), stored.get("sessions")
    if updated_at is None or not isinstance(profiles, list) or not isinstance(number, int):
        return None
    before = stored.get("lastSeen")
    unlisted, _ = read_all(read_launch_profile, before if isinstance(before, list) else [])
    marked = tuple(replace(one, is_last_seen=True) for one in unlisted)
    return _Head(read_all(read_launch_profile, profiles)[0], marked, updated_at, number)


def write(
    info: StudioInfo,
    launch_profiles: Sequence[LaunchProfile],
    sessions: Sequence[StreamingSession],
    updated_at: datetime,
    last_seen: Sequence[LaunchProfile] = (),
) -> bool:
    """Cache these lists in place of the last ones; return whether that worked.

    A full or read-only disk costs nothing but the picture at the next start.
    """
    head = {
        "version": VERSION,
        "whose": _whose(info),
        "seenAt": iso(updated_at),
        "launchProfiles": [plain(one.members) for one in launch_profiles],
        "lastSeen": [plain(one.members) for one in last_seen],
        "sessions": len(sessions),
    }
    stored = BytesIO()
    stored.write(json.dumps(head, separators=(",", ":")).encode())
    for one in in_turns(sessions):
        stored.write(f"\n{_json(one.members)}".encode())
    content = stored.getvalue()
    if len(content) > LARGEST:
        return False
    try:
        file = _file(info)
        private_folder(file.parent)
        write_file(file, content)
    except OSError:
        return False
    return True


def forget(info: StudioInfo) -> None:
    """Remove the cached lists of this studio and person."""
    with suppress(OSError):
        _file(info).unlink(missing_ok=True)


def _json(members: Mapping[str, object]) -> str:
    """Return members as JSON; those of ten thousand workstations are JSON already."""
    if isinstance(members, PackedMembers):
        return members.json
    return json.dumps(plain(members), separators=(",", ":"))


def _whose(info: StudioInfo) -> list[str]:
    # The demo is identified by its name: its artist is known only once it runs.
    return [info.name] if info.demo else [info.host, info.studio_id, info.principal_id]


def _file(info: StudioInfo) -> Path:
    # Two may have the same number, and then one picture between them: the file says whose it is.
    # A cryptographic digest takes longer to import than the file to read.
    number = zlib.crc32("\0".join(_whose(info)).encode(errors="surrogatepass"))
    return cache_dir() / f"lists-{number:08x}.json"
