"""Invites and keys, for the operator who has the data file, whether it is being served or not."""

import difflib
import random
import socket
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from nimble_tui.core.invite import Invite
from nimble_tui.core.keys import Keys
from nimble_tui.core.lookup import PRINCIPAL_ID, Naming, NotOneError, folded
from nimble_tui.core.text import clean
from nimble_tui.studio import endpoints
from nimble_tui.studio.audit import record_command
from nimble_tui.studio.authority_note import authority_for
from nimble_tui.studio.identities import (
    DOMAIN,
    identity_store_id,
    new_keys,
    new_principal_id,
    user_name_of,
)
from nimble_tui.studio.lifecycle import streams
from nimble_tui.studio.store.database import Store
from nimble_tui.studio.store.records import Kind, Person, Role
from nimble_tui.studio.store.transaction import Transaction
from nimble_tui.studio.studio_file import StudioFile, studio_file

KEY_PREFIX: Final = "NIMBLE"
LONGEST_NAME: Final = 128
ANSWER_SECONDS: Final = 1.0
_PEOPLE: Final[Naming[Person]] = Naming(
    "people",
    ids=lambda one: (one.principal_id,),
    names=lambda one: (one.name, one.user_name, one.email),
    line=lambda one: (one.principal_id, one.name, one.email or one.user_name),
)


class PeopleError(Exception):
    """It cannot be done; the text says why and what to do, in one sentence."""


class Listed(NamedTuple):
    """A person, and the names of the launch profiles that they are on."""

    person: Person
    launch_profiles: list[str]


class Issued(NamedTuple):
    """An invite, and whether it ended working keys.

    `role` is the person's role after the invite, `before` their role until then; None for neither.
    """

    invite: Invite
    role: Role
    before: Role | None
    replaced: bool

    @property
    def is_new(self) -> bool:
        """True if the person is new."""
        return self.before is None


class Revoked(NamedTuple):
    """A person as they were before something was taken from them."""

    person: Person

    @property
    def worked(self) -> bool:
        """True if their keys worked."""
        return self.person.active

    @property
    def was_operator(self) -> bool:
        """True if they were an operator."""
        return self.person.role == Role.OPERATOR


def all_people(file: Path | StudioFile) -> list[Listed]:
    """Return the people of the studio in a file.

    Raises PeopleError where there is no studio, StoreError where the file cannot be used; so do
    the others here.
    """
    with opened(file) as store, store.read() as tx:
        profiles = {
            one.id: one.document.get("name", one.id)
            for one in tx.page(Kind.LAUNCH_PROFILE)
            if one.state != "DELETED"
        }
        on: dict[str, set[str]] = defaultdict(set)
        for launch_profile_id, principal_id in tx.memberships():
            on[principal_id].add(launch_profile_id)
        return [
            Listed(
                person,
                [name for one, name in profiles.items() if one in on[person.principal_id]],
            )
            for person in tx.people()
        ]


def answers(endpoint_url: str) -> bool:
    """Return whether anything listens at an address."""
    parts = urlsplit(endpoint_url)
    try:
        address = (parts.hostname or "", parts.port or 443)
        with socket.create_connection(address, timeout=ANSWER_SECONDS):
            return True
    except OSError:
        return False


def invite(
    file: Path | StudioFile,
    who: str,
    *,
    name: str = "",
    operator: bool = False,
    endpoint_url: str | None = None,
    is_answering: Callable[[str], bool] = answers,
    chance: random.Random | None = None,
) -> Issued:
    """Invite a person, by principal id, user name, e-mail address or name.

    A known person gets new keys, and the old ones are revoked: an invite that was sent before is
    worth nothing. Anyone else is new, and an artist. An `operator` runs the studio from then on;
    without it a role stays as it is. Without `endpoint_url` the invite leads to where the
    studio is served. Raises PeopleError also where no person or several match.
    """
    chance = chance or random.SystemRandom()
    with opened(file) as store:
        with store.read() as tx:
            places = endpoints.places(tx)
        endpoint_url = endpoint_url or endpoints.likely(places, is_answering)
        if endpoint_url is None:
            raise PeopleError(
                "This studio has not been served yet. Give its address with --endpoint."
            )
        keys = new_keys(chance, KEY_PREFIX)
        with store.write() as tx:
            known = _find(tx.people(), who, in_full=True)
            if known is None:
                person = _newcomer(
                    tx, who, name, keys, new_principal_id(identity_store_id(tx), chance)
                )
                tx.add_person(person)
            else:
                person = known
                streams.end_of_person(tx, person.principal_id, datetime.now(UTC))
                tx.set_keys(person.principal_id, keys.access_key_id, keys.secret_access_key)
            role = Role.OPERATOR if operator else person.role
            tx.set_role(person.principal_id, role)
            about = {"principalId": person.principal_id, "person": person.name, "role": role}
            record_command(tx, "InvitePerson", datetime.now(UTC), **about)
            made = Invite(
                endpoint_url=endpoint_url,
                region=tx.fact("region") or "",
                studio_id=tx.fact("studio_id") or "",
                principal_id=person.principal_id,
                access_key_id=keys.access_key_id,
                secret_access_key=keys.secret_access_key,
                display_name=person.name,
                identity_store_id=identity_store_id(tx),
                domain_id=tx.fact(DOMAIN) or "",
                ca=authority_for(tx, endpoint_url),
            )
    before = known.role if known else None
    return Issued(made, role, before, known is not None and known.active)


