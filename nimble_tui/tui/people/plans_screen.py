"""The part of the main screen that does reviewed plans, and deletes what leavers leave behind."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import on, work
from textual.message import Message
from textual.reactive import reactive

from nimble_tui.core.model import SessionAction
from nimble_tui.core.service import StudioError
from nimble_tui.tui import commands
from nimble_tui.tui.people.screen import PeopleScreen, mistake
from nimble_tui.view.notices import Notice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Set

    from textual.binding import BindingType

    from nimble_tui.core.model import StreamingSession
    from nimble_tui.core.people.plans import Plan, Step
    from nimble_tui.core.people.service import PeopleService
    from nimble_tui.core.service import StudioService

_LONG = 12.0


class Run(NamedTuple):
    """A plan that was run in this window: how it stands, whether it goes on, why it stopped."""

    plan: Plan
    running: bool = False
    problem: str = ""


def plan_key(plan: Plan) -> str:
    """Return what a plan is known by: there is one of a kind for a person."""
    return f"{plan.kind}:{plan.principal_id}"


class PlansScreen(PeopleScreen):
    """Runs plans and keeps how they stand; workers only send it messages."""

    BINDINGS: ClassVar[list[BindingType]] = [*commands.bindings(("people",))]

    runs: reactive[Mapping[str, Run]] = reactive(MappingProxyType({}), repaint=False)

    @dataclass(eq=False, repr=False)
    class Stepped(Message):
        """A step of a plan is in another state now."""

        service: StudioService
        key: str
        step: Step

    @dataclass(eq=False, repr=False)
    class Ended(Message):
        """A run of a plan came to its end; `error` says why it stopped before."""

        service: StudioService
        key: str
        plan: Plan | None = None
        error: StudioError | None = None

    @dataclass(eq=False, repr=False)
    class Kept(Message):
        """A plan was ticked, or dropped where `plan` is None."""

        service: StudioService
        key: str
        plan: Plan | None = None
        error: StudioError | None = None

    @dataclass(eq=False, repr=False)
    class Gone(Message):
        """Somebody's workstation was asked to go; `error` says why it does not."""

        service: StudioService
        session_id: str
        title: str
        error: StudioError | None = None

    @dataclass(eq=False, repr=False)
    class Stopped(Message):
        """Stops of a person's workstations were requested; `error` says why one was not."""

        service: StudioService
        name: str
        error: StudioError | None = None

    def action_people(self) -> None:
        """Show who is in the studio."""
        from nimble_tui.tui.people.page import PeoplePage

        self.look_at_people()
        self.app.push_screen(PeoplePage(self))

    def is_busy(self) -> bool:
        """Return whether an answer is waited for that must not get lost."""
        return super().is_busy() or any(one.running for one in self.runs.values())

    def run_plan(self, plan: Plan) -> None:
        """Do what a reviewed plan still lacks, in a worker; once at a time."""
        key = plan_key(plan)
        known = self.runs.get(key)
        if self.service is None:
            self.notify(self.UNANSWERED, severity="warning")
        elif known is None or not known.running:
            self._note_run(key, Run(plan, running=True))
            self._run_plan(self.service, key, plan)

    @work(
        thread=True,
        exclusive=False,
        exit_on_error=False,
        group="plan",
        description="do a plan step by step",
    )
    def _run_plan(self, service: StudioService, key: str, plan: Plan) -> None:
        def told(step: Step) -> None:
            self.post_message(self.Stepped(service, key, step))

        try:
            ended = service.people.run(plan, told)
        except StudioError as error:
            self.post_message(self.Ended(service, key, error=error))
        except Exception:
            self.post_message(self.Ended(service, key, error=mistake()))
            raise
        else:
            self.post_message(self.Ended(service, key, ended))

    @on(Stepped)
    def _plan_stepped(self, message: Stepped) -> None:
        known = self.runs.get(message.key)
        if known is not None and message.service is self.service:
            self._note_run(message.key, known._replace(plan=known.plan.with_step(message.step)))

    @on(Ended)
    def _plan_has_ended(self, message: Ended) -> None:
        known = self.runs.get(message.key)
        if known is None:
            return
        problem = message.error.message if message.error else ""
        plan = message.plan or known.plan
        self._note_run(message.key, Run(plan, problem=problem))
        if message.service is self.service:
            self.plan_ended(plan, problem)
            self.look_anew()

    def plan_ended(self, plan: Plan, problem: str) -> None:
        """Tell how a run ended, unless the plan is open on the screen and tells it itself."""
        from nimble_tui.tui.people.plan_dialog import PlanDialog
        from nimble_tui.view.people import plan_notices

        shown = self.app.screen
        if not (isinstance(shown, PlanDialog) and shown.key == plan_key(plan)):
            self.tell(plan_notices.of_end(plan, problem))

    def tick_plan(self, plan: Plan, step_id: str) -> None:
        """Note that the operator did a step."""
        if self.service is not None:
            self._keep_plan(self.service, plan_key(plan), lambda one: one.tick(plan, step_id))

    def skip_plan_steps(self, plan: Plan, step_ids: Set[str]) -> None:
        """Leave these steps of a plan out, and no others."""
        if self.service is not None:
            self._keep_plan(self.service, plan_key(plan), lambda one: one.skip(plan, step_ids))

    def drop_plan(self, plan: Plan) -> None:
        """Forget a plan that was begun."""
        if self.service is not None:
            self._keep_plan(self.service, plan_key(plan), lambda one: one.drop(plan))

    @work(
        thread=True,
        exclusive=False,
        exit_on_error=False,
        group="plan",
        description="note how a plan stands",
    )
    def _keep_plan(
        self, service: StudioService, key: str, keep: Callable[[PeopleService], Plan | None]
    ) -> None:
        try:
            kept = keep(service.people)
        except StudioError as error:
            self.post_message(self.Kept(service, key, error=error))
        else:
            self.post_message(self.Kept(service, key, kept))

    @on(Kept)
    def _plan_kept(self, message: Kept) -> None:
        if message.service is not self.service:
            return
        if message.error is not None:
            self.tell(Notice(message.error.message, "Plan", "error", _LONG))
            return
        if message.plan is not None:
            self._note_run(message.key, Run(message.plan))
        else:
            self.forget_run(message.key)
        others = tuple(one for one in self.who.plans if plan_key(one) != message.key)
        left = (message.plan,) if message.plan is not None and not message.plan.is_done else ()
        self.who = self.who._replace(plans=(*others, *left))
        self.look_anew()

    def forget_run(self, key: str) -> None:
        """Forget how a plan ended."""
        self.runs = {one: run for one, run in self.runs.items() if one != key}

    def _note_run(self, key: str, run: Run) -> None:
        self.runs = {**self.runs, key: run}

    # Workstations of somebody who leaves.

    def stop_theirs(self, session_ids: tuple[str, ...], name: str) -> None:
        """Stop the workstations of a person called `name`, which was confirmed."""
        if self.service is not None:
            self._stop_theirs(self.service, session_ids, name)

    @work(
        thread=True,
        exclusive=False,
        exit_on_error=False,
        group="stop theirs",
        description="stop the workstations of a person who leaves",
    )
    def _stop_theirs(self, service: StudioService, session_ids: tuple[str, ...], name: str) -> None:
        from nimble_tui.core.sending import stop_all

        try:
            stop_all(service, session_ids)
        except StudioError as error:
            self.post_message(self.Stopped(service, name, error))
        except Exception:
            self.post_message(self.Stopped(service, name, mistake()))
            raise
        else:
            self.post_message(self.Stopped(service, name))

    @on(Stopped)
    def _theirs_stopped(self, message: Stopped) -> None:
        if message.service is not self.service:
            return
        head = f"Stop what {message.name} runs"
        if message.error is not None:
            self.tell(Notice(message.error.message, head, "error", _LONG))
        else:
            self.tell(Notice(f"What {message.name} runs is being stopped."))
        self.look_anew()

    def delete_theirs(self, session: StreamingSession, title: str) -> None:
        """Delete somebody's workstation, which was confirmed."""
        if self.service is None or session.session_id in self.who.deleting:
            return
        self.who = self.who._replace(deleting=self.who.deleting | {session.session_id})
        self._delete_theirs(self.service, session.session_id, title)

    @work(
        thread=True,
        exclusive=False,
        exit_on_error=False,
        group="delete theirs",
        description="delete somebody's workstation",
    )
    def _delete_theirs(self, service: StudioService, session_id: str, title: str) -> None:
        try:
            service.act(SessionAction.DELETE, session_id)
        except StudioError as error:
            self.post_message(self.Gone(service, session_id, title, error))
        except Exception:
            self.post_message(self.Gone(service, session_id, title, mistake()))
            raise
        else:
            self.post_message(self.Gone(service, session_id, title))

    @on(Gone)
    def _workstation_gone(self, message: Gone) -> None:
        if message.service is not self.service:
            return
        if message.error is not None:
            self.tell(Notice(message.error.message, f"Delete {message.title}", "error", _LONG))
        else:
            self.tell(Notice(f"{message.title} is being deleted."))
        self.look_anew(message.session_id)
