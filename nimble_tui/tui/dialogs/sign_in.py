"""Signing in: an invite pasted in one go, or the fields one by one; secrets never show."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Input, Label, Static

from nimble_tui.config.keymap import keys_of
from nimble_tui.core.actions import BY_ID
from nimble_tui.core.invite import PREFIX, Invite
from nimble_tui.core.service import SignedIn, StudioError
from nimble_tui.core.text import clean
from nimble_tui.tui import commands
from nimble_tui.tui.dialogs.dialog import Dialog
from nimble_tui.tui.widgets.secret import SecretInput
from nimble_tui.tui.widgets.text_field import TextField
from nimble_tui.workspace.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from nimble_tui.core.service import StudioInfo
    from nimble_tui.workspace.context import Context


class SignInScreen(Dialog[SignedIn]):
    """Checks keys with the studio in the background, and says in plain words what is wrong."""

    KEYS = "tab goes on   enter signs in   esc cancels"

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._app_context = context
        self._tasks = Tasks(context)

    def on_unmount(self) -> None:
        """Wait for nothing any more."""
        self._tasks.close()

    @abstractmethod
    def read(self) -> Invite:
        """Return what was entered; ValueError says what is missing or wrong."""

    def foot(self, *others: Button) -> ComposeResult:
        """Return what every form ends with."""
        yield Static(id="message", markup=False)
        with Horizontal(classes="buttons"):
            yield from others
            yield Button("Cancel", id="cancel")
            yield Button("Sign in", id="sure")

    def show_message(self, text: str | Content, *, wrong: bool = False) -> None:
        """Say something under the form."""
        message = self.query_one("#message", Static)
        message.set_class(wrong, "-wrong")
        message.update(Content(f"✕ {text}") if wrong else text)

    @on(Button.Pressed, "#cancel")
    def _cancelled(self) -> None:
        self.dismiss(None)

    @on(Button.Pressed, "#sure")
    def _sure(self) -> None:
        try:
            invite = self.read()
        except ValueError as error:
            self.show_message(str(error), wrong=True)
            return
        self.query_one(".form").disabled = True
        self.show_message("◌ Checking with the studio…")
        self._tasks.start("sign in", self._sign_in(invite), self._broken)

    async def _sign_in(self, invite: Invite) -> None:
        try:
            signed_in = await self._app_context.call(self._app_context.studios.sign_in, invite)
        except StudioError as error:
            self._failed(error.message)
        else:
            self.close_by_itself(signed_in)

    def _broken(self) -> None:
        self._failed("Something went wrong inside the app; try again, and tell your admin.")

    def _failed(self, problem: str) -> None:
        self.query_one(".form").disabled = False
        self.show_message(problem, wrong=True)


class InviteScreen(SignInScreen):
    """Takes an invite; it holds a secret, so only what it says of the studio is shown."""

    AUTO_FOCUS = "#invite"
    BINDINGS: ClassVar[list[BindingType]] = [*commands.bindings(("quit",))]

    def __init__(
        self, context: Context, pasted: str = "", *, info: StudioInfo | None = None, why: str = ""
    ) -> None:
        super().__init__(context)
        self._pasted = "".join(pasted.split())
        self._info = info
        self._why = why

    def compose(self) -> ComposeResult:
        """Lay out one field and what was understood of it."""
        with Vertical(classes="dialog") as box:
            box.border_title = "Sign in with an invite"
            if self._why:
                box.border_subtitle = f"{commands.labels(self._keys)['quit']} leaves   esc closes"
                yield Static(self._why, markup=False, classes="why")
            with Vertical(classes="form"):
                yield Label("Paste the invite that your studio sent you:")
                yield SecretInput("invite", enter=self._sure, passes=self._quit_keys())
            yield from self.foot(Button("Type the fields", id="fields"))

    @property
    def _keys(self) -> Mapping[str, str]:
        return self.nimble.keys

    def _quit_keys(self) -> Collection[str]:
        """Return the keys that leave the app, also where this opened by itself under them."""
        keys = keys_of(BY_ID["quit"], self._keys) if self._why else ()
        return [key for key in keys if key != PREFIX[0]]

    def action_quit(self) -> None:
        """Leave the app."""
        self.app.exit()

    def on_mount(self) -> None:
        """Take what was pasted before; what it says needs the room of a form that is drawn."""
        if self._pasted:
            invite = self.query_one("#invite", Input)
            self.call_after_refresh(setattr, invite, "value", self._pasted)

    @on(Button.Pressed, "#fields")
    def _fields(self) -> None:
        self.dismiss(None)
        self.nimble.navigation.ask_for_fields(self._info)

    def read(self) -> Invite:
        """Return the invite as it was pasted."""
        return Invite.decode(self.query_one("#invite", Input).value)

    @on(Input.Changed, "#invite")
    def _changed(self, event: Input.Changed) -> None:
        if not event.value:
            self.show_message("")
            return
        try:
            invite = Invite.decode(event.value)
        except ValueError as error:
            self.show_message(str(error), wrong=True)
        else:
            self.show_message(_understood(invite))


class FieldsScreen(SignInScreen):
    """Takes everything an invite would bring, one by one."""

    AUTO_FOCUS = "Input"
    FIELDS: ClassVar[tuple[tuple[str, str, str], ...]] = (
        ("endpoint_url", "Address of the studio", "https://…"),
        ("region", "Region", "us-west-2"),
        ("studio_id", "Studio id", ""),
        ("principal_id", "Your id there", ""),
        ("display_name", "Your name, as shown", "may stay empty"),
        ("access_key_id", "Access key id", ""),
        ("secret_access_key", "Secret access key", ""),
    )

    def __init__(self, context: Context, info: StudioInfo | None = None) -> None:
        super().__init__(context)
        self._known = {} if info is None else _known(info)

    def compose(self) -> ComposeResult:
        """Lay out a line for each field."""
        with Vertical(classes="dialog -fields") as box:
            box.border_title = "Sign in"
            with VerticalScroll(classes="form", can_focus=False):
                for name, label, hint in self.FIELDS:
                    with Horizontal(classes="field"):
                        yield Label(label)
                        if name.startswith("secret"):
                            yield SecretInput(name, enter=self._sure)
                        else:
                            known = self._known.get(name, "")
                            yield TextField(known, id=name, placeholder=hint, enter=self._sure)
            yield from self.foot()

    def read(self) -> Invite:
        """Return what was typed."""
        values = {
            name: self.query_one(f"#{name}", TextField).value.strip() for name, _, _ in self.FIELDS
        }
        for name, label, _ in self.FIELDS:
            if not values[name] and name != "display_name":
                self.set_focus(self.query_one(f"#{name}", TextField))
                raise ValueError(f"{label} is missing.")
        return Invite(**values)


def _known(info: StudioInfo) -> dict[str, str]:
    return {
        "endpoint_url": f"https://{info.host}" if info.host else "",
        "region": info.region,
        "studio_id": info.studio_id,
        "principal_id": info.principal_id,
        "display_name": info.display_name,
    }


def _understood(invite: Invite) -> Content:
    who = clean(invite.display_name or invite.principal_id, 60)
    return Content.assemble(
        ("✓ ", "$ready"),
        f"For {who} at {clean(invite.endpoint_url, 120)}, {clean(invite.region, 40)}",
        ("\n  enter signs in", "$muted"),
    )
