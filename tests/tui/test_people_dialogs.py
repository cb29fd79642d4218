"""Dialogs of the People screen while the workstations of the main screen below them change."""

from functools import partial

from textual.pilot import Pilot

from nimble_tui.core.launching import LaunchRequest
from nimble_tui.tui.screens.main import MainScreen
from nimble_tui.tui.sight import Sight
from tests.tui.bench import Bench, main_screen, play, settled, until, until_on
from tests.tui.people_bench import ADMIN, go_to, page, press

DIALOGS = {
    "a": "ProfileDialog",
    "x": "ProfileDialog",
    "A": "WishDialog",
    "z": "WishDialog",
    "n": "OnboardDialog",
    "o": "PlanDialog",
}


def changed_since(screen: MainScreen, before: Sight) -> bool:
    return screen.sight is not before


def test_a_workstation_may_change_below_every_dialog(bench: Bench) -> None:
    """The main screen below takes the new list in; the dialog stays and the app continues."""
    bench.name = ADMIN
    service = bench.service()
    profile = service.list_launch_profiles().items[0]
    details = service.get_launch_profile_details(profile.launch_profile_id)
    machine = profile.stream_configuration.ec2_instance_types[0]
    image = details.streaming_images[0].streaming_image_id
    session = service.launch(LaunchRequest(profile.launch_profile_id, machine, image))

    async def scenario(pilot: Pilot[None]) -> None:
        opened = await page(pilot)
        screen = main_screen(pilot.app)
        for place, (key, kind) in enumerate(DIALOGS.items()):
            go_to(opened, "Mara Vos")
            await press(pilot, bench, key)
            dialog = pilot.app.screen
            assert type(dialog).__name__ == kind
            service.rename(session.session_id, f"other {place}")
            before = screen.sight
            screen.look()
            await until(pilot, partial(changed_since, screen, before))
            await settled(pilot)
            assert pilot.app.screen is dialog
            await press(pilot, bench, "escape")
            await until_on(pilot, opened)

    play(bench, scenario)
