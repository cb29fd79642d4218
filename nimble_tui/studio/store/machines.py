"""The part of a transaction that is about machines and what their backend is requested to do."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from nimble_tui.studio.store.layout import member_of
from nimble_tui.studio.store.people import readable
from nimble_tui.studio.store.records import Kind, MachineRecord, RequestRecord, Verb

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_LATEST: Final = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND
_UNUSED: Final = 1_000_000
"""More requests, or changes of a deadline, than a store made after a copy of it."""
_MACHINE: Final = tuple(one.name for one in fields(MachineRecord))
_REQUEST: Final = tuple(one.name for one in fields(RequestRecord))
_TIMES: Final = frozenset(
    {
        "requested_at",
        "look_at",
        "missing_since",
        "enforce_at",
        "ended_at",
        "issued_at",
        "next_try_at",
        "accepted_at",
        "claimed_until",
        "unclear_since",
    }
)
_OF_MACHINES: Final = ", ".join(_MACHINE)
_OF_REQUESTS: Final = ", ".join(_REQUEST)


class Mark(NamedTuple):
    """The state of the records before an observation; where it changed meanwhile, they win.

    `state` is the session's, "" where its record is missing; `accepted` whether no request is
    still to be accepted.
    """

    state: str
    last_request: int
    handle: str
    accepted: bool


class NextTimes(NamedTuple):
    """When something is due: the first request to be sent, the first machine to be looked at."""

    request: datetime | None
    look: datetime | None


class MachineTables:
    """Reads machines and requests, and changes them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def get(self, machine_id: str) -> MachineRecord | None:
        """Return a machine by its id."""
        return self._machine("id = ?", machine_id)

    def of_session(self, session_id: str) -> MachineRecord | None:
        """Return the machine that a session has; None where it has none, or none any longer."""
        return self._machine("session_id = ? AND ended_at IS NULL", session_id)

    def put(self, machine: MachineRecord) -> None:
        """Add a machine, or store what it has become."""
        values = ", ".join("?" * len(_MACHINE))
        self._run(
            f"INSERT OR REPLACE INTO machines ({_OF_MACHINES}) VALUES ({values})",  # noqa: S608
            *(_stored(machine, name) for name in _MACHINE),
        )

    def live(self) -> list[MachineRecord]:
        """Return every machine that did not end."""
        return self._machines("WHERE ended_at IS NULL")

    def to_look_at(self, now: datetime) -> list[MachineRecord]:
        """Return the machines to look at by now, apart from the patrols."""
        return self._machines(
            "WHERE look_at IS NOT NULL AND set_aside = 0 AND look_at <= ? ORDER BY look_at, id",
            _number(now),
        )

    def marks(self, machine_ids: Sequence[str]) -> dict[str, Mark]:
        """Return what observations of machines rest upon, by the machines' ids."""
        rows = self._run(
            # The document's own state, since that is what is compared with it.
            f"SELECT machines.id, coalesce({member_of('state')}, ''), last_request, handle, "  # noqa: S608
            "requests.number IS NULL OR requests.accepted_at IS NOT NULL FROM json_each(?) AS one "
            "JOIN machines ON machines.id = one.value LEFT JOIN resources "
            "ON resources.kind = ? AND resources.id = machines.session_id "
            "LEFT JOIN requests ON requests.machine_id = machines.id",
            json.dumps(machine_ids),
            Kind.STREAMING_SESSION,
        )
        return {row[0]: Mark(row[1], row[2], row[3], bool(row[4])) for row in rows}

    def set_aside(self, machine_id: str) -> None:
        """Leave a machine with a bad record out of `to_look_at`, until it is stored again."""
        self._run("UPDATE machines SET set_aside = 1 WHERE id = ?", machine_id)

    def take_back(self) -> None:
        """Let every machine that was set aside be looked at again."""
        self._run("UPDATE machines SET set_aside = 0 WHERE set_aside = 1")

    def forget(self, before: datetime) -> None:
        """Remove the machines that ended before a time."""
        self._run(
            "DELETE FROM machines WHERE ended_at IS NOT NULL AND ended_at < ?", _number(before)
        )

    def claim_deadline(self, now: datetime, until: datetime) -> str | None:
        """Return a machine whose deadline is to be enforced by now, for the caller until a time.

        It is named by its id alone: its record may be bad.
        """
        found = self._one(
            "UPDATE machines SET enforce_at = ? WHERE id = (SELECT id FROM machines "
            "WHERE deadline_version != enforced_version AND enforce_at <= ? "
            "ORDER BY enforce_at LIMIT 1) RETURNING id",
            _number(until),
            _number(now),
        )
        return str(found[0]) if found else None

    def first_deadline(self) -> datetime | None:
        """Return when the first deadline is to be enforced by its machine."""
        row = self._one(
            "SELECT min(enforce_at) FROM machines WHERE deadline_version != enforced_version"
        )
        return _time(row[0]) if row else None

    def next_number(self) -> int:
        """Return the number of the next request."""
        row = self._one("SELECT seq FROM sqlite_sequence WHERE name = 'requests'")
        return int(row[0]) + 1 if row else 1

    def request_of(self, machine_id: str) -> RequestRecord | None:
        """Return the request under way for a machine."""
        return self._request("machine_id = ?", machine_id)

    def request(self, number: int) -> RequestRecord | None:
        """Return a request by its number."""
        return self._request("number = ?", number)

    def put_request(self, request: RequestRecord) -> None:
        """Add a request, in place of any other of its machine, or store what it has become."""
        values = ", ".join("?" * len(_REQUEST))
        self._run(
            f"INSERT OR REPLACE INTO requests ({_OF_REQUESTS}) VALUES ({values})",  # noqa: S608
            *(_stored(request, name) for name in _REQUEST),
        )

    def end_request(self, machine_id: str) -> None:
        """Remove the request of a machine."""
        self._run("DELETE FROM requests WHERE machine_id = ?", machine_id)

    def claim_request(
        self, now: datetime, until: datetime, claimed_by: str
    ) -> tuple[int, str] | None:
        """Return a request to be sent by now, for the caller alone until a time.

        It is named by its number and its session alone: its record may be bad. One that waits for
        longer than a new lease would last was stored by a wrong clock, and is due as well.
        """
        found = self._one(
            "UPDATE requests SET claimed_by = ?, claimed_until = ?, next_try_at = ?, "
            "tries = tries + 1 WHERE number = (SELECT number FROM requests "
            "WHERE accepted_at IS NULL AND (next_try_at <= ? OR next_try_at > ?) "
            "ORDER BY next_try_at, number LIMIT 1) RETURNING number, session_id",
            claimed_by,
            _number(until),
            _number(until),
            _number(now),
            _number(until),
        )
        return (int(found[0]), str(found[1])) if found else None

    def claimants(self) -> list[str]:
        """Return the holders of requests that were not accepted yet."""
        rows = self._run(
            "SELECT DISTINCT claimed_by FROM requests "
            "WHERE accepted_at IS NULL AND claimed_by != ''"
        )
        return [str(row[0]) for row in rows]

    def end_claims(self, claimed_by: str, now: datetime) -> None:
        """Have the requests of a holder sent by another one from now on."""
        self._run(
            "UPDATE requests SET claimed_by = '', claimed_until = NULL, next_try_at = ? "
            "WHERE claimed_by = ? AND accepted_at IS NULL",
            _number(now),
            claimed_by,
        )

    def next_times(self) -> NextTimes:
        """Return when the first request is to be sent, and the first machine to be looked at."""
        row = self._one(
            "SELECT (SELECT min(next_try_at) FROM requests WHERE accepted_at IS NULL), "
            "(SELECT min(look_at) FROM machines WHERE look_at IS NOT NULL AND set_aside = 0 "
            "AND look_at BETWEEN 0 AND ?)",
            _LATEST,
        )
        return NextTimes(*map(_time, row)) if row else NextTimes(None, None)

    def any_request(self) -> bool:
        """Return whether a request is under way."""
        return self._one("SELECT 1 FROM requests LIMIT 1") is not None

    def read_back(self, now: datetime) -> int:
        """Have the outcome of all requests read from their machines; return how many there are.

        None of them is sent. What is issued from then on has numbers, and deadlines have versions,
        that the store which this is a copy of has not used: backends refuse what is lower than
        the last.
        """
        count = self._run(
            "UPDATE requests SET read_back = 1, accepted_at = coalesce(accepted_at, ?), "
            "claimed_by = '', claimed_until = NULL, unclear_since = NULL",
            _number(now),
        ).rowcount
        self._run(
            "UPDATE machines SET look_at = ?, set_aside = 0 "
            "WHERE id IN (SELECT machine_id FROM requests)",
            _number(now),
        )
        self._run(
            "UPDATE machines SET deadline_version = deadline_version + ?, enforce_at = ? "
            "WHERE ended_at IS NULL",
            _UNUSED,
            _number(now),
        )
        self._run("UPDATE sqlite_sequence SET seq = seq + ? WHERE name = 'requests'", _UNUSED)
        return int(count)

    def shift(self, by: timedelta) -> None:
        """Move all times by whole seconds."""
        micros = by // _MICROSECOND
        for table, names in (("machines", _MACHINE), ("requests", _REQUEST)):
            moved = ", ".join(f"{name} = {name} + {micros}" for name in names if name in _TIMES)
            self._run(f"UPDATE {table} SET {moved}")  # noqa: S608 - constants and a number

    def _machine(self, where: str, *values: object) -> MachineRecord | None:
        row = self._one(
            f"SELECT {_OF_MACHINES} FROM machines WHERE {where} LIMIT 1",  # noqa: S608
            *values,
        )
        return _machine(row) if row else None

    def _machines(self, rest: str, *values: object) -> list[MachineRecord]:
        rows = self._run(f"SELECT {_OF_MACHINES} FROM machines {rest}", *values)  # noqa: S608
        return readable(rows, lambda row: ("machine", row[0]), _machine, -1)

    def _request(self, where: str, *values: object) -> RequestRecord | None:
        row = self._one(f"SELECT {_OF_REQUESTS} FROM requests WHERE {where}", *values)  # noqa: S608
        return _request(row) if row else None

    def _run(self, sql: str, *values: object) -> sqlite3.Cursor:
        return self._connection.execute(sql, values)

    def _one(self, sql: str, *values: object) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self._run(sql, *values).fetchone()
        return row


def _machine(row: tuple[Any, ...]) -> MachineRecord:
    return MachineRecord(**_read(_MACHINE, row))


def _request(row: tuple[Any, ...]) -> RequestRecord:
    return RequestRecord(**_read(_REQUEST, row))


def _read(names: Iterable[str], row: tuple[Any, ...]) -> dict[str, Any]:
    columns = dict(zip(names, row, strict=True))
    for name, value in columns.items():
        if name in _TIMES:
            columns[name] = _time(value)
        elif name == "parameters":
            columns[name] = json.loads(value)
            if not isinstance(columns[name], dict):
                raise TypeError("no object")
        elif name == "verb":
            columns[name] = Verb(value)
        elif name in {"gone", "read_back"}:
            columns[name] = bool(value)
    return columns


def _stored(record: MachineRecord | RequestRecord, name: str) -> object:
    value = getattr(record, name)
    if name == "parameters":
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    if name == "enforce_at":
        return _number(value) if value else 0
    return _number(value) if name in _TIMES and value is not None else value


def _number(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def _time(number: int | None) -> datetime | None:
    return None if number is None else _EPOCH + number * _MICROSECOND
