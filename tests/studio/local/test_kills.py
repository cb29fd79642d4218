"""The service and the supervisors, killed at any moment: one workstation a session, none lost."""

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from nimble_tui.studio.compute.local.folder import ROOT_MARK, folders
from nimble_tui.studio.settings import Settings
from nimble_tui.studio.store.records import Kind
from nimble_tui.studio.studio import Studio
from tests.studio.compute.faulty_world import empty
from tests.studio.compute.service import Service, Services, services
from tests.studio.local.local_world import (
    end_all,
    eventually,
    needs_sandboxes,
    processes,
    supervisor_of,
)
from tests.studio.world import MARA, STUDIO_ID

pytestmark = needs_sandboxes

LEASE = 2.0
LIVE = 3
NEXT = {
    "READY": ("stop", "stop", "delete"),
    "STOPPED": ("start", "start", "delete"),
    "CREATE_FAILED": ("delete",),
    "START_FAILED": ("start",),
    "STOP_FAILED": ("delete",),
}


@dataclass
class Studios:
    """A studio whose service is killed again and again."""

    started: Services
    root: Path
    profile_id: str
    chance: random.Random
    service: Service
    requested: Counter[str] = field(default_factory=Counter)

    def sessions(self) -> dict[str, dict[str, Any]]:
        pages = self.service.client.get_paginator("list_streaming_sessions")
        return {
            one["sessionId"]: one
            for page in pages.paginate(studioId=STUDIO_ID, ownedBy=MARA)
            for one in page["sessions"]
        }

    def request(self) -> None:
        """Request a change of a session that can be changed, or a launch, without its answer."""
        sessions = self.sessions()
        live = [one for one in sessions.values() if one["state"] != "DELETED"]
        can = [one for one in live if one["state"] in NEXT]
        client, members = self.service.client, {"studioId": STUDIO_ID}
        if can and (len(live) >= LIVE or self.chance.random() < 0.7):
            session = self.chance.choice(can)
            what = self.chance.choice(NEXT[session["state"]])
            call = getattr(client, f"{what}_streaming_session")
            members["sessionId"] = session["sessionId"]
            self.requested[what] += 1
        elif len(live) < LIVE:
            call = client.create_streaming_session
            members["launchProfileId"] = self.profile_id
            self.requested["launch"] += 1
        else:
            return

        def run() -> None:
            with suppress(BotoCoreError, ClientError, OSError):
                call(**members)

        threading.Thread(target=run, daemon=True).start()

    def kill_service(self) -> None:
        self.service.kill()
        self.service = self.started.start()

    def kill_supervisor(self) -> bool:
        """Kill the supervisor of any workstation that runs; return whether there was one."""
        running = [one for one in folders(self.root) if one.is_locked()]
        self.chance.shuffle(running)
        for place in running:
            with suppress(LookupError, ProcessLookupError):
                os.kill(supervisor_of(place), signal.SIGKILL)
                return True
        return False

    def kill_a_supervisor_soon(self) -> bool:
        """Request a change, and kill a supervisor; return whether there was one."""
        self.request()
        time.sleep(self.chance.uniform(0, 0.8))
        return self.kill_supervisor()

    def check_one_each(self) -> None:
        """See that no session has more than one workstation that runs."""
        owners = []
        for place in folders(self.root):
            with suppress(OSError, ValueError):
                state = place.read()
                if state is not None and place.is_locked():
                    owners.append(state.session_id)
        assert len(owners) == len(set(owners))

    def is_steady(self) -> bool:
        """Return whether no session is in a step."""
        return not any(one["state"].endswith("_PROGRESS") for one in self.sessions().values())

    def is_settled(self) -> bool:
        """Return whether every session lasts in its state, and its machine is in the same."""
        sessions = self.sessions()
        if not self.is_steady():
            return False
        running, there = set(), set()
        for place in folders(self.root):
            state = place.read()
            if state is not None:
                there.add(state.session_id)
                if place.is_locked():
                    running.add(state.session_id)
        ready = {name for name, one in sessions.items() if one["state"] == "READY"}
        live = {name for name, one in sessions.items() if one["state"] != "DELETED"}
        return running == ready and there <= live and not self._strays(ready)

    def _strays(self, ready: set[str]) -> list[str]:
        return [name for name in self.sessions() if name not in ready and processes(name)]


@contextmanager
def open_studios(folder: Path, lease: float = LEASE) -> Iterator[Studios]:
    """Serve a new studio, with a launch profile without components; end all that it started."""
    store, root = folder / "studio.db", folder / "workstations"
    with Studio.open(store) as studio:
        empty(studio)
        studio.set_quotas(Settings(sessions_per_person=1000))
        with studio._store.write() as tx:  # noqa: SLF001 - no call removes components
            profile = next(
                one for one in tx.page(Kind.LAUNCH_PROFILE) if one.document["name"] == "Lighting"
            )
            profile.document["studioComponentIds"] = []
            tx.put(profile)
    root.mkdir(mode=0o700)
    (root / ROOT_MARK).touch()
    chance = random.Random(5)  # noqa: S311
    try:
        with services(store, root, lease) as started:
            yield Studios(started, root, profile.id, chance, started.start())
    finally:
        end_all(root)


def play(folder: Path, service_kills: int, supervisor_kills: int) -> Counter[str]:
    """Work with a studio while it is killed; then see that sessions and machines agree.

    Return how often each change was requested.
    """
    with open_studios(folder) as studios:
        chance = studios.chance
        kills = ["service"] * service_kills + ["supervisor"] * supervisor_kills
        chance.shuffle(kills)
        for kill in kills:
            # On a busy machine a start is unclear, and repeated with growing pauses.
            eventually(studios.is_steady, 120)
            if kill == "service":
                studios.request()
                time.sleep(chance.uniform(0, 0.8))
                studios.kill_service()
            else:
                eventually(studios.kill_a_supervisor_soon)
            studios.check_one_each()
        eventually(studios.is_settled, 90)
        print(len(studios.sessions()), "sessions,", studios.requested)  # noqa: T201
        return studios.requested


def test_what_is_killed_at_any_moment_loses_and_doubles_no_workstation(tmp_path: Path) -> None:
    assert play(tmp_path, 4, 2)["stop"]


@pytest.mark.slow
def test_a_hundred_kills_lose_and_double_no_workstation(tmp_path: Path) -> None:
    assert set(play(tmp_path, 100, 20)) == {"launch", "stop", "start", "delete"}


def test_a_service_that_is_killed_within_a_start_finishes_it_when_it_is_back(
    tmp_path: Path,
) -> None:
    with open_studios(tmp_path, lease=600.0) as studios:
        launch = {"studioId": STUDIO_ID, "launchProfileId": studios.profile_id}
        made = studios.service.client.create_streaming_session(**launch)["session"]
        names = {"studioId": STUDIO_ID, "sessionId": made["sessionId"]}

        def until(state: str) -> None:
            eventually(lambda: studios.sessions()[made["sessionId"]]["state"] == state)

        until("READY")
        studios.service.client.stop_streaming_session(**names)
        until("STOPPED")
        studios.service.kill()
        studios.service = studios.started.start(suspended_at="start")
        studios.service.client.start_streaming_session(**names)
        eventually((tmp_path / "suspended").exists)
        studios.kill_service()
        until("READY")  # long before the lease of the one that was killed ends
