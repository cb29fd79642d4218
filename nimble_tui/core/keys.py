"""A pair of access keys whose secret is never shown by accident."""

from dataclasses import dataclass, field
from typing import NoReturn


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys that sign a person's requests; the secret is in no repr and cannot be pickled."""

    access_key_id: str
    secret_access_key: str = field(repr=False)

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled or copied."""
        raise TypeError("Keys stay in memory.")
