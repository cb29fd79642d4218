"""The launch dialog: launch profile, type, image and name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Input, Label, Static

from nimble_tui.core.launching import LaunchRequest
from nimble_tui.core.licences import Licences, read_licences
from nimble_tui.core.service import StudioError
from nimble_tui.core.text import clean
from nimble_tui.tui.dialogs.dialog import Dialog
from nimble_tui.tui.key_guard import Patience
from nimble_tui.tui.widgets.choices import Choices
from nimble_tui.tui.widgets.text_field import TextField
from nimble_tui.view import labels, launches, licences, times
from nimble_tui.workspace.permissions import launchable
from nimble_tui.workspace.tasks import Tasks, mistake

if TYPE_CHECKING:
    from pathlib import PurePath

    from textual.app import ComposeResult

    from nimble_tui.core.eulas import Eula
    from nimble_tui.core.launching import UnresolvedLaunch
    from nimble_tui.core.model import LaunchProfile, LaunchProfileDetails
    from nimble_tui.workspace.workspace import Workspace

_LOW = 30
# The next step: the button's label, and what enter does.
_LAUNCH = ("Launch", "launches")
_LICENCES = ("Licences…", "shows them")
_AGAIN = ("Try again", "tries again")
_CONTINUE = ("Resume", "resumes it")


class LaunchDialog(Dialog[launches.LaunchChoice]):
    """Opens with the last launch, so that enter launches the same again.

    `first` is the id of the launch profile shown first.
    """

    AUTO_FOCUS = "#types"
    KEYS = "tab moves on   esc cancels"
    CSS_PATH: ClassVar[list[str | PurePath]] = [*Dialog.CSS_PATH, "launch_dialog.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "profile(-1)", "Previous launch profile", show=False),
        Binding("right", "profile(1)", "Next launch profile", show=False),
    ]

    types = getters.query_one("#types", Choices)
    images = getters.query_one("#images", Choices)

    def __init__(self, workspace: Workspace, first: str) -> None:
        super().__init__()
        self._workspace = workspace
        self._tasks = Tasks(workspace.context)
        self._profiles = tuple(launchable(workspace.snapshot))
        ids = [one.launch_profile_id for one in self._profiles]
        self._place = ids.index(first) if first in ids else 0
        self._known = workspace.launching.known()
        self._earlier: UnresolvedLaunch | None = None
        self._patience = Patience(workspace.context.clock)
        self._licences = Licences()
        self._problem = ""
        self._unread = False

    def on_unmount(self) -> None:
        """Cancel everything."""
        self._tasks.close()

    @property
    def profile(self) -> LaunchProfile:
        """The selected launch profile."""
        return self._profiles[self._place]

    def compose(self) -> ComposeResult:
        """Lay out the launch profile, types, images and name."""
        low = self.app.size.height < _LOW
        with Vertical(classes="dialog -launch") as box:
            box.border_title = "Launch a workstation"
            yield Static(id="profile")
            yield Static(id="description", markup=False)
            with Horizontal(classes="choice"):
                yield Label("Type")
                yield Choices("types", most=4 if low else 13)
            with Horizontal(classes="choice"):
                yield Label("Image")
                yield Choices("images", most=3 if low else 8)
            with Horizontal(classes="choice"):
                yield Label("Name")
                yield TextField(
                    id="name",
                    placeholder="optional",
                    max_length=128,
                    enter=self._sure,
                )
            yield Static(id="message")
            with Horizontal(classes="buttons"):
                yield Static(id="hint")
                yield Button("Cancel", id="cancel")
                yield Button("Launch another", id="another")
                yield Button("Launch", id="sure")

    def on_mount(self) -> None:
        """Show known data, and load the rest."""
        self._show_profile()

    # Display.

    def _show_profile(self) -> None:
        profile, several = self.profile, len(self._profiles) > 1
        mark = "$accent" if several else "$surface"
        self.query_one("#profile", Static).update(
            Content.assemble(
                ("‹ ", mark),
                (profile.title, "bold"),
                (" ›", mark),
                (f"  {self._place + 1} of {len(self._profiles)}" if several else "", "$muted"),
            )
        )
        self.query_one("#description", Static).update(profile.description or "")
        known = self._known
        self.types.show(launches.type_lines(profile, known), launches.first_type(profile, known))
        self._show_images(launches.first_image(profile, known))
        self._read_again()

    def _show_images(self, chosen: str) -> None:
        self.images.show(launches.image_lines(self.profile, self._known), chosen)
        self._show_message()

    def _show_message(self) -> None:
        """Show below the form the result of a launch, or the obstacle."""
        missing = self._missing()
        earlier = (
            None
            if self._unread or missing
            else self._workspace.snapshot.unresolved_launch(self._request)
        )
        self._earlier = earlier
        launch = _CONTINUE if earlier else _LAUNCH
        step = _AGAIN if self._unread else _LICENCES if missing else launch
        self.query_one("#sure", Button).label, does = step
        self.query_one("#another", Button).display = earlier is not None
        keys = "" if earlier else "↑↓ choose  ← → profile  "
        self.query_one("#hint", Static).update(f"{keys}enter {does}")
        message = self.query_one("#message", Static)
        if self._problem:
            message.update(Content.assemble((f"✕ {self._problem}", "$failed")))
        elif not self.images.key:
            message.update(Content.assemble(("✕ None of its images is available.", "$failed")))
        elif missing:
            names = ", ".join(map(licences.title, missing))
            to_ask = self._licences.to_ask
            whom = f" {labels.ask_for(to_ask)}." if to_ask else ""
            text = f"▲ Licences not accepted yet: {names}.{whom}"
            message.update(Content.assemble((text, "$near")))
        elif earlier:
            message.update(Content.assemble((self._about(earlier), "$near")))
        else:
            length = launches.how_long(self.profile, self.types.key, self._known)
            follows = launches.what_follows(self.profile)
            message.update(Content.assemble((f"{length}\n{follows}", "$muted")))

    def _about(self, earlier: UnresolvedLaunch) -> str:
        at = times.local_time(earlier.requested_at, self._workspace.now, self._known.tz)
        return (
            f"▲ An identical launch, requested at {at}, is unresolved. Resuming it creates no "
            "second workstation."
        )

    @property
    def _request(self) -> LaunchRequest:
        """The selected parameters."""
        name = self.query_one("#name", Input).value.strip()
        return LaunchRequest(self.profile.launch_profile_id, self.types.key, self.images.key, name)

    def _missing(self) -> tuple[Eula, ...]:
        """Return the missing licences of the selected image."""
        found = launches.images_of(self.profile, self._known)
        image = next((one for one in found if one.streaming_image_id == self.images.key), None)
        return self._licences.missing_for(image) if image else ()

    # Loading.

    def _read_again(self) -> None:
        """Load the launch profile's details, and clear an earlier problem."""
        self._problem, self._unread = "", False
        self._show_message()
        read = self._read(self.profile.launch_profile_id)
        self._tasks.start("read a launch profile", read, self._broken, exclusive=True)

    def _broken(self) -> None:
        self._failed(mistake())

    async def _read(self, key: str) -> None:
        call = self._workspace.context.call
        try:
            service = self._workspace.require_service()
            details = await call(service.get_launch_profile_details, key)
            self._show_details(key, details)
            images = details.streaming_images
            self._licences = await call(read_licences, service, images, only_missing=True)
        except StudioError as error:
            self._failed(error)
        else:
            self._show_message()

    def _show_details(self, key: str, details: LaunchProfileDetails) -> None:
        self._known = replace(self._known, details={**self._known.details, key: details})
        if key == self.profile.launch_profile_id:
            before = self.images.key
            known = {one.streaming_image_id for one in details.streaming_images}
            chosen = before if before in known else launches.first_image(self.profile, self._known)
            self._show_images(chosen)

    def _failed(self, error: StudioError) -> None:
        self._problem, self._unread = error.message, True
        self._show_message()

    # Selection.

    def action_profile(self, by: int) -> None:
        """Select another launch profile; on a button, focus the other one."""
        if isinstance(self.focused, Button):
            self.focus_next() if by > 0 else self.focus_previous()
        elif len(self._profiles) > 1:
            self._place = (self._place + by) % len(self._profiles)
            self._patience = Patience(self._workspace.context.clock)
            self._show_profile()

    @on(Choices.Chosen)
    @on(Input.Changed)
    def _chosen(self) -> None:
        if not self._unread:
            self._problem = ""
        self._show_message()

    @on(Choices.Taken)
    @on(Button.Pressed, "#sure")
    def _sure(self) -> None:
        self._launch(another=False)

    @on(Button.Pressed, "#another")
    def _another(self) -> None:
        self._launch(another=True)

    def _launch(self, *, another: bool) -> None:
        if not self._patience.heeds():
            return
        if self._unread:
            self._read_again()
            return
        if self._missing():
            self._show_licences()
            return
        request = self._request
        if clean(request.name, 128) != request.name:
            self._problem = "The name contains unsafe characters. Type it again."
        if self._problem or not self.types.key or not self.images.key:
            self._show_message()
            return
        earlier = None if another else self._earlier
        self.dismiss(launches.LaunchChoice(request, earlier, another))

    @on(Button.Pressed, "#cancel")
    def _cancelled(self) -> None:
        self.dismiss(None)

    def _show_licences(self) -> None:
        from nimble_tui.tui.dialogs.licence_dialog import LicenceDialog

        def back(_: None) -> None:
            self._read_again()

        self.app.push_screen(LicenceDialog(self._workspace, (self.profile,)), back)
