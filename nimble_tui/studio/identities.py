"""Identities of people: ids, user names, keys, and their identity store."""

import hashlib
import random
import re
import unicodedata
import uuid
from typing import Final

from nimble_tui.core.keys import Keys
from nimble_tui.studio.ids import PLAIN
from nimble_tui.studio.store.transaction import Transaction

IDENTITY_STORE: Final = "identity_store_id"
DOMAIN: Final = "domain_id"
"""The facts that name a studio's identity store and its DataZone domain."""

_NO_NAME: Final = re.compile("[^a-z0-9]+")


def identity_store_id(tx: Transaction) -> str:
    """Return the studio's identity store, which every studio has.

    Source: the Identity Store API reference, IdentityStoreId: `d-` and ten hexadecimal digits.
    """
    digest = hashlib.sha256((tx.fact("studio_id") or "").encode()).hexdigest()
    return tx.fact(IDENTITY_STORE) or f"d-{digest[:10]}"


def new_principal_id(store_id: str, chance: random.Random) -> str:
    """Return an id for a person: the digits of their identity store, and a UUID."""
    return f"{store_id.removeprefix('d-')}-{uuid.UUID(int=chance.getrandbits(128), version=4)}"


def new_keys(chance: random.Random, prefix: str) -> Keys:
    """Return a new random access key; `prefix` shows where it is from."""
    access_key, secret = ("".join(chance.choices(PLAIN.upper(), k=length)) for length in (14, 40))
    return Keys(f"{prefix}{access_key}", secret)


def user_name_of(name: str) -> str:
    """Return a user name for a person: their name in plain letters, "" where that has none.

    Source: the DataZone API reference, SsoUserProfileDetails, member username: no blanks.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return _NO_NAME.sub(".", plain).strip(".")
