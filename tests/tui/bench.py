"""A real studio over real HTTP for the screens, with a gate in between that can be shut."""

import asyncio
import selectors
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from textual._compositor import LayoutUpdate
from textual.app import App
from textual.notifications import Notification
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input

from nimble_tui.client.journal.journal import Journal
from nimble_tui.client.nimble import check, connect
from nimble_tui.client.transport import Limits
from nimble_tui.config import cache
from nimble_tui.config.settings import Settings
from nimble_tui.core.clock import ManualClock
from nimble_tui.core.invite import Invite
from nimble_tui.core.people.settings import PeopleSettings
from nimble_tui.core.service import (
    DEMO,
    DEMO_AS,
    ErrorKind,
    SignedIn,
    StudioError,
    StudioInfo,
    StudioService,
    is_demo,
)
from nimble_tui.studio.demo import Demo, open_demo
from nimble_tui.studio.http.server import LocalServer
from nimble_tui.studio.sample.facts import DOMAIN_ID, IDENTITY_STORE_ID
from nimble_tui.tui.app import NimbleApp
from nimble_tui.workspace.workspace import POLLING
from tests.studio.world import World

Step = Callable[[Pilot[None]], Awaitable[None]]
Snap = Callable[..., bool]

NOW = datetime(2026, 11, 21, 13, 26, tzinfo=UTC)
NAME = "northwind"
_METHODS = (b"GET ", b"POST ", b"PUT ", b"PATCH ", b"DELETE ")
_LIMITS = Limits(pause=0.01, attempts=1)


