"""studio clock: what is held back after a jump, and that the operator's word lets it count."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nimble_tui.cli import exit_codes
from nimble_tui.core.clock import ManualClock
from nimble_tui.studio import boot_clock
from nimble_tui.studio.boot_clock import system_boot_clock
from nimble_tui.studio.clock_guard import ClockGuard
from nimble_tui.studio.invites import opened
from nimble_tui.studio.store.records import Kind
from nimble_tui.studio.studio import Studio
from tests.cli.running import Run

DAY = timedelta(days=1)


@pytest.fixture
def data(tmp_path: Path) -> str:
    return str(tmp_path / "studio.db")


def states(data: str) -> dict[str, str]:
    with opened(Path(data)) as store, store.read() as tx:
        return {one.id: one.state for one in tx.page(Kind.STREAMING_SESSION)}


@pytest.fixture
def jumped(data: str) -> Iterator[Studio]:
    """A studio whose computer's clock has just gone forward by a day."""
    boot = system_boot_clock()
    if boot is None:
        pytest.skip("this system has no clock that counts sleep")
    clock = ManualClock(datetime.now(UTC) - DAY)
    with Studio.open(Path(data), clock=ClockGuard(clock, boot)) as studio:
        clock.time += DAY
        studio.tick()
        yield studio


def test_a_jump_is_shown_with_what_is_held_back_until_it_is_accepted(
    run: Run, jumped: Studio, data: str
) -> None:
    before = states(data)
    shown = run("studio", "clock", "--data", data)
    assert shown.code == exit_codes.DONE
    assert "1 day, 0:00:00 ahead" in shown.out
    assert "Held back" in shown.out
    facts = json.loads(run("studio", "clock", "--data", data, "--json").out)
    assert facts["checked"]
    assert abs(facts["jumpSeconds"] - 86400) < 60
    assert 500 < facts["countsInSeconds"] <= 600
    held = {one["sessionId"]: one["action"] for one in facts["heldBack"]}
    assert set(held.values()) == {"stop", "delete"}
    assert states(data) == before

    accepted = run("studio", "clock", "--accept", "--data", data)
    assert "nothing is held back" in accepted.out
    jumped.tick()
    after = states(data)
    assert not [one for one in held if after.get(one) == before[one]]


def test_without_a_jump_nothing_is_held_back(run: Run) -> None:
    facts = json.loads(run("studio", "clock", "--demo", "--json").out)
    assert (facts["jumpSeconds"], facts["countsInSeconds"], facts["heldBack"]) == (0, None, [])
    assert "nothing is held back" in run("studio", "clock", "--demo", "--accept").out


def test_a_clock_that_cannot_be_checked_is_said_to_be_so(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(boot_clock, "_system_boot_clock", lambda: None)
    told = run("studio", "clock", "--demo")
    assert (told.code, "so it is trusted" in told.out) == (exit_codes.DONE, True)
    assert json.loads(run("studio", "clock", "--demo", "--json").out)["checked"] is False


def test_which_studio_must_be_said(run: Run, tmp_path: Path) -> None:
    assert run("studio", "clock").code == exit_codes.USAGE
    told = run("studio", "clock", "--data", str(tmp_path / "none"))
    assert (told.code, told.out) == (exit_codes.FAILED, "")
