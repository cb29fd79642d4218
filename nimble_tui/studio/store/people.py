"""The part of a transaction that is about people and what they are members of."""

import sqlite3
from collections.abc import Callable, Mapping
from types import NoneType, UnionType
from typing import Any, TypeVar

from nimble_tui.studio.store.bad_records import log_bad_record
from nimble_tui.studio.store.cipher import Cipher, PlainText
from nimble_tui.studio.store.records import Member, Person, Role

_PERSON = (
    "principal_id, role, name, access_key_id, secret_access_key, granted_sessions, "
    "user_name, email, sid, active"
)


Record = TypeVar("Record")

_TYPES: Mapping[str, type | UnionType] = {
    "granted_sessions": int,
    "sid": str | NoneType,
    "active": int,
    "number": int,
}


class PeopleTables:
    """Reads people and members, and changes them."""

    def __init__(self, connection: sqlite3.Connection, cipher: Cipher | None = None) -> None:
        self._connection = connection
        self._cipher = cipher or PlainText()

    def people(self, *, after: int = 0, limit: int = -1) -> list[Person]:
        """Return people in the order they came, after number `after`; a negative limit is none."""
        return self._people("rowid > ? ORDER BY rowid", after, limit=limit)

    def people_called(self, user_name: str, *, after: int = 0, limit: int = -1) -> list[Person]:
        """Return who has a user name, in any case, in the order they came."""
        where = "user_name_key = ? AND rowid > ? ORDER BY rowid"
        return self._people(where, user_name.casefold(), after, limit=limit)

    def administrators(self, *, after: int = 0, limit: int = -1) -> list[Person]:
        """Return admins and operators in the order they came, after number `after`."""
        where = "role IN (?, ?) AND rowid > ? ORDER BY rowid"
        return self._people(where, Role.ADMIN, Role.OPERATOR, after, limit=limit)

    def person(self, principal_id: str) -> Person | None:
        """Return who has this principal id."""
        return next(iter(self._people("principal_id = ?", principal_id)), None)

    def holder(self, access_key_id: str) -> Person | None:
        """Return the person with this access key."""
        return next(iter(self._people("access_key_id = ? AND active", access_key_id)), None)

    def add_person(self, person: Person) -> None:
        """Add a person."""
        self._run(
            f"INSERT INTO people ({_PERSON}, user_name_key) "  # noqa: S608 - constants
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            person.principal_id,
            person.role,
            person.name,
            person.access_key_id,
            self._cipher.encrypt(person.secret_access_key),
            person.granted_sessions,
            person.user_name,
            person.email,
            person.sid,
            person.active,
            person.user_name.casefold(),
        )

    def set_role(self, principal_id: str, role: Role) -> None:
        """Change a person's role."""
        self._run("UPDATE people SET role = ? WHERE principal_id = ?", role, principal_id)

    def set_keys(self, principal_id: str, access_key_id: str, secret_access_key: str) -> None:
        """Replace a person's keys."""
        self._run(
            "UPDATE people SET access_key_id = ?, secret_access_key = ?, active = 1 "
            "WHERE principal_id = ?",
            access_key_id,
            self._cipher.encrypt(secret_access_key),
            principal_id,
        )

    def encrypt_keys(self) -> None:
        """Encrypt the secrets of all keys that are stored as they are, in one go."""
        rows = self._run("SELECT principal_id, secret_access_key FROM people").fetchall()
        for principal_id, stored in rows:
            with log_bad_record("person", principal_id):
                self._run(
                    "UPDATE people SET secret_access_key = ? WHERE principal_id = ?",
                    self._cipher.encrypt(self._cipher.decrypt(stored)),
                    principal_id,
                )

    def revoke_keys(self, principal_id: str) -> None:
        """Revoke a person's keys."""
        self._run("UPDATE people SET active = 0 WHERE principal_id = ?", principal_id)

    def grant_sessions(self, principal_id: str, count: int) -> None:
        """Raise a person's quota of live sessions by `count`."""
        self._run(
            "UPDATE people SET granted_sessions = granted_sessions + ? WHERE principal_id = ?",
            count,
            principal_id,
        )

    def members(self, launch_profile_id: str, *, after: int = 0, limit: int = -1) -> list[Member]:
        """Return who is on a launch profile in the order they came, after number `after`."""
        rows = self._run(
            "SELECT members.principal_id, sid, number FROM members LEFT JOIN people "
            "ON people.principal_id = members.principal_id "
            "WHERE launch_profile_id = ? AND number > ? ORDER BY number LIMIT ?",
            launch_profile_id,
            after,
            limit,
        )
        return [Member(*row) for row in rows]

    def memberships(self) -> list[tuple[str, str]]:
        """Return every pair of a launch profile's id and a member's."""
        return list(self._run("SELECT launch_profile_id, principal_id FROM members"))

    def add_member(self, launch_profile_id: str, principal_id: str) -> None:
        """Add a person to a launch profile."""
        self._run(
            "INSERT OR IGNORE INTO members (launch_profile_id, principal_id) VALUES (?, ?)",
            launch_profile_id,
            principal_id,
        )

    def remove_member(self, launch_profile_id: str, principal_id: str) -> None:
        """Remove a person from a launch profile."""
        self._run(
            "DELETE FROM members WHERE launch_profile_id = ? AND principal_id = ?",
            launch_profile_id,
            principal_id,
        )

    def member(self, launch_profile_id: str, principal_id: str) -> Member | None:
        """Return a member of a launch profile by their principal id."""
        found = self._run(
            "SELECT number FROM members WHERE launch_profile_id = ? AND principal_id = ?",
            launch_profile_id,
            principal_id,
        ).fetchone()
        if found is None:
            return None
        person = self.person(principal_id)
        return Member(principal_id, person.sid if person else None, found[0])

    def is_member(self, launch_profile_id: str, principal_id: str) -> bool:
        """Return whether a person is a member of a launch profile."""
        return self.member(launch_profile_id, principal_id) is not None

    def _people(self, where: str, *values: object, limit: int = -1) -> list[Person]:
        rows = self._run(f"SELECT {_PERSON}, rowid FROM people WHERE {where}", *values)  # noqa: S608
        return readable(rows, lambda row: ("person", row[0]), self._person, limit)

    def _person(self, row: tuple[Any, ...]) -> Person:
        names = [*_PERSON.split(", "), "number"]
        columns = dict(zip(names, row, strict=True))
        if not all(isinstance(value, _TYPES.get(name, str)) for name, value in columns.items()):
            raise TypeError("a column of another type")
        secret = self._cipher.decrypt(columns["secret_access_key"])
        columns |= {"role": Role(columns["role"]), "active": bool(columns["active"])}
        return Person(**columns | {"secret_access_key": secret})

    def _run(self, sql: str, *values: object) -> sqlite3.Cursor:
        return self._connection.execute(sql, values)


def readable(
    rows: sqlite3.Cursor,
    name: Callable[[tuple[Any, ...]], tuple[object, object]],
    read: Callable[[tuple[Any, ...]], Record],
    limit: int,
) -> list[Record]:
    """Return what rows hold, up to `limit` records; one that cannot be read is logged, by its name.

    The limit is none of SQL's, which would count those too and end a list early.
    """
    found: list[Record] = []
    for row in rows:
        if len(found) == limit:
            break
        with log_bad_record(*name(row)):
            found.append(read(row))
    rows.close()
    return found
