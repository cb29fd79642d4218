"""A plan as it is reviewed and done: every step, what is the operator's, and what stays."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Static

from nimble_tui.core.model import SessionAction
from nimble_tui.core.people import plans
from nimble_tui.core.people.plans import Plan, PlanKind, Step, StepKind, StepState, Who
from nimble_tui.core.people.running_sessions import RunningSessions, sessions_left_running
from nimble_tui.core.rules import Allowed, Refused, check_action
from nimble_tui.tui import copying
from nimble_tui.tui.dialogs.confirm import ConfirmDialog
from nimble_tui.tui.key_guard import Patience
from nimble_tui.tui.people.dialogs import PersonDialog
from nimble_tui.tui.people.fitted_list import FittedList
from nimble_tui.tui.widgets.reading_list import Reading, ReadingList
from nimble_tui.view import labels, outcomes, questions
from nimble_tui.view.people import plan_notices
from nimble_tui.view.session_rows import PendingAction, SessionRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import ComposeResult

    from nimble_tui.core.model import StreamingSession
    from nimble_tui.core.people.model import People, Person
    from nimble_tui.view.questions import Answer
    from nimble_tui.workspace.people_snapshot import PlanRun
    from nimble_tui.workspace.workspace import Workspace

_DELETE = SessionAction.DELETE
_TICKABLE = frozenset({StepKind.INVITE, StepKind.REVOKE})
_LOOKS = {
    StepState.TO_DO: ("○", "muted"),
    StepState.DOING: ("◌", "moving"),
    StepState.DONE: ("✓", "ready"),
    StepState.FAILED: ("✕", "failed"),
    StepState.SKIPPED: ("–", "muted"),
}
_INDENT = 3


class PlanDialog(PersonDialog[None]):
    """Shows a plan before any of it happens, then each step as it is done."""

    AUTO_FOCUS = "#cancel"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "copy", "Copy", show=False),
        Binding("space", "tick", "Tick", show=False),
        Binding("d", "delete", "Delete", show=False),
        Binding("up,down", "to_steps", "To the steps", show=False),
    ]

    box = getters.query_one(".dialog", Vertical)
    steps = getters.query_one(FittedList)

    def __init__(self, workspace: Workspace, plan: Plan) -> None:
        people = workspace.snapshot.people.people
        person = people.person(plan.principal_id) if people else None
        assert person is not None  # noqa: S101 - a plan is made from people that include them
        super().__init__(workspace, person)
        self._plan = plan
        self._refused = ""
        self._people = people
        if not self.running:
            workspace.plans.forget_run(self.key)
        self._run = self.run

    @property
    def key(self) -> str:
        """The key of the plan."""
        return self._plan.key

    @property
    def plan(self) -> Plan:
        """The plan as it stands."""
        return self._plan

    @property
    def problem(self) -> str:
        """Why the last run stopped; empty where none did."""
        return self._refused or (self.run.problem if self.run else "")

    @property
    def run(self) -> PlanRun | None:
        """The run of the plan in this window."""
        return self.known.runs.get(self.key)

    @property
    def running(self) -> bool:
        """True while it runs."""
        return self.run is not None and self.run.is_running

    @property
    def begun(self) -> bool:
        """True if it is stored as begun."""
        return any(plan.key == self.key for plan in self.known.plans)

    def compose(self) -> ComposeResult:
        """Lay out the steps, their outcome, and what can be done."""
        with Vertical(classes="dialog -plan") as box:
            box.border_title = Content(plan_notices.heading(self._plan))
            yield FittedList("steps")
            with Vertical(id="foot"):
                yield Static(id="message", markup=False)
                with Horizontal(classes="buttons"):
                    # Away from what is pressed without looking: enter, or right and enter.
                    yield Button("Discard plan", id="drop")
                    yield Button("Stop workstations", id="stop")
                    yield Button("Cancel", id="cancel")
                    yield Button("Run the plan", id="sure")

    def on_mount(self) -> None:
        """Show the plan, also how a run of it ends: then nothing else reports that."""
        app = self.app
        self.workspace.plans.is_shown = lambda plan: app.screen is self and plan.key == self.key
        self._show()

    def _run_changed(self, before: PlanRun | None, run: PlanRun) -> None:
        self._plan = run.plan
        if before is not None and before.is_running and not run.is_running:
            # What was read before it ended would take ticks back.
            self._people = self.known.people
            # A button that was hidden for a moment gets that event late, and then blurs itself.
            self.call_after_refresh(self._focus_button)
            # Its outcome was not shown yet.
            self.patience = Patience(self.workspace.context.clock)
        elif run.is_running and self.focused is not self.steps:
            # The button that was pressed goes; one press more must not close what was begun.
            self.set_focus(self.steps)

    def _focus_button(self) -> None:
        if not self.running:
            self.set_focus(self.query_one("#sure" if self._can_go_on else "#cancel"))

    def people_changed(self) -> None:
        """Show how the plan stands: by its run, and by the people as they were read since."""
        before, self._run = self._run, self.run
        if self._run is not None and self._run is not before:
            self._run_changed(before, self._run)
        found = self.known.people
        if found is not None and found is not self._people:
            self._people = found
            # What was seen before a step was done would take its tick back.
            if not self.running:
                self._renew(found)
        self._show()

    def _renew(self, found: People) -> None:
        new = plans.renewed(self._plan, found)
        self._refused = new.reason if isinstance(new, Refused) else ""
        if isinstance(new, Plan):
            self._plan = _with_failures(new, self._run)

    # What is shown.

    @property
    def _can_go_on(self) -> bool:
        return bool(self._plan.left_to_me) and not self.running and not self._refused

    @property
    def _still(self) -> RunningSessions:
        return sessions_left_running(self.known.people, self._plan)

    def _show(self) -> None:
        self.steps.show([*self._readings()])
        text, style = self._message()
        line = self.query_one("#message", Static)
        line.set_classes(style)
        line.update(text)
        sure, drop, close = (self.query_one(name, Button) for name in ("#sure", "#drop", "#cancel"))
        sure.display = self._can_go_on
        stop, to_stop = self.query_one("#stop", Button), self._still.to_stop
        stop.display = self._can_go_on and bool(to_stop)
        stop.label = "Stop workstation" if len(to_stop) == 1 else "Stop workstations"
        sure.label = "Resume" if self.begun or self.problem else "Run the plan"
        drop.display = self.begun and not self.running
        fresh = self._can_go_on and not self.begun and not self.problem
        close.label = "Cancel" if fresh else "Close"
        self._show_hint()

    def _message(self) -> tuple[str, str]:
        if self.running:
            return "◌ Running the steps. You can close this; they continue.", ""
        if self._refused:
            return f"✕ {self._refused}", "-wrong"
        if self.problem:
            return (
                f"✕ {self.problem} Finished steps stay done; space skips a step.",
                "-wrong",
            )
        if self._plan.is_done:
            left_out = ", except what is skipped" if self._plan.skipped else ""
            return f"✓ All steps are done{left_out}.", "-good"
        if not self._plan.left_to_me:
            return "✓ Your steps are done. The rest is for the operator.", "-good"
        if self.begun:
            return "Started earlier. Ticked steps won't run again.", ""
        return "No step has run yet.", ""

    def _readings(self) -> Iterable[Reading]:
        for step in self._plan.steps:
            symbol, style = _LOOKS[step.state]
            whose = "  (an operator does this)" if step.who == Who.OPERATOR else ""
            bold = "bold" if step.state in {StepState.DOING, StepState.FAILED} else ""
            shown = Content.assemble(
                (f" {symbol} ", f"bold ${style}"), (step.text, bold), (whose, "$accent")
            )
            command = self._command(step)
            copied = command or step.text
            yield Reading(step.id, shown, copied, indent=_INDENT)
            if command and step.is_open:
                shown = Content.assemble(" " * _INDENT, (command, "$muted"))
                yield Reading(f"{step.id} ", shown, command, indent=_INDENT)
        sessions = self._sessions
        if sessions:
            head = f"{self._still.sentence}\n ".lstrip("\n ")
            head += "The plan deletes no workstation of theirs; the deadlines still apply."
            yield Reading("sessions", Content.styled(f"\n {head}", "$muted"), heading=True)
        for session in sessions:
            look = labels.state_label(session)
            machine = f"  {session.ec2_instance_type}" if session.ec2_instance_type else ""
            shown = Content.assemble(
                (f" {look.symbol} ", f"${look.style}"),
                (self._row(session).title, "bold"),
                (f"  {look.text}", f"${look.style}"),
                (machine, "$muted"),
            )
            yield Reading(session.session_id, shown, session.session_id, indent=_INDENT)

    def _command(self, step: Step) -> str:
        """Return what the operator types for a step; empty where it is not theirs."""
        if step.who != Who.OPERATOR or not step.command:
            return ""
        # Keys are made and taken back on the studio's own file; all else takes an operator.
        of_keys = step.kind in _TICKABLE
        if not self.workspace.snapshot.info.demo:
            return step.command + (" --data FILE" if of_keys else "")
        return f"{step.command} --demo" + ("" if of_keys else " --as operator")

    @property
    def _sessions(self) -> tuple[StreamingSession, ...]:
        if self._plan.kind != PlanKind.OFFBOARD:
            return ()
        person: Person | None = self.person
        asked, pending = self.known.deleting, PendingAction(_DELETE, self.workspace.now)
        return tuple(
            pending.shown(one) if one.session_id in asked else one
            for one in (person.sessions if person else self._plan.sessions)
        )

    def _row(self, session: StreamingSession) -> SessionRow:
        found = self.known.people
        profile = found.launch_profile(session.launch_profile_id or "") if found else None
        return SessionRow.of(session, profile, self.workspace.context.tz)

    @on(ReadingList.OptionHighlighted)
    def _show_hint(self) -> None:
        hints = (self._hint(), "esc closes")
        self.box.border_subtitle = "   ".join(hint for hint in hints if hint)

    def _hint(self) -> str:
        step, session = self._step, self._session
        if session is not None:
            may = not isinstance(self._deletable(session), Refused)
            return f"{'d deletes it, asks first   ' if may else ''}c copies its id"
        if step is None:
            return ""
        if step.who == Who.ME:
            verb = "includes" if step.state == StepState.SKIPPED else "skips"
            return "" if step.is_done else f"space {verb} this step"
        ticks = "   space marks it as done" if step.kind in _TICKABLE and not step.is_done else ""
        return f"c copies the command{ticks}"

    @property
    def _step(self) -> Step | None:
        reading = self.steps.reading
        key = reading.key.strip() if reading else ""
        return next((one for one in self._plan.steps if one.id == key), None)

    @property
    def _session(self) -> StreamingSession | None:
        reading = self.steps.reading
        key = reading.key if reading else ""
        return next((one for one in self._sessions if one.session_id == key), None)

    def _deletable(self, session: StreamingSession) -> Allowed | Refused:
        profile = self._row(session).launch_profile
        return check_action(
            _DELETE, session, profile, read_only=self.workspace.snapshot.info.read_only
        )

    # What can be done.

    def action_to_steps(self) -> None:
        """Go to the steps."""
        self.set_focus(self.steps)

    @on(Button.Pressed, "#sure")
    def _sure(self) -> None:
        if self.patience.heeds() and self._can_go_on:
            self.workspace.plans.run(_without_failures(self._plan))
            self.people_changed()

    @on(Button.Pressed, "#stop")
    def _stop_first(self) -> None:
        if self.patience.heeds() and (to_stop := self._still.to_stop):
            self.workspace.plans.stop_sessions(to_stop, self._plan.name)
            self.set_focus(self.query_one("#cancel"))

    @on(Button.Pressed, "#drop")
    def _drop(self) -> None:
        if self.patience.heeds() and not self.running:
            self.workspace.plans.drop(self._plan)
            self.notify("Plan discarded. Finished steps stay done.")
            self.dismiss(None)

    @on(Button.Pressed, "#cancel")
    def _cancelled(self) -> None:
        if self.patience.heeds():
            self.dismiss(None)

    @on(ReadingList.Chosen)
    def _chosen(self) -> None:
        if self._session is not None:
            self.action_delete()
        elif self._step is not None and self._step.who == Who.OPERATOR:
            self.action_copy()

    def action_copy(self) -> None:
        """Copy the operator's command, or the id of the workstation under the cursor."""
        if (reading := self.steps.reading) is None:
            return
        what = "The id" if self._session else "The command" if self._is_command else "The step"
        copying.copy(self.app, reading.copied, f"{what} is")

    @property
    def _is_command(self) -> bool:
        return self._step is not None and self._step.who == Who.OPERATOR

    def action_tick(self) -> None:
        """Tick the operator's step under the cursor as done, or skip one's own."""
        step = self._step
        if step is None or self.running:
            return
        if step.who == Who.ME and not step.is_done:
            self.workspace.plans.skip(self._plan, step.id)
        elif step.kind not in _TICKABLE:
            self.notify(
                "This step is ticked automatically. Only steps about access keys are marked "
                "by hand."
            )
        elif not step.is_done:
            self.workspace.plans.tick(self._plan, step.id)

    def action_delete(self) -> None:
        """Ask whether the workstation under the cursor is to be deleted."""
        session = self._session
        if session is None:
            return
        row, may = self._row(session), self._deletable(session)
        if isinstance(may, Refused):
            self.notify(may.reason, title="Can't delete", severity="warning")
            return

        def sure(answer: Answer | None) -> None:
            if answer:
                self.workspace.plans.delete_session(session, row.title)

        now, tz, profile = self.workspace.now, self.workspace.context.tz, row.launch_profile
        note = outcomes.of_action(_DELETE, may.note, session, profile, now=now, tz=tz)
        question = questions.of_delete(row, note, self._plan.name)
        self.app.push_screen(ConfirmDialog(question, self.workspace), sure)


def _without_failures(plan: Plan) -> Plan:
    """Return a plan as it is before it is resumed."""
    for step in plan.steps:
        if step.state == StepState.FAILED:
            plan = plan.with_step(replace(step, state=StepState.TO_DO))
    return plan


def _with_failures(plan: Plan, run: PlanRun | None) -> Plan:
    """Return a plan with the mark on the step that failed, of which the studio knows nothing."""
    failed = {one.id for one in run.plan.steps if one.state == StepState.FAILED} if run else ()
    for step in plan.steps:
        if step.id in failed and step.is_open:
            plan = plan.with_step(replace(step, state=StepState.FAILED))
    return plan
