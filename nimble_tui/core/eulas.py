"""Licences that a studio must accept before a launch from an image that needs them.

Sources: the AWS API reference, Eula, EulaAcceptance and StreamingImage, member eulaIds. One
acceptance counts for the whole studio.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from nimble_tui.core import structures
from nimble_tui.core.structures import Id


@dataclass(frozen=True, slots=True)
class Eula:
    """A licence; `content` is its text, or the address where it can be read."""

    eula_id: Id
    name: str | None = None
    content: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EulaAcceptance:
    """The acceptance of a licence for the studio (`acceptee_id`), with its author and time."""

    eula_id: Id
    eula_acceptance_id: Id | None = None
    accepted_at: datetime | None = None
    accepted_by: Id | None = None
    acceptee_id: Id | None = None


read_eula = partial(structures.read, Eula)
read_eula_acceptance = partial(structures.read, EulaAcceptance)
