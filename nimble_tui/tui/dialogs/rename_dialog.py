"""The dialog for a workstation's name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual import getters, on
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Input, Static

from nimble_tui.core.text import REPLACEMENT, clean
from nimble_tui.tui.dialogs.dialog import Dialog
from nimble_tui.tui.snapshot_changed import SnapshotChanged, follow
from nimble_tui.tui.widgets.text_field import TextField

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from nimble_tui.view.session_rows import SessionRow
    from nimble_tui.workspace.workspace import Workspace

LONGEST = 256
"""The maximum length of a tag's value (AWS API reference, TagResource)."""


class RenameDialog(Dialog[str]):
    """Asks for a name; the result is "" for the default one."""

    AUTO_FOCUS = "#name"
    KEYS = "enter renames   esc cancels"

    field = getters.query_one("#name", TextField)

    def __init__(self, workspace: Workspace, row: SessionRow) -> None:
        super().__init__()
        self._workspace = workspace
        self._row = row
        self._old_name = row.session.tags.get("Name", "")
        nameless = replace(row.session, tags={})
        self._usual = nameless.title(row.launch_profile)

    @property
    def session_id(self) -> str:
        """The id of the workstation."""
        return self._row.key

    def compose(self) -> ComposeResult:
        """Lay out one field with the current name selected."""
        with Vertical(classes="dialog") as box:
            box.border_title = "Rename this workstation"
            yield Static(self._row.title, markup=False, classes="subject")
            yield TextField(
                self._old_name,
                id="name",
                placeholder=self._usual,
                max_length=LONGEST,
                enter=self._sure,
            )
            yield Static(self._hint(self._old_name), id="message", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Cancel", id="cancel")
                yield Button("Rename", id="sure")

    def on_mount(self) -> None:
        """Follow the workstation."""
        follow(self, self._workspace.store)

    @on(SnapshotChanged)
    def _snapshot_changed(self) -> None:
        """Close when the workstation was deleted."""
        if self.is_active and self._workspace.snapshot.row(self.session_id) is None:
            self.notify(f"{self._row.title} was deleted. No changes made.", severity="warning")
            self.close_by_itself()

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        self.query_one("#message", Static).update(self._hint(event.value))

    def _hint(self, typed: str) -> str:
        name = shown_name(typed)
        if not name:
            return f"If empty, it will be called {self._usual}."
        if name != typed.strip():
            return f"It will be called {name}"
        return (
            f"Everyone who can see the workstation sees its name. Leave it empty for {self._usual}."
        )

    @on(Button.Pressed, "#cancel")
    def _cancelled(self) -> None:
        self.dismiss(None)

    @on(Button.Pressed, "#sure")
    def _sure(self) -> None:
        self.dismiss(shown_name(self.field.value))


def shown_name(typed: str) -> str:
    """Return the typed name without unsafe characters."""
    return clean(typed, LONGEST).replace(REPLACEMENT, "").strip()
