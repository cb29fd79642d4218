"""Notifications: what became of changes and of actions."""

from nimble_tui.core.actions import ACTIONS
from nimble_tui.core.model import SessionAction
from nimble_tui.core.service import ErrorKind, StudioError
from nimble_tui.view import notices
from tests.tables import table
from tests.view.workstations import build, session

KEYS = {action.id: action.key for action in ACTIONS}


@table(
    [
        ("STOPPED", "one is STOPPED."),
        (None, "one was deleted."),
        ("DELETED", "one was deleted."),
        ("STOP_FAILED", "Stop failed. It is still running: save your work, then delete it."),
        ("STOP_IN_PROGRESS", None),
    ]
)
def test_the_end_of_a_change_is_told(after: str | None, said: str | None) -> None:
    before = build(session("one", "STOP_IN_PROGRESS"), session("two", "READY"))
    now = build(*([session("one", after)] if after else []), session("two", "STOPPED"))
    notes = notices.of_changes(before, now, KEYS)
    assert [one.text for one in notes] == ([said] if said else [])


def test_what_became_ready_under_the_cursor_names_the_key_that_connects() -> None:
    before = build(session("one", "START_IN_PROGRESS"), session("two", "START_IN_PROGRESS"))
    now = build(session("one", "READY"), session("two", "READY"))
    notes = notices.of_changes(before, now, {**KEYS, "connect": "f5"}, "two")
    assert [one.text for one in notes] == ["one is READY.", "two is READY. Press f5 to connect."]


def test_what_nobody_knows_is_said_to_be_looked_into() -> None:
    (row,) = build(session("one", "READY"))
    lost = StudioError(ErrorKind.UNCERTAIN, "The reply was lost.")
    notice = notices.of_failure(SessionAction.STOP, row, lost)
    assert notice.text == "The reply was lost. Checking…"
    assert notice.title == "Stop unconfirmed: one"
