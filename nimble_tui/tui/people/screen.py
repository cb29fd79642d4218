"""The part of the main screen that knows who is in the studio, and changes who may do what."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from textual import on, work
from textual.message import Message
from textual.reactive import reactive
from textual.worker import Worker, WorkerState

from nimble_tui.core.service import ErrorKind, StudioError
from nimble_tui.tui.messages import MISTAKE
from nimble_tui.tui.screens.telling import TellingScreen
from nimble_tui.view.notices import Notice

if TYPE_CHECKING:
    from datetime import datetime

    from nimble_tui.core.people.changes import Wish
    from nimble_tui.core.people.model import People, UserProfile
    from nimble_tui.core.people.plans import Plan
    from nimble_tui.core.service import StudioService
    from nimble_tui.view.people.person_rows import PersonRow

_LONG = 12.0


class PeopleSight(NamedTuple):
    """What is known of the people; `problem` says why the last look did not work.

    `plans` were begun and are not finished; `deleting` are workstations that were asked to go.
    """

    people: People | None = None
    rows: tuple[PersonRow, ...] = ()
    plans: tuple[Plan, ...] = ()
    seen_at: datetime | None = None
    problem: str = ""
    deleting: frozenset[str] = frozenset()


class PeopleScreen(TellingScreen):
    """Looks at the people and sends confirmed changes; workers only send it messages."""

    who: reactive[PeopleSight] = reactive(PeopleSight, repaint=False)

    @dataclass(eq=False, repr=False)
    class Seen(Message):
        """Everybody as look number `request` told, and the plans that are not finished."""

        service: StudioService
        request: int
        at: datetime
        people: People
        plans: tuple[Plan, ...]

    @dataclass(eq=False, repr=False)
    class NotSeen(Message):
        """Look number `request` did not work."""

        service: StudioService
        request: int
        error: StudioError

    @dataclass(eq=False, repr=False)
    class Changed(Message):
        """What came of a change: `error` when it did not work."""

        service: StudioService
        wish: Wish
        user_profile: UserProfile | None = None
        error: StudioError | None = None

    _people: _State

    def begin(self) -> None:
        """Know nobody yet."""
        self._people = _State()
        super().begin()

    def is_busy(self) -> bool:
        """Return whether an answer is waited for that must not get lost."""
        return super().is_busy() or bool(self._people.pending)

    # Looking.

    @property
    def looking_at_people(self) -> bool:
        """Whether a look is under way."""
        return self._people.looking

    def look_at_people(self, *, fresh: bool = False) -> None:
        """Look who is there; what is under way is looked at again after it."""
        state = self._people
        if self.service is None:
            return  # as soon as it answers, whoever shows people asks again
        if state.looking:
            state.again = True
            return
        state.looking, state.again = True, False
        self._look_at_people(self.service, state.request, fresh=fresh)

    @work(
        thread=True,
        exclusive=False,
        exit_on_error=False,
        group="people",
        description="look who is in the studio",
    )
    def _look_at_people(self, service: StudioService, request: int, *, fresh: bool) -> None:
        at = self.now
        try:
            found = service.people.look(fresh=fresh)
            plans = service.people.open_plans(found)
        except StudioError as error:
            self.post_message(self.NotSeen(service, request, error))
        else:
            self.post_message(self.Seen(service, request, at, found, plans))

    @on(Seen)
    def _people_seen(self, message: Seen) -> None:
        if not self._people_heard(message.service):
            return
        if message.request != self._people.request:
            self.look_at_people()  # something was changed since it was asked
            return
        state = self._people
        deleting = self.who.deleting - state.answered
        state.answered.clear()
        self._tell_people(
            message.people, plans=message.plans, seen_at=message.at, problem="", deleting=deleting
        )
        self._people_again()

    @on(NotSeen)
    def _people_not_seen(self, message: NotSeen) -> None:
        if self._people_heard(message.service):
            self.who = self.who._replace(problem=message.error.message)
            self._people_again()

    def _people_heard(self, service: StudioService) -> bool:
        """Note that a look ended; return whether it was at the studio as it is open now."""
        self._people.looking = False
        return service is self.service

    def _people_again(self) -> None:
        if self._people.again:
            self.look_at_people()

    def _tell_people(self, found: People | None, **more: object) -> None:
        from nimble_tui.view.people import person_rows

        before = self.who
        rows = person_rows.rows_of(found, before.rows, self._people.pending) if found else ()
        self.who = before._replace(people=found, rows=rows, **more)  # type: ignore[arg-type]

    # Changes.

    def wish(self, wish: Wish) -> None:
        """Send a confirmed change; the row shows at once that it is under way."""
        service, pending = self.service, self._people.pending
        if service is None:
            self.notify(self.UNANSWERED, severity="warning")
            return
        if wish.about in pending:
            self.notify("That is being changed already; wait a moment.", severity="warning")
            return
        pending.add(wish.about)
        self._tell_people(self.who.people)
        self._send_wish(service, wish)

    @work(
        thread=True,
        exclusive=False,
        exit_on_error=False,
        group="change people",
        description="change who may do what",
    )
    def _send_wish(self, service: StudioService, wish: Wish) -> None:
        from nimble_tui.core.sending import send_change

        try:
            user_profile = send_change(service, wish)
        except StudioError as error:
            self.post_message(self.Changed(service, wish, error=error))
        except Exception:
            self.post_message(self.Changed(service, wish, error=mistake()))
            raise
        else:
            self.post_message(self.Changed(service, wish, user_profile))

    @on(Changed)
    def _person_changed(self, message: Changed) -> None:
        from nimble_tui.view.people import changes

        self._people.pending.discard(message.wish.about)
        if message.service is not self.service:
            return
        found, wish = self.who.people, message.wish
        if message.error is not None:
            self.tell(
                Notice(message.error.message, changes.sentences(wish).heading, "error", _LONG)
            )
        else:
            found = wish.done(found, message.user_profile) if found else None
            self.tell(Notice(changes.sentences(wish).done))
        self._tell_people(found)
        self.look_anew()

    def look_anew(self, done: str = "") -> None:
        """Look again because something was done; `done` is a workstation that was answered for."""
        if done:
            self._people.answered.add(done)
        self._people.request += 1
        self.look_at_people()

    # A mistake of our own must not leave it looking for ever.

    @on(Worker.StateChanged)
    def _people_worker_changed(self, event: Worker.StateChanged) -> None:
        if event.state == WorkerState.ERROR and event.worker.group == "people":
            self._people.looking = False
            self.who = self.who._replace(problem=MISTAKE)


@dataclass(slots=True)
class _State:
    looking: bool = False
    again: bool = False
    request: int = 0
    pending: set[tuple[str, str]] = field(default_factory=set)
    answered: set[str] = field(default_factory=set)


def mistake() -> StudioError:
    """Return the error that stands for a mistake of our own."""
    return StudioError(ErrorKind.TROUBLE, MISTAKE)
