"""The dependencies of a workspace, so that it needs neither a terminal nor a network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar

if TYPE_CHECKING:
    from asyncio import Event
    from collections.abc import Awaitable, Callable, Coroutine
    from datetime import tzinfo

    from nimble_tui.core.cadence import Intervals
    from nimble_tui.core.clock import Clock
    from nimble_tui.core.prices import Prices
    from nimble_tui.core.service import Studios, StudioService
    from nimble_tui.view.notices import Notice
    from nimble_tui.workspace.ui_state import UiStateFile

P = ParamSpec("P")
T = TypeVar("T")


class Call(Protocol):
    """Runs a blocking function elsewhere, such as in a thread."""

    def __call__(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Awaitable[T]:
        """Return the result of `fn`, or raise its exception."""
        ...


class Handle(Protocol):
    """A running coroutine."""

    def cancel(self) -> object:
        """Cancel it: it never resumes."""
        ...


class Spawn(Protocol):
    """Starts a coroutine on the event loop."""

    def __call__(self, work: Callable[[], Coroutine[Any, Any, None]], name: str) -> Handle:
        """Start the coroutine of `work` under a name for the log, and return its handle.

        `work` is an async function, so that cancelling it before the call leaves nothing behind.
        """
        ...


class Wait(Protocol):
    """Waits for an event or a time."""

    def __call__(self, event: Event, seconds: float | None) -> Awaitable[None]:
        """Return once the event is set or the seconds have passed; None waits for the event."""
        ...


class WorkspaceSettings(Protocol):
    """The settings that a workspace uses."""

    @property
    def refresh(self) -> Intervals:
        """Seconds between two refreshes."""
        ...

    @property
    def prices(self) -> Prices:
        """The hourly prices of instance types."""
        ...


@dataclass(frozen=True, slots=True)
class Context:
    """The dependencies of a workspace.

    `settings` returns the current settings, `key_of` the label of an action's key, `is_focused`
    whether the terminal has the focus. `open_url` hands an address over to the desktop and returns
    the alternative if that fails; it may block. `close_service` closes a studio's service without
    waiting. `report` takes each unexpected exception. `jitter` returns 0 to 1.
    """

    studios: Studios
    clock: Clock
    tz: tzinfo | None
    call: Call
    spawn: Spawn
    wait: Wait
    notify: Callable[[Notice], None]
    open_url: Callable[[str], str | None]
    settings: Callable[[], WorkspaceSettings]
    key_of: Callable[[str], str]
    ui_state: UiStateFile
    is_focused: Callable[[], bool]
    jitter: Callable[[], float]
    close_service: Callable[[StudioService], None]
    report: Callable[[str, Exception], None]
