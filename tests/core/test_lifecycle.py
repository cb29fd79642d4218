"""The client's rules against the literal table of the API reference."""

import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nimble_tui.core.model import (
    LaunchProfile,
    SessionAction,
    StreamConfiguration,
    StreamingSession,
)
from nimble_tui.core.rules import (
    Allowed,
    Deadline,
    Ending,
    StartRisk,
    can_be_stopped,
    check_action,
    deadline,
    risk_of_start,
)
from tests.core.lifecycle_table import TABLE, Cell
from tests.tables import column, table

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
RUNS_FOR = timedelta(minutes=90)
STAYS_FOR = timedelta(minutes=60)
ENDINGS = {"stopped": Ending.STOP, "deleted": Ending.DELETE}

each_cell = table(column(TABLE))


def session_of(cell: Cell, state: str) -> StreamingSession:
    return StreamingSession(
        "ses.one",
        state=state,
        created_at=NOW,
        stopped_at=NOW if state == "STOPPED" else None,
        session_persistence_mode=cell.persistence,
        automatic_termination_mode=cell.termination,
    )


def profile_of(cell: Cell) -> LaunchProfile:
    return LaunchProfile(
        "lp-1",
        stream_configuration=StreamConfiguration(
            max_session_length_in_minutes=90, max_stopped_session_length_in_minutes=cell.length
        ),
    )


def test_the_table_has_every_combination_once() -> None:
    modes = (None, "DEACTIVATED", "ACTIVATED")
    assert [cell[:3] for cell in TABLE] == list(itertools.product(modes, modes, (None, 0, 60)))


@each_cell
def test_a_stop(cell: Cell) -> None:
    found = check_action(SessionAction.STOP, session_of(cell, "READY"), profile_of(cell))
    assert isinstance(found, Allowed) == (cell.stop == "keeps")


@each_cell
def test_a_start(cell: Cell) -> None:
    session, profile = session_of(cell, "STOPPED"), profile_of(cell)
    assert isinstance(check_action(SessionAction.START, session, profile), Allowed)
    asks = StartRisk(certain=True, runs_for=RUNS_FOR)
    assert risk_of_start(session, profile) == (asks if cell.start == "asks" else None)


@each_cell
def test_what_ends_a_ready_one(cell: Cell) -> None:
    found = deadline(session_of(cell, "READY"), profile_of(cell))
    assert found == Deadline(ENDINGS[cell.ready_ends], NOW + RUNS_FOR, NOW, computed=True)


@each_cell
def test_what_ends_a_stopped_one(cell: Cell) -> None:
    found = deadline(session_of(cell, "STOPPED"), profile_of(cell))
    ends = Deadline(Ending.DELETE, NOW + STAYS_FOR, NOW, computed=True)
    assert found == (ends if cell.stopped_ends == "deleted" else None)


@each_cell
def test_without_its_launch_profile_only_what_holds_for_every_length_is_known(cell: Cell) -> None:
    session = session_of(cell, "READY")
    same_modes = {one.stop for one in TABLE if one[:2] == cell[:2]}
    known = {"keeps": True, "fails": False}[cell.stop] if len(same_modes) == 1 else None
    assert can_be_stopped(session, None) is known
    risk = risk_of_start(session, None)
    assert risk == (None if known else StartRisk(certain=known is False, runs_for=None))


def test_the_page_shows_the_same_table(project: Path) -> None:
    page = (project / "docs" / "lifecycle.md").read_text(encoding="utf-8")
    rows = [
        [word.strip() for word in line.strip().strip("|").split("|")]
        for line in page.splitlines()
        if line.startswith(("| absent", "| DEACTIVATED", "| ACTIVATED"))
    ]
    shown = ["absent" if member is None else str(member) for cell in TABLE for member in cell]
    assert [word for row in rows for word in row] == shown


def test_the_page_explains_every_choice(project: Path) -> None:
    page = (project / "docs" / "lifecycle.md").read_text(encoding="utf-8")
    chosen = {cell.source.removeprefix("choice ") for cell in TABLE} - {"reference"}
    listed = {line.partition(".")[0] for line in page.splitlines() if line[:1].isdigit()}
    assert listed == chosen
