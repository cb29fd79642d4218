"""The list of studios: those in the settings, the demo, and signing in to another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import getters, on
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from nimble_tui.core.service import DEMO_AS, DEMOS
from nimble_tui.tui.dialogs.dialog import Dialog
from nimble_tui.tui.widgets.account import colour_of

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from nimble_tui.core.service import StudioInfo, Studios

SIGN_IN = ""
"""The result for signing in to another studio."""


class StudioChooser(Dialog[str]):
    """Asks for a studio; the result is its name or SIGN_IN."""

    AUTO_FOCUS = "OptionList"

    choices = getters.query_one(OptionList)

    def __init__(self, studios: Studios, here: StudioInfo | None) -> None:
        super().__init__()
        self._here = here.name if here else None
        infos = (studios.info(name) for name in (*studios.names(), *DEMOS))
        # The open studio's description is more complete, such as with the artist's name.
        self._infos = [here if here and here.name == one.name else one for one in infos]

    def compose(self) -> ComposeResult:
        """Lay out two lines for each studio: its name, then its address and user."""
        with Vertical(classes="dialog -studios") as box:
            box.border_title = "Switch studio"
            box.border_subtitle = "enter switches   esc cancels"
            yield OptionList(
                *(Option(_described(info, self._here), info.name) for info in self._infos),
                Option(_sign_in(), SIGN_IN),
                markup=False,
            )

    def on_mount(self) -> None:
        """Put the cursor on the current studio."""
        names = [info.name for info in self._infos]
        self.choices.highlighted = names.index(self._here) if self._here in names else 0

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)


def _described(info: StudioInfo, here: str | None) -> Content:
    name = _name_of(info)
    badges = [("  current", "$muted")] if info.name == here else []
    if info.read_only:
        badges.append(("  READ-ONLY", "bold $muted"))
    who = info.display_name or info.principal_id
    where = [info.region, info.host] if not info.demo else ["simulated, on this computer"]
    details = "  ".join(part for part in (*where, f"as {who}" if who else "") if part)
    accent = colour_of(info.accent)
    return Content.assemble(
        ("▌ ", accent), (name, "bold"), *badges, "\n", ("▌ ", accent), (details, "$muted")
    )


def _name_of(info: StudioInfo) -> str:
    if not info.demo:
        return info.name
    who = info.name.removeprefix(DEMO_AS)
    return f"The demo studio, as {who}" if who != info.name else "The demo studio"


def _sign_in() -> Content:
    return Content.assemble(
        ("+ ", "bold $accent"),
        ("Another studio", "bold"),
        "\n",
        ("  sign in with an invite", "$muted"),
    )
