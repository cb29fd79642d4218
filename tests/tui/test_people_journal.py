"""Changes of people in the app: what is in doubt is reported once, and the history shows them."""

from datetime import timedelta

from textual.pilot import Pilot

from nimble_tui.client.intent import Intent, Verb
from nimble_tui.core.service import DEMO
from nimble_tui.studio.sample.data import NOOR, THEO
from tests.tui import acts
from tests.tui.bench import Bench, notifications, play, seen, told, until, until_seen, until_told
from tests.tui.people_bench import ADMIN, go_to, page, press


def profile_id(bench: Bench, name: str) -> str:
    service = bench.service(ADMIN)
    found = service.people.look().launch_profiles
    service.close()
    return next(one.launch_profile_id for one in found if one.name == name)


def test_what_an_earlier_run_left_in_doubt_is_reported_once(bench: Bench) -> None:
    bench.name = ADMIN
    parameters = {"launch_profile_id": profile_id(bench, "Comp"), "principal_ids": THEO}
    intents = bench.journal.of(bench.info(DEMO)).intents
    at = bench.clock.now() - timedelta(minutes=1)
    intents.begin(Intent(Verb.ADD_MEMBERS, "", parameters), at, timedelta())

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await until_told(pilot, "Adding Theo Lindqvist to Comp, requested at")
        (notice,) = [one for one in notifications(pilot.app) if "Theo" in one.message]
        assert (notice.title, notice.severity) == ("Unfinished request", "warning")
        assert notice.message.endswith("has not been done so far; repeat it if you still need it.")
        for _ in range(2):
            bench.clock.advance(30)
            await acts.refresh(pilot)
        assert told(pilot.app).count("Theo Lindqvist") == 1
        assert not acts.is_anything_unresolved(pilot)
        assert not acts.service(pilot).has_unresolved_people()

    play(bench, scenario)


def test_the_history_shows_who_was_changed_and_when(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        await page(pilot)
        go_to(pilot, "Callum Reid")
        await press(pilot, bench, "a", "enter")
        await until_seen(pilot, "Callum Reid can now launch from Comp.")
        await pilot.press("escape")
        await acts.until_on_main(pilot)
        await pilot.press("tab")
        await acts.page(pilot, "h", "history")
        await until_seen(pilot, "You added Callum Reid to Comp")
        assert "History of all workstations and people" in seen(pilot.app)
        (line,) = [one for one in seen(pilot.app).splitlines() if "added Callum Reid" in one]
        assert f"{bench.clock.now():%H:%M}" in line
        assert "People" in line

    play(bench, scenario, size=(120, 30))


def test_a_line_about_people_leads_to_no_workstation(bench: Bench) -> None:
    bench.name = ADMIN
    parameters = {"principal_ids": NOOR, "status": "DEACTIVATED"}
    intents = bench.journal.of(bench.info(DEMO)).intents
    intents.begin(Intent(Verb.SET_STATUS, "", parameters), bench.clock.now(), timedelta())

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await pilot.press("tab")
        await acts.page(pilot, "h", "history")
        await until_seen(pilot, "set the DataZone status of Noor Rahimi to DEACTIVATED")
        pilot.app.clear_notifications()
        await pilot.press("home", "a")
        await until_told(pilot, "This line is about people")
        await until(pilot, lambda: acts.page_of(pilot) == "history")

    play(bench, scenario, size=(120, 30))
