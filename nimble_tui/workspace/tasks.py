"""The coroutines of a workspace: each is started, reported and cancelled in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nimble_tui.core.service import ErrorKind, StudioError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from nimble_tui.workspace.context import Context, Handle

MISTAKE = "Something went wrong inside the app; it goes on. Press refresh, and tell your admin."


def mistake(kind: ErrorKind = ErrorKind.TROUBLE) -> StudioError:
    """Return the error that stands for a mistake of the program."""
    return StudioError(kind, MISTAKE)


class Tasks:
    """Starts coroutines; closing cancels them, and none of them resumes after that.

    `epoch` counts what was done that makes an answer outdated which was requested before it.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._running: dict[object, Handle | None] = {}
        self._closed = False
        self.epoch = 0

    @property
    def count(self) -> int:
        """How many coroutines have not ended yet."""
        return len(self._running)

    def start(
        self,
        name: str,
        coroutine: Coroutine[Any, Any, None],
        on_mistake: Callable[[], None] | None = None,
    ) -> None:
        """Start a coroutine; where it raises, that is reported and `on_mistake` is called."""
        if self._closed:
            coroutine.close()
            return
        mark = object()
        self._running[mark] = None
        handle = self._context.spawn(self._run(mark, name, coroutine, on_mistake), name)
        if mark in self._running:
            self._running[mark] = handle

    async def _run(
        self,
        mark: object,
        name: str,
        coroutine: Coroutine[Any, Any, None],
        on_mistake: Callable[[], None] | None,
    ) -> None:
        try:
            await coroutine
        except Exception as error:  # noqa: BLE001 - the others go on, and the person is told
            self._context.report(name, error)
            if on_mistake is not None and not self._closed:
                on_mistake()
        finally:
            coroutine.close()
            self._running.pop(mark, None)

    def touch(self) -> None:
        """Note that something was done: answers to what was requested before are outdated."""
        self.epoch += 1

    def close(self) -> None:
        """Cancel everything; what is started from now on never runs."""
        self._closed = True
        for handle in tuple(self._running.values()):
            if handle is not None:
                handle.cancel()
