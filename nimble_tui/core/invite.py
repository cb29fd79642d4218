"""An invite: all that a person needs to sign in to a studio, as one string to paste."""

import base64
import binascii
import json
from dataclasses import MISSING, asdict, dataclass, field, fields
from typing import NoReturn

from nimble_tui.core.keys import Keys

PREFIX = "nimble1_"
_LONGEST = 8192


@dataclass(frozen=True, slots=True)
class Invite:
    """A studio's address, the invited person and their keys; no repr shows the secret.

    The last three may be empty. People are looked up in the identity store and the DataZone
    domain.
    """

    endpoint_url: str
    region: str
    studio_id: str
    principal_id: str
    access_key_id: str
    secret_access_key: str = field(repr=False)
    display_name: str = ""
    identity_store_id: str = ""
    domain_id: str = ""

    @property
    def keys(self) -> Keys:
        """The keys in the invite."""
        return Keys(self.access_key_id, self.secret_access_key)

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled or copied."""
        raise TypeError("An invite stays in memory.")

    def encode(self) -> str:
        """Return the invite as one string of letters, digits, `-` and `_`."""
        told = {name: value for name, value in asdict(self).items() if value}
        body = json.dumps(told, separators=(",", ":"), ensure_ascii=True)
        return PREFIX + base64.urlsafe_b64encode(body.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, word: str) -> "Invite":
        """Read a pasted invite, ignoring spaces, line breaks and words before it.

        ValueError says what is wrong, without repeating any of the invite.
        """
        _, found, packed = "".join(word.split()).partition(PREFIX)
        if not found:
            raise ValueError(f"This is not an invite: an invite begins with {PREFIX}.")
        if len(packed) > _LONGEST:
            raise ValueError("This is too long for an invite. Copy only the invite.")
        try:
            body = base64.b64decode(
                packed + "=" * (-len(packed) % 4), altchars=b"-_", validate=True
            )
            values = json.loads(body)
        except (binascii.Error, ValueError, RecursionError):
            values = None
        names = {one.name: one.default is MISSING for one in fields(cls)}
        if not isinstance(values, dict) or not all(isinstance(v, str) for v in values.values()):
            raise ValueError("The invite is damaged. Copy all of it again.")
        known = {name: value for name, value in values.items() if name in names}
        if any(needed and not known.get(name) for name, needed in names.items()):
            raise ValueError("The invite is incomplete. Ask for a new one.")
        return cls(**known)
