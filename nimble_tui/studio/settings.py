"""What the studio's operator sets: how much of everything there may be."""

import json
from dataclasses import asdict, dataclass

from nimble_tui.studio.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Settings:
    """The studio's quotas.

    `sessions_per_person` is how many live sessions anybody may own, besides what they were
    granted; `instance_types` which types may be launched, None for all.
    """

    sessions_per_person: int = 10
    instance_types: tuple[str, ...] | None = None

    def save(self, tx: Transaction) -> None:
        """Keep them with the studio's data."""
        tx.note("settings", json.dumps(asdict(self)))

    @classmethod
    def load(cls, tx: Transaction) -> "Settings":
        """Read them back; defaults where none were kept."""
        kept = json.loads(tx.fact("settings") or "{}")
        if kept.get("instance_types") is not None:
            kept["instance_types"] = tuple(kept["instance_types"])
        return cls(**kept)
