"""Dialogs of the People screen while the workstations of the main screen below them change."""

from textual.pilot import Pilot

from nimble_tui.core.launching import LaunchRequest
from tests.tui import acts, people_bench
from tests.tui.bench import Bench, play, settled, until_on
from tests.tui.people_bench import ADMIN, go_to, page, press

DIALOGS = {
    "a": people_bench.ADD,
    "x": people_bench.TAKE_OFF,
    "A": people_bench.MAKE_ADMIN,
    "v": people_bench.ACCESS,
    "z": people_bench.PROFILE,
    "f": people_bench.FIND,
    "n": people_bench.ONBOARD,
    "o": "Offboard Mara Vos",
}


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
        for place, (key, title) in enumerate(DIALOGS.items()):
            go_to(pilot, "Mara Vos")
            await press(pilot, bench, key)
            dialog = pilot.app.screen
            assert acts.is_open(pilot, title)
            service.rename(session.session_id, f"other {place}")
            before = acts.snapshot(pilot)
            await acts.refresh_in_background(pilot)
            assert acts.snapshot(pilot) is not before
            await settled(pilot)
            assert pilot.app.screen is dialog
            await press(pilot, bench, "escape")
            await until_on(pilot, opened)

    play(bench, scenario)
