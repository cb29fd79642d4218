"""people add, remove, admin, activate and deactivate."""

from argparse import Namespace
from collections.abc import Callable, Sequence

from nimble_tui.cli import exit_codes, terminal
from nimble_tui.cli.context import opened
from nimble_tui.cli.errors import say
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.cli.people.choosing import (
    GO_ON,
    going_on,
    launch_profiles,
    look,
    names,
    persons,
)
from nimble_tui.cli.people.stopping import stopping_first
from nimble_tui.cli.progress import Count
from nimble_tui.core.model import LaunchProfile
from nimble_tui.core.people.changes import ChangeKind, PersonChange
from nimble_tui.core.people.model import MembersReport, People, Person
from nimble_tui.core.people.service import OnProgress
from nimble_tui.core.sending import send_change
from nimble_tui.core.service import ErrorKind, StudioError, StudioService
from nimble_tui.view.people.changes import sentences

_CHANGES = {
    "add": ChangeKind.ADD,
    "remove": ChangeKind.REMOVE,
    "promote": ChangeKind.MAKE_ADMIN,
    "demote": ChangeKind.REMOVE_ADMIN,
    "activate": ChangeKind.ACTIVATE,
    "deactivate": ChangeKind.DEACTIVATE,
}
_ANYBODY = Person("", label="", short_id="")
_ON_PROFILES = frozenset({ChangeKind.ADD, ChangeKind.REMOVE})
_TAKES_AWAY = frozenset({ChangeKind.REMOVE, ChangeKind.REMOVE_ADMIN, ChangeKind.DEACTIVATE})


def change(args: Namespace) -> int:
    """Apply one change to every person named, and print the outcome."""
    what = _CHANGES[args.change]
    with opened(args) as (_, service):
        people = look(service)
        _need_right(what, people, read_only=service.info.read_only)
        some = persons(args, people)
        where = launch_profiles(args, people) if what in _ON_PROFILES else []
        run = _Run(service, people, what, read_only=service.info.read_only)
        with going_on(lambda: run.is_begun):
            match what:
                case ChangeKind.ADD:
                    whole = [run.add(some, one) for one in where]
                case ChangeKind.MAKE_ADMIN:
                    whole = [run.promote(some)]
                case _:
                    changes = stopping_first(args, people, run.changes(some, where))
                    if what in _TAKES_AWAY and changes and not args.yes:
                        heads = ", ".join(sentences(one).heading for one in changes)
                        terminal.agree(f"{heads}?")
                    whole = [run.send(changes)]
    return exit_codes.DONE if all(whole) else exit_codes.FAILED


def _need_right(what: ChangeKind, people: People, *, read_only: bool) -> None:
    """Refuse a change that the user is not allowed to make to anyone."""
    asked = ChangeKind.MAKE_ADMIN if what == ChangeKind.REMOVE_ADMIN else what
    reason = PersonChange(asked, _ANYBODY).refusal(people, read_only=read_only)
    if reason is not None:
        raise Stop(exit_codes.REFUSED, reason)


class _Run:
    """One change to several people; each method returns whether all succeeded."""

    def __init__(
        self, service: StudioService, people: People, what: ChangeKind, *, read_only: bool
    ) -> None:
        self._service = service
        self._people = people
        self._what = what
        self._read_only = read_only
        self.is_begun = False

    def add(self, some: Sequence[Person], profile: LaunchProfile) -> bool:
        """Add people to a launch profile, in batches."""
        where, title = profile.launch_profile_id, profile.title
        there = self._already([PersonChange(self._what, one, where, title) for one in some])

        def put(ids: Sequence[str], progress: OnProgress) -> MembersReport:
            return self._service.people.membership.put_launch_profile_members(where, ids, progress)

        return self._put(some, there, put, f"can now launch from {title}")

    def promote(self, some: Sequence[Person]) -> bool:
        """Make people admins, in batches."""
        there = self._already([PersonChange(self._what, one) for one in some])
        new = len(some) - len(there)
        now = "is now an admin" if new == 1 else "are now admins"
        return self._put(some, there, self._service.people.membership.put_studio_members, now)

    def changes(self, some: Sequence[Person], where: Sequence[LaunchProfile]) -> list[PersonChange]:
        """Return the changes to send; report the people who need none."""
        places = [(one.launch_profile_id, one.title) for one in where] or [("", "")]
        every = [PersonChange(self._what, person, *place) for place in places for person in some]
        self._already(every)
        left = [change for change in every if not change.is_needless(self._people)]
        for change in left:
            self._check(change)
        return left

    def send(self, changes: Sequence[PersonChange]) -> bool:
        """Send changes in order, each checked against the result of the one before."""
        for change in changes:
            self._check(change)
            done = send_change(self._service, change)
            self._people = change.done(self._people, done)
            self.is_begun = True
            say(sentences(change).done)
        return True

    def _already(self, changes: Sequence[PersonChange]) -> list[Person]:
        """Report the changes that are not needed, and return their people."""
        needless = [change for change in changes if change.is_needless(self._people)]
        say(*(sentences(change).already for change in needless))
        return [change.person for change in needless]

    def _check(self, change: PersonChange) -> None:
        reason = change.refusal(self._people, read_only=self._read_only)
        if reason is not None:
            raise StudioError(ErrorKind.REFUSED, f"{change.person.label}: {reason}")

    def _put(
        self,
        some: Sequence[Person],
        there: Sequence[Person],
        put: Callable[[Sequence[str], OnProgress], MembersReport],
        now: str,
    ) -> bool:
        new = {one.principal_id: one for one in some if one not in there}
        if not new:
            return True
        with Count("people") as count:
            report = put(list(new), count.update)
        self.is_begun = True
        parts = (
            (report.members, "{} " + now + "."),
            (report.missing, "Failed: {}."),
            (report.unsure, "Unknown result: {}."),
        )
        for ids, sentence in parts:
            if ids:
                say(sentence.format(names([new[one] for one in ids])))
        if report.problem is not None:
            say(report.problem, GO_ON)
        return report.problem is None
