"""The heading of a plan, and the message about how a run ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimble_tui.core.people.plans import PlanKind
from nimble_tui.view.notices import Notice

if TYPE_CHECKING:
    from nimble_tui.core.people.plans import Plan

_KINDS = {PlanKind.ONBOARD: "Onboard", PlanKind.OFFBOARD: "Offboard"}


def heading(plan: Plan) -> str:
    """Return the heading of a plan."""
    return f"{_KINDS[plan.kind]} {plan.name}"


def of_end(plan: Plan, problem: str) -> Notice:
    """Return the message about a run of a plan that ended; `problem` says why it stopped."""
    head = heading(plan)
    if problem:
        return Notice(f"{problem} The plan is stored. Resume it from People.", head, "error", 12)
    if plan.is_done:
        return Notice("All steps are done.", head)
    return Notice("Your steps are done. The rest is for the operator.", head)
