"""The running workstations of a person who is about to lose a launch profile."""

from dataclasses import dataclass

from nimble_tui.core.model import SessionAction, SessionState
from nimble_tui.core.people.model import RUNNING, People, Person
from nimble_tui.core.people.plans import Plan, PlanKind
from nimble_tui.core.rules import Allowed, check_action

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class RunningSessions:
    """A person's running workstations, by name; `to_stop` are the ids of those to stop.

    A workstation that cannot be stopped now, or ever, is counted and not among those to stop.
    """

    titles: tuple[str, ...] = ()
    to_stop: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.titles)

    @property
    def sentence(self) -> str:
        """A sentence about how many run and which; empty if none does."""
        if not self.titles:
            return ""
        named = ", ".join(self.titles[:_MOST_NAMED])
        more = len(self.titles) - _MOST_NAMED
        every = f"{named} and {more} more" if more > 0 else named
        left = len(self.titles) - len(self.to_stop)
        cannot = f" {left} of them cannot be stopped now." if left else ""
        if len(self.titles) == 1:
            return f"1 workstation is running: {every}.{' It cannot be stopped now.' * left}"
        return f"{len(self.titles)} workstations are running: {every}.{cannot}"


def running_sessions_of(
    people: People, person: Person, launch_profile_id: str | None = None
) -> RunningSessions:
    """Return a person's running workstations, of one launch profile where that is given."""
    titles, to_stop = [], []
    for session in person.sessions:
        where = session.launch_profile_id or ""
        of_another = launch_profile_id is not None and where != launch_profile_id
        stopping = session.state == SessionState.STOP_IN_PROGRESS
        if session.state not in RUNNING or of_another or stopping:
            continue
        profile = people.launch_profile(where)
        titles.append(session.title(profile))
        if isinstance(check_action(SessionAction.STOP, session, profile), Allowed):
            to_stop.append(session.session_id)
    return RunningSessions(tuple(titles), tuple(to_stop))


def sessions_left_running(people: People | None, plan: Plan) -> RunningSessions:
    """Return the running workstations of a person whom a plan offboards."""
    person = people.person(plan.principal_id) if people else None
    if people is None or person is None or plan.kind != PlanKind.OFFBOARD:
        return RunningSessions()
    return running_sessions_of(people, person)
