"""Keeping, renaming, and resuming unfinished requests."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from nimble_tui.config import cache
from nimble_tui.core.model import SessionAction, StreamingSession
from nimble_tui.core.service import (
    DEMO,
    ErrorKind,
    Finding,
    StudioError,
    StudioInfo,
    StudioService,
)
from tests.desktop.conftest import Install
from tests.tui import acts
from tests.tui.bench import (
    NAME,
    Bench,
    notifications,
    play,
    seen,
    settled,
    told,
    until,
    until_seen,
    until_told,
)
from tests.tui.test_connect import passing

NOW = datetime(2026, 11, 21, 13, 26, tzinfo=UTC)
ENDING = "Lighting"
RUNNING = "sq042 lighting"
FOREVER = "sq007 plates"


def state_of(bench: Bench, session_id: str) -> str | None:
    return bench.service().get_streaming_session(session_id).state


async def keep(pilot: Pilot[None], title: str = ENDING) -> str:
    """Keep the workstation that is about to be deleted; return its id."""
    key = await acts.go_to(pilot, title)
    await pilot.press("k")
    await acts.listening(pilot, acts.KEEP)
    await pilot.press("right", "enter")
    await acts.until_on_main(pilot)
    return key


def test_keeping_explains_itself_starts_stops_again_and_tells_its_end(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.go_to(pilot, ENDING)
        await pilot.press("k")
        await until_seen(pilot, "Keep this workstation?")
        text = " ".join(seen(pilot.app).replace("│", " ").split())
        for words in (
            "Keeping it starts the workstation and stops it again",
            "for another 4 days",
            "→ moves to Keep",
        ):
            assert words in text
        assert acts.focused_button(pilot) == "cancel"
        await pilot.press("escape")
        key = await keep(pilot)
        await until_seen(pilot, "keeping: starting, then stopping…")
        await acts.answered(pilot)
        assert state_of(bench, key) == "START_IN_PROGRESS"
        await settled(pilot)
        await until_seen(pilot, "keeping: starting")

        def later() -> bool:
            bench.clock.advance(5)
            return "is kept until" in told(pilot.app)

        await until(pilot, later)
        assert state_of(bench, key) == "STOPPED"
        for words in ("dfbw is READY", "dfbw is STOPPED"):
            assert words not in told(pilot.app)
        await until(pilot, lambda: not acts.keeping(pilot))

        def is_kept() -> bool:
            row = next(row for row in acts.all_rows(pilot) if row.key == key)
            at = row.deadline.at if row.deadline else bench.clock.now()
            return not row.keeping and at - bench.clock.now() > timedelta(days=3)

        await until(pilot, is_kept)  # the list may be from before the stop was read back

    play(bench, scenario)


def test_keeping_goes_on_in_the_next_run_and_the_last_line_says_so(bench: Bench) -> None:
    keys: list[str] = []

    async def begin(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        keys.append(await keep(pilot))
        await acts.answered(pilot)
        unfinished = "Keep is not finished for Lighting · dfbw. Start nimble-tui again"
        assert unfinished in acts.farewell(pilot)

    async def go_on(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await until(pilot, lambda: acts.keeping(pilot) == set(keys))
        await settled(pilot)
        await until_seen(pilot, "keeping: ")

        def later() -> bool:
            bench.clock.advance(5)
            return "is kept until" in told(pilot.app)

        await until(pilot, later)

    play(bench, begin)
    play(bench, go_on)
    assert state_of(bench, keys[0]) == "STOPPED"


def test_what_the_artist_waits_to_connect_to_is_not_stopped_under_them(
    bench: Bench, install: Install
) -> None:
    browser = install("xdg-open")

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        key = await keep(pilot)
        await acts.answered(pilot)
        await pilot.press("enter")
        await acts.dialog_of(pilot, acts.CONNECT_WHEN_READY, acts.START_AND_CONNECT)
        bench.clock.advance(1)
        await pilot.press("enter")
        await acts.until_on_main(pilot)
        held = bench.gate.hold(b"/streams HTTP")
        bench.clock.advance(30)
        acts.start_refresh(pilot)
        await until(pilot, lambda: bench.gate.holding)
        # It is READY, and its screen is not open yet.
        for _ in range(2):
            bench.clock.advance(1)
            await acts.refresh_in_background(pilot)
            await until(pilot, lambda: "look" not in [one.group for one in pilot.app.workers])
        assert state_of(bench, key) == "READY"
        bench.gate.hold_no_more()
        held.set()
        await until(pilot, passing(pilot, lambda: browser.ran))
        await until_told(pilot, "so it keeps running")
        assert state_of(bench, key) == "READY"

    play(bench, scenario)


@pytest.mark.parametrize("name", ["[/oops]", "[@click=app.quit]x[/]", "$accent 工作站 🎬"])
def test_a_hostile_name_only_shows_where_it_is_kept_and_warned_about(
    bench: Bench, name: str
) -> None:
    service = bench.service()
    listed = service.list_streaming_sessions().items
    ending = next(one for one in listed if one.state == "STOPPED" and one.terminate_at)
    service.rename(ending.session_id, name)

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.shown(pilot)
        await until_told(pilot, f"{name} will be deleted in 52 min")
        await until_seen(pilot, f"{name} will be deleted")
        await keep(pilot, name)
        await until_seen(pilot, "keeping: starting")
        assert f"Keep is not finished for {name}" in acts.farewell(pilot)

    play(bench, scenario)


@pytest.mark.parametrize(
    ("title", "why"),
    [
        (RUNNING, "Only a stopped workstation needs to be kept"),
        (FOREVER, "It is kept until you delete it"),
    ],
)
def test_what_needs_no_keeping_says_why(bench: Bench, title: str, why: str) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.go_to(pilot, title)
        await pilot.press("k")
        await acts.until_on_main(pilot)
        await until_told(pilot, why)

    play(bench, scenario)


def test_keeping_that_fails_says_why_and_is_over(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        key = await acts.go_to(pilot, ENDING)
        await pilot.press("k")
        dialog = await acts.dialog_of(pilot, acts.KEEP)
        await until(pilot, lambda: dialog.focused is not None)
        bench.service().act(SessionAction.START, key)
        bench.clock.advance(1)
        await pilot.press("right", "enter")
        await until_told(pilot, "Keep failed: Lighting")
        await acts.answered(pilot)
        assert acts.keeping(pilot) == set()

    play(bench, scenario)


def test_a_keep_dialog_closes_when_somebody_else_starts_it(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        key = await acts.go_to(pilot, ENDING)
        await pilot.press("k")
        await acts.dialog_of(pilot, acts.KEEP)
        bench.service().act(SessionAction.START, key)
        acts.start_refresh(pilot)
        await acts.until_on_main(pilot)
        await until_told(pilot, "No changes made")

    play(bench, scenario)


def test_going_to_another_studio_tells_of_keeping_that_is_not_finished(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await keep(pilot)
        await acts.answered(pilot)
        await pilot.press("g")
        await until_seen(pilot, "Switch studio")
        await pilot.press("up", "enter")
        await until_told(pilot, "Lighting · dfbw keeps running until you open")

    play(bench, scenario)


# Renaming.


async def rename(pilot: Pilot[None], title: str) -> Input:
    await acts.go_to(pilot, title)
    await pilot.press("e")
    await acts.dialog_of(pilot, acts.RENAME)
    field = acts.field(pilot)
    await until(pilot, lambda: field.has_focus)
    field.cursor_blink = False
    return field


def name_of(bench: Bench, session_id: str) -> str | None:
    return bench.service().get_streaming_session(session_id).tags.get("Name")


def test_a_new_name_is_typed_over_the_old_one_and_shows_at_once(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        field = await rename(pilot, RUNNING)
        assert field.value == RUNNING
        answer = bench.gate.hold(b"/tags/")
        await pilot.press(*"roto 7", "enter")
        await acts.until_on_main(pilot)
        await until_seen(pilot, "roto 7")
        answer.set()
        await acts.answered(pilot)
        assert acts.selected(pilot).title == "roto 7"
        assert name_of(bench, acts.selected(pilot).key) == "roto 7"

    play(bench, scenario)


def test_what_was_changed_is_stored_for_the_next_start_and_for_completion(bench: Bench) -> None:
    def stored() -> dict[str | None, str | None]:
        cached = cache.read(bench.info(DEMO))
        assert cached is not None
        return {one.tags.get("Name"): one.state for one in cached.sessions}

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await rename(pilot, RUNNING)
        await pilot.press(*"roto 7", "enter")
        await acts.answered(pilot)
        await acts.refreshed(pilot)
        await settled(pilot)
        assert stored()["roto 7"] == "READY"
        await acts.go_to(pilot, FOREVER)
        await pilot.press("t")
        await until_seen(pilot, "STARTING")
        await acts.answered(pilot)
        await acts.refreshed(pilot)
        await settled(pilot)
        assert stored()[FOREVER] == "START_IN_PROGRESS"

    play(bench, scenario)


def test_an_empty_name_is_the_usual_one_again(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await rename(pilot, RUNNING)
        await pilot.press("backspace")
        await until_seen(pilot, "If empty, it will be called Lighting · ")
        await pilot.press("enter")
        await acts.answered(pilot)
        await acts.until_on_main(pilot)
        await until(pilot, lambda: acts.selected(pilot).title != RUNNING)
        assert acts.selected(pilot).title.startswith("Lighting · ")
        assert name_of(bench, acts.selected(pilot).key) is None

    play(bench, scenario)


@pytest.mark.parametrize("keys", [("escape",), ("enter",), ("tab", "enter")])
def test_nothing_is_sent_when_the_name_stays(bench: Bench, keys: tuple[str, ...]) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await rename(pilot, RUNNING)
        await pilot.press(*keys)
        await acts.until_on_main(pilot)
        assert not [line for line in bench.gate.calls if not line.startswith(b"GET")]
        assert acts.pending(pilot) == {}

    play(bench, scenario)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  sq1  ", "sq1"),
        ("\x1b[2Jgone\u202e", "[2Jgone"),
        ("[/oops]", "[/oops]"),
        ("a\tb", "a b"),
        ("\u200b", ""),
        ("工作站", "工作站"),
        ("x" * 300, "x" * (acts.LONGEST_NAME - 1) + "…"),
    ],
)
def test_a_name_is_what_will_be_shown(typed: str, name: str) -> None:
    assert acts.shown_name(typed) == name


@pytest.mark.parametrize("name", ["[/oops]", "[@click=app.quit]x[/]", "$accent 工作站", "a" * 256])
def test_any_name_can_be_given_and_does_nothing(bench: Bench, name: str) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        field = await rename(pilot, RUNNING)
        field.value = name
        await pilot.pause()
        await pilot.press("enter")
        await acts.answered(pilot)
        await acts.until_on_main(pilot)
        await until(pilot, lambda: acts.selected(pilot).title == name)
        await pilot.press("e")
        await acts.dialog_of(pilot, acts.RENAME)
        await until(pilot, lambda: name[:5] in seen(pilot.app))
        assert pilot.app.is_running

    play(bench, scenario)


def test_a_name_that_is_not_taken_goes_back(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await rename(pilot, RUNNING)
        await pilot.press(*"roto", "tab", "tab")
        bench.gate.open = False
        await pilot.press("enter")
        await until_told(pilot, "Rename ")
        await acts.answered(pilot)
        assert acts.selected(pilot).title == RUNNING

    play(bench, scenario)


def test_who_may_only_look_renames_and_keeps_nothing(bench: Bench) -> None:
    bench.studios.read_only = True

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.go_to(pilot, ENDING)
        for key, label in (("e", "Rename"), ("k", "Keep")):
            await pilot.press(key)
            await until_told(pilot, f"{label}: unavailable: This studio is read-only")
        await acts.until_on_main(pilot)

    play(bench, scenario, studio=NAME)


# What was left open.


class Unsettled:
    """Findings about unresolved requests, in place of a journal."""

    def __init__(
        self,
        bench: Bench,
        *findings: Finding,
        error: Exception | None = None,
        stays: bool = False,
    ) -> None:
        self.findings = list(findings)
        self.error = error
        self.asked = 0
        known = bench.studios.connected

        def connected(info: StudioInfo) -> StudioService:
            service = known(info)
            service.has_unresolved = lambda: bool(stays or self.findings or error)  # type: ignore[method-assign]
            service.reconcile = self.reconcile  # type: ignore[method-assign]
            return service

        bench.studios.connected = connected  # type: ignore[method-assign]

    def reconcile(
        self, sessions: Iterable[StreamingSession], *, spare: Collection[str] = ()
    ) -> tuple[Finding, ...]:
        assert not spare
        self.asked += 1
        assert len(tuple(sessions)) > 5
        if self.error is not None:
            raise self.error
        found, self.findings = tuple(self.findings), []
        return found


def test_what_an_earlier_run_left_open_is_told_once(bench: Bench) -> None:
    left = Unsettled(
        bench,
        Finding("The launch of sq050 was not done; [/press] n to launch it.", good=False),
        Finding("sq042 lighting is READY."),
    )

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await until_told(pilot, "The launch of sq050")
        told_of = {one.message: one for one in notifications(pilot.app)}
        bad = told_of["The launch of sq050 was not done; [/press] n to launch it."]
        good = told_of["sq042 lighting is READY."]
        assert (bad.severity, good.severity) == ("warning", "information")
        assert bad.timeout > good.timeout
        assert bad.title == "Unfinished request"
        await until_seen(pilot, "[/press]")
        for _ in range(2):
            bench.clock.advance(1)
            await acts.refresh(pilot)
        assert told(pilot.app).count("sq050") == 1
        assert left.asked == 1

    play(bench, scenario)


def test_many_findings_are_a_few_messages(bench: Bench) -> None:
    Unsettled(bench, *(Finding(f"Number {n} is done.", good=n != 7) for n in range(9)))

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await until_told(pilot, "6 more requests finished")
        await until_told(pilot, "1 of them with an unexpected result")
        assert told(pilot.app).count("is done.") == 3

    play(bench, scenario)


@pytest.mark.parametrize(
    "error", [StudioError(ErrorKind.TROUBLE, "The journal is torn."), ValueError("a bug")]
)
def test_reconciling_that_fails_breaks_no_look(bench: Bench, error: Exception) -> None:
    left = Unsettled(bench, error=error)

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await until(pilot, lambda: left.asked)
        await settled(pilot)
        assert acts.health(pilot).phase == "live"
        assert len(acts.rows(pilot)) == 6
        assert told(pilot.app) == ""

    play(bench, scenario)


@pytest.mark.parametrize(("stays", "seconds"), [(True, 3), (False, 30)])
def test_while_something_is_open_the_studio_is_looked_at_more_often(
    bench: Bench, *, stays: bool, seconds: int
) -> None:
    bench.clock.advance(60)  # nothing in the sample changes any more
    left = Unsettled(bench, Finding("One."), stays=stays)

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await until(pilot, lambda: left.asked)
        await settled(pilot)
        assert not any(row.session.in_transition for row in acts.all_rows(pilot))
        assert acts.seconds_to_next_refresh(pilot) == seconds

    play(bench, scenario)
