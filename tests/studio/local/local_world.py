"""A studio whose workstations run on this machine, in a folder of the test's own."""

import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from nimble_tui.core.clock import ManualClock
from nimble_tui.studio.compute.local.backend import LocalCompute
from nimble_tui.studio.compute.local.folder import Folder, folders
from nimble_tui.studio.compute.local.settings import DEFAULT, Limits, LocalSettings
from nimble_tui.studio.lifecycle.dispatcher import Terms
from tests.studio import backends
from tests.studio.compute.faulty_world import empty
from tests.studio.memberships import IN_STORE, users
from tests.studio.world import MARA, NOW, STUDIO_ID, THEO, World, open_world

needs_sandboxes = backends.needs_sandboxes

TERMS = Terms(while_changing=timedelta(0), while_quiet=timedelta(0))
BEHIND = 3600.0
"""Seconds that a new studio's clock is behind, for what is made in it to be ready by now."""
WITHIN = 30.0
"""Seconds after which a test gives up waiting for what takes a second at most."""
PROGRAMS = ("sleep", "3600")
LIMITS = Limits(cpus=1, memory=2**31, disk=2**33)


class RunningClock(ManualClock):
    """A clock that runs as the machine's does, behind it by what it was not yet advanced by."""

    def now(self) -> datetime:
        return datetime.now(UTC) - timedelta(seconds=BEHIND - self.seconds)

    def monotonic(self) -> float:
        return time.monotonic() + self.seconds


def eventually(done: Callable[[], Any], within: float = WITHIN) -> Any:
    """Return what `done` returns once that is true; fail where it never is."""
    until = time.monotonic() + within
    while not (result := done()):
        if time.monotonic() > until:
            raise AssertionError("it took too long")
        time.sleep(0.05)
    return result


@dataclass(kw_only=True)
class LocalWorld(World):
    compute: LocalCompute
    profiles: dict[str, str]

    @property
    def root(self) -> Path:
        return self.compute.settings.folder

    def launch(self, profile: str = "desk", by: str = MARA, **members: Any) -> str:
        """Launch a workstation; return its session's id."""
        self.clock.seconds = BEHIND
        reply = self.client(by).create_streaming_session(
            studioId=STUDIO_ID, launchProfileId=self.profiles[profile], **members
        )
        session_id: str = reply["session"]["sessionId"]
        return session_id

    def until(self, session_id: str, state: str, through: str = "") -> dict[str, Any]:
        """Let the studio act until a session is in a state; return it.

        It fails where the session does, unless that is the state, or one that it may go `through`.
        """

        def done() -> dict[str, Any] | None:
            self.studio.reconcile()
            session = self.get(session_id)
            fine = not session["state"].endswith("FAILED") or session["state"] in {state, through}
            assert fine, session
            return session if session["state"] == state else None

        found: dict[str, Any] = eventually(done)
        return found

    def ready(self, profile: str = "desk", by: str = MARA, **members: Any) -> str:
        session_id = self.launch(profile, by, **members)
        self.until(session_id, "READY")
        return session_id

    def do(self, what: str, session_id: str, state: str, **members: Any) -> dict[str, Any]:
        """Request a change, and wait for a state."""
        session = self.get(session_id)
        self.act(what, session_id, by=session["ownedBy"], **members)
        return self.until(session_id, state, through=session["state"])

    def folder(self, session_id: str) -> Folder:
        """Return the folder of a session's machine."""
        with self.studio._store.read() as tx:  # noqa: SLF001 - no call shows it
            machine = tx.machines.of_session(session_id)
        assert machine is not None
        return Folder(self.root, machine.id)

    def home(self, session_id: str) -> Path:
        return self.folder(session_id).path / "home"

    def add_profile(
        self,
        name: str,
        components: Sequence[Mapping[str, Any]] = (),
        component_ids: Sequence[str] = (),
        **configuration: Any,
    ) -> None:
        """Make a launch profile of Linux workstations, of new components and of others."""
        new = components or ([] if component_ids else [{"name": "Nothing"}])
        ids = [*component_ids, *(self._component(one) for one in new)]
        self.clock.advance(60)
        like = self.operator.get_launch_profile(
            studioId=STUDIO_ID, launchProfileId=self.profile_id("Review")
        )["launchProfile"]
        made = self.operator.create_launch_profile(
            studioId=STUDIO_ID,
            name=name,
            ec2SubnetIds=like["ec2SubnetIds"],
            launchProfileProtocolVersions=["2021-03-31"],
            studioComponentIds=ids,
            streamConfiguration={
                "clipboardMode": "ENABLED",
                "ec2InstanceTypes": ["g5.xlarge", "g4dn.xlarge"],
                "streamingImageIds": like["streamConfiguration"]["streamingImageIds"],
                "sessionPersistenceMode": "ACTIVATED",
                "sessionBackup": {"mode": "AUTOMATIC", "maxBackupsToRetain": 2},
                **configuration,
            },
        )["launchProfile"]
        profile_id: str = made["launchProfileId"]
        self.profiles[name] = profile_id
        self.clock.advance(60)
        self.operator.put_launch_profile_members(
            **IN_STORE, launchProfileId=profile_id, members=users(MARA, THEO)
        )

    def _component(self, members: Mapping[str, Any]) -> str:
        made = self.operator.create_studio_component(
            studioId=STUDIO_ID, **({"type": "CUSTOM", "subtype": "CUSTOM"} | dict(members))
        )
        component_id: str = made["studioComponent"]["studioComponentId"]
        return component_id


@contextmanager
def open_local(folder: Path, **options: Any) -> Iterator[LocalWorld]:
    """Serve a studio with a launch profile "desk", with backups; end all that it started."""
    clock = RunningClock(NOW)
    settings = replace(
        LocalSettings(
            folder=folder / "workstations",
            types={DEFAULT: LIMITS},
            images={DEFAULT: PROGRAMS},
            cpus=64,
            memory=2**40,
        ),
        **options,
    )
    compute = LocalCompute(settings, clock.now)
    with open_world(clock=clock, compute=compute, terms=TERMS, background=False) as world:
        empty(world.studio)
        local = LocalWorld(
            world.studio, world.url, clock, world.clients, compute=compute, profiles={}
        )
        local.add_profile("desk")
        try:
            yield local
        finally:
            end_all(settings.folder)


def processes(text: str) -> list[int]:
    """Return the processes of this machine whose words or variables hold a text."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            about = (path / "cmdline").read_bytes() + (path / "environ").read_bytes()
            if text.encode() in about and int(path.name) != os.getpid():
                found.append(int(path.name))
    return found


def supervisor_of(place: Folder) -> int:
    """Return the process above a workstation's sandbox."""
    for pid in processes(place.machine_id):
        with suppress(OSError):
            words = Path("/proc", str(pid), "cmdline").read_bytes().split(b"\0")
            if place.machine_id.encode() in words and str(place.root).encode() in words:
                return pid
    raise LookupError(place.machine_id)


def end_all(root: Path) -> None:
    """End every workstation below a folder, and wait until it has."""
    for place in folders(root) if root.is_dir() else ():
        with suppress(LookupError, ProcessLookupError, OSError):
            os.kill(supervisor_of(place), signal.SIGKILL)
        while processes(place.machine_id):
            time.sleep(0.01)
