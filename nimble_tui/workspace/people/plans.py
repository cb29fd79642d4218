"""Reviewed plans: run step by step, and the workstations that a person leaves behind."""

from __future__ import annotations

from asyncio import Lock, get_running_loop
from contextlib import asynccontextmanager, suppress
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from nimble_tui.core.model import SessionAction
from nimble_tui.core.sending import stop_all
from nimble_tui.core.service import StudioError
from nimble_tui.core.unclear_steps import can_be_given_up
from nimble_tui.view.notices import Notice
from nimble_tui.view.people import plan_notices
from nimble_tui.workspace.people_snapshot import PlanRun
from nimble_tui.workspace.permissions import UNANSWERED
from nimble_tui.workspace.tasks import mistake

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from nimble_tui.core.model import StreamingSession
    from nimble_tui.core.people.plans import Plan, Step
    from nimble_tui.core.people.service import PeopleService
    from nimble_tui.core.service import StudioService
    from nimble_tui.workspace.connection import Connection
    from nimble_tui.workspace.context import Context
    from nimble_tui.workspace.people.directory import Directory
    from nimble_tui.workspace.store import Store
    from nimble_tui.workspace.tasks import Tasks

_LONG = 12.0

Note: TypeAlias = "Callable[[PeopleService, Plan], Plan | None]"
"""Notes something of a plan as it stands by then, and returns the plan after that."""


