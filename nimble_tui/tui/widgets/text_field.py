"""A text field in which keys take effect in the order in which they were typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeGuard

from textual import events
from textual.widgets import Input
from textual.widgets.input import Selection

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.app import App
    from textual.widget import Widget


class TextField(Input):
    """A field that calls `enter` for the enter key, before the next key is handled.

    Its first text is selected, so that typing replaces it. It is selected once and not on every
    focus event, which arrives later than keys typed after it.
    """

    def __init__(
        self,
        value: str = "",
        *,
        id: str,  # noqa: A002 - Textual's name for it
        enter: Callable[[], Awaitable[None] | None],
        placeholder: str = "",
        max_length: int = 0,
        password: bool = False,
    ) -> None:
        super().__init__(
            value,
            id=id,
            placeholder=placeholder,
            max_length=max_length,
            password=password,
            select_on_focus=False,
            compact=True,
        )
        self._enter = enter

    def on_mount(self) -> None:
        """Select the first text."""
        self.select_all()

    def select_all(self) -> None:
        """Select everything, so that typing replaces it."""
        self.selection = Selection(0, len(self.value))

    async def action_submit(self) -> None:
        """Call `enter`."""
        if (done := self._enter()) is not None:
            await done

    def paste(self, text: str) -> None:
        """Enter the first line of a pasted text."""
        if lines := text.splitlines():
            self.replace(lines[0], *self.selection)


async def was_entered(app: App[Any], event: events.Event) -> bool:
    """Return whether a text field has handled this key or paste."""
    if not isinstance(event, events.Key | events.Paste) or not app.screen_stack:
        return False
    if not is_text_field(field := app.focused):
        return False
    if isinstance(event, events.Paste):
        return take(field, event)
    check = app._check_bindings  # noqa: SLF001 - Textual offers no other way in this order
    if not await check(event.key, priority=True) and not take(field, event):
        await check(event.key)
    return True


def is_text_field(widget: Widget | None) -> TypeGuard[Input]:
    """Return whether typed text goes into this widget."""
    return isinstance(widget, Input) and not widget.is_disabled


def take(field: Input, event: events.Key | events.Paste) -> bool:
    """Enter a typed or pasted text immediately; return whether it was text.

    Textual puts letters into the field's queue, and any other key through the queues of all
    parents, so that letters overtake the other keys.
    """
    if isinstance(event, events.Paste):
        if isinstance(field, TextField):
            field.paste(event.text)
        return isinstance(field, TextField)
    text = event.character if event.is_printable else None
    if text is None or not field.check_consume_key(event.key, text):
        return False
    field.replace(text, *field.selection)
    return True
