"""The quotas that the studio's operator sets."""

import json
from dataclasses import asdict, dataclass

from nimble_tui.studio.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Settings:
    """The studio's quotas.

    `sessions_per_person` is how many live sessions a person may own, besides what they were
    granted; `instance_types` which types may be launched, None for all.
    """

    sessions_per_person: int = 10
    instance_types: tuple[str, ...] | None = None

    def save(self, tx: Transaction) -> None:
        """Store them with the studio's data."""
        tx.note("settings", json.dumps(asdict(self)))

    @classmethod
    def load(cls, tx: Transaction) -> "Settings":
        """Read them back; defaults where none are stored."""
        stored = json.loads(tx.fact("settings") or "{}")
        if stored.get("instance_types") is not None:
            stored["instance_types"] = tuple(stored["instance_types"])
        return cls(**stored)
