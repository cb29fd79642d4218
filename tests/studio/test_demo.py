"""The demo: a studio with a server of its own, several on one file, and what outlives them."""

import socket
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from nimble_tui.core.clock import ManualClock
from nimble_tui.core.invite import Invite
from nimble_tui.studio.demo import Demo, open_demo
from nimble_tui.studio.http.listening import ListenError
from nimble_tui.studio.sample import facts as sample_facts
from nimble_tui.studio.store.records import Role
from nimble_tui.studio.studio import Studio
from tests.studio.world import MARA, NOW, STUDIO_ID, client_of, open_world, seeded

PATIENCE = 30.0


def client(invite: Invite) -> Any:
    return client_of(invite.endpoint_url, invite.access_key_id, invite.secret_access_key)


def sessions_of(demo: Demo) -> list[dict[str, Any]]:
    artist = client(demo.invite)
    found: list[dict[str, Any]] = artist.list_streaming_sessions(studioId=STUDIO_ID, ownedBy=MARA)[
        "sessions"
    ]
    artist.close()
    return found


def test_it_answers_the_artist_and_the_others() -> None:
    with open_demo(None) as demo:
        invite = demo.invite
        assert invite.studio_id == sample_facts.STUDIO_ID
        assert invite.region == sample_facts.REGION
        assert invite.principal_id == sample_facts.PRINCIPAL_ID
        assert invite.display_name == sample_facts.DISPLAY_NAME
        assert Invite.decode(invite.encode()) == invite
        roles = [role for role, _ in demo.others]
        assert {Role.ARTIST, Role.ADMIN, Role.OPERATOR} == set(roles)
        for _, other in demo.others:
            one = client(other)
            (studio,) = one.list_studios()["studios"]
            assert studio["displayName"] == sample_facts.STUDIO_NAME
            one.close()


