"""The sample studio's people: names, keys, memberships and profiles in its DataZone domain."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from nimble_tui.studio.directory.documents import iam_profile, sso_profile
from nimble_tui.studio.identities import DOMAIN, IDENTITY_STORE, new_keys, user_name_of
from nimble_tui.studio.sample import facts as sample_facts
from nimble_tui.studio.sample.data import (
    ACCOUNT,
    AIKO,
    BRUNO,
    CALLUM,
    GONE,
    INES,
    LENA,
    MARA,
    NOOR,
    PAT,
    RAVI,
    SAMIR,
    THEO,
    ZOFIA,
)
from nimble_tui.studio.store.records import Kind, Person, Role
from nimble_tui.studio.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """Somebody of the sample: `status` is that of their user profile, if they have one."""

    principal_id: str
    role: Role
    name: str
    status: str = ""
    sid: str | None = None


_SID: Final = "S-1-5-21-2917460835-1403862197-3308172466"
PEOPLE: Final = (
    SamplePerson(MARA, Role.ARTIST, sample_facts.DISPLAY_NAME, "ACTIVATED", f"{_SID}-1104"),
    SamplePerson(THEO, Role.ARTIST, "Theo Lindqvist", "ACTIVATED", f"{_SID}-1107"),
    SamplePerson(AIKO, Role.ARTIST, "Aiko Tanabe", "ASSIGNED", f"{_SID}-1108"),
    SamplePerson(SAMIR, Role.ARTIST, "Samir Haddad", "ACTIVATED", f"{_SID}-1113"),
    SamplePerson(INES, Role.ADMIN, "Inês Cardoso", "ACTIVATED", f"{_SID}-1102"),
    SamplePerson(PAT, Role.OPERATOR, "Pat Okafor", "ACTIVATED"),
    SamplePerson(NOOR, Role.ARTIST, "Noor Rahimi", "ASSIGNED", f"{_SID}-1121"),
    SamplePerson(CALLUM, Role.ARTIST, "Callum Reid", "NOT_ASSIGNED"),
    SamplePerson(BRUNO, Role.ARTIST, "Bruno Ferreira", "ACTIVATED", f"{_SID}-1119"),
    SamplePerson(LENA, Role.ADMIN, "Lena Hoffmann", "ASSIGNED"),
    SamplePerson(RAVI, Role.ARTIST, "Ravi Subramaniam", "DEACTIVATED", f"{_SID}-1110"),
    SamplePerson(ZOFIA, Role.ARTIST, "Zofia Kowalska"),
)
MEMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    "Lighting": (NOOR, CALLUM),
    "Comp": (RAVI, GONE),
    "Review": (NOOR, BRUNO, RAVI),
    "Animation": (BRUNO,),
    "FX": (CALLUM,),
    "Previs": (BRUNO,),
}
"""Who else is on a launch profile, by its name."""

KEY_PREFIX: Final = "NWDEMO"
"""What the made-up access keys of the sample begin with; keys of an invite never do."""

_ROLE_OF_THE_FARM: Final = f"arn:aws:iam::{ACCOUNT}:role/northwind-render"


def add_people(tx: Transaction, keys: random.Random, live: Mapping[str, int]) -> None:
    """Let everybody in who is not yet; `live` is how many workstations each has to begin with."""
    for one in PEOPLE:
        user_name = user_name_of(one.name)
        email = f"{user_name}@northwind.example"
        if tx.person(one.principal_id):
            tx.set_identity(one.principal_id, user_name=user_name, email=email, sid=one.sid)
            continue
        new = new_keys(keys, KEY_PREFIX)
        tx.add_person(
            Person(
                one.principal_id,
                one.role,
                one.name,
                new.access_key_id,
                new.secret_access_key,
                live.get(one.principal_id, 0),
                user_name,
                email,
                one.sid,
            )
        )


def add_memberships(tx: Transaction) -> None:
    """Put people on launch profiles, give them their user profiles, and name their directories."""
    for profile in tx.page(Kind.LAUNCH_PROFILE):
        for principal_id in MEMBERS.get(str(profile.document.get("name")), ()):
            tx.add_member(profile.id, principal_id)
    tx.put_all(sso_profile(one.principal_id, one.status) for one in PEOPLE if one.status)
    tx.put(iam_profile(_ROLE_OF_THE_FARM, "ACTIVATED"))
    tx.note(IDENTITY_STORE, sample_facts.IDENTITY_STORE_ID)
    tx.note(DOMAIN, sample_facts.DOMAIN_ID)
