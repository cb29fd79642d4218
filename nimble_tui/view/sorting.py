"""The sort orders of the list of workstations."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias, TypeVar

from nimble_tui.core.instance_types import INSTANCE_TYPES
from nimble_tui.core.lookup import folded
from nimble_tui.core.model import FAILED_STATES, SessionState
from nimble_tui.core.rules import Ending
from nimble_tui.view.list_diff import MOST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from nimble_tui.core.model import StreamingSession
    from nimble_tui.core.rules import Deadline

Key: TypeAlias = "tuple[int | float | str | datetime, ...]"

_FAR = datetime.max.replace(tzinfo=UTC)
_SOON = timedelta(hours=1)
_NUMBER = re.compile(r"\d+")
_TYPES = {name: place for place, name in enumerate(INSTANCE_TYPES)}
_RUNNING = frozenset({SessionState.READY, SessionState.STOP_FAILED})


class Sortable(Protocol):
    """The properties by which rows are sorted."""

    @property
    def key(self) -> str:
        """Its unique key."""
        ...

    @property
    def session(self) -> StreamingSession:
        """The workstation."""
        ...

    @property
    def title(self) -> str:
        """The workstation's title."""
        ...

    @property
    def deadline(self) -> Deadline | None:
        """Its next deadline."""
        ...


Row = TypeVar("Row", bound=Sortable)


class Order(NamedTuple):
    """A sort order: its stored id, its name, and its sort key."""

    id: str
    label: str
    key: Callable[[Sortable, datetime], Key]

    def arrange(self, rows: Iterable[Row], now: datetime) -> tuple[Row, ...]:
        """Return the rows sorted; fast if they were nearly sorted before."""
        return tuple(sorted(rows, key=lambda row: self.key(row, now)))


def _needs(row: Sortable, now: datetime) -> Key:
    """Sort by urgency: soon deleted, in transition, running, failed, stopped."""
    session = row.session
    deadline = row.deadline
    ends = deadline.at if deadline else _FAR
    age = -session.created_at.timestamp() if session.created_at else 0.0
    deletes = deadline is not None and deadline.ending == Ending.DELETE and ends - now <= _SOON
    return 0 if deletes else _rank(session), ends, age, session.session_id


def _name(row: Sortable, now: datetime) -> Key:  # noqa: ARG001 - the signature of all orders
    return _natural(row.title), row.key


def _state(row: Sortable, now: datetime) -> Key:  # noqa: ARG001
    session = row.session
    return _rank(session), session.state or "", _natural(row.title), row.key


def _type(row: Sortable, now: datetime) -> Key:  # noqa: ARG001
    name = row.session.ec2_instance_type or ""
    return _TYPES.get(name, len(_TYPES)), name, _natural(row.title), row.key


def _longest(row: Sortable, now: datetime) -> Key:  # noqa: ARG001
    session = row.session
    since = max((at for at in (session.created_at, session.started_at) if at), default=None)
    if session.state in _RUNNING and since is not None:
        return 0, since.timestamp(), row.key
    return 1, _natural(row.title), row.key


def _newest(row: Sortable, now: datetime) -> Key:  # noqa: ARG001
    created = row.session.created_at
    return -created.timestamp() if created else 0.0, row.key


def _ending(row: Sortable, now: datetime) -> Key:  # noqa: ARG001
    return row.deadline.at if row.deadline else _FAR, _natural(row.title), row.key


NEEDS = Order("needs", "at risk, then in use", _needs)
ENDING = Order("ending", "earliest deadline first", _ending)
ORDERS = (
    NEEDS,
    Order("name", "by name", _name),
    Order("state", "by state", _state),
    Order("type", "by type", _type),
    Order("longest", "longest running first", _longest),
    Order("newest", "newest first", _newest),
    ENDING,
)


def named(order_id: str) -> Order:
    """Return the order with this id, or the default one."""
    return next((order for order in ORDERS if order.id == order_id), NEEDS)


def following(order: Order) -> Order:
    """Return the order after `order`."""
    return ORDERS[(ORDERS.index(order) + 1) % len(ORDERS)]


def _rank(session: StreamingSession) -> int:
    if session.in_transition:
        return 1
    if session.state == SessionState.READY:
        return 2
    if session.state in FAILED_STATES:
        return 3
    return 4 if session.state == SessionState.STOPPED else 5


@lru_cache(MOST)
def _natural(text: str) -> str:
    """Return a sort key with which sq9 sorts before sq042 and sq10."""
    return _NUMBER.sub(lambda number: number.group().zfill(12), folded(text))
