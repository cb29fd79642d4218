"""A studio that is killed or suspended at any moment, on machines that outlive it."""

import random
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from nimble_tui.studio.settings import Settings
from nimble_tui.studio.studio import Studio
from tests.studio.compute.faulty_world import PROFILE, empty
from tests.studio.compute.room import RemoteRoom, remote_room
from tests.studio.compute.service import Service, services
from tests.studio.world import MARA, STUDIO_ID

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are of POSIX")

SPEED = 20.0
LEASE = 3.0
PATIENCE = 60.0
RESULT = {"create": "READY", "start": "READY", "stop": "STOPPED", "delete": "DELETED"}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "studio.db"
    with Studio.open(path) as studio:
        empty(studio)
        studio.set_quotas(Settings(sessions_per_person=1000))
    return path


def now() -> str:

    return datetime.now(UTC).isoformat()


def wait_for(what: Callable[[], bool], said: str) -> None:
    until = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < until, said
        time.sleep(0.02)


def sessions(service: Service) -> dict[str, dict[str, Any]]:
    pages = service.client.get_paginator("list_streaming_sessions")
    return {
        one["sessionId"]: one
        for page in pages.paginate(studioId=STUDIO_ID, ownedBy=MARA)
        for one in page["sessions"]
    }


def without_an_answer(call: Callable[[], None]) -> None:
    """Make a call of a process that may be suspended before it answers."""

    def run() -> None:
        with suppress(BotoCoreError, ClientError, OSError):
            call()

    threading.Thread(target=run, daemon=True).start()


@dataclass
class Artist:
    """Works with the studio until it is gone; `acknowledged` is the last answer of each session.

    What was requested without an answer may have been done: `unsure` holds those sessions.
    """

    profile_id: str
    chance: random.Random
    acknowledged: dict[str, str] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)
    tokens: dict[str, str] = field(default_factory=dict)
    requests: int = 0

    def work(self, service: Service) -> None:
        while True:
            found = sessions(service)
            ready = [one for one in found.values() if one["state"] in {"READY", "STOPPED"}]
            if len(found) < 4 or (len(ready) < 2 and self.chance.random() < 0.2):
                self.create(service, f"launch-{len(self.tokens)}")
            elif ready:
                self.act(service, self.chance.choice(ready))

    def create(self, service: Service, token: str) -> None:
        self.tokens.setdefault(token, "")
        reply = service.client.create_streaming_session(
            studioId=STUDIO_ID, launchProfileId=self.profile_id, clientToken=token
        )
        session_id = reply["session"]["sessionId"]
        self.tokens[token] = session_id
        self.acknowledged.setdefault(session_id, "create")

    def act(self, service: Service, session: dict[str, Any]) -> None:
        session_id = session["sessionId"]
        what = "stop" if session["state"] == "READY" else "start"
        if self.chance.random() < 0.3:
            what = "delete"
        self.unsure.add(session_id)
        call = getattr(service.client, f"{what}_streaming_session")
        call(studioId=STUDIO_ID, sessionId=session_id)
        self.acknowledged[session_id] = what
        self.unsure.discard(session_id)


def settled(service: Service) -> bool:
    return not any(one["state"].endswith("_IN_PROGRESS") for one in sessions(service).values())


def run(store: Path, room_path: Path, kills: int) -> None:
    chance = random.Random(7)  # noqa: S311 - repeatable
    with remote_room(room_path, SPEED) as room, services(store, room_path, LEASE) as forks:
        service = forks.start()
        profiles = service.client.list_launch_profiles(studioId=STUDIO_ID, principalId=MARA)[
            "launchProfiles"
        ]
        profile_id = next(one["launchProfileId"] for one in profiles if one["name"] == PROFILE)
        artist = Artist(profile_id, chance)
        for _ in range(kills):
            victim = service
            timer = threading.Timer(chance.uniform(0.05, 0.8), victim.kill)
            timer.start()
            with suppress(BotoCoreError, ClientError, OSError):
                artist.work(victim)
            timer.join()
            service = forks.start()
        last = service
        wait_for(lambda: settled(last), "something is in transition for ever")
        check(artist, sessions(last), room)
        for token, session_id in dict(
            artist.tokens
        ).items():  # a launch whose answer was lost is found
            artist.create(last, token)
            assert session_id in {"", artist.tokens[token]}
        wait_for(lambda: settled(last), "something is in transition for ever")
        check(artist, sessions(last), room)


