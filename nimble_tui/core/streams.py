"""Streams of a workstation's desktop; the address is a secret until it expires.

Source: the AWS API reference, StreamingSessionStream.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Annotated

from nimble_tui.core import structures
from nimble_tui.core.structures import Id

_LONGEST_URL = 4096

Url = Annotated[str, partial(structures.raw, longest=_LONGEST_URL)]


class StreamState(StrEnum):
    """Source: the AWS API reference, StreamingSessionStream, member state."""

    READY = "READY"
    CREATE_IN_PROGRESS = "CREATE_IN_PROGRESS"
    DELETE_IN_PROGRESS = "DELETE_IN_PROGRESS"
    DELETED = "DELETED"
    CREATE_FAILED = "CREATE_FAILED"
    DELETE_FAILED = "DELETE_FAILED"


@dataclass(frozen=True, slots=True)
class StreamingSessionStream:
    """A stream; anyone with its `url` can see the workstation's desktop until `expires_at`.

    The url is set once the stream is READY. It is never logged or stored, nor shown after expiry.
    """

    stream_id: Id
    state: str | None = None
    status_code: str | None = None
    url: Url | None = field(default=None, repr=False)
    created_at: datetime | None = None
    created_by: Id | None = None
    expires_at: datetime | None = None
    owned_by: Id | None = None


read_stream = partial(structures.read, StreamingSessionStream)
