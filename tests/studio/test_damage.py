"""A damaged record fails alone: it is named in the log once, skipped, and left as it is."""

import logging
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from nimble_tui.core.clock import ManualClock
from nimble_tui.studio import invites
from nimble_tui.studio.settings import Settings
from nimble_tui.studio.store import bad_records
from nimble_tui.studio.store.database import Store
from nimble_tui.studio.store.records import Kind
from nimble_tui.studio.studio import Studio
from tests.studio.world import AIKO, INES, MARA, NOW, STUDIO_ID, World, open_world

CONTENT = "bears-a-secret"
DUE = int(NOW.timestamp() * 1e6)
DAMAGE = {
    "a member of a session": "document = json_remove(document, '$.ec2InstanceType')",
    "no state": "document = json_remove(document, '$.state')",
    "a state unknown": "document = json_set(document, '$.state', 'FLYING_IN_PROGRESS')",
    "a state that is a number": "document = json_set(document, '$.state', 5)",
    "no JSON": "document = '{\"bears-a-secret'",
    "no object": "document = '[\"bears-a-secret\"]'",
    "nested without end": "document = replace(hex(zeroblob(5000)), '00', '[')",
    "no UTF-8": "document = CAST(X'7B22FF227D' AS TEXT)",
    "a number that JSON has not": "document = '{\"a\": NaN}'",
    "tags that are no map": "document = json_set(document, '$.tags', 'bears-a-secret')",
    "a time that is none": "document = json_set(document, '$.createdAt', 'bears-a-secret')",
    "a text that is a number": "document = json_set(document, '$.ownedBy', 5)",
    "a kind unknown": "kind = 'spaceship'",
    "a failure that is none": "failure = 'bears-a-secret'",
    "a step beyond all time": "step_due_at = 9223372036854775807",
    "due before all time": "due_at = -9223372036854775807",
    "due at a word": "due_at = 'bears-a-secret'",
    "nothing to be done": "step_due_at = NULL",
}


