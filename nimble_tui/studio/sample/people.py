"""The sample studio's people: names, keys, memberships and profiles in its DataZone domain."""

import random
from collections.abc import Mapping
from typing import Final

from nimble_tui.studio.directory.documents import iam_profile, sso_profile
from nimble_tui.studio.identities import DOMAIN, IDENTITY_STORE, new_keys, user_name_of
from nimble_tui.studio.sample.data import ACCOUNT, DATA, principal_id
from nimble_tui.studio.sample.facts import DOMAIN_ID, IDENTITY_STORE_ID
from nimble_tui.studio.store.records import Kind, Person, Role
from nimble_tui.studio.store.transaction import Transaction

KEY_PREFIX: Final = "NWDEMO"
"""The prefix of the sample's made-up access keys; keys of an invite never have it."""

_ROLE_OF_THE_FARM: Final = f"arn:aws:iam::{ACCOUNT}:role/northwind-render"


def add_people(tx: Transaction, keys: random.Random, live: Mapping[str, int]) -> None:
    """Add all of them; `live` is how many workstations each has to begin with, by short name."""
    for short_name, one in DATA["people"].items():
        user_name = user_name_of(one["name"])
        new = new_keys(keys, KEY_PREFIX)
        tx.add_person(
            Person(
                one["principalId"],
                Role(one["role"]),
                one["name"],
                new.access_key_id,
                new.secret_access_key,
                live.get(short_name, 0),
                user_name,
                f"{user_name}@northwind.example",
                one.get("sid"),
            )
        )


def add_memberships(tx: Transaction) -> None:
    """Put people on launch profiles, give them their user profiles, and name their directories."""
    for profile in tx.page(Kind.LAUNCH_PROFILE):
        for name in DATA["laterMembers"].get(profile.document["name"], ()):
            tx.add_member(profile.id, principal_id(name))
    people = DATA["people"].values()
    tx.put_all(sso_profile(one["principalId"], one["status"]) for one in people if "status" in one)
    tx.put(iam_profile(_ROLE_OF_THE_FARM, "ACTIVATED"))
    tx.note(IDENTITY_STORE, IDENTITY_STORE_ID)
    tx.note(DOMAIN, DOMAIN_ID)
