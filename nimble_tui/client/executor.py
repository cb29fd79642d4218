"""Executes confirmed requests: journal, send, record the outcome."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from nimble_tui.client.api_client import ApiClient
from nimble_tui.client.intent import LONGEST_TOKEN, Intent, Verb, ask
from nimble_tui.client.journal.intents import Outcome, Record
from nimble_tui.client.journal.journal import Pages
from nimble_tui.client.journal.own_rows import LONGEST_CLAIM
from nimble_tui.client.queries import StudioReader
from nimble_tui.client.transport import Limits
from nimble_tui.core.clock import Clock
from nimble_tui.core.model import StreamingSession
from nimble_tui.core.service import ErrorKind, StudioError
from nimble_tui.core.text import clean_id

TEMPORARY = frozenset(
    {
        ErrorKind.UNREACHABLE,
        ErrorKind.UNCERTAIN,
        ErrorKind.THROTTLED,
        ErrorKind.TROUBLE,
        ErrorKind.NOT_SIGNED_IN,
        ErrorKind.SETTINGS,
        ErrorKind.CLOCK,
        ErrorKind.CONFLICT,
    }
)
"""Error kinds that are temporary."""

CLOCKS_DIFFER = timedelta(minutes=15)
"""The clock difference between studio and computer that a signature tolerates."""

LATEST_ARRIVAL = 2 * CLOCKS_DIFFER
"""The longest time after which a sent request can still be executed by the studio."""

_MARGIN = 3.0
_DONE_AS = {
    Verb.LAUNCH: "launched",
    Verb.START: "started",
    Verb.STOP: "stopped",
    Verb.DELETE: "deleted",
}


@dataclass(slots=True)
class Launched:
    """The outcome of an intent: the id of the launched workstation.

    One that is not yet reported stays open, so that the same launch finds it again.
    """

    session_id: str | None = None
    is_reported: bool = True


@dataclass(frozen=True, slots=True)
class Executor:
    """Executes requests in a studio, with a reader, an API client and the journal."""

    reader: StudioReader
    api: ApiClient
    pages: Pages
    limits: Limits
    clock: Clock
    failing: dict[str, float] = field(default_factory=dict)
    """Since when the next step of Keep fails, in monotonic seconds, by the workstation's id."""

    def send(self, intent: Intent) -> Mapping[str, Any]:
        """Send an intent and return the studio's reply; CallError on failure."""
        studio_id = self.reader.info.studio_id
        return self.api.call(lambda client: ask(client, studio_id, intent))

    @contextmanager
    def recorded(self, intent: Intent, state_before: str = "") -> Iterator[Launched]:
        """Record an intent before its first byte is sent, and its outcome afterwards.

        What ends as UNCERTAIN stays open: `reconcile` reads back what came of it. A refusal says
        nothing of an earlier request under the same token, which stays in doubt.
        """
        intents, now = self.pages.intents, self.clock.now()
        earlier = intents.find(intent.client_token)
        is_in_doubt = earlier is not None and earlier.is_done is not False
        intents.begin(intent, now, self._lease(self.limits.call), state_before)
        made = Launched()
        try:
            yield made
        except StudioError as error:
            # The journal may be closed by now; then the next start finds it open.
            with suppress(StudioError):
                if error.kind == ErrorKind.UNCERTAIN:
                    intents.hold(intent, self.clock.now())
                else:
                    refused = Outcome.LOST if is_in_doubt else Outcome.REFUSED
                    intents.close(intent, refused, error.message)
            raise
        with suppress(StudioError):
            if made.is_reported or made.session_id is None:
                intents.close(intent, Outcome.DONE, session_id=made.session_id)
            else:
                self.made(intent, made.session_id)

    def hold(self, intent: Intent, seconds: float) -> None:
        """Keep an intent in our hands for that much longer, while it is read back."""
        with suppress(StudioError):
            self.pages.intents.hold(intent, self.clock.now() + self._lease(seconds))

    def made(self, intent: Intent, session_id: str) -> None:
        """Record the id of a launched workstation, which this process reports."""
        self.pages.intents.made(intent, session_id, self.clock.now() + LONGEST_CLAIM)

    def earlier(self, intent: Intent) -> Record | None:
        """Return the earlier request with the same token.

        StudioError of kind INVALID when the token is none, or was used for something else.
        """
        token = intent.client_token
        if not (1 <= len(token) <= LONGEST_TOKEN and all("!" <= one <= "~" for one in token)):
            raise StudioError(
                ErrorKind.INVALID,
                f"A token has 1 to {LONGEST_TOKEN} letters, digits and punctuation marks without "
                "spaces; use another one.",
            )
        record = self.pages.intents.find(token)
        if record is not None and not _is_same(record.intent, intent):
            raise StudioError(
                ErrorKind.INVALID,
                f"Token {clean_id(token)} was already used for another request "
                f"({record.intent.verb}, {day(record.requested_at)}); use a new token.",
            )
        return record

    def title(self, session: StreamingSession) -> str:
        """Return a workstation's title, by its launch profile where that can be read."""
        profile = None
        if session.launch_profile_id and not session.tags.get("Name"):
            try:
                profile = self.reader.get_launch_profile(session.launch_profile_id)
            except StudioError:
                profile = self.reader.last_seen_profile(session.launch_profile_id)
        return session.title(profile)

    def current_session(self, record: Record) -> StreamingSession:
        """Return the workstation of an intent that was done before; nothing is done again."""
        try:
            return self.reader.get_streaming_session(record.intent.session_id)
        except StudioError as error:
            if error.kind != ErrorKind.NOT_FOUND:
                raise
        done = _DONE_AS.get(record.intent.verb, "changed")
        raise StudioError(
            ErrorKind.NOT_FOUND,
            f"Workstation {clean_id(record.intent.session_id)[-4:]} was {done} with this token on "
            f"{day(record.requested_at)}, and no longer exists; use a new token.",
        )

    @staticmethod
    def _lease(seconds: float) -> timedelta:
        return timedelta(seconds=seconds + _MARGIN)


def day(at: datetime) -> str:
    """Return a time's day as people here write it: `21 November 2026`."""
    here = at.astimezone()
    return f"{here.day} {here:%B %Y}"


def when(moment: datetime, now: datetime) -> str:
    """Return a time as people here write it: `at 12:03`, with its day where that is not today."""
    here = moment.astimezone()
    at = f"at {here:%H:%M}"
    return at if here.date() == now.astimezone().date() else f"{at} on {day(moment)}"


def _is_same(one: Intent, other: Intent) -> bool:
    # A launch gets the id of its workstation once there is one.
    same_place = one.verb == Verb.LAUNCH or one.session_id == other.session_id
    return one.verb == other.verb and same_place and one.parameters == other.parameters
