"""people find and people profile: users of the studio's DataZone domain."""

from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import replace
from shlex import quote
from typing import NamedTuple

from nimble_tui.cli import exit_codes, terminal
from nimble_tui.cli.context import again, opened
from nimble_tui.cli.errors import say
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.cli.output import Cell, print_json, print_pairs, print_table
from nimble_tui.cli.people.choosing import going_on, including, person
from nimble_tui.cli.people.listing import cell_of
from nimble_tui.config.plain import plain
from nimble_tui.core.people import profile_status, rules
from nimble_tui.core.people.changes import ChangeKind, PersonChange
from nimble_tui.core.people.model import (
    UNKNOWN_MEMBER,
    People,
    Person,
    UserProfile,
    UserProfileStatus,
    UserSearchType,
)
from nimble_tui.core.people.service import UserProfileService
from nimble_tui.core.rules import Refused
from nimble_tui.core.sending import send_change
from nimble_tui.core.service import ErrorKind, StudioError, StudioService
from nimble_tui.core.text import clean, clean_id
from nimble_tui.view.people import user_profile as shown
from nimble_tui.view.people.changes import sentences
from nimble_tui.view.people.person_rows import look_of

# What is wrong with the search for one type of user; the other may work.
_OF_ONE_TYPE = frozenset({ErrorKind.INVALID, ErrorKind.TROUBLE, ErrorKind.NOT_UNDERSTOOD})


class _Found(NamedTuple):
    """The profiles that a search found, of SSO users and of IAM users, and what went wrong."""

    sso: Sequence[UserProfile]
    iam: Sequence[UserProfile]
    problems: Sequence[str]


def find(args: Namespace) -> int:
    """Print the users of the domain that match a text, those of SSO and those of IAM apart."""
    text = args.text.strip()
    if not text:
        raise Stop(exit_codes.USAGE, "No search text given: part of a name, an address or an ARN.")
    with opened(args) as (_, service):
        found = _search(service.people.user_profiles, text, everyone=args.all)
    if args.json:
        print_json({"items": [_plain(one) for one in (*found.sso, *found.iam)]})
    else:
        _print_table("SSO USER", found.sso)
        if found.sso and found.iam:
            print()
        _print_table("IAM USER", found.iam)
    if not (found.sso or found.iam or found.problems):
        more = "" if args.all else " --all includes people without a DataZone profile."
        say(f"No user of the DataZone domain matches {clean(text, 64)}.{more}")
    say(*found.problems)
    return exit_codes.FAILED if found.problems else exit_codes.DONE


def profile(args: Namespace) -> int:
    """Print a person's DataZone profile; with --create and --status change it first."""
    status = None if args.status is None else _status(args.status)
    with opened(args) as (_, service):
        user_profiles = service.people.user_profiles
        people = service.people.look()
        refusal = rules.user_profile_refusal(people, read_only=service.info.read_only)
        if refusal is not None and (args.create or status is not None):
            raise Stop(exit_codes.REFUSED, refusal)
        who = _whom(args.person, people)
        current = _current(user_profiles, who.principal_id)
        change = _Change(args, service, people, replace(who, user_profile=current))
        if current is None and not args.create:
            create = again(args, f"people profile {quote(who.principal_id)} --create")
            sentence = f"{who.label} has no DataZone profile. Create: {create}"
            # Where the domain could not be searched it may be another one, or none.
            problems = () if people.user_profiles else people.notices
            raise Stop(exit_codes.FAILED, sentence, *problems)
        with going_on(lambda: change.is_begun):
            if args.create or status is not None:
                change.make(status)
        current = change.current
    if args.json:
        print_json(_plain(current))
    elif not args.create and status is None:
        _print(who, current, refusal)
    return exit_codes.DONE


