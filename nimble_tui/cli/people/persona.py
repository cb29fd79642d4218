"""people persona: the persona that a person has on a launch profile, shown or set."""

from argparse import Namespace
from collections.abc import Sequence
from datetime import datetime
from shlex import quote

from nimble_tui.cli import exit_codes
from nimble_tui.cli.context import again, opened
from nimble_tui.cli.errors import say
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.cli.lookup import find_profile
from nimble_tui.cli.output import print_json, print_pairs
from nimble_tui.cli.people.choosing import including, person
from nimble_tui.config.plain import plain
from nimble_tui.core.lookup import composed, folded
from nimble_tui.core.people.changes import ChangeKind, PersonChange
from nimble_tui.core.people.model import Member, Person
from nimble_tui.core.people.persona_history import BEGINNING, PersonaDates
from nimble_tui.core.service import ErrorKind, StudioError
from nimble_tui.core.text import clean, clean_id
from nimble_tui.view.people.changes import sentences

_NO_DATE = "unknown: the API has no date for it, and it was not set on this computer"


def persona(args: Namespace) -> int:
    """Print a person's persona; with --set, set it first."""
    with opened(args) as (_, service):
        membership = service.people.membership
        known = membership.personas
        wanted = None if args.set is None else _meant(args.set, known)
        people = service.people.look()
        who = person(args.person, people)
        profile = find_profile(args.profile, people.launch_profiles)
        where = profile.launch_profile_id
        change = PersonChange(ChangeKind.SET_PERSONA, who, where, profile.title, value=wanted or "")
        try:
            if wanted is None:
                member = membership.get_launch_profile_member(where, who.principal_id)
            else:
                reason = change.refusal(including(who, people), read_only=service.info.read_only)
                if reason is not None:
                    raise Stop(exit_codes.REFUSED, reason)
                member = membership.update_launch_profile_member(where, who.principal_id, wanted)
        except StudioError as error:
            if error.kind != ErrorKind.NOT_FOUND:
                raise
            raise _absent(args, change) from None
        dates = PersonaDates.of(service.history(BEGINNING))
        since = dates.since(who.principal_id, where, member.persona)
    if wanted is not None:
        say(f"{sentences(change).done}{_only(known)}")
    if args.json:
        print_json({"member": plain(member.members)})
    elif wanted is None:
        _print(who, profile.title, member, since, known)
    return exit_codes.DONE


def _meant(word: str, known: Sequence[str]) -> str:
    """Return the persona that a word names, whatever its case; Stop when it names none."""
    found = next((one for one in known if folded(one) == folded(word.strip())), None)
    if found is None:
        shown = clean(composed(word), 64)
        raise Stop(
            exit_codes.USAGE,
            f"There is no persona {shown}; the API has: {', '.join(known)}.",
        )
    return found


def _only(known: Sequence[str]) -> str:
    return " It is the only persona that the API has." if len(known) == 1 else ""


def _absent(args: Namespace, change: PersonChange) -> Stop:
    name, title = change.person.label, change.title
    if change.person.is_admin:
        return Stop(
            exit_codes.FAILED,
            f"{name} has no persona on {title}: an admin can use it without being a member.",
        )
    person_id, profile_id = quote(change.person.principal_id), quote(change.launch_profile_id)
    add = again(args, f"people add {person_id} --profile {profile_id}")
    return Stop(
        exit_codes.FAILED,
        f"{name} is not a member of {title}. No changes made. Add: {add}",
    )


def _print(
    who: Person, title: str, member: Member, since: datetime | None, known: Sequence[str]
) -> None:
    pairs = [
        ("Person", who.label),
        ("Launch profile", title),
        ("Persona", member.persona or "UNKNOWN"),
        ("Since", _NO_DATE if since is None else f"{since.astimezone():%Y-%m-%d %H:%M}, set here"),
        ("Can be", f"{', '.join(known)}.{_only(known)}"),
        ("SID", member.sid or ""),
        ("Id", clean_id(member.principal_id)),
    ]
    print_pairs([pair for pair in pairs if pair[1]])
