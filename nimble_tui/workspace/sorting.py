"""The sort order of the list, which changes in a thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimble_tui.view.sorting import following

if TYPE_CHECKING:
    from nimble_tui.view.sorting import Order
    from nimble_tui.workspace.context import Context
    from nimble_tui.workspace.store import Store
    from nimble_tui.workspace.tasks import Tasks


class Sorting:
    """Changes the sort order; the last requested one applies."""

    def __init__(self, context: Context, store: Store, tasks: Tasks) -> None:
        self._context = context
        self._store = store
        self._tasks = tasks
        self._requested: Order | None = None

    def change(self) -> None:
        """Change to the next sort order, and remember it."""
        order = following(self._requested or self._store.snapshot.order)
        self._requested = order
        self._context.ui_state.change(sort=order.id)
        self._tasks.start("sort the list", self._run(order), self._broke, exclusive=True)

    def _broke(self) -> None:
        self._requested = None

    async def _run(self, order: Order) -> None:
        is_current = False
        while not is_current:
            rows, now = self._store.snapshot.rows, self._context.clock.now()
            arranged = await self._context.call(order.arrange, rows, now)
            is_current = rows is self._store.snapshot.rows  # nothing changed them meanwhile
        self._requested = None
        self._store.change(order=order, rows=arranged, sorted_at=now)
