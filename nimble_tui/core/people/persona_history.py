"""Since when members have had their personas, as far as this computer's history knows.

The API's LaunchProfileMembership has no date.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType

from nimble_tui.core.history import Event
from nimble_tui.core.people.model import Persona

BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
"""The beginning of all histories; the journal removes what is older than 90 days."""


def _nothing() -> Mapping[tuple[str, str], tuple[str, datetime]]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class PersonaDates:
    """The persona that each member was given here last, and when.

    `by_member` is by principal id and launch profile id.
    """

    by_member: Mapping[tuple[str, str], tuple[str, datetime]] = field(
        default_factory=_nothing, hash=False
    )

    @classmethod
    def of(cls, events: Iterable[Event]) -> "PersonaDates":
        """Return what these events say, which are oldest first.

        What was requested elsewhere is not among them, so a persona that was set without a known
        beginning of the membership says nothing.
        """
        found: dict[tuple[str, str], tuple[str, datetime]] = {}
        for event in events:
            if event.done and event.launch_profile_id is not None:
                for principal_id in event.principal_ids:
                    _note(found, (principal_id, event.launch_profile_id), event)
        return cls(MappingProxyType(found))

    def since(
        self, principal_id: str, launch_profile_id: str, persona: str | None
    ) -> datetime | None:
        """Return when a member was given the persona that they have; None if it is not known."""
        known, at = self.by_member.get((principal_id, launch_profile_id), (None, None))
        return at if persona is not None and known == persona else None


def _note(
    found: dict[tuple[str, str], tuple[str, datetime]], key: tuple[str, str], event: Event
) -> None:
    match event.what:
        case "people add":
            found.setdefault(key, (Persona.USER, event.at))
        case "people remove":
            found.pop(key, None)
        case "people persona" if key in found and found[key][0] != event.value:
            found[key] = event.value, event.at
