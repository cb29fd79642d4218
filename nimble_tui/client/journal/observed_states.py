"""Observed states of workstations, each recorded when it is first observed."""

import sqlite3
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice
from sys import intern

from nimble_tui.client.journal.own_rows import OwnRows
from nimble_tui.core.history import Event, EventKind
from nimble_tui.core.model import SessionState, StreamingSession
from nimble_tui.core.structures import read_time
from nimble_tui.core.text import clean
from nimble_tui.core.turns import in_turns

KEPT = timedelta(days=90)
MOST = 50_000
_PRUNED_AFTER = 10_000
_LONGEST_ID = 1024
# What was launched while the list was on its way is not in it, and there all the same.
_LIST_MAY_LAG = timedelta(minutes=5)
# Ten thousand rows hold a handful of different words.
_clean = lru_cache(maxsize=256)(clean)
_UNLISTED = "It is no longer listed."

_LAST = "SELECT state FROM seen WHERE whose = ? AND session_id = ? ORDER BY number DESC LIMIT 1"
_ADD = (
    "INSERT INTO seen (whose, session_id, at, state, launch_profile_id, ec2_instance_type, note) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)"
)
# What is old or too much; how a workstation is now stays, however long ago.
_PRUNE_OLD = (
    "DELETE FROM seen WHERE whose = :whose AND at < :old AND (state = :deleted OR number NOT IN "
    "(SELECT max(number) FROM seen WHERE whose = :whose GROUP BY session_id))"
)
_PRUNE_MOST = (
    "DELETE FROM seen WHERE number <= (SELECT number FROM seen WHERE whose = :whose "
    "ORDER BY number DESC LIMIT 1 OFFSET :most) AND whose = :whose"
)


@dataclass(frozen=True, slots=True)
class ObservedState:
    """A workstation's state, and since when it was observed."""

    session_id: str
    at: datetime
    state: str
    launch_profile_id: str = ""
    ec2_instance_type: str = ""
    note: str = ""

    @property
    def event(self) -> Event:
        """It as history."""
        return Event(
            at=self.at,
            session_id=self.session_id,
            kind=EventKind.OBSERVED,
            what=self.state,
            note=self.note,
            launch_profile_id=self.launch_profile_id or None,
            ec2_instance_type=self.ec2_instance_type or None,
        )


class ObservedStates:
    """The states that one person observed in one studio; the latest are also in memory."""

    def __init__(self, rows: OwnRows) -> None:
        self._rows = rows
        self._lock = threading.Lock()
        self._last: dict[str, ObservedState] | None = None
        self._unpruned = _PRUNED_AFTER  # the rows of an earlier run are pruned immediately

    def see(
        self, sessions: Iterable[StreamingSession], now: datetime, *, whole: bool = False
    ) -> None:
        """Record the states that changed since the last observation.

        In a `whole` list, a missing workstation was deleted.
        """
        with self._lock:
            last = self._known()
            new = [one for one in (_observed(each, now, last) for each in sessions) if one]
            if whole:
                listed = {one.session_id for one in sessions}
                new += _unlisted(last, listed, now)
            # A studio that lists others each time would fill the memory and the disk.
            room = max(MOST - len(last), 0)
            unknown = islice((one for one in new if one.session_id not in last), room)
            new = [*(one for one in new if one.session_id in last), *unknown]
            if not new:
                return
            self._write(new, now)
            last.update((one.session_id, one) for one in new)

    def last(self) -> Mapping[str, ObservedState]:
        """Return the last observed state of each workstation."""
        with self._lock:
            return dict(self._known())

    def since(self, at: datetime) -> tuple[ObservedState, ...]:
        """Return the observed states since a time, oldest first."""
        rows = self._rows.execute(
            "SELECT * FROM seen WHERE whose = :whose AND at >= :at "
            "ORDER BY at DESC, number DESC LIMIT :most",
            at=at.timestamp(),
            most=MOST,
        )
        return tuple(one for one in map(_read, in_turns(reversed(rows))) if one)

    def _known(self) -> dict[str, ObservedState]:
        if self._last is None:
            rows = self._rows.execute(
                "SELECT * FROM seen WHERE number IN (SELECT max(number) FROM seen "
                "WHERE whose = :whose GROUP BY session_id) LIMIT :most",
                most=MOST,
            )
            self._last = {one.session_id: one for one in map(_read, rows) if one}
        return self._last

    def _write(self, new: Sequence[ObservedState], now: datetime) -> None:
        self._unpruned += len(new)
        if self._unpruned > _PRUNED_AFTER:
            old, deleted = (now - KEPT).timestamp(), SessionState.DELETED
            self._rows.execute(_PRUNE_OLD, _PRUNE_MOST, old=old, deleted=deleted, most=MOST)
            self._unpruned = 0
        self._rows.database.change(lambda connection: self._add(connection, new))

    def _add(self, connection: sqlite3.Connection, new: Sequence[ObservedState]) -> None:
        whose = self._rows.whose
        for one in new:
            # Another window of the app may have seen it first.
            known = connection.execute(_LAST, (whose, one.session_id)).fetchone()
            if known is None or known["state"] != one.state:
                machine = (one.launch_profile_id, one.ec2_instance_type)
                row = (whose, one.session_id, one.at.timestamp(), one.state, *machine, one.note)
                connection.execute(_ADD, row)


def _observed(
    session: StreamingSession, now: datetime, last: Mapping[str, ObservedState]
) -> ObservedState | None:
    """Return a workstation's new state, or None if it is unchanged."""
    state = session.state
    before = last.get(session.session_id)
    if not state or (before is not None and before.state == state):
        return None
    updated = session.updated_at
    if before is not None and updated is not None and updated < before.at:
        return None  # an answer that was overtaken by a newer one
    return ObservedState(
        session.session_id,
        min(updated, now) if updated else now,
        state,
        session.launch_profile_id or "",
        session.ec2_instance_type or "",
    )


def _unlisted(
    last: Mapping[str, ObservedState], listed: set[str], now: datetime
) -> list[ObservedState]:
    return [
        ObservedState(
            *(one.session_id, now, SessionState.DELETED),
            *(one.launch_profile_id, one.ec2_instance_type, _UNLISTED),
        )
        for one in last.values()
        if one.session_id not in listed
        and one.state != SessionState.DELETED
        and one.at < now - _LIST_MAY_LAG
    ]


def _read(row: sqlite3.Row) -> ObservedState | None:
    """Parse a row; None if malformed."""
    at = read_time(row["at"])
    names = ("session_id", "state", "launch_profile_id", "ec2_instance_type", "note")
    texts = [row[name] for name in names]
    if at is None or not all(isinstance(one, str) and len(one) <= _LONGEST_ID for one in texts):
        return None
    session_id, state, launch_profile_id, ec2_instance_type, note = texts
    return ObservedState(
        *(intern(session_id), at, _clean(state)),
        *(intern(launch_profile_id), _clean(ec2_instance_type), _clean(note)),
    )
