"""A workspace on a studio in memory, on a clock and with calls that a test holds and lets go."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from nimble_tui.config.settings import Settings
from nimble_tui.core.clock import ManualClock
from nimble_tui.workspace.context import Context
from nimble_tui.workspace.ui_state import UiStateFile
from nimble_tui.workspace.workspace import Workspace
from tests.view.workstations import NOW
from tests.workspace.fake_studio import INFO, FakeStudios, World

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from nimble_tui.core.service import StudioInfo, StudioService
    from nimble_tui.view.notices import Notice
    from nimble_tui.view.session_rows import SessionRow
    from nimble_tui.workspace.context import Call
    from nimble_tui.workspace.store import Snapshot

_MOST_STEPS = 10_000
_WRITER = ThreadPoolExecutor(1)


class Calls:
    """Runs each call immediately; a held answer arrives when the test releases it.

    A call is known by the operations of the studio that it made, and by its function's name.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._held: set[str] = set()
        self._waiting: list[tuple[set[str], asyncio.Future[None]]] = []
        self.blocked: dict[asyncio.Task[Any], Callable[[], bool]] = {}

    def hold(self, *names: str) -> None:
        """Hold the answers of these from now on."""
        self._held |= set(names)

    def let_go(self, *names: str, count: int | None = None) -> None:
        """Release held answers, the oldest first; without a count, hold none from then on."""
        if count is None:
            self._held -= set(names)
        found = [future for made, future in self._waiting if made & set(names)][:count]
        for future in found:
            if not future.done():  # what waited for it may have been cancelled
                future.set_result(None)
        self._waiting = [one for one in self._waiting if one[1] not in found]

    def held(self, name: str) -> int:
        """Return how many answers of these are held."""
        return sum(name in made and not future.done() for made, future in self._waiting)

    async def __call__(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        start = len(self._world.operations)
        answer, error = None, None
        try:
            answer = fn(*args, **kwargs)
        except Exception as raised:  # noqa: BLE001 - it arrives when it is let go
            error = raised
        function = fn.func if isinstance(fn, partial) else fn
        made = {*self._world.operations[start:], getattr(function, "__name__", "")}
        await asyncio.sleep(0)
        if made & self._held:
            future = asyncio.get_running_loop().create_future()
            self._waiting.append((made, future))
            task = cast("asyncio.Task[Any]", asyncio.current_task())
            self.blocked[task] = lambda: not future.done()
            try:
                await future
            finally:
                del self.blocked[task]
        if error is not None:
            raise error
        return answer


class Waits:
    """Lets time pass as far as the test says, by its own clock."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self._timers: list[tuple[float, asyncio.Future[None]]] = []
        self.seconds: list[float | None] = []
        self.blocked: dict[asyncio.Task[Any], Callable[[], bool]] = {}

    async def __call__(self, event: asyncio.Event, seconds: float | None) -> None:
        self.seconds.append(seconds)
        timer = asyncio.get_running_loop().create_future()
        if seconds is not None:
            self._timers.append((self._clock.monotonic() + seconds, timer))
        woken = asyncio.ensure_future(event.wait())
        task = cast("asyncio.Task[Any]", asyncio.current_task())
        self.blocked[task] = lambda: not timer.done() and not event.is_set()
        try:
            await asyncio.wait({timer, woken}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            del self.blocked[task]
            woken.cancel()
            timer.cancel()

    def ring(self) -> None:
        """End the waits whose time has passed."""
        now = self._clock.monotonic()
        for due, timer in self._timers:
            if due <= now and not timer.done():
                timer.set_result(None)
        self._timers = [one for one in self._timers if not one[1].done()]


class Bench:
    """A workspace with everything around it; `call` replaces the calls that a test can hold."""

    def __init__(
        self, info: StudioInfo = INFO, call: Call | None = None, studios: Any = None
    ) -> None:
        self.world = World()
        self.studios = FakeStudios(self.world, info)
        self.clock = ManualClock(NOW)
        self.calls = Calls(self.world)
        self.waits = Waits(self.clock)
        self.notices: list[Notice] = []
        self.mistakes: list[tuple[str, Exception]] = []
        self.spawned: list[asyncio.Task[None]] = []
        self.closed: list[StudioService] = []
        self.changes: list[Snapshot] = []
        self.settings = Settings()
        self.is_focused = True
        self.jitter = 0.5
        self.signed_out = 0
        self.context = Context(
            studios=studios or self.studios,
            clock=self.clock,
            tz=UTC,
            call=call or cast("Call", self.calls),
            spawn=self._spawn,
            wait=self.waits,
            notify=self.notices.append,
            open_url=lambda _: None,
            settings=lambda: self.settings,
            key_of=lambda action: f"<{action}>",
            ui_state=UiStateFile(_WRITER),
            is_focused=lambda: self.is_focused,
            jitter=lambda: self.jitter,
            close_service=self._close_service,
            report=lambda name, error: self.mistakes.append((name, error)),
        )
        self._workspaces: list[Workspace] = []
        self.workspace = self.another(info)

    def another(self, info: StudioInfo = INFO) -> Workspace:
        """Return a further workspace in the same surroundings, as the next run has it."""
        workspace = Workspace(self.context, info)
        self._workspaces.append(workspace)
        workspace.store.subscribe(lambda: self.changes.append(workspace.snapshot))
        workspace.polling.signed_out.append(self._count_signed_out)
        return workspace

    def _spawn(
        self, work: Callable[[], Coroutine[Any, Any, None]], name: str
    ) -> asyncio.Task[None]:
        task = asyncio.create_task(work(), name=name)
        self.spawned.append(task)
        return task

    def _close_service(self, service: StudioService) -> None:
        self.closed.append(service)
        service.close()

    def _count_signed_out(self) -> None:
        self.signed_out += 1

    @property
    def snapshot(self) -> Snapshot:
        """The workspace's snapshot."""
        return self.workspace.snapshot

    def row(self, key: str) -> SessionRow:
        """Return the row of a workstation that has one."""
        row = self.snapshot.row(key)
        assert row is not None
        return row

    def state(self, key: str) -> str | None:
        """Return the state that the row of a workstation shows."""
        return self.row(key).session.state

    def told(self) -> str:
        """Return the notices, one a line."""
        return "\n".join(f"{one.title}: {one.text}" for one in self.notices)

    async def started(self) -> None:
        """Open the studio, and refresh once."""
        self.workspace.start()
        await self.settled()
        assert self.snapshot.is_live

    async def settled(self) -> None:
        """Let everything run until each coroutine waits for the test."""
        for _ in range(_MOST_STEPS):
            blocked = {
                task
                for waiting in (self.calls.blocked, self.waits.blocked)
                for task, is_needless in waiting.items()
                if is_needless()
            }
            if all(task.done() or task in blocked for task in self.spawned):
                return
            await asyncio.sleep(0)
        raise AssertionError("it never comes to rest")

    async def passes(self, seconds: float) -> None:
        """Let time pass, and everything that is due by then happen."""
        self.clock.advance(seconds)
        self.waits.ring()
        await self.settled()

    async def sleeps(self, seconds: float) -> None:
        """Let time pass as in a suspended computer: only the time of day shows it."""
        self.clock.advance(seconds)
        self.clock.seconds -= seconds
        await self.settled()

    def sign_in_with(self, **changes: Any) -> None:
        """Have the settings say something else of the studio."""
        name = self.workspace.connection.name
        self.studios.infos[name] = replace(self.studios.infos[name], **changes)

    async def end(self) -> None:
        """Close every workspace, and wait until nothing of them is left."""
        for workspace in self._workspaces:
            workspace.close()
        await asyncio.gather(*self.spawned, return_exceptions=True)
        self.context.ui_state.finish(10)
