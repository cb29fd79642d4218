"""The question before a change of a person, and when it is outdated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimble_tui.view.people.changes import sentences
from nimble_tui.view.questions import Line, Question, Role

if TYPE_CHECKING:
    from nimble_tui.core.people.changes import PersonChange
    from nimble_tui.core.people.model import People
    from nimble_tui.core.people.running_sessions import RunningSessions


def of_change(change: PersonChange, running: RunningSessions) -> Question:
    """Return the question before a change that removes access or makes an admin.

    Of the workstations that run of the launch profile, those that can be are stopped first on
    request.
    """
    words = sentences(change)
    title = (Line(change.title, Role.MUTED),) if change.title else ()
    outcome = Line(f"{words.outcome}\n{running.sentence}".strip())
    return Question(
        words.question,
        (Line(change.person.label, Role.SUBJECT), *title, outcome),
        words.button,
        extra=f"Stop and {words.button.lower()}" if running.to_stop else "",
    )


def outdated(change: PersonChange, people: People | None, *, read_only: bool) -> str:
    """Return why the dialog is outdated; empty while it is not.

    The person left, the change is not needed any longer, or it is not allowed.
    """
    if people is None or people.person(change.person.principal_id) is None:
        reason = f"{change.person.label} is no longer a member."
    elif change.is_needless(people):
        reason = "This was already done."
    else:
        reason = change.refusal(people, read_only=read_only) or ""
    return f"{reason} No changes made." if reason else ""
