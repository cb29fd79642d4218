"""The reads and writes of the store, within one transaction."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from nimble_tui.studio.store.audit import AuditTable
from nimble_tui.studio.store.cipher import Cipher
from nimble_tui.studio.store.layout import STREAM_SECRET, member_of
from nimble_tui.studio.store.machines import MachineTables
from nimble_tui.studio.store.people import PeopleTables, readable
from nimble_tui.studio.store.records import (
    ClientToken,
    Document,
    Due,
    Failure,
    Kind,
    Resource,
    Step,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LATEST = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND
_RESOURCE = "kind, id, document, failure, step_due_at, due_at, number"


class Transaction(PeopleTables):
    """One transaction under way; made by the Store, of no use after it.

    `machines` is its part that is about machines, `audit` that about who did what.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        cipher: Cipher | None = None,
        stream_secret: bytes | None = None,
    ) -> None:
        super().__init__(connection, cipher)
        self.machines = MachineTables(connection)
        self.audit = AuditTable(connection)
        self._stream_secret = stream_secret

    @property
    def changes(self) -> int:
        """A number that grows with each row that is changed."""
        return self._connection.total_changes

    @property
    def stream_secret(self) -> bytes:
        """The secret that the tokens of streams are made from: the master key's, else its own."""
        if self._stream_secret is not None:
            return self._stream_secret
        noted = self.fact(STREAM_SECRET)
        if not noted:
            raise LookupError(STREAM_SECRET)
        return bytes.fromhex(noted)

    def fact(self, name: str) -> str | None:
        """Return something the studio noted about itself."""
        row = self._one("SELECT value FROM facts WHERE name = ?", name)
        return str(row[0]) if row else None

    def forget_fact(self, name: str) -> None:
        """Remove a fact."""
        self._run("DELETE FROM facts WHERE name = ?", name)

    def note(self, name: str, value: str) -> None:
        """Store a fact."""
        self._run("INSERT OR REPLACE INTO facts VALUES (?, ?)", name, value)

    def resource(self, kind: Kind, resource_id: str) -> Resource | None:
        """Return a resource by its id."""
        return self._resource("kind = ? AND id = ?", kind, resource_id)

    def page(
        self,
        kind: Kind,
        *,
        after: int = 0,
        limit: int = -1,
        owned_by: str | None = None,
        created_by: str | None = None,
        owner: str | None = None,
        session_id: str | None = None,
        states: Sequence[str] = (),
        types: Sequence[str] = (),
        ids: Sequence[str] = (),
        member: str | None = None,
    ) -> list[Resource]:
        """Return resources of a kind in the order they were made, after number `after`.

        `member` leaves only launch profiles that this principal is a member of; every other
        filter is held against the documents. A negative `limit` is none.
        """
        # Resources that are named are found by their ids, and only those are put in order.
        number = "+number" if ids or member is not None else "number"
        where, values = ["kind = ?", f"{number} > ?"], [kind, after]
        for clause, value in (
            ("owned_by = ?", owned_by),
            (f"{member_of('createdBy')} = ?", created_by),
            (f"{member_of('owner')} = ?", owner),
            (f"{member_of('sessionId')} = ?", session_id),
            ("id IN (SELECT launch_profile_id FROM members WHERE principal_id = ?)", member),
            ("state IN (SELECT value FROM json_each(?))", json.dumps(states) if states else None),
            (
                f"{member_of('type')} IN (SELECT value FROM json_each(?))",  # noqa: S608
                json.dumps(types) if len(types) > 1 else None,
            ),
            (f"{member_of('type')} = ?", types[0] if len(types) == 1 else None),
            ("id IN (SELECT value FROM json_each(?))", json.dumps(ids) if ids else None),
        ):
            if value is not None:
                where.append(clause)
                values.append(value)
        return self._readable(
            f"WHERE {' AND '.join(where)} ORDER BY {number}", *values, limit=limit
        )

    def everything(self) -> list[Resource]:
        """Return every resource of every kind."""
        return self._readable("ORDER BY number")

    def count_live(self, kind: Kind, owned_by: str) -> int:
        """Return how many of a kind that are not DELETED an owner has."""
        # Counted by the triggers of the layout, since an owner may have very many.
        row = self._one(
            "SELECT live FROM live_counts WHERE kind = ? AND owned_by = ?", kind, owned_by
        )
        return int(row[0]) if row else 0

    def has_any_live(self, kind: Kind) -> bool:
        """Return whether any of a kind is not DELETED."""
        row = self._one(
            "SELECT 1 FROM resources INDEXED BY resources_live_by_profile "
            "WHERE kind = ? AND state != 'DELETED' LIMIT 1",
            kind,
        )
        return row is not None

    def has_live(self, kind: Kind, launch_profile_id: str) -> bool:
        """Return whether any of a kind that is not DELETED is of a launch profile."""
        row = self._one(
            "SELECT 1 FROM resources INDEXED BY resources_live_by_profile "
            "WHERE kind = ? AND launch_profile_id = ? AND state != 'DELETED' LIMIT 1",
            kind,
            launch_profile_id,
        )
        return row is not None

    def users_of(self, studio_component_id: str, *, limit: int) -> list[Resource]:
        """Return launch profiles that have a component and are not DELETED, at most `limit`."""
        return self._readable(
            "WHERE kind = ? AND state != 'DELETED' AND id IN (SELECT launch_profile_id "
            "FROM component_users WHERE studio_component_id = ?) ORDER BY +number",
            Kind.LAUNCH_PROFILE,
            studio_component_id,
            limit=limit,
        )

    def has_ending(self, kind: Kind, ending: str) -> bool:
        """Return whether an id of this kind ends in these four characters."""
        # Left alone, SQLite would walk all ids of the kind, since their index holds all it needs.
        sql = (
            "SELECT 1 FROM resources INDEXED BY resources_by_ending "
            "WHERE kind = ? AND substr(id, -4) = ?"
        )
        return self._one(sql, kind, ending) is not None

    def first_due(self) -> Due | None:
        """Return to which resource something happens next by itself, and when."""
        row = self._one(
            "SELECT kind, id, due_at FROM resources WHERE due_at IS NOT NULL AND set_aside = 0 "
            "AND due_at BETWEEN 0 AND ? ORDER BY due_at, number LIMIT 1",
            _LATEST,  # a bad record may hold anything, which must not come first for ever
        )
        return Due(row[0], row[1], _known_time(row[2])) if row else None

    def set_aside(self, due: Due) -> None:
        """Leave a record that cannot be read out of `first_due`, until it is written again."""
        self._run("UPDATE resources SET set_aside = 1 WHERE kind = ? AND id = ?", due.kind, due.id)

    def take_back(self) -> None:
        """Let everything that was set aside be due again."""
        self._run("UPDATE resources SET set_aside = 0 WHERE set_aside = 1")

    @contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """Undo what is done inside where that raises, and nothing else of the transaction.

        A value that no column can hold raises ValueError.
        """
        self._run("SAVEPOINT part")
        try:
            yield
        except BaseException as error:
            if self._connection.in_transaction:  # a full disk ends it
                self._run("ROLLBACK TO part")
                self._run("RELEASE part")
            if isinstance(error, sqlite3.ProgrammingError):
                raise ValueError("a value of a type that is not stored") from error
            raise
        self._run("RELEASE part")

    def due_within(
        self, after: datetime | None = None, until: datetime | None = None
    ) -> list[Resource]:
        """Return to which resources something happens by itself after `after` up to `until`."""
        return self._readable(
            "WHERE due_at > ? AND due_at <= ? AND set_aside = 0 ORDER BY due_at, number",
            _number(after or datetime.min.replace(tzinfo=UTC)),
            _number(until or datetime.max.replace(tzinfo=UTC)),
        )

    def put(self, resource: Resource) -> None:
        """Add a resource, or write what it has become."""
        self.put_all([resource])

    def put_all(self, resources: Iterable[Resource]) -> None:
        """Add resources, or write what they have become."""
        for resource in resources:
            self._run(
                "INSERT INTO resources (kind, id, state, owned_by, launch_profile_id, document, "
                "failure, step_due_at, due_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (kind, id) DO UPDATE SET state = excluded.state, "
                "document = excluded.document, failure = excluded.failure, "
                "step_due_at = excluded.step_due_at, due_at = excluded.due_at, set_aside = 0",
                *_row(resource),
            )
            if resource.kind == Kind.LAUNCH_PROFILE:
                self._set_components(resource.id, resource.document.get("studioComponentIds", ()))

    def forget(self, resource: Resource) -> None:
        """Remove a resource permanently."""
        self._run("DELETE FROM resources WHERE kind = ? AND id = ?", resource.kind, resource.id)
        if resource.kind == Kind.LAUNCH_PROFILE:
            self._run("DELETE FROM members WHERE launch_profile_id = ?", resource.id)
            self._set_components(resource.id, ())

    def client_token(self, principal_id: str, token: str) -> ClientToken | None:
        """Return what a client token of a principal was used for."""
        row = self._one(
            "SELECT principal_id, token, request, kind, resource_id, used_at FROM tokens "
            "WHERE principal_id = ? AND token = ?",
            principal_id,
            token,
        )
        if row is None:
            return None
        owner, word, request, kind, resource_id, used_at = row
        return ClientToken(owner, word, request, Kind(kind), resource_id, _known_time(used_at))

    def add_client_token(self, used: ClientToken) -> None:
        """Remember that a client token was used."""
        self._run(
            "INSERT OR REPLACE INTO tokens VALUES (?, ?, ?, ?, ?, ?)",
            used.principal_id,
            used.token,
            used.request,
            used.kind,
            used.resource_id,
            _number(used.used_at),
        )

    def forget_client_tokens(self, before: datetime) -> None:
        """Remove the client tokens used before a time."""
        self._run("DELETE FROM tokens WHERE used_at < ?", _number(before))

    def shift_client_tokens(self, by: timedelta) -> None:
        """Move the times of all client tokens."""
        self._run("UPDATE tokens SET used_at = used_at + ?", by // _MICROSECOND)

    def _resource(self, where: str, *values: object) -> Resource | None:
        row = self._one(
            f"SELECT {_RESOURCE} FROM resources WHERE {where} "  # noqa: S608 - constants
            "ORDER BY due_at, number LIMIT 1",
            *values,
        )
        return _resource(row) if row else None

    def _set_components(self, launch_profile_id: str, component_ids: Iterable[str]) -> None:
        self._run("DELETE FROM component_users WHERE launch_profile_id = ?", launch_profile_id)
        for component_id in dict.fromkeys(component_ids):
            self._run("INSERT INTO component_users VALUES (?, ?)", component_id, launch_profile_id)

    def _readable(self, rest: str, *values: object, limit: int = -1) -> list[Resource]:
        rows = self._run(f"SELECT {_RESOURCE} FROM resources {rest}", *values)  # noqa: S608
        return readable(rows, lambda row: (row[0], row[1]), _resource, limit)

    def _one(self, sql: str, *values: object) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self._run(sql, *values).fetchone()
        return row


def _no_constant(name: str) -> None:
    """Refuse NaN and the infinities, which are no JSON."""
    raise ValueError(name)


# Made once: making them takes a third of the time that a document takes.
_DECODER = json.JSONDecoder(parse_constant=_no_constant)
_ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


def _resource(row: tuple[Any, ...]) -> Resource:
    kind, resource_id, text, failure, step_due_at, due_at, number = row
    document: Document = _DECODER.decode(text)
    if not isinstance(document, dict) or not isinstance(document.get("state", ""), str):
        raise TypeError("a document is an object, and its state a text")
    step = None
    if step_due_at is not None:
        known = Failure(*json.loads(failure)) if failure else None
        step = Step(_known_time(step_due_at), known)
    return Resource(Kind(kind), resource_id, document, step, _time(due_at), number)


def _row(resource: Resource) -> tuple[object, ...]:
    document, step = resource.document, resource.step
    failure = step.failure if step else None
    return (
        resource.kind,
        resource.id,
        resource.state,
        document.get("ownedBy"),
        document.get("launchProfileId"),
        _ENCODER.encode(document),
        json.dumps([failure.status_code, failure.message]) if failure else None,
        _number(step.due_at) if step else None,
        _number(resource.due_at) if resource.due_at else None,
    )


def _number(at: datetime) -> int:
    """Return a time as whole microseconds, which compare and survive exactly."""
    return (at - _EPOCH) // _MICROSECOND


def _known_time(number: int) -> datetime:
    return _EPOCH + number * _MICROSECOND


def _time(number: int | None) -> datetime | None:
    return None if number is None else _known_time(number)
