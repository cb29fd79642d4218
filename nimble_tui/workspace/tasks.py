"""The coroutines of a workspace, started, reported and cancelled in one place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from nimble_tui.core.service import ErrorKind, StudioError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from nimble_tui.workspace.context import Context, Handle

MISTAKE = "Internal error; nimble-tui keeps running. Refresh, and report it if it happens again."


def mistake(kind: ErrorKind = ErrorKind.TROUBLE) -> StudioError:
    """Return the StudioError for an internal error."""
    return StudioError(kind, MISTAKE)


@dataclass(eq=False, slots=True)
class _Running:
    name: str
    coroutine: Coroutine[Any, Any, None]
    handle: Handle | None = None
    has_begun: bool = False


class Tasks:
    """Starts coroutines; closing cancels all of them.

    `epoch` counts the changes that make earlier requested answers outdated.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._running: set[_Running] = set()
        self._closed = False
        self.epoch = 0

    @property
    def count(self) -> int:
        """The number of running coroutines."""
        return len(self._running)

    def start(
        self,
        name: str,
        coroutine: Coroutine[Any, Any, None],
        on_mistake: Callable[[], None] | None = None,
        *,
        exclusive: bool = False,
    ) -> None:
        """Start a coroutine; an exception is reported, and `on_mistake` is called.

        An `exclusive` one cancels those with the same name.
        """
        if self._closed:
            coroutine.close()
            return
        if exclusive:
            for other in [one for one in self._running if one.name == name]:
                self._cancel(other)
        running = _Running(name, coroutine)
        self._running.add(running)
        running.handle = self._context.spawn(partial(self._run, running, name, on_mistake), name)
        if self._closed and running in self._running:  # its first step closed everything
            running.handle.cancel()

    async def _run(
        self, running: _Running, name: str, on_mistake: Callable[[], None] | None
    ) -> None:
        if running not in self._running:
            return  # it was closed before it began
        running.has_begun = True
        try:
            await running.coroutine
        except Exception as error:  # noqa: BLE001 - the others continue, and it is reported
            self._context.report(name, error)
            self._show_mistake(name, on_mistake)
        finally:
            self._running.discard(running)

    def _show_mistake(self, name: str, on_mistake: Callable[[], None] | None) -> None:
        if on_mistake is None or self._closed:
            return
        try:
            on_mistake()
        except Exception as error:  # noqa: BLE001 - nothing else would report it
            self._context.report(name, error)

    def touch(self) -> None:
        """Note a change: answers to earlier requests are outdated."""
        self.epoch += 1

    def close(self) -> None:
        """Cancel everything; coroutines started after this never run."""
        self._closed = True
        for running in tuple(self._running):
            self._cancel(running)

    def _cancel(self, running: _Running) -> None:
        if not running.has_begun:
            # A coroutine cancelled before its first step cannot clean up after itself.
            running.coroutine.close()
            self._running.discard(running)
        elif running.handle is not None:
            running.handle.cancel()
