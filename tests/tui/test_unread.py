"""Lists that come with gaps: what could not be read is not gone, and how old all is shows."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from textual.pilot import Pilot

from nimble_tui.config import cache
from nimble_tui.core.model import SessionAction
from nimble_tui.core.service import DEMO
from nimble_tui.view.health import Phase
from tests.faults.faulty_studio import Answer, Fault, Request, replaced
from tests.faults.proxy import FaultProxy, faults_before
from tests.faults.replies import rewritten, with_entries
from tests.tui import acts
from tests.tui.bench import Bench, play, seen, settled, told, until, until_seen
from tests.tui.test_telling import SLEEPING, backups

Rows = Sequence[Any]

BROKEN: dict[str, Callable[[Rows], Rows]] = {
    "null": lambda rows: [None for _ in rows],
    "text": lambda rows: ["broken" for _ in rows],
    "no id": lambda rows: [{k: v for k, v in one.items() if not k.endswith("Id")} for one in rows],
    "ids that are numbers": lambda rows: [
        {k: 7 if k.endswith("Id") else v for k, v in one.items()} for one in rows
    ],
    "ids that no file could hold": lambda rows: [
        {k: f"\ud800{v}" if k.endswith("Id") else v for k, v in one.items()} for one in rows
    ],
    "all but the first": lambda rows: [*rows[:1], *([None] * (len(rows) - 1))],
}


@pytest.fixture
def proxy(bench: Bench) -> Iterator[FaultProxy]:
    """Faults on the way to the bench's studio."""
    with faults_before(bench.demo) as opened:
        bench.gate.lead_to(opened.url)
        yield opened


async def looked(pilot: Pilot[None]) -> None:
    """Press refresh and wait for what comes of it."""
    await acts.try_refresh(pilot)
    await settled(pilot)


@pytest.mark.parametrize("how", BROKEN)
def test_rows_that_cannot_be_read_stay_and_are_marked(
    bench: Bench, proxy: FaultProxy, how: str
) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        before = [row.key for row in acts.rows(pilot)]
        assert len(before) >= 6
        change = BROKEN[how]
        proxy.strike(with_entries("sessions", change), on=["ListStreamingSessions"], before=False)
        bench.clock.advance(2)
        await looked(pilot)
        rows = acts.rows(pilot)
        assert {row.key for row in rows} == set(before)
        assert sum(row.unread for row in rows) >= len(before) - 1
        text = seen(pilot.app)
        assert "? not updated" in text
        assert "could not be read; tell your admin." in text
        assert "▲ incomplete (updated" in text
        assert "● updated" not in text
        # Neither is what is stored for the next start any shorter.
        kept = cache.read(bench.info(DEMO))
        assert kept is not None
        assert {*before} <= {one.session_id for one in kept.sessions}
        assert "was deleted" not in told(pilot.app)
        proxy.plan = lambda _operation, _request: None
        await looked(pilot)
        assert not any(row.unread for row in acts.rows(pilot))
        assert "● updated" in seen(pilot.app)

    play(bench, scenario, size=(100, 30))


def test_the_details_say_that_a_row_was_not_read_and_an_action_reads_it(
    bench: Bench, proxy: FaultProxy
) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        proxy.strike(
            with_entries("sessions", BROKEN["null"]), on=["ListStreamingSessions"], before=False
        )
        await looked(pilot)
        row = next(row for row in acts.rows(pilot) if row.session.stop_at)
        acts.select(pilot, row.key)
        await until_seen(pilot, "The last list was incomplete")
        await acts.stop(pilot, row.title)
        await until(pilot, lambda: proxy.effects)
        await acts.answered(pilot)
        await acts.refreshed(pilot)
        assert [one.session_id for one in proxy.effects] == [row.key]

    play(bench, scenario, size=(120, 40))


def test_a_first_list_that_cannot_be_read_is_no_empty_list(bench: Bench, proxy: FaultProxy) -> None:
    proxy.strike(
        with_entries("sessions", BROKEN["null"]), on=["ListStreamingSessions"], before=False
    )

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.until_live(pilot)
        await until_seen(pilot, "Your workstations could not be read")
        assert "You have no workstations" not in seen(pilot.app)
        assert "● updated" not in seen(pilot.app)

    play(bench, scenario)


