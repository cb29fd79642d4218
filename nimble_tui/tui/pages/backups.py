"""The backups of one workstation, and starting it from one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import getters, on, work
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from nimble_tui.core.actions import Action
from nimble_tui.core.backups import of_session
from nimble_tui.core.model import SessionAction, SessionState
from nimble_tui.core.offers import can_start_from
from nimble_tui.core.rules import Refused
from nimble_tui.core.service import StudioError
from nimble_tui.tui.messages import MISTAKE
from nimble_tui.tui.pages.page import Page
from nimble_tui.tui.widgets.line import pad
from nimble_tui.tui.widgets.reading_list import Reading, ReadingList
from nimble_tui.view import glossary, notices, outcomes, times
from nimble_tui.view.facts import backups_made, shown_id

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from textual.binding import BindingType
    from textual.widget import Widget

    from nimble_tui.core.backups import StreamingSessionBackup
    from nimble_tui.core.model import StreamingSession
    from nimble_tui.core.service import StudioService
    from nimble_tui.tui.screens.telling import TellingScreen
    from nimble_tui.view.session_rows import SessionRow

_START = Action("from_backup", "Start from it", "Start it from this backup", "enter")


class BackupsPage(Page):
    """What a workstation's disk was at its last stops; it can be brought back to any of them."""

    PAGE = "backups"
    OWN = (_START,)
    AUTO_FOCUS = "ReadingList"
    BINDINGS: ClassVar[list[BindingType]] = []

    lines = getters.query_one(ReadingList)

    @dataclass
    class Seen(Message):
        """The studio told its backups, or why not."""

        request: int
        backups: tuple[StreamingSessionBackup, ...] = ()
        problem: str = ""

    def __init__(self, desk: TellingScreen, session_id: str) -> None:
        super().__init__(desk)
        self._session_id = session_id
        self._backups: tuple[StreamingSessionBackup, ...] = ()
        self._known = False
        self._problem = ""
        self._request = 0
        self._asked_at: datetime | None = None
        self._asked_in: str | None = None

    @property
    def about(self) -> str:
        """The id of the workstation that this is about."""
        return self._session_id

    def body(self) -> Iterable[Widget]:
        """Return the list of backups, and a word about how they come to be."""
        yield ReadingList("backups")
        yield Static(id="note", markup=False)

    @property
    def _entry(self) -> SessionRow | None:
        entries = self.desk.sight.entries
        return next((one for one in entries if one.key == self._session_id), None)

    def draw(self) -> None:
        """Show the backups as they were told last; ask again when they may have changed."""
        entry = self._entry
        title = entry.title if entry else "a workstation that is gone"
        self.head(Content(f"Backups of {title}"))
        self._ask_when_due(entry)
        self.lines.show([self._reading(one) for one in self._backups])
        self.query_one("#note", Static).update(Content(self._note(entry)))

    def action_refresh(self) -> None:
        """Ask for the backups again now."""
        super().action_refresh()
        self._asked_at = None
        self.draw()

    def moves(self) -> Iterable[tuple[str, str]]:
        """Return the keys that move about."""
        return (("↑ ↓", "Choose a backup"),)

    def refusal(self, action: str) -> str | None:
        """Return why an action would be refused now; None when it would not."""
        if action != _START.id:
            return super().refusal(action)
        entry, backup = self._entry, self._selected
        if entry is None:
            return "This workstation is gone, and its backups with it."
        if backup is None:
            return "There is no backup to start it from."
        verdict = can_start_from(
            backup,
            entry.session,
            read_only=self.desk.info.read_only,
            stuck=self.desk.is_stuck(entry),
        )
        return verdict.reason if isinstance(verdict, Refused) else None

    @property
    def _selected(self) -> StreamingSessionBackup | None:
        reading = self.lines.reading
        key = reading.key if reading else None
        return next((one for one in self._backups if one.backup_id == key), None)

    @on(ReadingList.Chosen)
    def action_from_backup(self) -> None:
        """Ask, then start the workstation from the backup under the cursor."""
        entry, backup = self._entry, self._selected
        if (reason := self.refusal(_START.id)) is not None or entry is None or backup is None:
            self.desk.tell(notices.of_refusal(_START, reason or ""))
            return
        from nimble_tui.tui.dialogs.bring_back import BringBackDialog

        session, profile = entry.session, entry.launch_profile
        risk = outcomes.of_start(session, profile, now=self.desk.now, tz=self.nimble.tz)

        def confirmed(sure: bool | None) -> None:
            if sure:
                self.desk.act(
                    SessionAction.START,
                    entry,
                    backup_id=backup.backup_id,
                    may_not_stop=bool(risk),
                )
                self.dismiss(None)

        dialog = BringBackDialog(entry, backup, self._made(backup), risk, self.nimble.clock)
        self.app.push_screen(dialog, confirmed)

    # Asking the studio.

    @property
    def _can_be_tried_again(self) -> bool:
        """Whether it did not work, and the studio answered something else since then."""
        seen_at = self.desk.health.seen_at
        since = self._asked_at is not None and seen_at is not None and seen_at > self._asked_at
        return bool(self._problem) and since

    def _ask_when_due(self, entry: SessionRow | None) -> None:
        service, state = self.desk.service, entry.session.state if entry else None
        due = state != self._asked_in or self._can_be_tried_again
        due = due or any((one.state or "").endswith("_IN_PROGRESS") for one in self._backups)
        if service is None or (self._asked_at and not due):
            return
        if self._asked_at and (self.desk.now - self._asked_at).total_seconds() < self.PACE:
            return
        self._asked_at, self._asked_in = self.desk.now, state
        self._request += 1
        self._ask(service, self._request)

    @work(
        thread=True,
        exclusive=True,
        exit_on_error=False,
        group="backups",
        description="ask for the backups",
    )
    def _ask(self, service: StudioService, request: int) -> None:
        try:
            listing = service.list_streaming_session_backups()
        except StudioError as error:
            self.post_message(self.Seen(request, problem=error.message))
        except Exception:
            self.post_message(self.Seen(request, problem=MISTAKE))
            raise
        else:
            mine = of_session(listing.items, self._session_id)
            self.post_message(self.Seen(request, mine, listing.problem or ""))

    @on(Seen)
    def _seen(self, message: Seen) -> None:
        if message.request != self._request:
            return
        listed = {one.backup_id for one in message.backups}
        before = [one for one in self._backups if one.backup_id not in listed]
        self._backups = message.backups
        if message.problem:
            # What was there before may be in what could not be read now.
            self._backups = of_session((*before, *message.backups), self._session_id)
        self._known, self._problem = True, message.problem
        self.retell()

    @on(ReadingList.OptionHighlighted)
    def _moved(self) -> None:
        self.show_keys()

    # Words.

    def _note(self, entry: SessionRow | None) -> str:
        if self._problem:
            return self._problem
        if not self._known:
            return "Asking the studio for its backups…"
        if entry is None:
            return "This workstation is gone, and its backups with it."
        session = entry.session
        made = backups_made(session.backup_mode, session.max_backups_to_retain)
        if self._backups:
            return f"{made}. {self._what_now(session)}"
        return f"No backups. {made}."

    def _what_now(self, session: StreamingSession) -> str:
        if session.state == SessionState.READY:
            return "Stop the workstation to bring it back to one of these."
        if session.state in {SessionState.STOPPED, SessionState.START_FAILED}:
            return "Enter brings it back to how it was then."
        return ""

    def _made(self, backup: StreamingSessionBackup) -> str:
        if backup.created_at is None:
            return "at a time that the studio does not tell"
        now = self.desk.now
        at = times.local_time(backup.created_at, now, self.nimble.tz)
        return f"{at}, {times.ago(now - backup.created_at)}"

    def _reading(self, backup: StreamingSessionBackup) -> Reading:
        symbol, style = _look(backup)
        made = self._made(backup)
        entry = self._entry
        came = entry is not None and entry.session.started_from_backup_id == backup.backup_id
        state = "can be used · READY" if backup.usable else glossary.state(backup.state)
        said = f"   {backup.status_message}" if backup.status_message and not backup.usable else ""
        mark = "   it was last started from this one" if came else ""
        shown = Content.assemble(
            (f" {symbol} ", f"${style}"),
            (pad(made, 30), "bold"),
            (state, f"${style}"),
            (mark, "$near"),
            (f"\n   {shown_id(backup.backup_id)}{said}\n", "$muted"),
        )
        return Reading(backup.backup_id, shown, shown_id(backup.backup_id))


def _look(backup: StreamingSessionBackup) -> tuple[str, str]:
    state = backup.state or ""
    if backup.usable:
        return "●", "ready"
    if state.endswith("_IN_PROGRESS"):
        return "◐", "moving"
    return ("✕", "failed") if state.endswith("_FAILED") else ("◇", "stopped")