def find(file: Path | StudioFile, who: str) -> Person:
    """Return the one person named by an id, a name or its beginning, a user name or an e-mail.

    Raises PeopleError also where no person or several match.
    """
    with opened(file) as store, store.read() as tx:
        return named(tx.people(), who)


def revoke(file: Path | StudioFile, who: str, *, operator: bool = False) -> Revoked:
    """Revoke a person's keys and end their streams, in every process that serves the studio.

    An operator loses that role, and would be an artist if they were invited again. With
    `operator` that alone is taken: they stay an admin, and their keys go on working. The only one
    who runs the studio keeps both.
    """
    with opened(file) as store, store.write() as tx:
        people = tx.people()
        person = named(people, who)
        if operator and person.role != Role.OPERATOR:
            raise PeopleError(f"{person.name} is not an operator of this studio.")
        operators = [one for one in people if one.role == Role.OPERATOR and one.active]
        if [one.principal_id for one in operators] == [person.principal_id]:
            raise PeopleError(
                f"{person.name} is the only operator of this studio; make another person one first "
                "(nimble-tui studio invite PERSON --operator). To replace their keys, invite them "
                "again."
            )
        if person.role == Role.OPERATOR:
            tx.set_role(person.principal_id, Role.ADMIN if operator else Role.ARTIST)
        now = datetime.now(UTC)
        action = "RemoveOperatorRole" if operator else "RevokeKeys"
        about = {"principalId": person.principal_id, "person": person.name}
        record_command(tx, action, now, **about)
        if not operator:
            tx.revoke_keys(person.principal_id)
            streams.end_of_person(tx, person.principal_id, now)
    return Revoked(person)


@contextmanager
def opened(file: Path | StudioFile) -> Iterator[Store]:
    """Open the data of a studio that there is; PeopleError where there is none."""
    path, master_key = studio_file(file)
    if not path.is_file() or not path.stat().st_size:
        raise PeopleError(f"There is no studio in {path}.")
    store = Store(path, master_key=master_key)
    try:
        with store.read() as tx:
            if tx.fact("studio_id") is None:
                raise PeopleError(f"There is no studio in {path}.")
        yield store
    finally:
        store.close()


def named(people: Sequence[Person], who: str) -> Person:
    """Return the one of some people that a word names, as `find` does."""
    found = _find(people, who)
    if found is None:
        near = _near(people, who)
        meant = f"; did you mean {near}?" if near else "."
        raise PeopleError(f"No person in this studio is called {who}{meant}")
    return found


def _find(people: Sequence[Person], who: str, *, in_full: bool = False) -> Person | None:
    try:
        return _PEOPLE.find(who, people, in_full=in_full)
    except NotOneError as error:
        raise PeopleError(str(error)) from None


def _near(people: Sequence[Person], who: str) -> str | None:
    """Return the name of a person that is nearly the same, or holds the word."""
    words = set(folded(who).split())
    for person in people:
        if words and words <= set(folded(person.name).split()):
            return person.name
    names = {
        folded(one): person.name
        for person in people
        for one in (person.name, person.user_name, person.email)
        if one
    }
    near = difflib.get_close_matches(folded(who), names, 1, 0.85)
    return names[near[0]] if near else None


def _newcomer(tx: Transaction, who: str, name: str, keys: Keys, principal_id: str) -> Person:
    """Return a new person, named by an id, an e-mail address, a user name or a name."""
    people, who, name = tx.people(), who.strip(), name.strip()
    near = None if name else _near(people, who)
    if near:
        raise PeopleError(
            f"No person in this studio is called {who}; did you mean {near}? For a new person, add "
            "--name."
        )
    called = who.partition("@")[0]
    name = name or (called if " " in called else called.replace(".", " ").title())
    if not name or len(name) > LONGEST_NAME or clean(name) != name:
        raise PeopleError(
            f"A name has 1 to {LONGEST_NAME} visible characters; give another with --name."
        )
    is_id = PRINCIPAL_ID.fullmatch(who) is not None
    user_name = user_name_of(name if is_id else called) or user_name_of(name) or "artist"
    return Person(
        principal_id=who if is_id else principal_id,
        role=Role.ARTIST,
        name=name,
        access_key_id=keys.access_key_id,
        secret_access_key=keys.secret_access_key,
        user_name=_free(people, user_name),
        email=who if "@" in who else "",
    )


def _free(people: Sequence[Person], user_name: str) -> str:
    taken = {one.user_name.casefold() for one in people}
    numbered = (f"{user_name}{number}" for number in range(2, len(people) + 3))
    return next(one for one in (user_name, *numbered) if one not in taken)
