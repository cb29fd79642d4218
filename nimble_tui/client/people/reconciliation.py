"""Read back unresolved changes of people, and report each once; nothing is sent again.

A change is unresolved when its reply was lost, or when the process ended before it was reported.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from nimble_tui.client.executor import LATEST_ARRIVAL, TEMPORARY, when
from nimble_tui.client.intent import Intent, Verb
from nimble_tui.client.journal.intents import Intents, Outcome, Record
from nimble_tui.client.people.change_log import ON_USER_PROFILES
from nimble_tui.client.people.membership import Membership
from nimble_tui.client.people.user_profiles import UserProfiles
from nimble_tui.client.reconciliation import FRESH
from nimble_tui.core.clock import Clock
from nimble_tui.core.listing import Listing
from nimble_tui.core.people.model import Member, UserProfile
from nimble_tui.core.service import ErrorKind, Finding, StudioError
from nimble_tui.core.text import clean

T = TypeVar("T")

_LEASE = timedelta(minutes=2)
_MOST_NAMED = 3

_REQUESTED = {
    Verb.ADD_MEMBERS: "Adding {who} to {where}",
    Verb.REMOVE_MEMBER: "Removing {who} from {where}",
    Verb.SET_PERSONA: "Setting the persona of {who} on {where} to {persona}",
    Verb.ADD_ADMINS: "Making {who} an admin",
    Verb.REMOVE_ADMIN: "Removing the admin role of {who}",
    Verb.CREATE_PROFILE: "Creating a DataZone profile for {who}",
    Verb.SET_STATUS: "Setting the DataZone status of {who} to {status}",
}


@dataclass(frozen=True, slots=True)
class Reconciler:
    """Reads back the unresolved changes of one person in one studio.

    `user_profiles` returns the profiles of the DataZone domain, and raises where the settings name
    none; `names` returns what people are called, and `title` a launch profile.
    """

    intents: Intents
    membership: Membership
    user_profiles: Callable[[], UserProfiles]
    names: Callable[[Sequence[str]], Sequence[str]]
    title: Callable[[str], str]
    clock: Clock

    def run(self) -> tuple[Finding, ...]:
        """Return the outcome of each change that no process works on.

        What cannot be read is left for the next time, and an unavailable service is not called
        again.
        """
        found: list[Finding | None] = []
        away: set[bool] = set()
        for record in self.intents.claim_on_people(self.clock.now(), _LEASE):
            on_user_profile = record.intent.verb in ON_USER_PROFILES
            if on_user_profile in away:
                self._later(record)
                continue
            try:
                found.append(self._read_back(record))
            except StudioError as error:
                if error.kind in TEMPORARY:
                    away.add(on_user_profile)
                found.append(self._unknown(record, error))
        return tuple(one for one in found if one is not None)

    def _read_back(self, record: Record) -> Finding | None:
        missing = self._missing(record.intent)
        whom = record.intent.principal_ids
        if not missing:
            what = self._what(record)
            self.intents.close(record.intent, Outcome.DONE)
            return Finding(f"{what} was done after all.")
        age = self.clock.now() - record.requested_at
        if timedelta() <= age < FRESH:
            self._later(record)
            return None
        what = self._what(record)
        may_arrive = timedelta() <= age <= LATEST_ARRIVAL
        if len(missing) < len(whom):
            done = f"for {len(whom) - len(missing)} of {len(whom)} people"
            how = f"was done in part: {done}, but not for {self._who(missing)}"
            again = "repeat it for them if you still need it."
        else:
            how = "has not been done so far" if may_arrive else "was not done"
            again = "repeat it if you still need it."
        text = f"{what} {how}; {again}"
        outcome = Outcome.LOST if may_arrive else Outcome.REFUSED
        self.intents.close(record.intent, outcome, f"{how[0].upper()}{how[1:]}.")
        return Finding(text, good=False)

    def _unknown(self, record: Record, error: StudioError) -> Finding | None:
        """Leave a change for later, or give it up if it can never be read back."""
        age = self.clock.now() - record.requested_at
        if error.kind in TEMPORARY or timedelta() <= age <= LATEST_ARRIVAL:
            self._later(record)
            return None
        self.intents.close(record.intent, Outcome.LOST, error.message)
        why = f"{error.message[0].lower()}{error.message[1:]}"
        return Finding(f"{self._what(record)} has an unknown result: {why}", good=False)

    def _later(self, record: Record) -> None:
        self.intents.hold(record.intent, self.clock.now())

    # How the services show what was requested.

    def _missing(self, intent: Intent) -> Sequence[str]:
        """Return the people for whom a change does not show; StudioError if that is unknown."""
        whom, chosen = intent.principal_ids, intent.parameters
        match intent.verb:
            case Verb.ADD_MEMBERS | Verb.ADD_ADMINS if len(whom) > 1:
                listed = self._members(intent)
                missing = [one for one in whom if one not in listed.ids]
                if missing and not listed.complete:
                    raise StudioError(
                        ErrorKind.UNCERTAIN, "The list of members is incomplete. Refresh."
                    )
                return missing
            case Verb.ADD_MEMBERS | Verb.ADD_ADMINS:
                return () if self._member(intent) else whom
            case Verb.REMOVE_MEMBER | Verb.REMOVE_ADMIN:
                return whom if self._member(intent) else ()
            case Verb.SET_PERSONA:
                member = self._member(intent)
                return () if member and member.persona == chosen["persona"] else whom
            case Verb.SET_STATUS:
                profile = self._profile(whom[0])
                return () if profile and profile.status == chosen["status"] else whom
            case _:
                return () if self._profile(whom[0]) else whom

    def _members(self, intent: Intent) -> "_Listed":
        where = intent.parameters.get("launch_profile_id")
        if where is None:
            return _Listed.of(self.membership.list_studio_members())
        try:
            return _Listed.of(self.membership.list_launch_profile_members(where))
        except StudioError as error:
            if error.kind != ErrorKind.NOT_FOUND:
                raise
            return _Listed(frozenset(), complete=True)

    def _member(self, intent: Intent) -> Member | None:
        where, (who, *_) = intent.parameters.get("launch_profile_id"), intent.principal_ids
        if where is None:
            return _or_none(lambda: self.membership.get_studio_member(who))
        return _or_none(lambda: self.membership.get_launch_profile_member(where, who))

    def _profile(self, user_id: str) -> UserProfile | None:
        profiles = self.user_profiles()
        if profiles.is_resting:
            raise StudioError(ErrorKind.UNREACHABLE, "Amazon DataZone failed a moment ago.")
        return _or_none(lambda: profiles.get_user_profile(user_id))

    # Words.

    def _what(self, record: Record) -> str:
        chosen = record.intent.parameters
        where = chosen.get("launch_profile_id")
        text = _REQUESTED[record.intent.verb].format(
            who=self._who(record.intent.principal_ids),
            where=self.title(where) if where is not None else "",
            persona=clean(chosen.get("persona", "")),
            status=clean(chosen.get("status", "")),
        )
        return f"{text}, requested {when(record.requested_at, self.clock.now())},"

    def _who(self, principal_ids: Sequence[str]) -> str:
        named = ", ".join(self.names(principal_ids[:_MOST_NAMED]))
        more = len(principal_ids) - _MOST_NAMED
        return f"{named} and {more} more" if more > 0 else named


@dataclass(frozen=True, slots=True)
class _Listed:
    ids: frozenset[str]
    complete: bool

    @classmethod
    def of(cls, listing: Listing[Member]) -> "_Listed":
        return cls(frozenset(one.principal_id for one in listing.items), listing.complete)


def _or_none(look: Callable[[], T]) -> T | None:
    try:
        return look()
    except StudioError as error:
        if error.kind != ErrorKind.NOT_FOUND:
            raise
    return None