def test_no_workstations_beside_broken_launch_profiles_are_none(
    bench: Bench, proxy: FaultProxy
) -> None:
    def plan(operation: str, _: Request) -> tuple[Fault, bool] | None:
        return {
            "ListStreamingSessions": (with_entries("sessions", lambda _: []), False),
            "ListLaunchProfiles": (with_entries("launchProfiles", BROKEN["null"]), False),
        }.get(operation)

    proxy.plan = plan

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.until_live(pilot)
        await until_seen(pilot, "You have no workstations")
        assert "▲ incomplete" in seen(pilot.app)

    play(bench, scenario)


def test_launch_profiles_that_cannot_be_read_stay(bench: Bench, proxy: FaultProxy) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        before = [row.key for row in acts.profile_rows(pilot)]
        proxy.strike(
            with_entries("launchProfiles", BROKEN["no id"]), on=["ListLaunchProfiles"], before=False
        )
        await looked(pilot)
        assert [row.key for row in acts.profile_rows(pilot)] == before
        assert "could not be read" in seen(pilot.app)
        # They are read again with the next look, not when they would have been due.
        asked = len(proxy.sent("ListLaunchProfiles"))
        acts.start_refresh(pilot)
        await until(pilot, lambda: len(proxy.sent("ListLaunchProfiles")) > asked)

    play(bench, scenario)


def test_images_that_cannot_be_read_can_still_be_chosen_by_id(
    bench: Bench, proxy: FaultProxy
) -> None:
    def broken(values: dict[str, Any]) -> dict[str, Any]:
        return {**values, "streamingImages": [None for _ in values["streamingImages"]]}

    proxy.strike(rewritten(broken), on=["GetLaunchProfileDetails"], before=False)

    async def scenario(pilot: Pilot[None]) -> None:
        screen = await acts.shown(pilot)
        await until(pilot, lambda: acts.has_details(pilot))
        await pilot.press("n")
        await until(pilot, lambda: pilot.app.screen is not screen)
        await settled(pilot)
        configurations = [
            one.launch_profile.stream_configuration for one in acts.profile_rows(pilot)
        ]
        ids = {one for each in configurations for one in each.streaming_image_ids}
        assert any(one in seen(pilot.app) for one in ids)

    play(bench, scenario, size=(100, 30))


def test_backups_that_cannot_be_read_stay(bench: Bench, proxy: FaultProxy) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await backups(pilot, SLEEPING)
        before = acts.lines(pilot).option_count
        assert before > 1
        proxy.strike(
            with_entries("streamingSessionBackups", lambda rows: [*rows[:1], None]),
            on=["ListStreamingSessionBackups"],
            before=False,
        )
        # Another starts the workstation, so its backups are asked for again.
        sleeping = acts.selected(pilot)
        assert sleeping is not None
        bench.service().act(SessionAction.START, sleeping.key)
        bench.clock.advance(5)
        acts.start_refresh(pilot)
        await until_seen(pilot, "could not be read")
        assert acts.lines(pilot).option_count == before

    play(bench, scenario)


def test_an_answer_that_is_not_understood_puts_the_next_look_off_by_seconds(
    bench: Bench, proxy: FaultProxy
) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        odd: Fault = replaced(Answer(206, b'{"sessions":[]}'))
        proxy.strike(odd, on=["ListStreamingSessions"], before=True)
        for _ in range(6):
            acts.start_refresh(pilot)
            await acts.refreshed(pilot)
            assert acts.health(pilot).phase == Phase.OFFLINE
            assert acts.seconds_to_next_refresh(pilot) <= 3

    play(bench, scenario)


def test_an_absurd_pause_is_cut_and_mentioned(bench: Bench, proxy: FaultProxy) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        storm = replaced(Answer(429, b"{}", {"Retry-After": "1e9"}))
        proxy.strike(storm, on=["ListStreamingSessions"], before=True)
        await looked(pilot)
        assert acts.health(pilot).next_try == bench.clock.now() + timedelta(minutes=2)
        assert "is tried again after 2 min" in seen(pilot.app)

    play(bench, scenario, size=(140, 30))


def test_a_page_that_hangs_makes_the_list_count_as_stale(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        answer = bench.gate.hold(b"streaming-sessions")
        await pilot.press("r")
        await until(pilot, lambda: bench.gate.holding)
        bench.clock.advance(15)
        acts.redraw_times(pilot)
        await until_seen(pilot, "▲ no response (updated 15 s ago")
        bench.gate.hold_no_more()
        answer.set()
        await acts.refreshed(pilot)

    play(bench, scenario)