@pytest.fixture(autouse=True)
def _nothing_logged_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget what other tests of this process made the log name."""
    monkeypatch.setattr(bad_records, "_logged", set())


def damage(file: Path | sqlite3.Connection, record_id: str, change: str) -> None:
    if isinstance(file, Path):
        with closing(sqlite3.connect(file)) as connection, connection:
            damage(connection, record_id, change)
    else:
        file.execute(f"UPDATE resources SET {change} WHERE id = ?", (record_id,))  # noqa: S608


def record(path: Path, record_id: str) -> tuple[Any, ...]:
    columns = "kind, id, state, CAST(document AS BLOB), failure, step_due_at, due_at"
    with closing(sqlite3.connect(path)) as connection:
        sql = f"SELECT {columns} FROM resources WHERE id = ?"  # noqa: S608
        row: tuple[Any, ...] = connection.execute(sql, (record_id,)).fetchone()
    return row


def lines_about(record_id: str, caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if record_id in one.getMessage()]


def states(world: World, principal_id: str = MARA) -> dict[str, str]:
    return {one["sessionId"]: one.get("state", "") for one in world.mine(principal_id)}


def test_damaged_records_that_are_due_keep_nobody_waiting(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path, clock = tmp_path / "studio.db", ManualClock(NOW)
    with open_world(path, clock) as world:
        world.studio.set_quotas(Settings(sessions_per_person=100))
        first = world.create()
        broken = {world.create(): change for change in DAMAGE.values()}
        last, theirs = world.create(), world.create(by=INES)
        for session_id, change in broken.items():
            damage(path, session_id, change)
        before = {one: record(path, one) for one in broken}
        for _ in range(3):
            world.advance()
            assert {states(world)[one] for one in (first, last)} == {"READY"}
            assert states(world, INES)[theirs] == "READY"
        assert world.state(world.create()) == "CREATE_IN_PROGRESS"
        world.studio.tick()
    with open_world(path, clock) as world:
        assert {states(world)[one] for one in (first, last)} == {"READY"}
        assert world.admin.list_streaming_sessions(studioId=STUDIO_ID)["sessions"]
    for session_id, change in broken.items():
        after = record(path, session_id)  # or it was fit to go on, and did
        assert after == before[session_id] or after[2] == "READY", change
        said = lines_about(session_id, caplog)
        assert said or after[2] == "READY", change
        assert len(said) <= 2, change  # by the store and by what reads the list
    assert CONTENT not in caplog.text


def test_a_damaged_record_is_not_due_over_and_over(tmp_path: Path) -> None:
    path = tmp_path / "studio.db"
    with open_world(path) as world:
        broken = world.create()
        damage(path, broken, DAMAGE["no state"])
        world.advance()
        world.studio.tick()
    with closing(Store(path)) as store, store.read() as tx:
        due = tx.first_due()
        assert due is None or due.at > world.clock.now()


def test_a_record_is_due_again_once_it_is_correct_and_the_studio_opened(tmp_path: Path) -> None:
    path, clock = tmp_path / "studio.db", ManualClock(NOW)
    with open_world(path, clock) as world:
        broken = world.create()
        whole = record(path, broken)[3]
        damage(path, broken, DAMAGE["no JSON"])
        world.advance()
        world.mine()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "UPDATE resources SET document = CAST(? AS TEXT) WHERE id = ?", (whole, broken)
        )
    with open_world(path, clock) as world:
        assert world.state(broken) == "READY"


def test_a_session_without_a_deadline_is_never_deleted_for_one(tmp_path: Path) -> None:
    path = tmp_path / "studio.db"
    with open_world(path) as world:
        session_id = world.ready()
        damage(path, session_id, "document = json_remove(document, '$.stopAt', '$.terminateAt')")
        world.advance(48 * 3600)
        assert world.state(session_id) == "READY"


@pytest.mark.parametrize(
    "change",
    [
        DAMAGE["no JSON"],
        "document = json_remove(document, '$.streamConfiguration')",
        "document = json_set(document, '$.streamConfiguration.maxSessionLengthInMinutes', 'x')",
    ],
)
def test_a_damaged_launch_profile_keeps_no_session_from_going_on(
    tmp_path: Path, change: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "studio.db"
    with open_world(path) as world:
        profile_id = world.profile_id("Lighting")
        session_id = world.create()
        damage(path, profile_id, change)
        world.advance()
        assert world.state(session_id) == "READY"
        world.advance(48 * 3600)
        assert world.state(session_id) == "READY"
        listed = world.operator.list_launch_profiles(studioId=STUDIO_ID)["launchProfiles"]
        assert len(listed) >= 5
        world.act("delete", session_id)
        world.advance()
        assert world.state(session_id) == "DELETED"
    assert lines_about(profile_id, caplog)


@pytest.mark.parametrize("kind", ["streaming-session-stream", "streaming-session-backup"])
def test_what_a_session_has_may_be_damaged_when_it_stops_and_goes(
    tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "studio.db"
    with open_world(path) as world:
        session_id = world.stopped("Comp")
        world.act("start", session_id)
        world.advance()
        world.new_stream(session_id)
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE resources SET document = '{' WHERE kind = ?", (kind,))
        world.act("stop", session_id)
        world.advance()
        assert world.state(session_id) == "STOPPED"
        world.act("delete", session_id)
        world.advance()
        assert world.state(session_id) == "DELETED"


def test_a_studio_opens_whatever_its_records_hold(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """After an absence, with more workstations to add."""
    path, clock = tmp_path / "studio.db", ManualClock(NOW)
    with open_world(path, clock) as world:
        count = len(states(world))
    broken = {}
    with closing(sqlite3.connect(path)) as connection, connection:
        columns = "kind, state, owned_by, launch_profile_id, document, failure, step_due_at, due_at"
        for kind in set(Kind) - {Kind.STUDIO, Kind.STREAMING_SESSION_STREAM}:
            for number, change in enumerate(DAMAGE.values()):
                record_id = f"{kind}-{number}"
                connection.execute(
                    f"INSERT INTO resources ({columns}, id) SELECT {columns}, ? "  # noqa: S608
                    "FROM resources WHERE kind = ? ORDER BY number LIMIT 1",
                    (record_id, kind),
                )
                damage(connection, record_id, f"step_due_at = {DUE}, due_at = {DUE}")
                damage(connection, record_id, change)
                broken[record_id] = change
    clock.advance(3 * 3600)
    with open_world(path, clock, sessions=count + 50) as world:
        assert len(states(world)) >= count + 20
        assert set(states(world).values()) > {"READY", "STOPPED"}
        assert world.operator.list_launch_profiles(studioId=STUDIO_ID)["launchProfiles"]
        assert len(invites.all_people(path)) == 12
    lost = [(one, change) for one, change in broken.items() if record(path, one) is None]
    assert not lost
    assert CONTENT not in caplog.text


@pytest.mark.parametrize(
    "change", ["role = 'captain'", "granted_sessions = 'many'", "name = X'00'"]
)
def test_a_damaged_person_locks_out_nobody_else(
    tmp_path: Path, change: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "studio.db"
    with open_world(path) as world:
        aiko = world.client(AIKO)
        with closing(sqlite3.connect(path)) as connection, connection:
            sql = f"UPDATE people SET {change} WHERE principal_id = ?"  # noqa: S608
            connection.execute(sql, (AIKO,))
        assert len(world.studio.people()) == 11
        assert world.mine()
        with pytest.raises(ClientError):
            aiko.list_studios()
    with Studio.open(path) as studio:
        assert len(studio.people()) == 11
    assert len(invites.all_people(path)) == 11
    assert lines_about(AIKO, caplog)


def test_a_page_is_full_although_records_on_it_are_damaged(tmp_path: Path) -> None:
    path = tmp_path / "studio.db"
    with open_world(path, sessions=700) as world:
        ids = list(states(world))
        with closing(sqlite3.connect(path)) as connection, connection:
            for one in ids[:20]:
                connection.execute("UPDATE resources SET document = '{' WHERE id = ?", (one,))
        assert list(states(world)) == ids[20:]


def test_a_file_full_of_damage_still_answers(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "studio.db"
    with open_world(path, sessions=1200) as world:
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(
                "UPDATE resources SET document = '' WHERE kind = 'streaming-session'"
            )
        assert not states(world)
    named = [one for one in caplog.records if one.name.endswith("bad_records")]
    assert 0 < len(named) <= 1210
    assert all(one.levelno == logging.ERROR for one in named)
