"""The sample studio with workstations on this machine, on a clock that a test moves."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from nimble_tui.core.clock import ManualClock
from nimble_tui.studio.compute import Accepted, Failure, MachineRequest
from nimble_tui.studio.compute.local.backend import LocalCompute
from nimble_tui.studio.compute.local.settings import DEFAULT, LocalSettings
from tests.studio.local.local_world import LIMITS, PROGRAMS, TERMS, end_all, eventually
from tests.studio.world import NOW, UNTIL_DONE, World, open_world


class SampleCompute(LocalCompute):
    """Runs the sample's workstations, all for Linux and without the scripts of its components.

    The scripts would mount the sample's file servers; setup scripts have tests of their own.
    """

    def apply(self, request: MachineRequest) -> Accepted | Failure:
        """Begin what is requested."""
        machine = request.machine
        components = [
            {name: value for name, value in one.items() if name != "initializationScripts"}
            for one in machine.initialization
        ]
        machine = replace(machine, platform="LINUX", initialization=components)
        return super().apply(replace(request, machine=machine))


@dataclass(kw_only=True)
class SampleWorld(World):
    """The sample's own workstations are records without machines; those of a test are real."""

    root: Path

    def advance(self, seconds: float = UNTIL_DONE) -> None:
        """Let the studio's time pass; the machines are done within its first second."""
        first = min(seconds, 1.0)
        for part in (first, seconds - first):
            self.clock.advance(part)
            self.settle()

    def fail_to_create(self, profile: str) -> str:
        with self._without_its_folder():
            session_id = self.create(profile)
            self.settle()
        return session_id

    def fail(self, step: str, session_id: str) -> None:
        with self._without_its_folder():
            self.act(step, session_id)
            self.settle()

    @contextmanager
    def _without_its_folder(self) -> Iterator[None]:
        """Have a file in the place of the folder of workstations: every request fails."""
        aside = self.root.with_name("aside")
        if self.root.exists():
            self.root.rename(aside)
        self.root.touch()
        try:
            yield
        finally:
            self.root.unlink()
            if aside.exists():
                aside.rename(self.root)

    def settle(self) -> None:
        """Wait until every request was carried out."""

        def is_done() -> bool:
            self.studio.reconcile()
            with self.studio._store.read() as tx:  # noqa: SLF001 - no call shows it
                return not tx.machines.any_request()

        eventually(is_done)


@contextmanager
def open_sample(folder: Path) -> Iterator[SampleWorld]:
    """Serve the sample studio; end all that it started."""
    clock, root, share = ManualClock(NOW), folder / "workstations", folder / "projects"
    share.mkdir()
    settings = LocalSettings(
        folder=root,
        types={DEFAULT: LIMITS},
        shares={"projects": share},
        images={DEFAULT: PROGRAMS},
        cpus=64,
        memory=2**40,
    )
    compute = SampleCompute(settings, clock.now)
    with open_world(clock=clock, compute=compute, terms=TERMS, background=False) as world:
        try:
            yield SampleWorld(world.studio, world.url, clock, world.clients, root=root)
        finally:
            end_all(root)
