"""A pair of access keys, held so that the secret does not show by accident."""

from dataclasses import dataclass, field
from typing import NoReturn


@dataclass(frozen=True, slots=True)
class Keys:
    """What signs a person's requests; the secret is in no repr and cannot be pickled."""

    access_key_id: str
    secret_access_key: str = field(repr=False)

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled or copied to anywhere."""
        raise TypeError("Keys stay in memory.")
