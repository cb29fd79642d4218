"""Members of a reply, each as the type it should have or as nothing: believe nothing."""

import json
import zlib
from collections.abc import ItemsView, Iterator, Mapping
from functools import lru_cache
from sys import intern
from types import MappingProxyType

from nimble_tui.core import text as safe

Members = Mapping[str, object]

_LONGEST_ID = 1024
_LONGEST_WORD = 64
_LONG = 64 * 1024
# The API's Integer shape has 32 bits; more would overflow where time is added up.
_INTEGER_END = 2**31


class Kept(Mapping[str, object]):
    """Members that are hardly ever looked at: kept as packed JSON, in a tenth of the room.

    `length` is that of the JSON, in characters.
    """

    __slots__ = ("_packed", "length")

    def __init__(self, json_text: str) -> None:
        self.length = len(json_text)
        packer = zlib.compressobj(wbits=_WINDOW, memLevel=4, zdict=_LIKE)
        self._packed = packer.compress(json_text.encode()) + packer.flush()

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Kept):
            return self._packed == other._packed
        return super().__eq__(other)

    __hash__ = None  # type: ignore[assignment]

    @property
    def json(self) -> str:
        """The members as JSON."""
        return zlib.decompressobj(wbits=_WINDOW, zdict=_LIKE).decompress(self._packed).decode()

    def __getitem__(self, name: str) -> object:
        return self._members()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._members())

    def __len__(self) -> int:
        return len(self._members())

    def items(self) -> ItemsView[str, object]:
        """Return names and values, read all at once."""
        return self._members().items()

    def _members(self) -> dict[str, object]:
        members: dict[str, object] = json.loads(self.json)
        return members


# What members mostly look like, so that little more than what is their own has to be kept.
_LIKE = (
    b'"volumeConfiguration":{"iops":3000,"size":500,"throughput":125},"volumeRetentionMode":"RETAIN"'
    b'"sessionPersistenceMode":"ACTIVATED","automaticTerminationMode":"DEACTIVATED",'
    b'"backupMode":"AUTOMATIC","maxBackupsToRetain":1,"startedFromBackupId":"",'
    b'"statusCode":"STREAMING_SESSION_STOPPED","state":"STOPPED","stopAt":"2026-01-01T00:00:00Z",'
    b'"stoppedAt":"2026-01-01T00:00:00+00:00","stoppedBy":"","startedAt":"2026-01-01T00:00:00Z",'
    b'"startedBy":"","terminateAt":"2026-01-01T00:00:00+00:00","updatedAt":"2026-01-01T00:00:00Z",'
    b'{"sessionId":"","arn":"arn:aws:nimble:us-west-2:123456789012:streaming-session/",'
    b'"launchProfileId":"","ec2InstanceType":"g5.2xlarge","streamingImageId":"","ownedBy":"",'
    b'"createdAt":"2026-01-01T00:00:00+00:00","createdBy":"","state":"READY",'
    b'"statusCode":"STREAMING_SESSION_READY","statusMessage":"","tags":{"Name":"'
)
_WINDOW = -12


def length_of(m: Members) -> int:
    """Return how long members are as JSON; a guess on the large side where that is not known."""
    return m.length if isinstance(m, Kept) else _LONG


def kept(m: Members) -> Members:
    """Return members as Kept; as they are where JSON has no words for them."""
    try:
        return Kept(json.dumps(dict(m), separators=(",", ":"), allow_nan=False))
    except (TypeError, ValueError, RecursionError):
        return m


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