def test_two_demos_on_one_file_are_one_studio(tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    with open_demo(path) as first, open_demo(path) as second:
        assert first.endpoint_url != second.endpoint_url
        assert first.invite.secret_access_key == second.invite.secret_access_key
        stopped = next(one for one in sessions_of(first) if one["state"] == "STOPPED")
        artist = client(first.invite)
        artist.delete_streaming_session(studioId=STUDIO_ID, sessionId=stopped["sessionId"])
        artist.close()
        states = {one["sessionId"]: one["state"] for one in sessions_of(second)}
        assert states[stopped["sessionId"]] in {"DELETE_IN_PROGRESS", "DELETED"}


def test_many_may_open_a_new_file_at_once(tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    with ExitStack() as opened, ThreadPoolExecutor(8) as pool:
        studios = list(pool.map(lambda _: Studio.open(path, clock=ManualClock(NOW)), range(8)))
        for one in studios:
            opened.callback(one.close)
        everybody = [[who.secret_access_key for who in one.people()] for one in studios]
    assert all(one == everybody[0] for one in everybody)


def test_one_token_has_one_effect_whoever_serves_it(tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    with open_demo(path) as first, open_demo(path) as second, ThreadPoolExecutor(8) as pool:
        before = sessions_of(first)
        profile_id = next(one["launchProfileId"] for one in before if one["state"] == "READY")
        artists = [client(first.invite), client(second.invite)]

        def create(number: int) -> str:
            made: str = artists[number % 2].create_streaming_session(
                studioId=STUDIO_ID, launchProfileId=profile_id, clientToken="t-1"
            )["session"]["sessionId"]
            return made

        assert len(set(pool.map(create, range(16)))) == 1
        assert len(sessions_of(second)) == len(before) + 1
        for artist in artists:
            artist.close()


def test_a_page_of_the_web_that_names_itself_differently_is_refused() -> None:
    with open_demo(None) as demo:
        host, _, port = demo.endpoint_url.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), timeout=5) as connection:
            connection.sendall(
                b"GET /2020-08-01/studios HTTP/1.1\r\nHost: evil.example\r\n"
                b"Connection: close\r\n\r\n"
            )
            assert b"403" in connection.makefile("rb").readline()


def test_a_port_in_use_is_a_sentence_and_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    with open_demo(path) as demo:
        port = int(demo.endpoint_url.rpartition(":")[2])
        with pytest.raises(ListenError, match="port"):
            open_demo(path, port=port)
    with open_demo(path):
        pass


def test_things_happen_when_nobody_asks(tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    with open_demo(path, speed=50.0) as demo:
        session = next(one for one in sessions_of(demo) if one["state"] == "STOPPED")
        artist = client(demo.invite)
        artist.start_streaming_session(studioId=STUDIO_ID, sessionId=session["sessionId"])
        artist.close()
        # Looked at in the file itself, since asking the studio would bring it up to date.
        deadline = time.monotonic() + PATIENCE
        while session["sessionId"] not in ready_ids(path):
            assert time.monotonic() < deadline
            time.sleep(0.02)


def ready_ids(path: Path) -> set[str]:
    return {row[0] for row in rows(path, "SELECT id FROM resources WHERE state = 'READY'")}


def test_a_transition_outlives_the_process(tmp_path: Path) -> None:
    path = tmp_path / "studio.db"
    clock = ManualClock(NOW)
    with open_world(path, clock) as world:
        session_id = world.create()
    clock.advance(5)
    with open_world(path, clock) as world:
        assert world.state(session_id) == "CREATE_IN_PROGRESS"
    clock.advance(20)
    with open_world(path, clock) as world:
        ready = world.get(session_id)
        assert ready["state"] == "READY"
        assert (ready["updatedAt"] - NOW).total_seconds() < 16


def test_the_speed_divides_how_long_machines_take_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "studio.db"
    clock = ManualClock(NOW)
    with open_world(path, clock, speed=10.0) as world:
        session_id = world.create()
        world.advance(1.6)
        ready = world.get(session_id)
        assert ready["state"] == "READY"
        assert (ready["stopAt"] - ready["updatedAt"]).total_seconds() == 690 * 60


_SETTLE = """
import sys
from datetime import datetime, timedelta
from pathlib import Path
from nimble_tui.core.clock import ManualClock
from nimble_tui.studio.studio import Studio
clock = ManualClock(datetime.fromisoformat(sys.argv[2]))
studio = Studio.open(Path(sys.argv[1]), clock=clock)
print("open", flush=True)
sys.stdin.readline()
for _ in range(2000):
    clock.advance(30)
    studio.tick()
studio.close()
"""


def test_many_processes_settle_one_file_once(tmp_path: Path) -> None:
    alone, shared = tmp_path / "alone.db", tmp_path / "shared.db"
    for path in (alone, shared):
        Studio.open(path, clock=ManualClock(NOW), chance=seeded(), sessions=40).close()
    for path, count in ((alone, 1), (shared, 3)):
        run_together([sys.executable, "-c", _SETTLE, str(path), NOW.isoformat()], count)
    assert contents(alone) == contents(shared)
    assert f'"stoppedBy":"{STUDIO_ID}"' in contents(shared)


def run_together(command: list[str], count: int) -> None:
    """Run a command so many times at once, let go together; all must end well."""
    processes = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(count)
    ]
    try:
        for one in processes:
            assert one.stdout is not None
            assert one.stdout.readline() == "open\n"
        for one in processes:
            assert one.stdin is not None
            one.stdin.write("go\n")
            one.stdin.flush()
        for one in processes:
            one.communicate(timeout=PATIENCE)
            assert one.returncode == 0
    finally:
        for one in processes:
            if one.poll() is None:
                one.kill()
                one.communicate()


def contents(path: Path) -> str:
    sql = "SELECT id, document, failure, step_due_at, due_at FROM resources ORDER BY id"
    return repr(rows(path, sql))


def rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(path, timeout=PATIENCE)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()
