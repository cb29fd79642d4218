"""Makes the store of a new studio: its facts, without people and without anything to launch."""

import random
import re
from datetime import datetime
from pathlib import Path
from typing import Final

from nimble_tui.studio import endpoints
from nimble_tui.studio.authority_note import note_authority
from nimble_tui.studio.ids import PLAIN, arn
from nimble_tui.studio.settings import Settings
from nimble_tui.studio.store.database import Store
from nimble_tui.studio.store.master_key import MasterKey
from nimble_tui.studio.store.records import Document, Kind, Resource, stamp

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
    master_key: MasterKey | None = None,
    chance: random.Random | None = None,
) -> None:
    """Make the store of a studio in a new file; `authority` is as for `note_authority`.

    With a `master_key` its access keys are encrypted.

    Raises StoreError where the file cannot be used.
    """
    chance = chance or random.SystemRandom()
    studio_id = f"{region}:stid-{''.join(chance.choices(PLAIN, k=_ID_LENGTH))}"
    account = "".join(chance.choices("123456789", k=12))
    document = _document(studio_id, account, region) | {
        "displayName": name,
        "studioUrl": public_url,
        "studioName": (studio_name := _studio_name(name)),
        "adminRoleArn": f"arn:aws:iam::{account}:role/{studio_name}-admin",
        "userRoleArn": f"arn:aws:iam::{account}:role/{studio_name}-user",
        "createdAt": stamp(now),
        "updatedAt": stamp(now),
    }
    store = Store(path, master_key=master_key)
    try:
        with store.write() as tx:
            for fact, value in (("studio_id", studio_id), ("region", region), ("account", account)):
                tx.note(fact, value)
            Settings().save(tx)
            tx.put(Resource(Kind.STUDIO, studio_id, document))
            note_authority(tx, public_url, authority)
            endpoints.expect(tx, public_url)
    finally:
        store.close()


def _document(studio_id: str, account: str, region: str) -> Document:
    return {
        "studioId": studio_id,
        "arn": arn(region, account, Kind.STUDIO, studio_id),
        "homeRegion": region,
        "studioEncryptionConfiguration": {"keyType": "AWS_OWNED_KEY"},
        "state": "READY",
        "statusCode": "STUDIO_CREATED",
        "statusMessage": "It is ready.",
        "tags": {},
    }


def _studio_name(name: str) -> str:
    """Return a name in plain letters (the AWS API reference, StudioName: 3 to 64 of a-z, 0-9)."""
    plain = _NO_NAME.sub("", name.lower())[:_LONGEST_NAME]
    return plain if len(plain) >= _SHORTEST_NAME else "studio"
