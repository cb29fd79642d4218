"""The recorded history of one workstation or of all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from nimble_tui.core.model import StreamingSession
from nimble_tui.core.text import clean_id
from nimble_tui.tui import commands
from nimble_tui.tui.pages.page import Page
from nimble_tui.tui.widgets.line import pad
from nimble_tui.tui.widgets.reading_list import Reading, ReadingList
from nimble_tui.view import timeline, times
from nimble_tui.view.facts import FactContext

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from textual.binding import BindingType
    from textual.widget import Widget

    from nimble_tui.core.actions import Action
    from nimble_tui.view.timeline import TimelineEntry
    from nimble_tui.workspace.permissions import Target
    from nimble_tui.workspace.workspace import Workspace

_TIME = 9
_NAME = 22
_MOST = 1_000
_PEOPLE = "People"
_NO_WORKSTATION = "This line is about people. Select a workstation's line first."
_EMPTY = "No history yet.\nnimble-tui records your actions and state changes from now on."


class HistoryPage(Page):
    """The artist's actions and observed state changes, the newest first.

    It is recorded on this computer, so it needs no network.
    """

    PAGE = "history"
    OWN = commands.named("all", "copy")
    AUTO_FOCUS = "ReadingList"
    BINDINGS: ClassVar[list[BindingType]] = [*commands.bindings(("all", "copy"))]

    all: reactive[bool] = reactive(False, init=False, repaint=False)
    lines = getters.query_one(ReadingList)

    def __init__(self, workspace: Workspace, target: Target) -> None:
        super().__init__(workspace, target)
        self._session_id = session_id = target.session_id
        self._titles: dict[str, str] = {}
        self._sessions: dict[str, str] = {}
        self._entries: tuple[TimelineEntry, ...] = ()
        self._basis: tuple[object, object, object, object] = (None, None, None, None)
        self.set_reactive(HistoryPage.all, not session_id)

    @property
    def about(self) -> str:
        """The id of the workstation, or of the selected line's workstation."""
        line = self.lines.reading if self.all else None
        return self._sessions.get(line.key, "") if line else self._session_id

    def body(self) -> Iterable[Widget]:
        """Return the list of lines, and a note on their source."""
        yield ReadingList("happened")
        yield Static(id="note", markup=False)

    def watch_all(self) -> None:
        """Show all workstations, or only one."""
        self.draw()
        self.show_keys()

    def labelled(self, action: Action) -> Action:
        """Return an action; that for the other selection is labelled with it."""
        return replace(action, label="Only this one") if action.id == "all" and self.all else action

    def draw(self) -> None:
        """Show the current history."""
        self._titles = {row.key: row.title for row in self.workspace.snapshot.rows}
        session_id = None if self.all else self._session_id
        self._sessions = {}
        self._update_entries(session_id)
        of_people = any(one.event.principal_ids for one in self._entries)
        every = "all workstations and people" if of_people else "all workstations"
        whose = every if session_id is None else self._title(session_id)
        self.head(Content(f"History of {whose}"))
        self.lines.show(self._readings(self._entries[:_MOST]))
        note = self.query_one("#note", Static)
        note.update(Content(self._note(self._entries)))

    def _update_entries(self, session_id: str | None) -> None:
        """Build the lines if anything changed; slow for thousands."""
        workspace, snapshot = self.workspace, self.workspace.snapshot
        basis = (snapshot.history, snapshot.sessions, snapshot.names, session_id)
        if all(one is before for one, before in zip(basis, self._basis, strict=True)):
            return
        self._basis = basis
        sessions = {one.session_id: one for one in snapshot.sessions}
        workspace.names.request(timeline.doers(snapshot.history, session_id, sessions))
        who = FactContext(snapshot.info, workspace.now, self.nimble.tz, snapshot.names).who
        self._entries = timeline.entries(
            snapshot.history, session_id, sessions, who, self._profile_title
        )

    def action_all(self) -> None:
        """Switch between all workstations and one."""
        if not self.about:
            on_people = self.lines.reading is not None
            self.notify(_NO_WORKSTATION if on_people else "No history yet.")
            return
        self._session_id = self.about
        self.all = not self.all

    def action_copy(self) -> None:
        """Copy the selected line."""
        if (reading := self.lines.reading) is not None:
            self.copy_line(reading.copied)

    @on(ReadingList.OptionHighlighted)
    def _moved(self) -> None:
        self.show_keys()

    @on(ReadingList.Chosen)
    def _chosen_line(self) -> None:
        self.action_copy()

    def moves(self) -> Iterable[tuple[str, str]]:
        """Return the navigation keys."""
        return (("↑ ↓", "Move from line to line"), ("enter", "Copy the line"))

    def _note(self, entries: tuple[TimelineEntry, ...]) -> str:
        known = self.workspace.snapshot.history
        if known.problem:
            return known.problem
        if not known.known:
            return "Loading history…"
        if not entries:
            return _EMPTY
        since = times.local_time(entries[-1].event.at, self.workspace.now, self.nimble.tz)
        left = f" Showing the newest {_MOST:,}." if len(entries) > _MOST else ""
        return f"Recorded by this computer and by the studio since {since}. Local times.{left}"

    def _readings(self, entries: Iterable[TimelineEntry]) -> list[Reading]:
        found: list[Reading] = []
        day = ""
        counts: dict[str, int] = {}
        for one in entries:
            at = one.event.at.astimezone(self.nimble.tz)
            named = _day(at, self.workspace.now.astimezone(self.nimble.tz))
            if named != day:
                if day:
                    found.append(Reading(f"{named} ", Content(""), heading=True))
                found.append(Reading(named, Content.styled(named, "bold $accent"), heading=True))
                day = named
            whom = " ".join(one.event.principal_ids[:1])
            base = f"{one.event.at.isoformat()} {one.event.session_id}{whom} {one.event.what}"
            counts[base] = counts.get(base, 0) + 1
            key = f"{base} {counts[base]}"
            self._sessions[key] = one.event.session_id
            found.append(self._reading(key, one, at))
        return found

    def _reading(self, key: str, one: TimelineEntry, at: datetime) -> Reading:
        clock = f"{at:%H:%M:%S}"
        parts = [(f"  {pad(clock, _TIME)} ", "$muted")]
        about = _PEOPLE if one.event.principal_ids else self._title(one.event.session_id)
        title = about if self.all else ""
        if title:
            parts.append((f"{pad(title, _NAME)} ", "bold"))
        parts.append((one.sentence, f"${one.style}" if one.style else "$foreground"))
        indent = _TIME + 3 + (_NAME + 1 if title else 0)
        copied = f"{at:%Y-%m-%d %H:%M:%S} {about}: {one.sentence}"
        return Reading(key, Content.assemble(*parts), copied, indent=indent)

    def _title(self, session_id: str) -> str:
        snapshot = self.workspace.snapshot
        if (title := self._titles.get(session_id)) is not None:
            return title
        profiles = {one.launch_profile_id: one for one in snapshot.known_profiles}
        gone = snapshot.session(session_id)
        if gone is not None:
            return gone.title(profiles.get(gone.launch_profile_id or ""))
        mine = snapshot.history.by_session.get(session_id, ())
        known = next((one.launch_profile_id for one in mine if one.launch_profile_id), None)
        return StreamingSession(session_id).title(profiles.get(known or ""))

    def _profile_title(self, launch_profile_id: str) -> str:
        known = self.workspace.snapshot.known_profiles
        found = next((x for x in known if x.launch_profile_id == launch_profile_id), None)
        return found.title if found else clean_id(launch_profile_id)


def _day(at: datetime, now: datetime) -> str:
    named = f"{at:%A}, {at.day} {at:%B}" + (f" {at.year}" if at.year != now.year else "")
    match (now.date() - at.date()).days:
        case 0:
            return f"Today, {named}"
        case 1:
            return f"Yesterday, {named}"
        case _:
            return named
