"""Pages of workstations: ten thousand are read once, then only where something changed."""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from nimble_tui.client.api_client import BODY
from nimble_tui.client.listing import Part, next_token
from nimble_tui.client.reply_checks import parse_body, timestamp
from nimble_tui.core.model import SESSION_TIMES, StreamingSession, read_streaming_session
from nimble_tui.core.structures import read_all
from nimble_tui.core.turns import in_turns

PartsByDigest = Mapping[bytes, Part[StreamingSession]]
"""Parsed pages by the digest of their bytes."""


class SessionPages:
    """Parses the pages of one poll; a page with the same bytes as before is not parsed again."""

    def __init__(self, before: PartsByDigest) -> None:
        self._before = before
        self.parts: dict[bytes, Part[StreamingSession]] = {}

    def part(self, reply: Mapping[str, Any]) -> Part[StreamingSession]:
        """Return the content of a page; CallError if malformed."""
        body = reply[BODY]
        digest = blake2b(body, digest_size=16).digest()
        part = self._before.get(digest) or self._read(body)
        self.parts[digest] = part
        return part

    def id_of(self, item: StreamingSession) -> str:
        """Return a workstation's id."""
        return item.session_id

    def _read(self, body: bytes) -> Part[StreamingSession]:
        values = parse_body(body, "ListStreamingSessions")
        items, skipped = read_all(self._session, in_turns(values["sessions"]))
        return Part(items, skipped, next_token(values))

    @staticmethod
    def _session(value: object) -> StreamingSession:
        if isinstance(value, dict):
            value = {name: member for name, member in value.items() if member is not None}
            value |= {name: timestamp(value[name]) for name in SESSION_TIMES if name in value}
        return read_streaming_session(value)
