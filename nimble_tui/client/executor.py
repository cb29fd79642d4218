"""Where confirmed actions are done: each written down, sent, and closed by a definite answer."""

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
"""What keeps a studio from being asked now, and may be over by the next time."""

CLOCKS_DIFFER = timedelta(minutes=15)
"""How far the clocks of a studio and of this computer may be apart for a signature to hold."""

LATEST_ARRIVAL = 2 * CLOCKS_DIFFER
"""How long after it was sent a request can still reach the studio and be done there."""

_MARGIN = 3.0
_DONE_AS = {
    Verb.LAUNCH: "launched",
    Verb.START: "started",
    Verb.STOP: "stopped",
    Verb.DELETE: "deleted",
}


@dataclass(slots=True)
class Launched:
    """What came of an intent: the id of the workstation that a launch made.

    One that is not yet reported stays open, so that the same launch finds it again.
    """

    session_id: str | None = None
    is_reported: bool = True


@dataclass(frozen=True, slots=True)
class Executor:
    """What it takes to act in a studio: eyes, a wire, and the journal."""

    reader: StudioReader
    api: ApiClient
    pages: Pages
    limits: Limits
    clock: Clock
    failing: dict[str, float] = field(default_factory=dict)
    """Since when the next step of Keep fails, in monotonic seconds, by the workstation's id."""

    def send(self, intent: Intent) -> Mapping[str, Any]:
        """Return the studio's answer to an intent; CallError when there is none that is good."""
        studio_id = self.reader.info.studio_id
        return self.api.call(lambda client: ask(client, studio_id, intent))

    @contextmanager
    def recorded(self, intent: Intent, state_before: str = "") -> Iterator[Launched]:
        """Write an intent down before the first byte of it is sent, and what came of it after.

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
        """Write down what a launch made, and leave reporting it to this process for a while."""
        self.pages.intents.made(intent, session_id, self.clock.now() + LONGEST_CLAIM)

    def earlier(self, intent: Intent) -> Record | None:
        """Return what was asked before under the same token.

        StudioError of kind INVALID when the token is none, or was used for something else.
        """
        token = intent.client_token
        if not (1 <= len(token) <= LONGEST_TOKEN and all("!" <= one <= "~" for one in token)):
            raise StudioError(
                ErrorKind.INVALID,
                f"A token is 1 to {LONGEST_TOKEN} letters, digits and signs without blanks; "
                "choose another one.",
            )
        record = self.pages.intents.find(token)
        if record is not None and not _is_same(record.intent, intent):
            raise StudioError(
                ErrorKind.INVALID,
                f"The token {clean_id(token)} was used for another request "
                f"({record.intent.verb}) on {day(record.requested_at)}; "
                "every request needs a token of its own.",
            )
        return record

    def title(self, session: StreamingSession) -> str:
        """Return what a workstation is called, by its launch profile where that can be read."""
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
        done = _DONE_AS.get(record.intent.verb, "acted on")
        raise StudioError(
            ErrorKind.NOT_FOUND,
            f"The workstation {clean_id(record.intent.session_id)[-4:]} was {done} under this "
            f"token on {day(record.requested_at)}, and the studio does not know it any more; "
            "use another token to do it anew.",
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
