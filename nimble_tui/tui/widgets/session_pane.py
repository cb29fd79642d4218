"""My workstations: the list, the filter above it, and how many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.reactive import reactive

from nimble_tui.core.lookup import folded
from nimble_tui.core.text import clean
from nimble_tui.tui.widgets.filter_field import FilterField
from nimble_tui.tui.widgets.session_list import SessionList
from nimble_tui.view.health import Phase
from nimble_tui.view.session_rows import matching

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

    from textual.app import ComposeResult

    from nimble_tui.core.clock import Clock
    from nimble_tui.view.session_rows import SessionRow
    from nimble_tui.workspace.store import Snapshot


class SessionPane(Vertical):
    """The artist's workstations, those that match where a filter is typed.

    `key_of` returns how the key of an action is written, `confirmed` is called once a filter was
    confirmed or taken away.
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
        self._edges: tuple[str, list[str]] = "", []
        self.filter_field = FilterField("any words that you see in the list", self._confirmed)
        self.workstations = SessionList(clock, tz, "workstations")

    def compose(self) -> ComposeResult:
        """Lay out the list below the filter, which shows while it is used."""
        yield self.filter_field
        yield self.workstations

    @property
    def selected(self) -> SessionRow | None:
        """The workstation under the cursor."""
        return self.workstations.selected

    def on_mount(self) -> None:
        """Show what is known."""
        self.show_rows()

    def watch_snapshot(self, before: Snapshot | None, snapshot: Snapshot | None) -> None:
        """Show the new snapshot; the cursor moves to what took the place of its row."""
        is_shown = before and snapshot and snapshot.is_fresher(before) and self.workstations.rows
        if self.is_mounted and not is_shown:
            with self.prevent(SessionList.Moved):  # the screen that gave it describes it
                self.show_rows()

    def show_rows(self) -> None:
        """Show the rows that match, in their order."""
        snapshot = self.snapshot
        if snapshot is None:
            return
        shown = matching(snapshot.rows, self.filter_field.words, self._images())
        selected = self.workstations.selected
        self.workstations.durations = snapshot.durations
        self.workstations.show(shown, self._empty(snapshot))
        if selected is not None:
            self._follow_successor(selected.key)
        self._count(snapshot, len(shown))

    def _follow_successor(self, key: str) -> None:
        """Put the cursor on what took the place of the row it was on, if that is gone."""
        snapshot = self.snapshot
        if (
            snapshot is not None
            and self.workstations.selected
            and self.workstations.selected.key != key
        ):
            self.workstations.select(snapshot.successors.get(key, ""))

    def reveal_later(self, key: str) -> None:
        """Bring a workstation into sight whose row shows with the next snapshot."""
        self.screen.call_later(self.reveal, key)  # which has the snapshot before this

    def reveal(self, key: str) -> None:
        """Bring a workstation into sight, with cursor and focus on it."""
        if self.filter_field.words and all(row.key != key for row in self.workstations.rows):
            self.filter_field.close()
        self.screen.set_focus(self.workstations)
        self.workstations.select(key)

    def _images(self) -> dict[str, str]:
        """Return the names of all images that are known by now, in small letters."""
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
        parts = [f"{shown} of {total} match, esc shows all"] if self.filter_field.words else []
        parts += [snapshot.order.label] if total > 1 else []
        if (title, parts) != self._edges:  # else the whole pane would be painted again
            self._edges = title, parts
            self.border_title, self.border_subtitle = title, " · ".join(parts)

    def _empty(self, snapshot: Snapshot) -> str:
        if self.filter_field.words and snapshot.rows:
            return f"Nothing matches “{clean(self.filter_field.words, 30)}”.\nesc shows all again."
        if snapshot.is_live and snapshot.has_gaps:
            return (
                "Your workstations could not be read.\nThat none shows does not mean none is there."
            )
        if snapshot.is_live:
            how = f"{self._key_of('new')} launches one."
            if not snapshot.launch_profiles:
                how = "Ask an admin to put you on a launch profile;"
                how += f"\n{self._key_of('people')} shows who they are."
            return f"You have no workstations.\n{how}"
        if snapshot.health.phase in {Phase.OFFLINE, Phase.SIGNED_OUT}:
            return "Nothing to show until the studio answers."
        return "Looking for your workstations…"

    # The filter.

    def filter(self, words: str) -> None:
        """Show only what matches."""
        self.workstations.filtered = bool(words)
        self.show_rows()

    def _confirmed(self) -> None:
        """Go back to the list, with what matches."""
        if self.selected is not None:
            self.workstations.select(self.selected.key)  # also once all are shown again
        self.screen.set_focus(self.workstations)
        self._when_confirmed()
