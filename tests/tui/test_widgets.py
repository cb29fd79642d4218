"""Single widgets, and the report of a crash."""

import pytest
from rich.cells import cell_len
from textual.content import Content

from nimble_tui.tui.crash import crash_report
from nimble_tui.tui.widgets import bar
from nimble_tui.tui.widgets.line import fit, pad
from nimble_tui.tui.widgets.reading_list import Reading
from nimble_tui.view import labels
from nimble_tui.view.profile_rows import profile_rows
from tests.view.workstations import profile


@pytest.mark.parametrize(("text", "width"), [("abc", 3), ("abcdef", 4), ("工作站", 4), ("", 2)])
def test_text_is_cut_and_filled_by_cells(text: str, width: int) -> None:
    assert cell_len(fit(text, width)) <= width
    assert cell_len(pad(text, width)) == width
    assert (fit(text, width) == text) == (cell_len(text) <= width)


@pytest.mark.parametrize("width", [1, 6, 23])
def test_bars_are_always_as_wide_as_asked(width: int) -> None:
    for step in range(60):
        assert len("".join(bar.moving(step, width))) == width
        used, left = bar.used_up(step / 59, width)
        assert len(used + left) == width
    assert bar.used_up(0, width)[0] == ""
    assert bar.used_up(1, width)[1] == ""


def test_profiles_for_people_come_first_and_count_what_is_mine() -> None:
    worker = profile("RenderWorker-Default")
    broken = profile("Animation", state="CREATE_FAILED")
    gone = profile("Old", state="DELETED")
    rows = profile_rows([worker, gone, broken, profile()], {"Lighting": 1})
    assert [row.launch_profile.title for row in rows] == [
        "Lighting",
        "Animation",
        "RenderWorker-Default",
    ]
    assert [row.mine for row in rows] == [1, 0, 0]
    assert labels.stopping_of(broken) == "unavailable"
    assert labels.stopping_of(worker) == "for render machines"
    assert labels.stopping_of(profile(), labelled=False).startswith("disk kept")


def test_a_long_line_goes_on_under_its_beginning_where_there_is_room() -> None:
    line = Reading("one", Content("  09:26  Comp · qs2y   It was READY after 31 s"), indent=23)
    assert line.laid_out(60).plain == line.shown.plain
    assert line.laid_out(40).plain.split("\n") == [
        "  09:26  Comp · qs2y   It was READY",
        " " * 23 + "after 31 s",
    ]
    assert line.laid_out(30).plain.split("\n") == [
        "  09:26  Comp · qs2y",
        "   It was READY after 31 s",
    ]


def test_a_crash_tells_where_and_no_value() -> None:
    secret = "canary"
    with pytest.raises(ValueError, match=secret) as caught:
        int(secret)
    report = crash_report(caught.value)
    assert "ValueError" in report
    assert "test_a_crash_tells_where_and_no_value" in report
    assert secret not in report
    assert crash_report(None)