class Plans:
    """Runs plans and notes how they stand.

    `is_shown` says of a plan that it is on the screen, which then shows itself how a run ended.
    """

    def __init__(
        self,
        context: Context,
        store: Store,
        tasks: Tasks,
        connection: Connection,
        directory: Directory,
    ) -> None:
        self._context = context
        self._store = store
        self._tasks = tasks
        self._connection = connection
        self._directory = directory
        self._one_at_a_time = Lock()
        self._noting: list[str] = []
        self._latest: dict[str, Plan] = {}
        self.is_shown: Callable[[Plan], bool] = lambda _plan: False

    def run(self, plan: Plan) -> None:
        """Run the remaining steps of a reviewed plan, unless it is running."""
        service, run = self._connection.service, self._run_of(plan.key)
        if service is None:
            self._context.notify(Notice(UNANSWERED, severity="warning"))
        elif run is None or not run.is_running:
            self._note_run(PlanRun(plan, is_running=True))
            self._noting.append(plan.key)
            self._tasks.start(
                "run a plan step by step",
                self._run(service, plan),
                lambda: self._failed(service, plan.key, mistake()),
            )

    async def _run(self, service: StudioService, plan: Plan) -> None:
        loop = get_running_loop()

        def report(step: Step) -> None:
            with suppress(RuntimeError):  # the loop was closed; the plan is finished all the same
                loop.call_soon_threadsafe(self._stepped, service, plan.key, step)

        async with self._after_notes(plan) as latest:
            self._note_run(PlanRun(latest, is_running=True))
        try:
            ended = await self._context.call(service.people.run, latest, report)
        except StudioError as error:
            self._failed(service, plan.key, error)
        else:
            self._ended(service, PlanRun(ended))

    def _stepped(self, service: StudioService, key: str, step: Step) -> None:
        run = self._run_of(key)
        if run is not None and service is self._connection.service:
            self._note_run(run._replace(plan=run.plan.with_step(step)))

    def _failed(self, service: StudioService, key: str, error: StudioError) -> None:
        run = self._run_of(key)
        if run is not None:
            self._ended(service, PlanRun(run.plan, problem=error.message))

    def _ended(self, service: StudioService, run: PlanRun) -> None:
        self._note_run(run)
        if service is not self._connection.service:
            return
        if not self.is_shown(run.plan):
            self._context.notify(plan_notices.of_end(run.plan, run.problem))
        self._directory.refresh_after_change()

    def forget_run(self, key: str) -> None:
        """Remove the outcome of a run of a plan."""
        runs = self._store.snapshot.people.runs
        self._store.change_people(runs=_with_run(runs, key, None))

    def _note_run(self, run: PlanRun) -> None:
        runs = self._store.snapshot.people.runs
        self._store.change_people(runs=_with_run(runs, run.plan.key, run))

    def _run_of(self, key: str) -> PlanRun | None:
        return self._store.snapshot.people.runs.get(key)

    # What is noted of a plan.

    def tick(self, plan: Plan, step_id: str) -> None:
        """Note that the operator did a step."""
        self._note(plan, lambda service, latest: service.tick(latest, step_id))

    def skip(self, plan: Plan, step_id: str) -> None:
        """Skip a step of a plan, or include it again."""
        self._note(plan, lambda service, latest: service.skip(latest, latest.skipped ^ {step_id}))

    def drop(self, plan: Plan) -> None:
        """Discard a plan; finished steps stay done."""
        self._note(plan, lambda service, latest: service.drop(latest))

    def _note(self, plan: Plan, note: Note) -> None:
        service = self._connection.service
        if service is not None:
            self._noting.append(plan.key)
            self._tasks.start(
                "note how a plan stands",
                self._send_note(service, plan, note),
                lambda: self._not_noted(service, mistake()),
            )

    async def _send_note(self, service: StudioService, plan: Plan, note: Note) -> None:
        try:
            async with self._after_notes(plan) as latest:
                noted = await self._context.call(note, service.people, latest)
                self._latest[plan.key] = noted or latest
        except StudioError as error:
            self._not_noted(service, error)
        else:
            self._noted(service, plan.key, noted)

    @asynccontextmanager
    async def _after_notes(self, plan: Plan) -> AsyncIterator[Plan]:
        """Wait for all earlier notes, and yield the plan as they left it."""
        try:
            async with self._one_at_a_time:
                yield self._latest.get(plan.key, plan)
        finally:
            self._noting.remove(plan.key)
            if plan.key not in self._noting:
                self._latest.pop(plan.key, None)

    def _noted(self, service: StudioService, key: str, plan: Plan | None) -> None:
        if service is not self._connection.service:
            return
        known, run = self._store.snapshot.people, self._run_of(key)
        others = tuple(one for one in known.plans if one.key != key)
        begun = (plan,) if plan is not None and not plan.is_done else ()
        runs = known.runs
        if run is None or not run.is_running:  # a run that waits shows the plan itself
            runs = _with_run(runs, key, PlanRun(plan) if plan is not None else None)
        self._store.change_people(plans=(*others, *begun), runs=runs)
        self._directory.refresh_after_change()

    def _not_noted(self, service: StudioService, error: StudioError) -> None:
        if service is self._connection.service:
            self._context.notify(Notice(error.message, "Plan", "error", _LONG))

    # Workstations of a person who leaves.

    def stop_sessions(self, session_ids: tuple[str, ...], name: str) -> None:
        """Stop the workstations of a person called `name`, which was confirmed."""
        service = self._connection.service
        if service is None:
            return

        def ended(error: StudioError | None) -> None:
            done = f"The workstations of {name} are being stopped."
            self._answered(service, f"Stop {name}'s workstations", done, error)

        self._request("stop what a leaver runs", ended, partial(stop_all, service, session_ids))

    def delete_session(self, session: StreamingSession, title: str) -> None:
        """Delete a leaver's workstation or give up its step, as its state says; confirmed."""
        service, key = self._connection.service, session.session_id
        deleting = self._store.snapshot.people.deleting
        if service is None or key in deleting:
            return
        self._store.change_people(deleting=deleting | {key})
        gives_up = can_be_given_up(session)

        def ended(error: StudioError | None) -> None:
            done = f"{title} is {'given up' if gives_up else 'being deleted'}."
            self._answered(service, f"Delete {title}", done, error, deleted=key)

        delete = partial(service.act, SessionAction.DELETE, key, gives_up=gives_up)
        self._request("delete a leaver's workstation", ended, delete)

    def _request(
        self, name: str, ended: Callable[[StudioError | None], None], request: Callable[[], object]
    ) -> None:
        """Send a request, then call `ended` with what went wrong; None where nothing did."""
        self._tasks.start(name, self._send(ended, request), lambda: ended(mistake()))

    async def _send(
        self, ended: Callable[[StudioError | None], None], request: Callable[[], object]
    ) -> None:
        try:
            await self._context.call(request)
        except StudioError as error:
            ended(error)
        else:
            ended(None)

    def _answered(
        self,
        service: StudioService,
        title: str,
        done: str,
        error: StudioError | None,
        *,
        deleted: str = "",
    ) -> None:
        if service is not self._connection.service:
            deleting = self._store.snapshot.people.deleting
            self._store.change_people(deleting=deleting - {deleted})
            return
        notice = Notice(error.message, title, "error", _LONG) if error else Notice(done)
        self._context.notify(notice)
        self._directory.refresh_after_change(deleted)


def _with_run(runs: Mapping[str, PlanRun], key: str, run: PlanRun | None) -> Mapping[str, PlanRun]:
    """Return the runs with that of one plan replaced, or without it where `run` is None."""
    if runs.get(key) is run:
        return runs
    others = {one: other for one, other in runs.items() if one != key}
    return MappingProxyType(others if run is None else {**others, key: run})
