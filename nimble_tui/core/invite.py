"""An invite: all that a person needs to sign in to a studio, as one string to paste."""

import base64
import binascii
import json
import re
from dataclasses import MISSING, asdict, dataclass, field, fields
from typing import NoReturn

from nimble_tui.core.keys import Keys

PREFIX = "nimble1_"
_LONGEST = 8192
_DER = re.compile(r"[A-Za-z0-9+/]{0,4096}={0,2}")


@dataclass(frozen=True, slots=True)
class Invite:
    """A studio's address, the invited person and their keys; no repr shows the secret.

    The last four may be empty. People are looked up in the identity store and the DataZone
    domain. `ca` is the base64 of the DER certificate of the studio's own authority.
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
    ca: str = ""

    @property
    def ca_pem(self) -> str:
        """The authority's certificate as PEM; empty where there is none."""
        if not self.ca:
            return ""
        lines = [self.ca[at : at + 64] for at in range(0, len(self.ca), 64)]
        ends = ("-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----")
        return "\n".join([ends[0], *lines, ends[1], ""])

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
        if not _DER.fullmatch(known.get("ca", "")):
            raise ValueError("The invite is damaged. Copy all of it again.")
        return cls(**known)
