"""The journal of changes of people: written before each is sent, closed with its outcome."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

from nimble_tui.client.errors import CallError
from nimble_tui.client.intent import Intent, Verb
from nimble_tui.client.journal.intents import LONGEST_PARAMETER, Intents, Outcome
from nimble_tui.client.journal.own_rows import LONGEST_CLAIM
from nimble_tui.client.transport import Limits
from nimble_tui.core.clock import Clock
from nimble_tui.core.service import ErrorKind, StudioError

ON_USER_PROFILES = frozenset({Verb.CREATE_PROFILE, Verb.SET_STATUS})
"""The changes of DataZone profiles; the others are the studio's own."""

_MARGIN = 3.0
_ADMINS = "admins"
_DATAZONE = "datazone"


@dataclass(slots=True)
class LoggedChange:
    """A change that is written down: its token, and what is known of its outcome so far.

    `problem` says why a part of it was not done; `is_in_doubt` that a request may have taken
    effect, or still take it, although that was not seen.
    """

    intent: Intent
    problem: str = ""
    is_in_doubt: bool = False

    @property
    def client_token(self) -> str:
        """The token under which it takes effect once."""
        return self.intent.client_token


class ChangeLog:
    """The journal of one person's changes of people; any thread may use it."""

    def __init__(self, intents: Intents, limits: Limits, clock: Clock) -> None:
        self._intents = intents
        self._limits = limits
        self._clock = clock

    @contextmanager
    def recorded(
        self, verb: Verb, principal_ids: Sequence[str], *, calls: int = 1, **parameters: str
    ) -> Iterator[LoggedChange]:
        """Write down a change that takes `calls` calls, and its outcome afterwards.

        What is in doubt stays open and is read back by `reconcile`. An older open change of the
        same people in the same place is given up for it. Raises StudioError of kind INVALID for
        more people than can be written down.
        """
        intent = Intent(verb, "", {"principal_ids": " ".join(principal_ids), **parameters})
        if len(intent.parameters["principal_ids"]) > LONGEST_PARAMETER:
            raise StudioError(
                ErrorKind.INVALID,
                "Too many people for one change. No changes made; select fewer.",
            )
        self._give_up_older(intent)
        self._intents.begin(intent, self._clock.now(), self._lease(calls * self._limits.call))
        change = LoggedChange(intent)
        try:
            yield change
        except StudioError as error:
            is_lost = isinstance(error, CallError) and error.maybe_applied
            change.is_in_doubt |= is_lost or error.kind == ErrorKind.UNCERTAIN
            self._close(change, Outcome.REFUSED, error.message)
            raise
        if change.problem:
            self._close(change, Outcome.REFUSED, change.problem)
        else:
            change.is_in_doubt = False
            self._close(change, Outcome.DONE)

    def hold(self, change: LoggedChange, seconds: float) -> None:
        """Leave a change to this process for that much longer, while it is read back."""
        with suppress(StudioError):
            self._intents.hold(change.intent, self._clock.now() + self._lease(seconds))

    def _close(self, change: LoggedChange, outcome: Outcome, note: str = "") -> None:
        # The journal may be closed by now; then the next start finds it open.
        with suppress(StudioError):
            if change.is_in_doubt:
                self._intents.hold(change.intent, self._clock.now())
            else:
                self._intents.close(change.intent, outcome, note)

    def _give_up_older(self, intent: Intent) -> None:
        whom, where = set(intent.principal_ids), _place(intent)
        for record in self._intents.open_on_people():
            older = record.intent
            if _place(older) == where and whom.issuperset(older.principal_ids):
                note = f"Given up: {intent.verb} was requested instead."
                self._intents.close(older, Outcome.LOST, note)

    @staticmethod
    def _lease(seconds: float) -> timedelta:
        return min(timedelta(seconds=seconds + _MARGIN), LONGEST_CLAIM)


def _place(intent: Intent) -> str:
    """Return what a change is about: a launch profile by its id, the admins or the domain."""
    if intent.verb in ON_USER_PROFILES:
        return _DATAZONE
    return intent.parameters.get("launch_profile_id", _ADMINS)
