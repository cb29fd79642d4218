"""Makes the store of a new studio: its facts, and nobody and nothing in it yet."""

import random
import re
from datetime import datetime
from pathlib import Path
from typing import Final

from nimble_tui.studio.authority_note import note_authority
from nimble_tui.studio.ids import PLAIN, arn
from nimble_tui.studio.settings import Settings
from nimble_tui.studio.store.database import Store
from nimble_tui.studio.store.records import Kind, Resource, stamp
from nimble_tui.studio.store.transaction import Transaction

REGION: Final = "us-west-2"
"""The region that clients sign their requests for unless another is chosen."""
_ID_LENGTH: Final = 16
_NO_NAME: Final = re.compile("[^a-z0-9]+")
_LONGEST_NAME: Final = 64
_SHORTEST_NAME: Final = 3


def make_studio(
    path: Path,
    *,
    name: str,
    public_url: str,
    now: datetime,
    region: str = REGION,
    authority: str = "",
    chance: random.Random | None = None,
) -> None:
    """Make the store of a studio in a new file; `authority` is as for `note_authority`.

    Raises StoreError where the file cannot be used.
    """
    store = Store(path)
    try:
        with store.write() as tx:
            _fill(tx, name, public_url, now, region, chance or random.SystemRandom())
            note_authority(tx, public_url, authority)
    finally:
        store.close()


def _fill(
    tx: Transaction, name: str, public_url: str, now: datetime, region: str, chance: random.Random
) -> None:
    studio_id = f"{region}:stid-{''.join(chance.choices(PLAIN, k=_ID_LENGTH))}"
    account = "".join(chance.choices("123456789", k=12))
    studio_name = _studio_name(name)
    for fact, value in (("studio_id", studio_id), ("region", region), ("account", account)):
        tx.note(fact, value)
    Settings().save(tx)
    role = f"arn:aws:iam::{account}:role/{studio_name}"
    document = {
        "arn": arn(region, account, Kind.STUDIO, studio_id),
        "studioId": studio_id,
        "studioName": studio_name,
        "displayName": name,
        "homeRegion": region,
        "studioUrl": public_url,
        "adminRoleArn": f"{role}-admin",
        "userRoleArn": f"{role}-user",
        "studioEncryptionConfiguration": {"keyType": "AWS_OWNED_KEY"},
        "state": "READY",
        "statusCode": "STUDIO_CREATED",
        "statusMessage": "It is ready.",
        "createdAt": stamp(now),
        "updatedAt": stamp(now),
        "tags": {},
    }
    tx.put(Resource(Kind.STUDIO, studio_id, document))


def _studio_name(name: str) -> str:
    """Return a name in plain letters (the AWS API reference, StudioName: 3 to 64 of a-z, 0-9)."""
    plain = _NO_NAME.sub("", name.lower())[:_LONGEST_NAME]
    return plain if len(plain) >= _SHORTEST_NAME else "studio"