class Gate:
    """Passes calls on to a studio, or drops or holds some of them on request."""

    def __init__(self, endpoint_url: str) -> None:
        self.lead_to(endpoint_url)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._held: dict[bytes, threading.Event] = {}
        self._kept: list[threading.Event] = []
        self._lost: set[bytes] = set()
        self._ends = ExitStack()
        self.holding = 0
        self._ended = threading.Event()
        self.open = True
        self.calls: list[bytes] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def endpoint_url(self) -> str:
        return "http://{}:{}".format(*self._listener.getsockname())

    def lead_to(self, endpoint_url: str) -> None:
        parts = urlsplit(endpoint_url)
        self._target = (parts.hostname or "", parts.port or 0)

    def hold(self, line: bytes) -> threading.Event:
        """Keep the replies to requests whose first line holds `line` until the event is set."""
        event = threading.Event()
        self._held[line] = event
        return event

    def hold_no_more(self) -> None:
        """Let new calls through; what is held stays held."""
        self._kept += self._held.values()
        self._held.clear()

    def lose(self, line: bytes) -> None:
        """Drop the reply to the next request whose first line holds `line`."""
        self._lost.add(line)

    def close(self) -> None:
        self._ended.set()
        for event in (*self._kept, *self._held.values()):
            event.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(10)
        self._ends.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while not self._ended.is_set():
                near, _ = self._listener.accept()
                thread = threading.Thread(target=self._pass_on, args=(near,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _pass_on(self, near: socket.socket) -> None:
        with near, suppress(OSError), socket.create_connection(self._target, timeout=5) as far:
            ready = selectors.DefaultSelector()
            self._ends.callback(ready.close)
            ready.register(near, selectors.EVENT_READ)
            ready.register(far, selectors.EVENT_READ)
            held: threading.Event | None = None
            lost = False
            while self.open and not self._ended.is_set():
                for key, _ in ready.select(0.1):
                    from_studio = key.fileobj is far
                    data = (far if from_studio else near).recv(65_536)
                    if not data or (lost and from_studio) or not self.open:
                        return
                    if from_studio and held is not None:
                        self.holding += 1
                        held.wait(60)
                    elif not from_studio and data.startswith(_METHODS):
                        held, lost = self._asked(data.partition(b"\r\n")[0])
                    (near if from_studio else far).sendall(data)

    def _asked(self, line: bytes) -> tuple[threading.Event | None, bool]:
        """Note a request; return what holds its reply, and whether the reply is lost."""
        self.calls.append(line)
        lost = {text for text in self._lost if text in line}
        self._lost -= lost
        held = (event for text, event in self._held.items() if text in line)
        return next(held, None), bool(lost)


class TimeOfDay:
    """Tells the time of a clock that stands still; how long a call takes is measured for real."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock

    def now(self) -> datetime:
        return self._clock.now()

    def monotonic(self) -> float:
        return time.monotonic()


class Bench:
    """The demo studio on a clock that stands still, and the `Studios` that reach it.

    With a `world` it is that one's studio, on its clock.
    """

    def __init__(self, *, sessions: int | None = None, world: World | None = None) -> None:
        self.clock = world.clock if world else ManualClock(NOW)
        self._open = ExitStack()
        self.demo: Demo
        if world:
            server = self._open.enter_context(LocalServer(world.studio.application))
            self.demo = Demo(world.studio, server)
        else:
            opened = open_demo(None, clock=self.clock, sessions=sessions)
            self.demo = self._open.enter_context(opened)
        self.gate = Gate(self.demo.endpoint_url)
        self._open.callback(self.gate.close)
        self.name = ""
        self.journal = Journal()
        self._open.callback(self.journal.close)
        self.studios = BenchStudios(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    @property
    def invite(self) -> Invite:
        """The invite of the app's user: the demo's artist, or `self.name`."""
        return self.invite_of(self.name)

    def invite_of(self, who: str) -> Invite:
        """The invite of the person with this name or role; without one, of the demo's artist."""
        others = [(str(role), invite) for role, invite in self.demo.others]
        found = (one for role, one in others if who in {role, one.display_name})
        mine = next(found) if who else self.demo.invite
        return replace(mine, endpoint_url=self.gate.endpoint_url)

    def info(self, name: str) -> StudioInfo:
        as_whom = name.removeprefix(DEMO_AS)
        invite = self.invite_of(as_whom) if as_whom != name else self.invite
        return StudioInfo(
            name,
            invite.studio_id,
            invite.region,
            invite.principal_id,
            invite.display_name,
            host=urlsplit(invite.endpoint_url).netloc,
            demo=is_demo(name),
        )

    def service(self, who: str = "") -> StudioService:
        """Return a second service for the same studio, past the gate, as another person."""
        invite = self.invite_of(who or self.name)
        service = connect(
            replace(self.info("other"), principal_id=invite.principal_id),
            endpoint_url=self.demo.endpoint_url,
            keys=invite.keys,
            clock=TimeOfDay(self.clock),
            limits=_LIMITS,
            people=PeopleSettings(IDENTITY_STORE_ID, DOMAIN_ID),
        )
        self._open.callback(service.close)
        return service

    def keep_lists(self) -> None:
        """Leave the lists behind that an earlier run of the app saw."""
        service = self.service()
        profiles, sessions = service.list_launch_profiles(), service.list_streaming_sessions()
        assert cache.write(self.info(DEMO), profiles.items, sessions.items, self.clock.now())

    def app(
        self,
        studio: str | None = DEMO,
        settings: Settings | None = None,
        new_settings: Callable[[], Settings | None] | None = None,
    ) -> NimbleApp:
        return NimbleApp(
            self.studios,
            settings or Settings(),
            studio,
            clock=self.clock,
            tz=UTC,
            jitter=lambda: 0.5,
            new_settings=new_settings,
        )


class BenchStudios:
    """The demo and one studio of the settings, both of them the same real studio; and others."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.signed_in = True
        self.configured = True
        self.read_only = False
        self.accent: str | None = None
        self.others: dict[str, Bench] = {}
        self.problem: StudioError | None = None
        self.hanging: threading.Event | None = None
        self.opening = False

    def names(self) -> Sequence[str]:
        return (NAME, *self.others) if self.configured else ()

    def info(self, name: str) -> StudioInfo:
        if name in self.others:
            return self.others[name].info(name)
        if name != NAME and not is_demo(name):
            raise StudioError(ErrorKind.SETTINGS, f"No studio named {name} in your settings.")
        info = replace(self.bench.info(name), read_only=self.read_only)
        return replace(info, accent=None if name == DEMO else self.accent)

    def open(self, name: str) -> StudioService:
        if name in self.others:
            return self.others[name].studios.connected(self.info(name))
        if self.hanging is not None:
            self.opening = True
            self.hanging.wait(60)
            self.opening = False
        if self.problem is not None:
            raise self.problem
        if not is_demo(name) and not self.signed_in:
            raise StudioError(ErrorKind.NOT_SIGNED_IN, f"You are not signed in to {name}.")
        return self.connected(self.info(name))

    def connected(self, info: StudioInfo) -> StudioService:
        """Return the service of this bench's studio, under the name that `info` gives it."""
        everybody = (self.bench.demo.invite, *(one for _, one in self.bench.demo.others))
        invite = next(one for one in everybody if one.principal_id == info.principal_id)
        return connect(
            info,
            endpoint_url=self.bench.gate.endpoint_url,
            clock=TimeOfDay(self.bench.clock),
            keys=invite.keys,
            limits=_LIMITS,
            journal=self.bench.journal,
            people=PeopleSettings(IDENTITY_STORE_ID, DOMAIN_ID),
        )

    def keys_changed(self, name: str) -> bool:  # noqa: ARG002 - they are from an invite
        return False

    def sign_in(self, invite: Invite) -> SignedIn:
        info = self.bench.info(NAME)
        check(info, endpoint_url=invite.endpoint_url, keys=invite.keys)
        self.signed_in = True
        return SignedIn(NAME, ("Your access keys stay in memory until this program ends.",))

    def sign_out(self, name: str) -> None:  # noqa: ARG002 - there is but one
        self.signed_in = False


def play(
    bench: Bench,
    scenario: Callable[[Pilot[None]], Awaitable[None]],
    *,
    size: tuple[int, int] = (80, 24),
    studio: str | None = DEMO,
    settings: Settings | None = None,
    new_settings: Callable[[], Settings | None] | None = None,
) -> None:
    """Run an app and do with it what the scenario says; toasts and tooltips are drawn."""

    async def run() -> None:
        app = bench.app(studio, settings, new_settings)
        async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
            await scenario(pilot)

    asyncio.run(run())


async def until(pilot: Pilot[None], condition: Callable[[], object], tries: int = 3_000) -> None:
    """Wait until something is so and drawn; fail when it is not after many looks."""
    for _ in range(tries):
        if condition():
            await pilot.pause(0)
            return
        await pilot.pause(0.01)
    raise AssertionError(f"never came true; on the screen:\n{seen(pilot.app)}")


async def until_seen(pilot: Pilot[None], text: str) -> None:
    """Wait for a text on the screen."""
    await until(pilot, lambda: text in seen(pilot.app))


async def until_told(pilot: Pilot[None], text: str) -> None:
    """Wait for a message in passing."""
    await until(pilot, lambda: text in told(pilot.app))


async def until_on(pilot: Pilot[None], screen: Screen[Any]) -> None:
    """Wait until a screen is the one on top."""
    await until(pilot, lambda: pilot.app.screen is screen)


async def settled(pilot: Pilot[None]) -> None:
    """Wait until nothing is under way; stop what blinks."""
    for field in pilot.app.screen.query(Input):
        field.cursor_blink = False
    await until(pilot, lambda: is_quiet(pilot.app))
    await pilot.pause()


def is_quiet(app: App[None]) -> bool:
    """Return whether no worker does anything: the one that refreshes the lists only waits."""
    workspace = app.navigation.workspace if isinstance(app, NimbleApp) else None
    if workspace is not None and workspace.polling.is_refreshing:
        return False
    return all(worker.is_finished or worker.name == POLLING for worker in app.workers)


def seen(app: App[None]) -> str:
    """Return the text on the screen, line by line."""
    screens = app._background_screens  # noqa: SLF001
    update = app.screen._compositor.render_update(full=True, screen_stack=screens)  # noqa: SLF001
    assert isinstance(update, LayoutUpdate)
    lines = ("".join(strip.text for strip in line) for line in update.strips)
    return "\n".join(line.rstrip() for line in lines)


def notifications(app: App[None]) -> list[Notification]:
    """Return the notifications that are shown, the oldest first."""
    return list(app._notifications)  # noqa: SLF001


def told(app: App[None]) -> str:
    """Return the text of the newest messages in passing."""
    return "\n".join(f"{one.title}: {one.message}" for one in notifications(app))
