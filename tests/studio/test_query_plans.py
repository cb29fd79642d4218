"""Every statement that the store runs finds its rows by an index, however large the studio is."""

import inspect
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nimble_tui.studio.store.audit import AuditEntry, AuditTable
from nimble_tui.studio.store.machines import MachineTables
from nimble_tui.studio.store.records import (
    ClientToken,
    Due,
    Kind,
    MachineRecord,
    Person,
    RequestRecord,
    Resource,
    Role,
    Step,
    Verb,
)
from nimble_tui.studio.store.transaction import Transaction
from nimble_tui.studio.studio import Studio
from tests.studio.world import MARA, NOW

KIND = Kind.STREAMING_SESSION
SESSION = Resource(KIND, "k.1", {"state": "READY", "ownedBy": MARA}, Step(NOW), NOW)
PERSON = Person("p", Role.ARTIST, "P", "K", "S", user_name="p")
TOKEN = ClientToken(MARA, "t", "r", KIND, "k.1", NOW)

CALLS: dict[str, list[tuple[Any, ...]]] = {
    "fact": [("studio_id",)],
    "note": [("a", "b")],
    "resource": [(KIND, "k.1")],
    "count_live": [(KIND, MARA)],
    "has_any_live": [(KIND,)],
    "forget_fact": [("studio_id",)],
    "has_live": [(KIND, "lp")],
    "users_of": [("sc", {"limit": 20})],
    "has_ending": [(KIND, "abcd")],
    "first_due": [()],
    "due_within": [(NOW, NOW)],
    "set_aside": [(Due(KIND, "k.1", NOW),)],
    "put": [(SESSION,)],
    "put_all": [([SESSION],)],
    "forget": [(SESSION,), (Resource(Kind.LAUNCH_PROFILE, "lp", {}),)],
    "client_token": [(MARA, "t")],
    "add_client_token": [(TOKEN,)],
    "forget_client_tokens": [(NOW,)],
    "people": [({"limit": 20},)],
    "people_called": [("mara.vos", {"limit": 20})],
    "administrators": [({"limit": 20},)],
    "person": [(MARA,)],
    "holder": [("K",)],
    "add_person": [(PERSON,)],
    "set_role": [(MARA, Role.ADMIN)],
    "set_keys": [(MARA, "K2", "S")],
    "revoke_keys": [(MARA,)],
    "grant_sessions": [(MARA, 1)],
    "members": [("lp", {"limit": 20})],
    "add_member": [("lp", MARA)],
    "remove_member": [("lp", MARA)],
    "member": [("lp", MARA)],
    "is_member": [("lp", MARA)],
    "page": [
        (KIND, {"limit": 20, **filters})
        for filters in (
            {},
            {"after": 7},
            {"owned_by": MARA},
            {"created_by": MARA},
            {"owned_by": MARA, "created_by": MARA},
            {"session_id": "k.1"},
            {"states": ["READY"]},
            {"types": ["CUSTOM"]},
            {"owner": "amazon"},
            {"ids": ["a", "b"]},
            {"member": MARA},
            {"member": MARA, "states": ["READY"]},
        )
    ],
}
MACHINE = MachineRecord("m", "k.1", "{}", look_at=NOW)
REQUEST = RequestRecord(1, "m", "k.1", Verb.STOP, {}, NOW, NOW)
OF_MACHINES: dict[str, list[tuple[Any, ...]]] = {
    "get": [("m",)],
    "of_session": [("k.1",)],
    "put": [(MACHINE,)],
    "to_look_at": [(NOW,)],
    "marks": [(["m"],)],
    "set_aside": [("m",)],
    "forget": [(NOW,)],
    "claim_deadline": [(NOW, NOW)],
    "first_deadline": [()],
    "next_number": [()],
    "request_of": [("m",)],
    "request": [(1,)],
    "put_request": [(REQUEST,)],
    "end_request": [("m",)],
    "claim_request": [(NOW, NOW, "me")],
    "next_times": [()],
    "any_request": [()],
}
OF_AUDIT: dict[str, list[tuple[Any, ...]]] = {
    "add": [(AuditEntry(NOW, MARA, "Mara", "StopStreamingSession", {}, "127.0.0.1"),)],
    "page": [
        ({"limit": 20, **filters},)
        for filters in (
            {"before": 7},
            {"principal_id": MARA, "before": 7},
            {"name": "root"},
            {"session": "44w5"},
            {"session": "44w5", "principal_id": MARA},
        )
    ],
    "forget": [(NOW, 100)],
}
ONCE = {
    "everything": "a demo that nobody served for an hour has all its times moved, once",
    "shift_client_tokens": "the same",
    "memberships": "for `studio people`, which prints everybody",
    "take_back": "once, when the studio is opened",
    "encrypt_keys": "once, when a studio gets a master key",
    "all_or_nothing": "has no statement of its own",
}
OF_MACHINES_ONCE = {
    "live": "a patrol looks at all machines, which are no more than the backend has",
    "take_back": "once, when the studio is opened",
    "shift": "once, as shift_client_tokens",
    "read_back": "once, at a takeover",
    "claimants": "once, when the studio is served",
    "end_claims": "once, when the studio is served",
}
"""The methods whose work may grow with the studio, each with the reason."""


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    path = tmp_path / "studio.db"
    Studio.open(path, sessions=50).close()
    connection = sqlite3.connect(path, isolation_level=None)
    yield connection
    connection.close()


