"""The pane of my workstations: the list, the filter above it, and their number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.reactive import reactive

from nimble_tui.core.lookup import folded
from nimble_tui.core.text import clean
from nimble_tui.tui.widgets.filter_field import FilterField
from nimble_tui.tui.widgets.session_list import SessionList
from nimble_tui.view.filtering import SessionFilter
from nimble_tui.view.health import Phase

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

    from textual.app import ComposeResult

    from nimble_tui.core.clock import Clock
    from nimble_tui.view.session_rows import SessionRow
    from nimble_tui.workspace.store import Snapshot


class SessionPane(Vertical):
    """The artist's workstations, or those that match the filter.

    `key_of` returns the label of an action's key, `confirmed` is called once a filter was confirmed
    or cleared.
    """

    snapshot: reactive[Snapshot | None] = reactive(None, init=False, repaint=False)

    def __init__(
        self,
        clock: Clock,
        tz: tzinfo | None,
        key_of: Callable[[str], str],
        confirmed: Callable[[], None],
    ) -> None:
        super().__init__(id="right", classes="pane")
        self._key_of = key_of
        self._when_confirmed = confirmed
        self._filter = SessionFilter()
        self._edges: tuple[str, list[str]] = "", []
        self.filter_field = FilterField("words from any column", self._confirmed)
        self.workstations = SessionList(clock, tz, "workstations")

    def compose(self) -> ComposeResult:
        """Lay out the list below the filter, which is visible while it is used."""
        yield self.filter_field
        yield self.workstations

    @property
    def selected(self) -> SessionRow | None:
        """The selected workstation."""
        return self.workstations.selected

    def on_mount(self) -> None:
        """Show the snapshot."""
        self.show_rows()

    def watch_snapshot(self, before: Snapshot | None, snapshot: Snapshot | None) -> None:
        """Show the new snapshot; the cursor moves to the successor of its row."""
        is_shown = before and snapshot and snapshot.is_fresher(before) and self.workstations.rows
        if self.is_mounted and not is_shown:
            with self.prevent(SessionList.Moved):  # the screen updates the details itself
                self.show_rows()

    def show_rows(self) -> None:
        """Show the matching rows in their order."""
        snapshot = self.snapshot
        if snapshot is None:
            return
        shown = self._filter.apply(snapshot.rows, self.filter_field.words, self._images())
        selected = self.workstations.selected
        self.workstations.durations = snapshot.durations
        self.workstations.types = snapshot.totals.by_type
        self.workstations.show(shown, self._empty(snapshot))
        if selected is not None:
            self._follow_successor(selected.key)
        self._count(snapshot, len(shown))

    def _follow_successor(self, key: str) -> None:
        """Put the cursor on the successor of its row, if that no longer exists."""
        snapshot = self.snapshot
        if (
            snapshot is not None
            and self.workstations.selected
            and self.workstations.selected.key != key
        ):
            self.workstations.select(snapshot.successors.get(key, ""))

    def reveal_later(self, key: str) -> None:
        """Reveal a workstation whose row comes with the next snapshot."""
        self.screen.call_later(self.reveal, key)  # the screen gets the snapshot first

    def reveal(self, key: str) -> None:
        """Scroll to a workstation, with cursor and focus on it."""
        if self.filter_field.words and all(row.key != key for row in self.workstations.rows):
            self.filter_field.close()
        self.screen.set_focus(self.workstations)
        self.workstations.select(key)

    def _images(self) -> dict[str, str]:
        """Return the names of all known images, in lower case."""
        if not self.filter_field.words or self.snapshot is None:
            return {}
        return {
            image.streaming_image_id: folded(image.name)
            for details in self.snapshot.details.values()
            for image in details.streaming_images
        }

    def _count(self, snapshot: Snapshot, shown: int) -> None:
        total = len(snapshot.rows)
        title = f"My workstations  {total}" if total else "My workstations"
        order = snapshot.order.label
        if self.filter_field.words:  # leaves no room for more than the order's own words
            parts = [f"{shown} of {total} match, esc clears", *([order] if total > 1 else [])]
        else:
            parts = [f"sorted: {order}"] if total > 1 else []
        if (title, parts) != self._edges:  # else the whole pane would be painted again
            self._edges = title, parts
            self.border_title, self.border_subtitle = title, " · ".join(parts)

    def _empty(self, snapshot: Snapshot) -> str:
        if self.filter_field.words and snapshot.rows:
            words = clean(self.filter_field.words, 30)
            return f"Nothing matches “{words}”.\nPress esc to clear the filter."
        if snapshot.is_live and snapshot.has_gaps:
            return (
                "Your workstations could not be read.\n"
                "You may have some, even though none are shown."
            )
        if snapshot.is_live:
            how = f"Press {self._key_of('new')} to launch one."
            if not snapshot.launch_profiles:
                how = "Ask an admin to add you to a launch profile."
                how += f"\nPress {self._key_of('people')} to see the admins."
            return f"You have no workstations.\n{how}"
        if snapshot.health.phase in {Phase.OFFLINE, Phase.SIGNED_OUT}:
            return "Waiting for the studio…"
        return "Loading workstations…"

    # The filter.

    def filter(self, words: str) -> None:
        """Show only matching rows."""
        self.workstations.filtered = bool(words)
        self.show_rows()

    def _confirmed(self) -> None:
        """Return to the list of matches."""
        if self.selected is not None:
            self.workstations.select(self.selected.key)  # also after the filter is cleared
        self.screen.set_focus(self.workstations)
        self._when_confirmed()
