"""Signing in with a pasted invite or with single fields; secrets are never shown."""

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
    """Checks keys with the studio in the background, and shows problems."""

    KEYS = "tab moves on   enter signs in   esc cancels"

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._app_context = context
        self._tasks = Tasks(context)

    def on_unmount(self) -> None:
        """Cancel everything."""
        self._tasks.close()

    @abstractmethod
    def read(self) -> Invite:
        """Return the entered invite; ValueError says what is missing or wrong."""

    def foot(self, *others: Button) -> ComposeResult:
        """Return the last widgets of every form."""
        yield Static(id="message", markup=False)
        with Horizontal(classes="buttons"):
            yield from others
            yield Button("Cancel", id="cancel")
            yield Button("Sign in", id="sure")

    def show_message(self, text: str | Content, *, wrong: bool = False) -> None:
        """Show a text below the form."""
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
        self._failed("Internal error. Try again, and report it if it happens again.")

    def _failed(self, problem: str) -> None:
        self.query_one(".form").disabled = False
        self.show_message(problem, wrong=True)


class InviteScreen(SignInScreen):
    """Accepts an invite; it holds a secret, so only its studio is shown."""

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
        """Lay out one field and a summary of the invite."""
        with Vertical(classes="dialog") as box:
            box.border_title = "Sign in with an invite"
            if self._why:
                box.border_subtitle = f"{commands.labels(self._keys)['quit']} quits   esc closes"
                yield Static(self._why, markup=False, classes="why")
            with Vertical(classes="form"):
                yield Label("Paste the invite that your studio sent you:")
                yield SecretInput("invite", enter=self._sure, passes=self._quit_keys())
            yield from self.foot(Button("Enter details", id="fields"))

    @property
    def _keys(self) -> Mapping[str, str]:
        return self.nimble.keys

    def _quit_keys(self) -> Collection[str]:
        """Return the keys that quit the app, also if this opened without a key press."""
        keys = keys_of(BY_ID["quit"], self._keys) if self._why else ()
        return [key for key in keys if key != PREFIX[0]]

    def action_quit(self) -> None:
        """Quit the app."""
        self.app.exit()

    def on_mount(self) -> None:
        """Enter an invite pasted before; its summary needs a form that is already drawn."""
        if self._pasted:
            invite = self.query_one("#invite", Input)
            self.call_after_refresh(setattr, invite, "value", self._pasted)

    @on(Button.Pressed, "#fields")
    def _fields(self) -> None:
        self.dismiss(None)
        self.nimble.navigation.ask_for_fields(self._info)

    def read(self) -> Invite:
        """Return the pasted invite."""
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
    """Accepts the content of an invite as single fields."""

    AUTO_FOCUS = "Input"
    FIELDS: ClassVar[tuple[tuple[str, str, str], ...]] = (
        ("endpoint_url", "Address of the studio", "https://…"),
        ("region", "Region", "us-west-2"),
        ("studio_id", "Studio id", ""),
        ("principal_id", "Your principal id", ""),
        ("display_name", "Your display name", "optional"),
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
        """Return the entered fields."""
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
