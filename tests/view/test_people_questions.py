"""The question before rights of a person change, and when it is outdated."""

from dataclasses import replace

import pytest

from nimble_tui.core.model import LaunchProfile
from nimble_tui.core.people.changes import ChangeKind, PersonChange
from nimble_tui.core.people.model import People, Person, Role
from nimble_tui.core.people.running_sessions import RunningSessions
from nimble_tui.view.people import questions
from nimble_tui.view.questions import Line
from nimble_tui.view.questions import Role as LineRole

MARA = Person("p1", label="Mara Vos", short_id="p1", launch_profile_ids=("lp-1",))
NOT_ADMIN = "Only admins can change the members of launch profiles. Ask one of them."
OFF = PersonChange(ChangeKind.REMOVE, MARA, "lp-1", "Lighting")


def people(person: Person = MARA) -> People:
    return People((person,), (LaunchProfile("lp-1", name="Lighting"),), role=Role.ADMIN)


def test_what_runs_is_named_and_can_be_stopped_first() -> None:
    question = questions.of_change(OFF, RunningSessions(("sq042",), ("session-1",)))
    assert question.title == "Remove from launch profile?"
    assert question.lines[:2] == (
        Line("Mara Vos", LineRole.SUBJECT),
        Line("Lighting", LineRole.MUTED),
    )
    assert question.lines[2].text.endswith("\n1 workstation is running: sq042.")
    assert question.extra == "Stop and remove"
    assert not question.confirm_first


def test_what_cannot_be_stopped_now_is_named_alone() -> None:
    question = questions.of_change(OFF, RunningSessions(("sq042",)))
    assert "It cannot be stopped now." in question.lines[2].text
    assert question.extra == ""
    assert (
        questions.of_change(OFF, RunningSessions())
        .lines[2]
        .text.endswith("Takes effect immediately.")
    )


def test_a_change_that_is_about_no_launch_profile_names_none() -> None:
    question = questions.of_change(PersonChange(ChangeKind.MAKE_ADMIN, MARA), RunningSessions())
    names, outcome = question.lines
    assert names.text == "Mara Vos"
    assert outcome.text.startswith("They can then use every launch profile")


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (people(), ""),
        (None, "Mara Vos is no longer a member. No changes made."),
        (People(), "Mara Vos is no longer a member. No changes made."),
        (
            people(replace(MARA, launch_profile_ids=())),
            "This was already done. No changes made.",
        ),
        (
            replace(people(), role=Role.ARTIST),
            f"{NOT_ADMIN} No changes made.",
        ),
    ],
)
def test_a_question_holds_while_the_change_is_still_to_be_made(
    found: People | None, why: str
) -> None:
    assert questions.outdated(OFF, found, read_only=False) == why


def test_nothing_is_changed_where_one_may_only_look() -> None:
    assert questions.outdated(OFF, people(), read_only=True).endswith("No changes made.")
