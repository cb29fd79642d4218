"""Licences as the screens show them, with their purpose and acceptance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimble_tui.core.text import clean_id
from nimble_tui.view import labels, times
from nimble_tui.view.choices import Choosable, Piece

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime, tzinfo

    from nimble_tui.core.eulas import Eula, EulaAcceptance

_NAME_WIDTH = 36


def who_accepts(admins: Sequence[str] | None) -> str:
    """Return `You can accept`, else such as `Ask Ada or Bo; an admin can accept`."""
    return "You can accept" if admins is None else f"{labels.ask_for(admins)}; an admin can accept"


def title(eula: Eula) -> str:
    """Return a licence's name, else its id."""
    return eula.name or clean_id(eula.eula_id)


def needed_by(images: Sequence[str]) -> str:
    """Return a sentence that names the images that need a licence; empty if there are none."""
    every = ", ".join(f"“{one}”" for one in images)
    return f"For the workstation image{'s' if len(images) > 1 else ''} {every}." if images else ""


def lines(
    eulas: Iterable[Eula],
    accepted: Mapping[str, EulaAcceptance],
    now: datetime,
    tz: tzinfo | None,
    me: str,
) -> list[Choosable]:
    """Return a line for each licence; `me` is the artist's own principal id."""
    return [
        Choosable(one.eula_id, _pieces(one, accepted.get(one.eula_id), now, tz, me))
        for one in eulas
    ]


def _pieces(
    eula: Eula, acceptance: EulaAcceptance | None, now: datetime, tz: tzinfo | None, me: str
) -> tuple[Piece, ...]:
    name = Piece(title(eula), "bold", _NAME_WIDTH)
    if acceptance is None:
        return (Piece("▲ ", "$near"), name, Piece("  not accepted yet", "$near"))
    accepted = Piece(f"  accepted{_since(acceptance, now, tz, me)}", "$muted")
    return (Piece("✓ ", "$ready"), name, accepted)


def _since(acceptance: EulaAcceptance, now: datetime, tz: tzinfo | None, me: str) -> str:
    at = acceptance.accepted_at
    by = " by you" if acceptance.accepted_by == me else ""
    return f" {times.local_time(at, now, tz)}{by}" if at else by


def accepted_by(acceptance: EulaAcceptance | None, me: str, names: Mapping[str, str]) -> str:
    """Return a sentence about the person who accepted a licence; empty if unknown."""
    if acceptance is None or not acceptance.accepted_by:
        return ""
    if acceptance.accepted_by == me:
        return "You accepted it for the whole studio."
    who = names.get(acceptance.accepted_by) or clean_id(acceptance.accepted_by)
    return f"Accepted for the whole studio by {who}."
