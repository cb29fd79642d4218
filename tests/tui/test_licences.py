"""Licences: shown before a launch, accepted by admins; others see the admins to ask."""

from typing import Any

from textual.pilot import Pilot
from textual.screen import Screen

from tests.tui import acts
from tests.tui.bench import NAME, Bench, play, seen, until, until_on, until_seen
from tests.tui.test_actions import posts
from tests.tui.test_launch import asked, launches, too_soon

ACCEPT = b"/eula-acceptances HTTP"


def acceptances(bench: Bench) -> list[bytes]:
    return [line for line in posts(bench) if ACCEPT in line]


async def previs(pilot: Pilot[None]) -> Screen[Any]:
    """Ask to launch from Previs, with the image whose licence nobody accepted yet."""
    await acts.live(pilot)
    await acts.on_profile(pilot, "Previs")
    dialog = await asked(pilot, "enter")
    await until_seen(pilot, "Licences not accepted yet")
    return dialog


def test_a_missing_licence_is_told_before_and_enter_leads_to_it(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        dialog = await previs(pilot)
        await until_seen(pilot, "Realtime engine, production use")
        await pilot.press("enter")
        await acts.dialog_of(pilot, acts.LICENCES)
        await until_seen(pilot, "not accepted yet")
        assert acceptances(bench) == []
        await pilot.press("escape")
        await until_on(pilot, dialog)

    play(bench, scenario)


def test_an_artist_is_told_whom_to_ask(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await previs(pilot)
        await until_seen(pilot, "Ask Inês")
        await pilot.press("escape")
        await acts.until_on_main(pilot)
        await pilot.press("l")
        await until_seen(pilot, "Ask Inês Cardoso, Lena Hoffmann or Pat Okafor")
        assert "Accept…" not in seen(pilot.app)
        dialog = pilot.app.screen
        await pilot.press("a")
        await until_seen(pilot, "✕ Ask Inês")
        assert pilot.app.screen is dialog
        assert acceptances(bench) == []
        await pilot.press("down")
        await until_seen(pilot, "Accepted for the whole studio by")
        accepted = bench.service().list_eula_acceptances().items[0]
        assert (accepted.accepted_by or "?") not in seen(pilot.app)

    play(bench, scenario)


def test_without_the_studio_nothing_is_said_of_licences(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        bench.gate.open = False
        await pilot.press("l")
        await until_seen(pilot, "✕")
        assert "needs a licence" not in seen(pilot.app)

    play(bench, scenario)


async def accept(pilot: Pilot[None], bench: Bench) -> None:
    """Say yes to accepting what is missing, pressing too often."""
    dialog = pilot.app.screen
    await pilot.press("a")
    await until_seen(pilot, "You accept for the whole studio")
    await until_seen(pilot, "Realtime engine")
    await pilot.press("right")
    await too_soon(pilot)
    assert pilot.app.screen is not dialog
    acts.later(pilot)
    answer = bench.gate.hold(ACCEPT)
    await pilot.press("enter", "enter", "a")
    await until_on(pilot, dialog)
    await until(pilot, lambda: bench.gate.holding)
    answer.set()


def test_an_admin_accepts_once_and_everybody_may_launch(bench: Bench) -> None:
    async def accepted(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await pilot.press("l")
        await until_seen(pilot, "not accepted yet")
        await accept(pilot, bench)
        await until_seen(pilot, "Accepted for the whole studio.")
        await until(pilot, lambda: "not accepted yet" not in seen(pilot.app))
        assert seen(pilot.app).count("by you") == 2
        assert len(acceptances(bench)) == 1

    async def launched(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.on_profile(pilot, "Previs")
        await asked(pilot, "enter")
        assert "not accepted yet" not in seen(pilot.app)
        await pilot.press("enter")
        await acts.launched(pilot)
        assert len(launches(bench)) == 1

    bench.name = "admin"
    play(bench, accepted, studio=NAME)
    bench.name = ""
    bench.gate.calls.clear()
    play(bench, launched)
