"""The totals of the list: counted over all rows, or corrected for one."""

from datetime import datetime, timedelta

from nimble_tui.view.totals import Totals
from tests.tables import table
from tests.view.workstations import HOUR, NOW, build, session

ROWS = build(
    session("late", "STOPPED", terminate_at=NOW + 9 * HOUR),
    session("early", "READY", stop_at=NOW + HOUR, ec2_instance_type="g5.xlarge"),
    session("starting", "START_IN_PROGRESS", launch_profile_id="Comp"),
)
EARLY = next(row for row in ROWS if row.key == "early")
SECOND = timedelta(seconds=1)


def names(totals: Totals) -> list[str]:
    return [row.key for row in totals.ending]


def test_rows_are_counted_and_those_with_a_deadline_are_in_its_order() -> None:
    totals = Totals.of(ROWS)
    assert totals.by_profile == {"Lighting": 2, "Comp": 1}
    assert totals.by_type == {"g5.xlarge": 1, "": 2}
    assert totals.in_transition == 1
    assert names(totals) == ["early", "late"]


@table(
    [
        (NOW, NOW + HOUR),
        (NOW + HOUR - SECOND, NOW + HOUR),
        (NOW + HOUR, NOW + 9 * HOUR),
        (NOW + 9 * HOUR, None),
    ]
)
def test_the_next_deadline_is_the_first_to_come(now: datetime, nearest: datetime | None) -> None:
    assert Totals.of(ROWS).next_deadline(now) == nearest


def test_a_changed_row_is_taken_out_and_put_in() -> None:
    (stopping,) = build(session("early", "STOP_IN_PROGRESS"))
    totals = Totals.of(ROWS).patched(EARLY, stopping)
    assert totals.by_profile == {"Lighting": 2, "Comp": 1}
    assert totals.by_type == {"": 3}
    assert totals.in_transition == 2
    assert names(totals) == ["late"]


def test_a_row_comes_and_goes() -> None:
    totals = Totals.of(ROWS).patched(EARLY, None)
    assert totals.by_profile["Lighting"] == 1
    assert totals.patched(None, EARLY) == Totals.of(ROWS)
