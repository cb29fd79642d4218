"""One bad record fails alone: it is named in the log, left as it is, and bothers nobody else."""

import json
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from nimble_tui.core.clock import ManualClock
from nimble_tui.studio.store import bad_records
from tests.studio.world import MARA, NOW, STUDIO_ID, World, open_world, refused


@pytest.fixture(autouse=True)
def _nothing_logged_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bad_records, "_logged", set())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "studio.db"


@pytest.fixture
def world(path: Path) -> Iterator[World]:
    with open_world(path, ManualClock(NOW)) as world:
        yield world


def change(path: Path, resource_id: str, sql: str) -> None:
    """Change a document behind the studio's back."""
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        connection.execute(f"UPDATE resources SET {sql} WHERE id = ?", (resource_id,))  # noqa: S608
        connection.commit()


def document(path: Path, resource_id: str) -> dict[str, Any]:
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        row = connection.execute(
            "SELECT document FROM resources WHERE id = ?", (resource_id,)
        ).fetchone()
    found: dict[str, Any] = json.loads(row[0])
    return found


DAMAGE = {
    "a member is missing": "document = json_remove(document, '$.ec2InstanceType')",
    "a member of another type": "document = json_set(document, '$.launchProfileId', json('[1]'))",
    "no state": "document = json_remove(document, '$.state')",
    "not an object": "document = '[]'",
    "another kind": "kind = 'spaceship'",
    "a failure that is no failure": "failure = '[1]'",
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_due_record_that_is_bad_bothers_nobody_and_is_named_once(
    world: World, path: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    bad, good = world.create(), world.create()
    change(path, bad, DAMAGE[damage])
    before = None if damage == "another kind" else document(path, bad)
    world.advance()
    for _ in range(3):
        assert world.state(good) == "READY"
        assert good in {one["sessionId"] for one in world.mine()}
    assert world.create()
    if before is not None:
        assert document(path, bad) == before
    named = [one for one in caplog.messages if bad in one]
    assert 1 <= len(named) <= 2  # as what is due, and as an entry of a list
    assert "ec2InstanceType" not in caplog.text


def test_it_bothers_nobody_after_a_restart_and_goes_on_once_it_is_right_again(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clock = ManualClock(NOW)
    with open_world(path, clock) as world:
        bad, good = world.create(), world.create()
        whole = document(path, bad)
        change(path, bad, "document = json_remove(document, '$.ec2InstanceType')")
        world.advance()
        assert world.state(good) == "READY"
    with open_world(path, clock) as world:
        world.advance()
        assert world.state(good) == "READY"
        assert bad in caplog.text
    text = json.dumps(whole).replace("'", "''")
    change(path, bad, f"document = '{text}'")
    with open_world(path, clock) as world:
        assert world.state(bad) == "READY"


def test_a_bad_record_in_a_list_is_left_out_and_its_own_call_fails_alone(
    world: World, path: Path
) -> None:
    bad, good = world.ready(), world.ready()
    change(path, bad, "document = json_set(document, '$.unheardOf', 1)")
    listed = {one["sessionId"] for one in world.mine()}
    assert good in listed
    assert bad not in listed
    with refused("InternalServerErrorException"):
        world.get(bad)
    assert world.state(good) == "READY"
    world.mara.stop_streaming_session(studioId=STUDIO_ID, sessionId=good)
    world.advance()
    assert world.state(good) == "STOPPED"


@pytest.mark.parametrize("kind", ["launch-profile", "studio-component", "streaming-image"])
def test_a_bad_record_of_the_catalogue_does_not_keep_a_demo_from_opening(
    path: Path, kind: str
) -> None:
    clock = ManualClock(NOW)
    with open_world(path, clock):
        pass
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "UPDATE resources SET document = ? "
            "WHERE number = (SELECT min(number) FROM resources WHERE kind = ?)",
            ('{"state": "READY", "createdAt": 7}', kind),
        )
        connection.execute("UPDATE facts SET value = '2' WHERE name = 'sample'")
        connection.commit()
    clock.advance(3 * 3600)  # so that its times are moved forward, too
    with open_world(path, clock) as world:
        assert world.operator.list_launch_profiles(studioId=STUDIO_ID)["launchProfiles"]
        assert world.mine()


def test_a_bad_person_is_left_out_and_lets_the_others_in(world: World, path: Path) -> None:
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        connection.execute("UPDATE people SET role = 'pilot' WHERE name = 'Theo Lindqvist'")
        connection.commit()
    names = {one.name for one in world.studio.people()}
    assert "Mara Vos" in names
    assert "Theo Lindqvist" not in names
    assert world.mara.list_streaming_sessions(studioId=STUDIO_ID, ownedBy=MARA)["sessions"]
