"""Launch profiles, images and licences that want to be more than text: they do nothing."""

import pytest
from textual.pilot import Pilot

from nimble_tui.core.text import clean
from nimble_tui.studio.store.database import Store
from nimble_tui.studio.store.records import Kind
from tests.tui import acts
from tests.tui.bench import (
    Bench,
    play,
    seen,
    settled,
    told,
    until_seen,
    until_told,
)
from tests.tui.test_hostile import EVERYWHERE, only_text
from tests.tui.test_launch import raw


def spoil(bench: Bench, text: str) -> None:
    """Put a text wherever the studio has a name, a description or the words of a licence."""
    store = vars(bench.demo.studio)["_store"]
    assert isinstance(store, Store)
    with store.write() as tx:
        for one in tx.everything():
            if one.kind in {Kind.LAUNCH_PROFILE, Kind.STREAMING_IMAGE, Kind.EULA}:
                members = set(one.document) & {"name", "description", "content", "statusMessage"}
                one.document.update(dict.fromkeys(members, text))
                tx.put(one)


@pytest.mark.parametrize("text", EVERYWHERE, ids=ascii)
def test_the_words_of_a_launch_do_nothing(bench: Bench, text: str) -> None:
    spoil(bench, text)
    bench.name = "admin"
    begin = clean(text).split()[0][:5]

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await pilot.press("n")
        await acts.dialog_of(pilot, acts.LAUNCH)
        await settled(pilot)
        picture = seen(pilot.app)
        assert picture.count(begin) >= 2
        assert only_text(picture)
        await pilot.press("right", "right", "down", "up")
        await settled(pilot)
        assert only_text(seen(pilot.app))
        await pilot.press("escape", "l")
        await acts.dialog_of(pilot, acts.LICENCES)
        await until_seen(pilot, "not accepted yet")
        assert seen(pilot.app).count(begin) >= 2
        assert only_text(seen(pilot.app))
        await pilot.press("o", "a")
        await acts.dialog_of(pilot, acts.ACCEPT)
        assert only_text(seen(pilot.app))
        acts.later(pilot)
        await pilot.press("right", "enter")
        await until_seen(pilot, "Accepted for")
        assert only_text(seen(pilot.app) + told(pilot.app).replace("\n", ""))
        await pilot.press("escape")
        await acts.until_on_main(pilot)
        assert pilot.app.is_running

    play(bench, scenario)


@pytest.mark.parametrize("name", EVERYWHERE, ids=ascii)
def test_the_name_of_a_failed_launch_does_nothing(bench: Bench, name: str) -> None:
    with raw(bench) as nimble:
        profile = next(
            one for one in bench.service().list_launch_profiles().items if one.title == "Lighting"
        )
        configuration = profile.stream_configuration
        nimble.create_streaming_session(
            studioId=bench.invite.studio_id,
            launchProfileId=profile.launch_profile_id,
            ec2InstanceType=configuration.ec2_instance_types[0],
            streamingImageId=configuration.streaming_image_ids[0],
            tags={"Name": name, "nimble-tui:fail": "create:INSUFFICIENT_CAPACITY"},
        )

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        acts.later(pilot, 60)
        acts.start_refresh(pilot)
        await until_told(pilot, "CREATE_FAILED")
        await settled(pilot)
        await until_told(pilot, clean(name)[:12])
        assert only_text(seen(pilot.app))

    play(bench, scenario)
