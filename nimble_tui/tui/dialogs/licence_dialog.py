"""The licences of images: their text and acceptance, and accepting the missing ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from nimble_tui.core.licences import Licences, read_images, read_licences
from nimble_tui.core.rules import READ_ONLY
from nimble_tui.core.service import StudioError
from nimble_tui.tui.dialogs.confirm import ConfirmDialog
from nimble_tui.tui.dialogs.dialog import Dialog
from nimble_tui.tui.widgets.choices import Choices
from nimble_tui.view import labels, licences, questions
from nimble_tui.workspace.tasks import Tasks, mistake

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import PurePath

    from textual.app import ComposeResult

    from nimble_tui.core.eulas import Eula
    from nimble_tui.core.model import LaunchProfile
    from nimble_tui.view.questions import Answer
    from nimble_tui.workspace.workspace import Workspace


def _whom(admins: Sequence[str]) -> str:
    whom = labels.ask_for(admins)
    return f"{whom} to accept what is not accepted yet; an admin accepts for the whole studio."


class LicenceDialog(Dialog[None]):
    """Lists licences; admins can accept them here, others see the admins to ask."""

    AUTO_FOCUS = "#licences"
    CSS_PATH: ClassVar[list[str | PurePath]] = [*Dialog.CSS_PATH, "licence_dialog.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "accept", "Accept", show=False),
        Binding("o", "open", "Open", show=False),
        Binding("q,l", "leave", "Close", show=False),
    ]

    choices = getters.query_one("#licences", Choices)

    def __init__(self, workspace: Workspace, profiles: Sequence[LaunchProfile]) -> None:
        super().__init__()
        self._workspace = workspace
        self._tasks = Tasks(workspace.context)
        self._profiles = tuple(profiles)
        self._licences = Licences()
        self._sending = False

    def compose(self) -> ComposeResult:
        """Lay out the list, and the selected licence below it."""
        with Vertical(classes="dialog -licences") as box:
            box.border_title = "Licences"
            box.border_subtitle = "↑↓ choose   esc closes"
            yield Choices("licences", most=6, radio=False)
            with VerticalScroll(id="text", can_focus=False):
                yield Static(id="content", markup=False)
            yield Static("◌ Loading licences…", id="message", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("o  Open", id="open")
                yield Button("a  Accept…", id="accept")

    def on_mount(self) -> None:
        """Load the licences."""
        self.query_one(".buttons").display = False
        self._tasks.start("read the licences", self._read(), self._broken)

    def on_unmount(self) -> None:
        """Cancel everything."""
        self._tasks.close()

    async def _read(self) -> None:
        call, known = self._workspace.context.call, self._workspace.snapshot.details
        try:
            service = self._workspace.require_service()
            images = await call(read_images, service, self._profiles, known)
            self._licences = await call(read_licences, service, *images)
        except StudioError as error:
            self._failed(error)
            return
        self._show_state()
        self._show()

    def _show_state(self) -> None:
        """Show the admins to ask for missing licences, and problems of reading."""
        found = self._licences
        if found.problems:
            self._show_message(found.problems[0], wrong=True)
        elif not found.eulas:
            self._show_message("None of your images needs a licence.")
        elif found.to_ask:
            self._show_message(_whom(found.to_ask))
        else:
            self._show_message("")

    def _failed(self, error: StudioError) -> None:
        self._sending = False
        self._show_message(error.message, wrong=True)

    def _broken(self) -> None:
        self._failed(mistake())

    # Display.

    @property
    def _eulas(self) -> tuple[Eula, ...]:
        """The licences, missing ones first."""
        found = self._licences
        accepted = (one for one in found.eulas if one.eula_id in found.accepted)
        return (*found.missing, *accepted)

    @property
    def _current(self) -> Eula | None:
        return next((one for one in self._eulas if one.eula_id == self.choices.key), None)

    @property
    def _me(self) -> str:
        return self._workspace.snapshot.info.principal_id

    def _show(self) -> None:
        now, tz = self._workspace.now, self._workspace.context.tz
        accepted, me = self._licences.accepted, self._me
        self.choices.show(licences.lines(self._eulas, accepted, now, tz, me))
        self._show_current()

    @on(Choices.Chosen)
    def _show_current(self) -> None:
        eula = self._current
        self.query_one(".buttons").display = eula is not None
        if eula is None:
            return
        found, me = self._licences, self._me
        images = licences.needed_by(found.needed_by(eula.eula_id))
        by = licences.accepted_by(found.accepted.get(eula.eula_id), me, found.names)
        content = eula.content or "The studio provides no text."
        about = [part for part in (images, by) if part]
        self.query_one("#content", Static).update(Content("\n".join([*about, "", content])))
        self.query_one("#text").scroll_home(animate=False)
        self.query_one("#open").display = self._address is not None
        self.query_one("#accept").display = bool(found.missing) and not found.to_ask

    @property
    def _address(self) -> str | None:
        """The licence's address, if its content is nothing else."""
        content = (self._current.content if self._current else None) or ""
        return content if content.startswith(("https://", "http://")) else None

    def _show_message(self, text: str, *, wrong: bool = False) -> None:
        message = self.query_one("#message", Static)
        message.set_class(wrong, "-wrong")
        message.update(f"✕ {text}" if wrong else text)

    # Actions.

    @on(Choices.Taken)
    def _taken(self) -> None:
        eula = self._current
        if eula is not None and eula in self._licences.missing:
            self.action_accept()
        else:
            self.action_open()

    @on(Button.Pressed, "#open")
    def action_open(self) -> None:
        """Open the licence's address."""
        if self._address is not None:
            self._tasks.start("open a licence", self._open(self._address), self._broken)

    async def _open(self, address: str) -> None:
        problem = await self._workspace.context.call(self._workspace.context.open_url, address)
        if problem is None:
            self._show_message("It opens in your browser.")
        else:
            self._show_message(problem, wrong=True)

    @on(Button.Pressed, "#accept")
    def action_accept(self) -> None:
        """Ask for confirmation, then accept all missing licences."""
        missing, to_ask = self._licences.missing, self._licences.to_ask
        if not missing or self._sending:
            return
        if self._workspace.snapshot.info.read_only:
            self._show_message(READ_ONLY.reason, wrong=True)
            return
        if to_ask:
            self._show_message(_whom(to_ask), wrong=True)
            return

        def confirmed(answer: Answer | None) -> None:
            if answer is not None and not self._sending:
                self._sending = True
                self._show_message("◌ Accepting…")
                accept = self._accept(tuple(one.eula_id for one in missing))
                self._tasks.start("accept licences", accept, self._broken)

        question = questions.of_accepting(tuple(licences.title(one) for one in missing))
        self.app.push_screen(ConfirmDialog(question, self._workspace), confirmed)

    async def _accept(self, eula_ids: tuple[str, ...]) -> None:
        try:
            service = self._workspace.require_service()
            accepted = await self._workspace.context.call(service.accept_eulas, eula_ids)
        except StudioError as error:
            self._failed(error)
            return
        self._sending = False
        self._licences = self._licences.with_acceptances(accepted)
        self._show_message("Accepted for the whole studio.")
        self._show()