class _Change:
    """A change of one person's profile: its creation, its status, or both."""

    def __init__(
        self, args: Namespace, service: StudioService, people: People, who: Person
    ) -> None:
        self._args = args
        self._service = service
        self._who = who
        others = (one for one in people.everyone if one.principal_id != who.principal_id)
        self.people = including(who, replace(people, everyone=tuple(others)))
        self.is_begun = False

    @property
    def current(self) -> UserProfile:
        """The profile, which is known to exist."""
        found = self._now.user_profile
        if found is None:
            raise StudioError(ErrorKind.NOT_UNDERSTOOD, "Amazon DataZone returned no profile.")
        return found

    def make(self, status: UserProfileStatus | None) -> None:
        """Send the requested changes; none is sent if a part is refused."""
        create = self._wish(ChangeKind.CREATE_PROFILE) if self._args.create else None
        if create is not None:
            self._check(create)
        if status is not None:
            self._check_status(status)
        if create is not None:
            self._send(create)
        if status is not None:
            change = self._wish(ChangeKind.SET_STATUS, status)
            if not change.is_needless(self.people):
                self._check(change)
            self._send(change)

    def _check_status(self, status: UserProfileStatus) -> None:
        """Refuse a status, or ask for a yes, before a profile is created for it."""
        change = self._wish(ChangeKind.SET_STATUS, status)
        if change.is_needless(self.people):
            return
        if self._now.user_profile is not None:
            self._check(change)
        else:
            new = profile_status.new_profile(self._who.principal_id)
            answer = profile_status.check_status(new, status)
            if isinstance(answer, Refused) and status != new.status:
                reason = f"{answer.reason} No profile was created."
                raise Stop(exit_codes.REFUSED, f"{self._who.label}: {reason}")
        if status in profile_status.SHUTS_OUT and not self._args.yes:
            terminal.agree(f"{sentences(change).heading}?")

    def _wish(self, change: ChangeKind, value: str = "") -> PersonChange:
        return PersonChange(change, self._now, value=value)

    @property
    def _now(self) -> Person:
        return self.people.person(self._who.principal_id) or self._who

    def _check(self, change: PersonChange) -> None:
        reason = change.refusal(self.people, read_only=self._service.info.read_only)
        if reason is not None:
            raise Stop(exit_codes.REFUSED, f"{change.person.label}: {reason}")

    def _send(self, change: PersonChange) -> None:
        if change.is_needless(self.people):
            say(sentences(change).already)
            return
        self.people = change.done(self.people, send_change(self._service, change))
        self.is_begun = True
        say(sentences(change).done)


def _search(user_profiles: UserProfileService, text: str, *, everyone: bool) -> _Found:
    """Search both types of user; a failure of one is reported beside the results of the other."""
    types = {
        "SSO": UserSearchType.SSO_USER if everyone else UserSearchType.DATAZONE_SSO_USER,
        "IAM": UserSearchType.DATAZONE_IAM_USER,
    }
    items: dict[str, Sequence[UserProfile]] = dict.fromkeys(types, ())
    problems: list[str] = []
    failed = False
    for name, type_ in types.items():
        try:
            listing = user_profiles.search_user_profiles(text, type_)
        except StudioError as error:
            if error.kind not in _OF_ONE_TYPE or failed:
                raise
            failed = True
            problems.append(f"{name} users could not be searched. {error.message}")
        else:
            items[name] = listing.items
            problems.extend([listing.problem] if listing.problem else [])
    return _Found(items["SSO"], items["IAM"], problems)


def _whom(word: str, people: People) -> Person:
    """Return the person meant; the ARN of an IAM user or role is used as is."""
    arn = word.strip()
    if not arn.startswith(profile_status.ARN):
        return person(word, people)
    label = clean_id(arn)
    return Person(arn, label=label, short_id=label)


def _current(user_profiles: UserProfileService, user_id: str) -> UserProfile | None:
    try:
        return user_profiles.get_user_profile(user_id)
    except StudioError as error:
        if error.kind != ErrorKind.NOT_FOUND:
            raise
    return None


def _status(word: str) -> UserProfileStatus:
    """Return the status that a word names, whatever its case; Stop when it names none."""
    typed = word.strip().upper().replace("-", "_")
    if typed not in set(UserProfileStatus):
        raise Stop(
            exit_codes.USAGE,
            f"There is no status {clean(word, 64)}; choose one of {profile_status.names()}.",
        )
    return UserProfileStatus(typed)


def _print_table(head: str, profiles: Sequence[UserProfile]) -> None:
    if not profiles:
        return
    rows: list[tuple[Cell, ...]] = [
        (shown.name(one), cell_of(look_of(one.status)), shown.details(one), clean_id(one.user_id))
        for one in profiles
    ]
    heads = (head, "STATUS", "DETAILS", "ID")
    print_table(heads, rows, for_programs={"ID"}, giving_way=(head, "DETAILS"))


def _print(who: Person, current: UserProfile, refusal: str | None) -> None:
    print_pairs([("Person", who.label), *((one.label, one.value) for one in shown.facts(current))])
    if refusal is not None:
        say(f"Its status cannot be changed: {refusal}")
        return
    options = shown.options(current)
    for heading, allowed in (("Possible statuses:", True), ("Not possible:", False)):
        pairs = [(f"  {one.label}", one.why) for one in options if one.allowed == allowed]
        if pairs:
            print(f"\n{heading}")
            print_pairs(pairs)


def _plain(one: UserProfile) -> dict[str, object]:
    """Return a profile as the API has it; of a details member that is new only the name came."""
    members: dict[str, object] = dict(one.members)
    details = members.get("details")
    if isinstance(details, Mapping) and UNKNOWN_MEMBER in details:
        members["details"] = {one.kind or UNKNOWN_MEMBER: None}
    return {name: plain(value) for name, value in members.items()}
