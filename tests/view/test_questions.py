"""Questions before something is done: their words, what is typed, and when they are outdated."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from nimble_tui.core.backups import StreamingSessionBackup
from nimble_tui.core.launching import LAUNCH_TAG
from nimble_tui.core.model import SessionAction
from nimble_tui.core.unclear_steps import CAN_BE_GIVEN_UP
from nimble_tui.view import questions
from nimble_tui.view.questions import Answer, Line, Question, Role
from nimble_tui.view.session_rows import SessionRow
from tests.view.workstations import build, session

BACKUP = StreamingSessionBackup("backup-1", session_id="lighting-1234", state="READY")


def row(state: str = "STOPPED", **members: object) -> SessionRow:
    return build(session("lighting-1234", state, **members))[0]


def unclear() -> SessionRow:
    return row("START_IN_PROGRESS", status_message=CAN_BE_GIVEN_UP)


def losses(question: Question) -> list[str]:
    return [line.text for line in question.lines if line.role == Role.LOSS]


def about_workstations() -> Iterator[Question]:
    stop = questions.of_stop(row("READY"), "Its disk is kept.")
    assert stop.ticked is not None
    yield from (stop, stop.ticked)
    yield questions.of_delete(row(), "All is lost.")
    yield questions.of_delete(row(), "All is lost.", "Mara Vos")
    yield questions.of_delete(unclear(), "It becomes START_FAILED.", "Mara Vos")
    yield questions.of_start(row(), "It can't be stopped again.")
    yield questions.of_keep(row(), "It is started and stopped.")
    yield questions.of_backup(row(), BACKUP, "Monday", "It can't be stopped again.")


def test_every_question_about_a_workstation_says_what_enter_does_and_what_was_not_done() -> None:
    for question in about_workstations():
        assert " it" in question.does
        assert question.left.startswith("Not ")
        assert question.subject == "lighting-1234"
        assert question.lines[0] == Line("lighting-1234", Role.SUBJECT)


def test_what_cannot_be_undone_gives_the_focus_to_cancel() -> None:
    risky = questions.of_connect_when_ready(row(), None, "It can't be stopped again.")
    accepting, leaving = questions.of_accepting(["a licence"]), questions.of_sign_out("Northwind")
    for question in (*about_workstations(), risky, accepting, leaving):
        assert not (question.dangerous and question.confirm_first)
    assert not accepting.confirm_first
    assert not leaving.confirm_first


def test_a_stop_that_throws_the_disk_away_takes_a_code() -> None:
    question = questions.of_stop(row("READY"), "Its disk is kept for 4 days.")
    assert question.confirm_first
    assert not question.dangerous
    assert not question.code
    assert question.tick == "Delete the disk too"
    ticked = question.ticked
    assert ticked is not None
    assert ticked.code == "1234"
    assert ticked.dangerous
    assert ticked.confirm == "Stop and delete disk"
    assert len(ticked.lines) == len(question.lines)
    assert "deleted permanently" in losses(ticked)[0]
    assert losses(question) == []
    assert Answer().volume_retention_mode is None
    assert Answer(ticked=True).volume_retention_mode == "DELETE"


def test_a_disk_that_no_stop_outlives_is_not_offered_to_be_thrown_away() -> None:
    question = questions.of_stop(row("READY", session_persistence_mode="DEACTIVATED"), "It is.")
    assert question.tick == ""
    assert question.ticked is None


def test_a_delete_takes_the_end_of_the_id_and_names_the_owner() -> None:
    question = questions.of_delete(row(), "All is lost.", "Mara Vos")
    assert question.code == "1234"
    assert [line.text for line in question.lines] == [
        "lighting-1234",
        "Owner: Mara Vos",
        "STOPPED\nlighting-1234",
        "All is lost.",
    ]
    assert len(questions.of_delete(row(), "All is lost.").lines) == 3


def test_a_backup_says_when_it_was_made_and_what_is_lost() -> None:
    question = questions.of_backup(row(), BACKUP, "Monday", "It can't be stopped again.")
    assert Line("Backup of Monday") in question.lines
    assert losses(question)[0].startswith("It can't be stopped again. Restores the disk")


@pytest.mark.parametrize(
    ("state", "title", "confirm", "about"),
    [
        ("START_IN_PROGRESS", "Connect when it is READY?", "Connect when READY", "STARTING…"),
        ("STOPPED", "Start it, then connect?", "Start and connect", "has to start first."),
    ],
)
def test_a_wait_until_it_is_ready(state: str, title: str, confirm: str, about: str) -> None:
    question = questions.of_connect_when_ready(row(state), timedelta(minutes=4), "")
    assert (question.title, question.confirm) == (title, confirm)
    assert about in question.lines[1].text
    assert question.lines[1].text.endswith("This usually takes about 4 min.")
    assert question.confirm_first
    assert question.severity == "information"


def test_one_licence_or_several() -> None:
    assert questions.of_accepting(["one"]).title == "Accept this licence?"
    both = questions.of_accepting(["one", "two"])
    assert both.title == "Accept these licences?"
    assert [line.text for line in both.lines if line.role == Role.SUBJECT] == ["one", "two"]


def test_a_question_holds_while_its_workstation_is_as_it_was() -> None:
    check = partial(questions.check_action, SessionAction.DELETE)
    other = build(session("other", "READY"))
    assert questions.outdated(row(), [*other, row()], check) == ""
    renamed = replace(row(), title="another name")
    assert questions.outdated(row(), [renamed], check) == ""
    assert questions.outdated(row(), other, check) == "lighting-1234 was deleted. No changes made."
    started = questions.outdated(row(), [row("START_IN_PROGRESS")], check)
    assert started == "lighting-1234 is now START_IN_PROGRESS. No changes made."


def test_giving_up_a_step_is_asked_about_by_its_name_and_takes_a_code() -> None:
    question = questions.of_delete(unclear(), "It becomes START_FAILED.")
    assert (question.title, question.confirm) == ("Give up this start?", "Give up")
    assert question.code == "1234"
    assert question.dangerous
    assert "delet" not in str(question).replace("deletion", "").casefold()


def test_giving_up_is_outdated_once_there_is_an_answer() -> None:
    check = partial(questions.check_action, SessionAction.DELETE)
    assert questions.outdated(unclear(), [unclear()], check) == ""
    answered = row("START_IN_PROGRESS", status_message="It is starting.")
    assert questions.outdated(unclear(), [answered], check) == (
        "It is starting. Wait until that is finished. No changes made."
    )
    assert questions.outdated(unclear(), [row("READY")], check).endswith("No changes made.")


def test_a_question_is_outdated_once_it_is_refused() -> None:
    used = replace(BACKUP, state="DELETE_IN_PROGRESS")
    assert questions.outdated(row(), [row()], partial(questions.check_backup, BACKUP)) == ""
    assert questions.outdated(row(), [row()], partial(questions.check_backup, used))
    forever = row(automatic_termination_mode="DEACTIVATED", stopped_at=None)
    assert questions.outdated(forever, [forever], questions.check_keep)


def test_a_wait_holds_while_a_launch_gets_its_id() -> None:
    launched = row("CREATE_IN_PROGRESS", tags={LAUNCH_TAG: "token"})
    answered = build(session("session-1", "CREATE_IN_PROGRESS", tags={LAUNCH_TAG: "token"}))
    assert questions.outdated_connect(launched, answered) == ""
    assert questions.outdated_connect(launched, []) == f"{launched.title} was deleted."
    ready = build(session("session-1", "READY", tags={LAUNCH_TAG: "token"}))
    assert questions.outdated_connect(launched, ready) == f"{launched.title} is now READY."
    assert questions.outdated_connect(row(), answered) == "lighting-1234 was deleted."