def check(artist: Artist, found: dict[str, dict[str, Any]], room: RemoteRoom) -> None:
    report = room.call("report", now=now())
    launches = [session_id for verb, session_id, _ in report["effects"] if verb == "launch"]
    assert len(launches) == len(set(launches))  # one machine a session
    assert set(launches) <= found.keys()  # none unreported
    for session_id, what in artist.acknowledged.items():
        assert session_id in found  # nothing acknowledged is lost
        if session_id not in artist.unsure:
            assert found[session_id]["state"] == RESULT[what], found[session_id]
    powers = {one["session_id"]: one["power"] for one in report["machines"]}
    expected = {"READY": "running", "STOPPED": "stopped", "DELETED": "gone"}
    for session_id, session in found.items():
        assert powers[session_id] == expected[session["state"]]


def test_a_studio_that_is_killed_over_and_over(store: Path, tmp_path: Path) -> None:
    run(store, tmp_path / "room", kills=4)


@pytest.mark.slow
def test_a_studio_that_is_killed_a_hundred_times(store: Path, tmp_path: Path) -> None:
    run(store, tmp_path / "room", kills=100)


@pytest.mark.parametrize(
    ("verb", "checks_numbers", "end"),
    [
        ("launch", True, "READY"),
        pytest.param("start", True, "READY", marks=pytest.mark.slow),
        pytest.param("start", False, "READY", marks=pytest.mark.slow),
        pytest.param("stop", True, "READY", marks=pytest.mark.slow),
        ("stop", False, "STOPPED"),
    ],
)
def test_a_process_that_is_suspended_between_check_and_call(
    store: Path, tmp_path: Path, verb: str, end: str, *, checks_numbers: bool
) -> None:
    """For longer than its lease: another process does its work, then it goes on with it."""
    room_path, lease = tmp_path / "room", 1.0
    with (
        remote_room(room_path, SPEED, checks_numbers=checks_numbers) as room,
        services(store, room_path, lease) as forks,
    ):
        first, second = forks.start(suspended_at=verb), forks.start()
        second.kill()
        client = first.client
        profiles = client.list_launch_profiles(studioId=STUDIO_ID, principalId=MARA)[
            "launchProfiles"
        ]
        profile_id = next(one["launchProfileId"] for one in profiles if one["name"] == PROFILE)

        def state(service: Service) -> str:
            return next((str(one["state"]) for one in sessions(service).values()), "")

        def launch() -> None:
            client.create_streaming_session(studioId=STUDIO_ID, launchProfileId=profile_id)

        def act(service: Service, what: str) -> None:
            call = getattr(service.client, f"{what}_streaming_session")
            call(studioId=STUDIO_ID, sessionId=next(iter(sessions(service))))

        if verb == "launch":
            without_an_answer(launch)
        else:
            launch()
            wait_for(lambda: state(first) == "READY", "it was not launched")
            without_an_answer(lambda: act(first, "stop"))
        if verb == "start":
            wait_for(lambda: state(first) == "STOPPED", "it was not stopped")
            without_an_answer(lambda: act(first, "start"))
        wait_for((tmp_path / "suspended").exists, "it was not suspended")
        second = forks.start()
        done = "STOPPED" if verb == "stop" else "READY"
        wait_for(lambda: state(second) == done, "nobody took over")
        if verb == "stop":
            act(second, "start")
            wait_for(lambda: state(second) == "READY", "it was not started")
        effects = [done for done, _, _ in room.call("report", now=now())["effects"]]
        assert effects.count(verb) == 1, "it was suspended too late"
        first.go_on()
        wait_for(lambda: state(second) == end, "what came late was not noticed")
        time.sleep(lease / 5)
        wait_for(lambda: state(second) == end, "it did not stay so")
        report = room.call("report", now=now())
        (session,) = sessions(second).values()
        assert [one["session_id"] for one in report["machines"]] == [session["sessionId"]]
        if end == "STOPPED":
            assert "outside the studio" in session["statusMessage"]
        else:
            assert len(report["effects"]) == len(effects)
        first.kill()
