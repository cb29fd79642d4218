"""What a workspace is given from outside, so that it needs neither a terminal nor a network."""

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
    """Runs what may block somewhere else, such as in a thread, while the event loop continues."""

    def __call__(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Awaitable[T]:
        """Return what `fn` returns or raises, once it is done."""
        ...


class Handle(Protocol):
    """A coroutine that was started."""

    def cancel(self) -> object:
        """Stop it: it never resumes."""
        ...


class Spawn(Protocol):
    """Starts a coroutine on the event loop."""

    def __call__(self, work: Callable[[], Coroutine[Any, Any, None]], name: str) -> Handle:
        """Start what `work` returns, under a name that the log may show; return how to stop it.

        `work` is an async function: one that is stopped before it is called leaves nothing behind.
        """
        ...


class Wait(Protocol):
    """Lets time pass."""

    def __call__(self, event: Event, seconds: float | None) -> Awaitable[None]:
        """Return once the event is set or the seconds have passed; None waits for the event."""
        ...


class WorkspaceSettings(Protocol):
    """The settings that a workspace goes by."""

    @property
    def refresh(self) -> Intervals:
        """Seconds between two refreshes."""
        ...

    @property
    def prices(self) -> Prices:
        """What an hour of each instance type costs."""
        ...


@dataclass(frozen=True, slots=True)
class Context:
    """Everything outside of a workspace that it uses.

    `settings` returns the settings as they are now, `key_of` how the key of an action is written,
    `is_focused` whether the terminal has the
    focus. `open_url` hands an address over to the desktop and returns what to do instead where
    that does not work; it may block. `close_service` closes a studio's service without waiting for
    that. `report` takes each exception that is a mistake of the program. `jitter` returns 0 to 1.
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
