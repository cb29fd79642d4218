"""The licences of the images: their text, what is accepted, and accepting what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters, on, work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static
from textual.worker import Worker, WorkerState

from nimble_tui.core.rules import READ_ONLY
from nimble_tui.core.service import ErrorKind, StudioError
from nimble_tui.desktop import opening
from nimble_tui.tui import messages
from nimble_tui.tui.dialogs.dialog import Dialog
from nimble_tui.tui.licences import read_licences
from nimble_tui.tui.messages import MISTAKE
from nimble_tui.tui.patience import Patience
from nimble_tui.tui.widgets.choices import Choices
from nimble_tui.view import licences

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import PurePath

    from textual.app import ComposeResult

    from nimble_tui.core.clock import Clock
    from nimble_tui.core.eulas import Eula, EulaAcceptance
    from nimble_tui.core.model import LaunchProfile
    from nimble_tui.core.service import StudioService
    from nimble_tui.view.launches import Known


def _whom(admins: Sequence[str]) -> str:
    return f"{licences.ask_for(admins)} to accept what is missing; an admin does, for everybody."


class LicenceDialog(Dialog[None]):
    """Lists licences; whoever may accept them does it here, all others learn whom to ask."""

    AUTO_FOCUS = "#licences"
    CSS_PATH: ClassVar[list[str | PurePath]] = [*Dialog.CSS_PATH, "licence_dialog.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "accept", "Accept", show=False),
        Binding("o", "open", "Open", show=False),
        Binding("q,l", "leave", "Close", show=False),
    ]

    choices = getters.query_one("#licences", Choices)

    def __init__(
        self,
        service: StudioService,
        profiles: Sequence[LaunchProfile],
        known: Known,
        clock: Clock,
    ) -> None:
        super().__init__()
        self._service = service
        self._profiles = tuple(profiles)
        self._known = known
        self._clock = clock
        self._seen: messages.LicencesSeen | None = None
        self._accepted: dict[str, EulaAcceptance] = {}
        self._sending = False

    def compose(self) -> ComposeResult:
        """Lay out the list, and below it the one under the cursor."""
        with Vertical(classes="dialog -licences") as box:
            box.border_title = "Licences"
            box.border_subtitle = "↑↓ choose   esc closes"
            yield Choices("licences", most=6, radio=False)
            with VerticalScroll(id="text", can_focus=False):
                yield Static(id="content", markup=False)
            yield Static("◌ Reading the licences…", id="told", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("o  Open", id="open")
                yield Button("a  Accept…", id="accept")

    def on_mount(self) -> None:
        """Ask the studio."""
        self.query_one(".buttons").display = False
        self._read()

    @work(
        thread=True,
        exclusive=True,
        exit_on_error=False,
        group="licences",
        description="read the licences",
    )
    def _read(self) -> None:
        try:
            known = self._known.details
            seen = read_licences(self._service, self._profiles, known, by_whom=True)
        except StudioError as error:
            self.post_message(messages.LicencesFailed(error))
        else:
            self.post_message(seen)

    @on(messages.LicencesSeen)
    def _licences_seen(self, message: messages.LicencesSeen) -> None:
        self._seen = message
        self._accepted = {one.eula_id: one for one in message.acceptances}
        self._tell_how_it_is()
        self._show()

    def _tell_how_it_is(self) -> None:
        """Say whom to ask for what is missing, and what could not be seen."""
        seen = self._seen
        if seen is None:
            return
        if seen.problem:
            self._tell(seen.problem, wrong=True)
        elif not seen.images:
            self._tell("No image of yours needs a licence.")
        elif seen.admins and self._missing:
            self._tell(_whom(seen.admins))
        else:
            self._tell("")

    @on(messages.LicencesFailed)
    def _failed(self, message: messages.LicencesFailed) -> None:
        self._sending = False
        self._tell(message.error.message, wrong=True)

    @on(Worker.StateChanged)
    def _worker_changed(self, event: Worker.StateChanged) -> None:
        if event.state == WorkerState.ERROR:
            self.post_message(messages.LicencesFailed(StudioError(ErrorKind.TROUBLE, MISTAKE)))

    # What is shown.

    @property
    def _eulas(self) -> tuple[Eula, ...]:
        """The licences, those that are missing first."""
        found = self._seen.eulas if self._seen else ()
        return tuple(sorted(found, key=lambda one: one.eula_id in self._accepted))

    @property
    def _current(self) -> Eula | None:
        return next((one for one in self._eulas if one.eula_id == self.choices.key), None)

    @property
    def _admins(self) -> tuple[str, ...]:
        """Whom to ask to accept, where that is not up to the artist."""
        return self._seen.admins if self._seen else ()

    @property
    def _missing(self) -> tuple[Eula, ...]:
        return tuple(one for one in self._eulas if one.eula_id not in self._accepted)

    def _show(self) -> None:
        known, me = self._known, self._service.info.principal_id
        self.choices.show(licences.lines(self._eulas, self._accepted, known.now, known.tz, me))
        self._show_current()

    @on(Choices.Chosen)
    def _show_current(self) -> None:
        eula = self._current
        self.query_one(".buttons").display = eula is not None
        if eula is None:
            return
        images = ", ".join(self._seen.images.get(eula.eula_id, ())) if self._seen else ""
        acceptance = self._accepted.get(eula.eula_id)
        names = self._seen.names if self._seen else {}
        by = licences.accepted_by(acceptance, self._service.info.principal_id, names)
        content = eula.content or "The studio does not tell its text."
        about = [part for part in (f"For {images}." if images else "", by) if part]
        self.query_one("#content", Static).update(Content("\n".join([*about, "", content])))
        self.query_one("#text").scroll_home(animate=False)
        self.query_one("#open").display = self._address is not None
        self.query_one("#accept").display = bool(self._missing) and not self._admins

    @property
    def _address(self) -> str | None:
        """The address where the licence can be read, when it is one and nothing else."""
        content = (self._current.content if self._current else None) or ""
        return content if content.startswith(("https://", "http://")) else None

    def _tell(self, text: str, *, wrong: bool = False) -> None:
        told = self.query_one("#told", Static)
        told.set_class(wrong, "-wrong")
        told.update(f"✕ {text}" if wrong else text)

    # What can be done.

    @on(Choices.Taken)
    def _taken(self) -> None:
        eula = self._current
        if eula is not None and eula.eula_id not in self._accepted:
            self.action_accept()
        else:
            self.action_open()

    @on(Button.Pressed, "#open")
    def action_open(self) -> None:
        """Open the address where the licence can be read."""
        if self._address is not None:
            self._hand_over(self._address)

    @work(
        thread=True,
        exclusive=True,
        exit_on_error=False,
        group="open address",
        description="open a licence",
    )
    def _hand_over(self, address: str) -> None:
        self.post_message(messages.HandedOver(opening.open_address(address)))

    @on(messages.HandedOver)
    def _handed_over(self, message: messages.HandedOver) -> None:
        if message.problem is None:
            self._tell("It opens in your browser.")
        else:
            self._tell(message.problem, wrong=True)

    @on(Button.Pressed, "#accept")
    def action_accept(self) -> None:
        """Ask, then accept everything that is missing."""
        missing = self._missing
        if not missing or self._sending:
            return
        if self._service.info.read_only:
            self._tell(READ_ONLY.reason, wrong=True)
            return
        if self._admins:
            self._tell(_whom(self._admins), wrong=True)
            return

        def sure(answer: bool | None) -> None:
            if answer and not self._sending:
                self._sending = True
                self._tell("◌ Accepting…")
                self._accept(tuple(one.eula_id for one in missing))

        names = tuple(licences.title(one) for one in missing)
        self.app.push_screen(AcceptDialog(names, self._clock), sure)

    @work(
        thread=True,
        exclusive=True,
        exit_on_error=False,
        group="accept",
        description="accept licences",
    )
    def _accept(self, eula_ids: tuple[str, ...]) -> None:
        try:
            self.post_message(messages.LicencesAccepted(self._service.accept_eulas(eula_ids)))
        except StudioError as error:
            self.post_message(messages.LicencesFailed(error))

    @on(messages.LicencesAccepted)
    def _accepted_now(self, message: messages.LicencesAccepted) -> None:
        self._sending = False
        self._accepted |= {one.eula_id: one for one in message.acceptances}
        self._tell("Accepted, for the whole studio.")
        self._show()


class AcceptDialog(Dialog[bool]):
    """Asks once before licences are accepted for everybody."""

    AUTO_FOCUS = "#cancel"

    def __init__(self, names: tuple[str, ...], clock: Clock) -> None:
        super().__init__()
        self._names = names
        self._patience = Patience(clock)

    def compose(self) -> ComposeResult:
        """Name what is accepted and for whom."""
        with Vertical(classes="dialog") as box:
            one = len(self._names) == 1
            box.border_title = "Accept this licence?" if one else "Accept these licences?"
            for name in self._names:
                yield Static(name, markup=False, classes="subject")
            yield Static(
                "\nYou accept for the whole studio; everybody may launch then. It cannot be "
                "taken back here.",
                markup=False,
            )
            with Horizontal(classes="buttons"):
                yield Button("Cancel", id="cancel")
                yield Button("Accept", id="sure")

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        if self._patience.heeds():
            self.dismiss(event.button.id == "sure")