@pytest.mark.parametrize(
    ("tables", "tried"),
    [
        (Transaction, CALLS | ONCE),
        (MachineTables, OF_MACHINES | OF_MACHINES_ONCE),
        (AuditTable, OF_AUDIT),
    ],
)
def test_every_method_is_tried(tables: type, tried: dict[str, object]) -> None:
    methods = {
        name
        for name, _ in inspect.getmembers(tables, inspect.isfunction)
        if not name.startswith("_")
    }
    assert methods == tried.keys()


def plans(
    connection: sqlite3.Connection,
    name: str,
    tables: type[Transaction | MachineTables | AuditTable] = Transaction,
) -> list[tuple[str, str]]:
    """Return every statement that a method runs, and each step of its plan."""
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    tried = {Transaction: CALLS, MachineTables: OF_MACHINES, AuditTable: OF_AUDIT}
    for call in tried[tables][name]:
        options = call[-1] if call and isinstance(call[-1], dict) else {}
        words = call[:-1] if options else call
        connection.execute("BEGIN")
        getattr(tables(connection), name)(*words, **options)
        connection.execute("ROLLBACK")
    connection.set_trace_callback(None)
    found = []
    for sql in statements:
        if sql.startswith(("BEGIN", "ROLLBACK", "COMMIT", "SAVEPOINT", "RELEASE", "--")):
            continue
        steps = connection.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()
        found += [(sql, str(step[3])) for step in steps]
    return found


@pytest.mark.parametrize("name", CALLS)
def test_its_statements_walk_through_no_table(connection: sqlite3.Connection, name: str) -> None:
    bad = [
        (sql, step)
        for sql, step in plans(connection, name)
        if re.match(
            r"SCAN (resources|people|members|tokens|live_counts|component_users)\b"
            r"(?! USING INDEX resources_by_due)",
            step,
        )
        and not (name == "people" and "rowid" in sql)
    ]
    assert bad == []


@pytest.mark.parametrize("name", OF_AUDIT)
def test_its_statements_on_the_audit_log_walk_through_no_table(
    connection: sqlite3.Connection, name: str
) -> None:
    for sql, step in plans(connection, name, AuditTable):
        assert not re.match(r"SCAN(?! CONSTANT)", step), f"{step}: {sql}"
        assert "TEMP B-TREE" not in step, f"{step}: {sql}"


@pytest.mark.parametrize("name", OF_MACHINES)
def test_its_statements_on_machines_walk_through_no_table(
    connection: sqlite3.Connection, name: str
) -> None:
    """Those on what is under way alone may walk through its index."""
    walks = re.compile(
        r"SCAN (machines|requests|resources)\b(?! USING( COVERING)? INDEX (machines_to_enforce"
        r"|machines_by_look|requests_to_send))"
    )
    steps = plans(connection, name, MachineTables)
    assert [one for one in steps if walks.match(one[1]) and name != "any_request"] == []


@pytest.mark.parametrize(
    ("options", "index"),
    [
        ({"owned_by": MARA}, r"resources_by_owner \(kind=\? AND owned_by=\?"),
        ({"created_by": MARA}, r"resources_by_creator \(kind=\? AND <expr>=\?"),
        ({"types": ["CUSTOM"]}, r"resources_by_type \(kind=\? AND <expr>=\?"),
        ({"session_id": "k.1"}, r"resources_by_session \(kind=\? AND <expr>=\?"),
        ({"ids": ["a"]}, r"\(kind=\? AND id=\?\)"),
        ({"member": MARA}, r"\(kind=\? AND id=\?\)"),
        ({}, r"resources_by_kind \(kind=\?"),
    ],
)
def test_a_page_is_found_by_what_it_is_filtered_by(
    connection: sqlite3.Connection, options: dict[str, object], index: str
) -> None:
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    Transaction(connection).page(KIND, limit=20, **options)  # type: ignore[arg-type]
    connection.set_trace_callback(None)
    steps = [step[3] for step in connection.execute(f"EXPLAIN QUERY PLAN {statements[0]}")]
    assert any(re.search(index, step) for step in steps), steps
    sorts = any("TEMP B-TREE" in step for step in steps)
    assert not sorts or options.keys() <= {"ids", "member"}  # which sort no more than they name


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("count_live", r"live_counts USING PRIMARY KEY \(kind=\? AND owned_by=\?\)"),
        ("has_any_live", r"resources_live_by_profile \(kind=\?"),
        ("has_live", r"resources_live_by_profile \(kind=\? AND launch_profile_id=\?"),
        ("users_of", r"component_users USING PRIMARY KEY \(studio_component_id=\?\)"),
        ("has_ending", r"resources_by_ending \(kind=\? AND <expr>=\?\)"),
        ("people_called", r"people_by_user_name \(user_name_key=\?"),
        ("administrators", r"people_by_role \(role=\?"),
        ("members", r"\(launch_profile_id=\?"),
        ("forget_client_tokens", r"tokens_by_age \(used_at<\?\)"),
        ("holder", r"\(access_key_id=\?\)"),
    ],
)
def test_its_index_is_the_one_made_for_it(
    connection: sqlite3.Connection, name: str, index: str
) -> None:
    assert any(re.search(index, step) for _, step in plans(connection, name))
