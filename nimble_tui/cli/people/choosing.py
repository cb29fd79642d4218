"""Resolve the people and launch profiles named on the command line."""

from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from nimble_tui.cli import exit_codes
from nimble_tui.cli.errors import code_of, say
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.cli.lookup import find_profile, stop_unless_one
from nimble_tui.cli.waiting import TEMPORARY
from nimble_tui.core.lookup import PRINCIPAL_ID, Naming, parts
from nimble_tui.core.model import LaunchProfile
from nimble_tui.core.people.model import People, Person
from nimble_tui.core.service import ErrorKind, StudioError, StudioService
from nimble_tui.core.text import clean_id

GO_ON = "Finished steps are not repeated. Run the same command to continue."

_NEWCOMERS = "New people need an invite first. The operator runs: nimble-tui studio invite NAME."
_PEOPLE: Naming[Person] = Naming(
    "people",
    ids=lambda one: (one.principal_id, one.short_id),
    names=lambda one: (one.label, one.name, one.user_name, one.email),
    line=lambda one: (one.principal_id, one.label, one.email or one.user_name or ""),
    none="No member named {}. List members with nimble-tui people.".format,
    offer="Did you mean:",
)


def look(service: StudioService) -> People:
    """Return the people, after unresolved changes were read back and reported."""
    if service.has_unresolved_people():
        say(*(finding.text for finding in service.reconcile_people()))
    return service.people.look()


def persons(args: Namespace, people: People) -> list[Person]:
    """Resolve each PERSON, without duplicates; raises Stop unless there is one match each."""
    letting_in = getattr(args, "plan_kind", "") == "onboard"
    every = (person(word, people, letting_in=letting_in) for word in args.person)
    return list({one.principal_id: one for one in every}.values())


def person(word: str, people: People, *, letting_in: bool = False) -> Person:
    """Resolve a word to a person; raises Stop if there is no match or more than one.

    A complete id is accepted even if no list has it, since names can be missing. For an onboarding
    the message says that an invite comes first.
    """
    if not word.strip():
        raise Stop(exit_codes.USAGE, "No person given. List members with nimble-tui people.")
    with stop_unless_one():
        found = _PEOPLE.find(word, people.everyone)
    if found is not None:
        return found
    if PRINCIPAL_ID.fullmatch(word.strip()):
        shown = clean_id(word.strip())
        return Person(word.strip(), label=shown, short_id=shown)
    similar = parts(word, people.everyone, _PEOPLE.names)
    raise Stop(
        exit_codes.FAILED,
        *_PEOPLE.absent(word, similar).sentences,
        *([_NEWCOMERS] if letting_in and not similar else []),
        *people.notices,
    )


def launch_profiles(args: Namespace, people: People) -> list[LaunchProfile]:
    """Resolve --profile, without duplicates; raises Stop if there is no match or more than one."""
    found = (find_profile(word, people.launch_profiles) for word in args.profile or ())
    return list({one.launch_profile_id: one for one in found}.values())


def including(person: Person, people: People) -> People:
    """Return the people with a person added whom no list has."""
    if people.person(person.principal_id) is not None:
        return people
    return replace(people, everyone=(*people.everyone, person))


def names(people: Sequence[Person]) -> str:
    """Return the names of people, separated by commas."""
    return ", ".join(one.label for one in people)


@contextmanager
def going_on(is_begun: Callable[[], bool]) -> Iterator[None]:
    """Add how to continue to a failure, where that can help."""
    try:
        yield
    except StudioError as error:
        hopeful = is_begun() or error.kind in {*TEMPORARY, ErrorKind.CONFLICT}
        raise Stop(code_of(error.kind), error.message, *([GO_ON] if hopeful else [])) from None
