"""A workspace around a studio in memory, whose calls can be held and let go."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, ParamSpec, TypeVar, cast

from nimble_tui.client.people.plan_runner import run_plan
from nimble_tui.config.settings import Settings
from nimble_tui.core.clock import ManualClock
from nimble_tui.core.history import Event, EventKind
from nimble_tui.core.listing import ListPage
from nimble_tui.core.model import (
    LaunchProfile,
    SessionAction,
    SessionState,
    StreamConfiguration,
    StreamingSession,
    Studio,
)
from nimble_tui.core.people.model import (
    Identity,
    Member,
    MembersReport,
    People,
    Person,
    Role,
    UserProfile,
    UserProfileStatus,
    UserSearchType,
    UserType,
)
from nimble_tui.core.people.plans import Plan, StepState
from nimble_tui.core.people.service import OnStep, PeopleService
from nimble_tui.core.service import ErrorKind, StudioError, StudioInfo, Studios, StudioService
from nimble_tui.view.notices import Notice
from nimble_tui.view.people.person_rows import PersonRow
from nimble_tui.workspace.context import Context
from nimble_tui.workspace.people_snapshot import PeopleSnapshot, PlanRun
from nimble_tui.workspace.ui_state import UiStateFile
from nimble_tui.workspace.workspace import Workspace

P = ParamSpec("P")
T = TypeVar("T")

NOW = datetime(2026, 11, 21, 13, 26, tzinfo=UTC)
INFO = StudioInfo("northwind", "studio-1", "us-west-2", "admin", "Inês Cardoso", demo=True)
PROFILES = tuple(
    LaunchProfile(
        key,
        name=key.title(),
        stream_configuration=StreamConfiguration(
            max_session_length_in_minutes=720, max_stopped_session_length_in_minutes=5_760
        ),
    )
    for key in ("comp", "fx", "lighting")
)
SESSION = StreamingSession("session-1", launch_profile_id="comp", state=SessionState.READY)
TROUBLE = StudioError(ErrorKind.TROUBLE, "The studio could not do that.")


class MemoryStudio:
    """A studio with three people in it: its admin, Theo on all launch profiles, Zofia on none.

    `problems` are raised by the next calls of these names. While `running` is not set, changes
    wait; once the studio is closed they fail, unless it `lingers`.
    """

    def __init__(self) -> None:
        self.info = INFO
        self.calls: list[str] = []
        self.problems: dict[str, list[Exception]] = {}
        self.is_closed = self.lingers = False
        self.running = threading.Event()
        self.running.set()
        self.sessions = {SESSION.session_id: SESSION}
        self.members = {
            "theo": {"comp", "fx", "lighting"},
            "zofia": set[str](),
            "admin": set[str](),
        }
        self.admins = {"admin"}
        self.plans: dict[str, Plan] = {}
        self.personas = ("USER", "REVIEWER")
        self.set_personas: dict[tuple[str, str], str] = {}
        self.events: list[Event] = []
        self.profiles: dict[str, UserProfile] = {}
        self.page_size = 2

    @property
    def people(self) -> "MemoryStudio":
        return self

    @property
    def membership(self) -> "MemoryStudio":
        return self

    @property
    def user_profiles(self) -> "MemoryStudio":
        return self

    def close(self) -> None:
        self.is_closed = True
        if not self.lingers:
            self.running.set()

    def get_studio(self) -> Studio:
        return Studio("studio-1", display_name="Northwind")

    def fail(self, call: str, *problems: Exception) -> None:
        """Let the next calls of a name raise these."""
        self.problems.setdefault(call, []).extend(problems)

    def _called(self, call: str, *about: str) -> None:
        self.calls.append(" ".join((call, *about)))
        if self.problems.get(call):
            raise self.problems[call].pop(0)

    # The people.

    def look(self, *, fresh: bool = False) -> People:
        self._called("look", *["fresh"] * fresh)
        everyone = tuple(
            Person(
                key,
                label=key.title(),
                short_id=key,
                identity=Identity(key, name=key.title()),
                is_admin=key in self.admins,
                is_me=key == INFO.principal_id,
                launch_profile_ids=tuple(sorted(on)),
                sessions=tuple(self.sessions.values()) if key == "theo" else (),
                user_profile=self.profiles.get(key),
                personas={one: self.set_personas.get((one, key), "USER") for one in on},
            )
            for key, on in self.members.items()
        )
        return People(everyone, PROFILES, role=Role.OPERATOR, changes_admins=True)

    def open_plans(self, people: People) -> tuple[Plan, ...]:
        assert people.everyone
        self._called("plans")
        return tuple(self.plans.values())

    def put_launch_profile_members(
        self, launch_profile_id: str, principal_ids: Sequence[str]
    ) -> MembersReport:
        self._change("put", launch_profile_id, *principal_ids)
        for one in principal_ids:
            self.members[one].add(launch_profile_id)
        return MembersReport(tuple(principal_ids))

    def delete_launch_profile_member(self, launch_profile_id: str, principal_id: str) -> None:
        self._change("remove", launch_profile_id, principal_id)
        self.members[principal_id].discard(launch_profile_id)

    def get_launch_profile_member(self, launch_profile_id: str, principal_id: str) -> Member:
        if launch_profile_id not in self.members[principal_id]:
            raise StudioError(ErrorKind.NOT_FOUND, "No such member.")
        return Member(principal_id)

    def update_launch_profile_member(
        self, launch_profile_id: str, principal_id: str, persona: str
    ) -> Member:
        self._change("persona", launch_profile_id, principal_id, persona)
        self.get_launch_profile_member(launch_profile_id, principal_id)
        self.set_personas[launch_profile_id, principal_id] = persona
        what = "people persona"
        at = NOW + timedelta(minutes=len(self.events))
        self.events.append(
            Event(
                *(at, "", EventKind.REQUESTED, what, True),
                launch_profile_id=launch_profile_id,
                principal_ids=(principal_id,),
                value=persona,
            )
        )
        return Member(principal_id, persona=persona)

    def history(self, since: datetime) -> list[Event]:
        self._called("history")
        return [one for one in self.events if one.at >= since]

    # The DataZone domain.

    def get_user_profile(self, user_id: str) -> UserProfile:
        self._called("get profile", user_id)
        if user_id not in self.profiles:
            raise StudioError(ErrorKind.NOT_FOUND, "No such profile.")
        return self.profiles[user_id]

    def create_user_profile(self, user_id: str, user_type: UserType) -> UserProfile:
        self._change("create profile", user_id, user_type)
        self.profiles[user_id] = UserProfile(user_id, type="SSO", status="ASSIGNED")
        return self.profiles[user_id]

    def update_user_profile(
        self, user_id: str, status: UserProfileStatus, type_: str | None = None
    ) -> UserProfile:
        self._change("set status", user_id, status, type_ or "")
        self.profiles[user_id] = replace(self.get_user_profile(user_id), status=status.value)
        return self.profiles[user_id]

    def search_page(
        self, text: str, user_type: UserSearchType, next_token: str = ""
    ) -> ListPage[UserProfile]:
        self._called("search", text, user_type, *[next_token] * bool(next_token))
        iam = user_type == UserSearchType.DATAZONE_IAM_USER
        found = [
            one
            for one in self.profiles.values()
            if (one.type == "IAM") == iam and text in one.user_id
        ]
        start = int(next_token or 0)
        end = start + self.page_size
        return ListPage(tuple(found[start:end]), str(end) if end < len(found) else "")

    def _change(self, call: str, *about: str) -> None:
        self._called(call, *about)
        self.running.wait(30)
        if self.is_closed and not self.lingers:
            raise StudioError(ErrorKind.UNREACHABLE, "The studio was closed.")

    # Plans.

    def run(self, plan: Plan, on_step: OnStep | None = None) -> Plan:
        self._called("run")
        return run_plan(plan, cast("PeopleService", self), self.keep, on_step)

    def tick(self, plan: Plan, step_id: str) -> Plan:
        self._called("tick", step_id)
        self.keep(ticked := plan.ticking(step_id))
        return ticked

    def skip(self, plan: Plan, step_ids: Set[str]) -> Plan:
        self._change("skip", *sorted(step_ids))
        self.keep(skipping := plan.skipping(step_ids))
        return skipping

    def drop(self, plan: Plan) -> None:
        self._called("drop")
        self.plans.pop(plan.key, None)

    def keep(self, plan: Plan) -> None:
        self.plans[plan.key] = plan
        if plan.is_done:
            del self.plans[plan.key]

    # Workstations.

    def act(
        self, action: SessionAction, session_id: str, *, gives_up: bool = False
    ) -> StreamingSession:
        assert not gives_up
        self._called(action.value, session_id)
        session = self.sessions[session_id]
        if action == SessionAction.DELETE:
            del self.sessions[session_id]
            return replace(session, state=SessionState.DELETE_IN_PROGRESS)
        self.sessions[session_id] = replace(session, state=SessionState.STOP_IN_PROGRESS)
        return self.sessions[session_id]

    def get_streaming_session(self, session_id: str) -> StreamingSession:
        return self.sessions[session_id]


class Calls:
    """Runs what may block in threads; the answers can be held and let go."""

    def __init__(self) -> None:
        self.threads = ThreadPoolExecutor(4)
        self.held = 0
        self._gate = asyncio.Event()
        self._gate.set()

    async def __call__(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        gate = self._gate
        loop = asyncio.get_running_loop()
        answer = loop.run_in_executor(self.threads, lambda: fn(*args, **kwargs))
        await asyncio.wait([answer])
        if not gate.is_set():
            self.held += 1
            await gate.wait()
            self.held -= 1
        return answer.result()

    def hold(self) -> asyncio.Event:
        """Hold the answers to calls that begin from now on, until the event is set."""
        self._gate = asyncio.Event()
        return self._gate

    def hold_no_others(self) -> None:
        """Answer later calls at once; what is held stays held."""
        self._gate = asyncio.Event()
        self._gate.set()


class MemoryStudios:
    """Opens the studio in memory, and one that is empty after that was closed."""

    def __init__(self) -> None:
        self.studio = MemoryStudio()

    def open(self, name: str) -> StudioService:
        assert name == INFO.name
        if self.studio.is_closed:
            self.studio = MemoryStudio()
        return cast("StudioService", self.studio)


@dataclass
class PeopleBench:
    """A workspace that is open, and what came of it."""

    workspace: Workspace
    studios: MemoryStudios
    calls: Calls
    clock: ManualClock
    notices: list[Notice]
    mistakes: list[tuple[str, Exception]]
    changes: list[PeopleSnapshot]

    @property
    def studio(self) -> MemoryStudio:
        return self.studios.studio

    @property
    def snapshot(self) -> PeopleSnapshot:
        return self.workspace.snapshot.people

    @property
    def people(self) -> People:
        assert self.snapshot.people is not None
        return self.snapshot.people

    @property
    def texts(self) -> list[str]:
        """What was notified, each as its title and text."""
        return [f"{one.title}: {one.text}" if one.title else one.text for one in self.notices]

    def person(self, key: str) -> Person:
        person = self.people.person(key)
        assert person is not None
        return person

    def row(self, key: str) -> PersonRow:
        return next(row for row in self.snapshot.rows if row.key == key)

    def run_of(self, plan: Plan) -> PlanRun:
        return self.snapshot.runs[plan.key]

    def steps(self, plan: Plan) -> list[tuple[str, StepState]]:
        """Return the steps of a run by id as their states changed, in the order of the screen."""
        shown: list[tuple[str, StepState]] = []
        before = plan
        for one in self.changes:
            if (known := one.runs.get(plan.key)) is None:
                continue
            for old, new in zip(before.steps, known.plan.steps, strict=True):
                if old.state != new.state:
                    shown.append((new.id, new.state))
            before = known.plan
        return shown

    async def reopen(self) -> None:
        """Close the studio and open it again, as after a sign-in."""
        self.workspace.connection.close()
        await self.workspace.connection.open()

    async def settled(self) -> None:
        """Wait until nothing is under way."""
        await until(lambda: not self.workspace.tasks.count)

    async def refreshed(self) -> None:
        """Read the people."""
        self.workspace.people.refresh()
        await self.settled()


async def until(condition: Callable[[], object]) -> None:
    """Wait until something is so; fail when it is not after many looks."""
    for _ in range(10_000):
        if condition():
            return
        await asyncio.sleep(0.001)
    raise AssertionError("never came true")


def play(
    scenario: Callable[[PeopleBench], Coroutine[Any, Any, None]], *, is_open: bool = True
) -> None:
    """Open a workspace, read its people, and do with it what the scenario says."""
    calls, studios = Calls(), MemoryStudios()

    async def scene() -> None:
        bench = _bench(calls, studios)
        try:
            if is_open:
                await bench.workspace.connection.open()
                await bench.refreshed()
                bench.studio.calls.clear()
                bench.changes.clear()
            await scenario(bench)
        finally:
            bench.workspace.close()

    try:
        asyncio.run(scene())
    finally:
        studios.studio.running.set()
        calls.threads.shutdown()


def _bench(calls: Calls, studios: MemoryStudios) -> PeopleBench:
    loop, clock = asyncio.get_running_loop(), ManualClock(NOW)
    notices: list[Notice] = []
    mistakes: list[tuple[str, Exception]] = []

    def spawn(work: Callable[[], Coroutine[Any, Any, None]], name: str) -> asyncio.Task[None]:
        return loop.create_task(work(), name=name)

    async def wait(event: asyncio.Event, seconds: float | None) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(event.wait(), seconds)

    context = Context(
        studios=cast("Studios", studios),
        clock=clock,
        tz=UTC,
        call=calls,
        spawn=spawn,
        wait=wait,
        notify=notices.append,
        open_url=lambda _: None,
        settings=Settings,
        key_of=str,
        ui_state=UiStateFile(calls.threads),
        is_focused=lambda: True,
        jitter=lambda: 0.5,
        close_service=lambda service: service.close(),
        report=lambda name, error: mistakes.append((name, error)),
    )
    workspace = Workspace(context, INFO)
    changes: list[PeopleSnapshot] = []
    workspace.store.subscribe(lambda: changes.append(workspace.snapshot.people))
    return PeopleBench(workspace, studios, calls, clock, notices, mistakes, changes)
