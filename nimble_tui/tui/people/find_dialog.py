"""A search for users of the DataZone domain, whose profiles can be opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Static

from nimble_tui.core.people.model import Person, UserSearchType
from nimble_tui.core.text import clean_id
from nimble_tui.tui.dialogs.dialog import Dialog
from nimble_tui.tui.key_guard import Patience
from nimble_tui.tui.snapshot_changed import SnapshotChanged, follow
from nimble_tui.tui.widgets.line import pad
from nimble_tui.tui.widgets.reading_list import Reading, ReadingList
from nimble_tui.tui.widgets.text_field import TextField
from nimble_tui.tui.widgets.tick import Tick
from nimble_tui.view.people import user_search

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import PurePath

    from textual.app import ComposeResult

    from nimble_tui.core.people.model import UserProfile
    from nimble_tui.view.people.user_search import UserRow
    from nimble_tui.workspace.people_snapshot import PeopleSnapshot, UserList
    from nimble_tui.workspace.workspace import Workspace

_LONGEST = 256
_NAME, _STATUS = 24, 14
_MORE = "more "
_HINT = "Type part of a name, user name, e-mail address or ARN, then press enter."


class FindDialog(Dialog[None]):
    """Searches as often as the user likes; enter opens the profile of the user under the cursor."""

    CSS_PATH: ClassVar[list[str | PurePath]] = [*Dialog.CSS_PATH, "person_dialog.tcss"]
    AUTO_FOCUS = "#text"
    KEYS = "enter searches   tab to the list, enter opens   esc closes"

    field = getters.query_one("#text", TextField)
    tick = getters.query_one(Tick)
    found = getters.query_one("#found", ReadingList)

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self._patience = Patience(workspace.context.clock)
        self._shown = self._known

    def compose(self) -> ComposeResult:
        """Lay out the text, and what is found below it."""
        with Vertical(classes="dialog -find") as box:
            box.border_title = "Find in DataZone"
            yield TextField(
                id="text",
                placeholder="name, user name, e-mail or ARN",
                max_length=_LONGEST,
                enter=self._search,
            )
            yield Tick("Also show people who have no DataZone profile", "everyone")
            yield Static(_HINT, id="message", markup=False)
            yield ReadingList("found")
            with Horizontal(classes="buttons"):
                yield Button("Close", id="cancel")

    def on_mount(self) -> None:
        """Follow what is found."""
        follow(self, self.workspace.store)
        self.workspace.domain_users.clear()

    def on_unmount(self) -> None:
        """Forget what was found."""
        self.workspace.domain_users.clear()

    @property
    def _known(self) -> PeopleSnapshot:
        return self.workspace.snapshot.people

    @on(SnapshotChanged)
    def _snapshot_changed(self) -> None:
        before, self._shown = self._shown, self._known
        if self._shown is not before:
            self._show()

    # What is shown.

    def _show(self) -> None:
        search = self._known.search
        lists = search.lists.items() if search else ()
        self.found.show([reading for one, users in lists for reading in self._readings(one, users)])
        text, line = self._message(), self.query_one("#message", Static)
        line.display = bool(text)
        line.update(text)

    def _message(self) -> str:
        search = self._known.search
        if search is None:
            return _HINT
        lists = search.lists.values()
        if any(one.is_reading for one in lists):
            return "Searching…"
        if any(one.users or one.problem for one in lists):
            return ""
        if arn := user_search.arn_of(search.text):
            return f"{clean_id(arn)} has no DataZone profile; enter opens a dialog to create it."
        return user_search.nothing_found(search.text, everyone=self.tick.value)

    def _readings(self, user_type: UserSearchType, users: UserList) -> Iterable[Reading]:
        if users.users or users.problem:
            heading = Content.styled(user_search.heading(user_type), "bold $accent")
            yield Reading(f"heading {user_type}", heading, heading=True)
        for row in user_search.rows(users.users):
            yield self._reading(user_type, row)
        if users.skipped:
            skipped = Content.styled(f"  {users.skipped} could not be read", "$muted")
            yield Reading(f"skipped {user_type}", skipped, heading=True)
        if users.problem:
            shown = Content.styled(f"  ✕ {users.problem}", "$failed")
            yield Reading(f"problem {user_type}", shown, heading=True, indent=4)
        if users.next_token:
            text = "  ◌ loading more…" if users.is_reading else "  ↓ more"
            yield Reading(f"{_MORE}{user_type}", Content.styled(text, "$muted"))

    def _reading(self, user_type: UserSearchType, row: UserRow) -> Reading:
        shown = Content.assemble(
            (f"  {pad(row.name, _NAME)} ", "bold"),
            (pad(f"{row.status.symbol} {row.status.text}", _STATUS + 2), f"${row.status.style}"),
            (row.details, "$muted"),
        )
        return Reading(f"user {user_type} {row.user_id}", shown, row.user_id, indent=2)

    # Keys.

    def _search(self) -> None:
        text = self.field.value.strip()
        search = self._known.search
        arn = user_search.arn_of(text)
        if search is not None and search.text == text and arn and not self._users():
            self._open(Person(arn, label=clean_id(arn), short_id=clean_id(arn)))
        elif text:
            self._patience.heeds()
            self.workspace.domain_users.search(text, everyone=self.tick.value)
            if not arn:
                self.set_focus(self.found)

    @on(Tick.Changed)
    def _ticked(self) -> None:
        text = self.field.value.strip()
        if text and self._known.search is not None:
            self.workspace.domain_users.search(text, everyone=self.tick.value)

    def _users(self) -> list[UserProfile]:
        search = self._known.search
        return [one for users in search.lists.values() for one in users.users] if search else []

    @on(ReadingList.Chosen)
    def _chosen(self, event: ReadingList.Chosen) -> None:
        key = event.reading.key
        if not self._patience.heeds():
            return
        if key.startswith(_MORE):
            self.workspace.domain_users.more(UserSearchType(key.removeprefix(_MORE)))
            return
        wanted = event.reading.copied
        profile = next((one for one in self._users() if one.user_id == wanted), None)
        if profile is not None:
            people = self._known.people
            known = people.person(profile.user_id) if people else None
            self._open(known or user_search.person_of(profile))

    def _open(self, person: Person) -> None:
        from nimble_tui.tui.people.user_profile_dialog import UserProfileDialog

        self.app.push_screen(UserProfileDialog(self.workspace, person))

    @on(Button.Pressed, "#cancel")
    def _close_pressed(self) -> None:
        self.dismiss(None)
