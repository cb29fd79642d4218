"""Launching: two keys for the same again, one press one workstation, every refusal with why."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.screen import Screen

from nimble_tui.api import register
from nimble_tui.config.settings import Settings
from nimble_tui.config.state import choose
from nimble_tui.core.launching import LastLaunch
from nimble_tui.core.model import StreamingSession
from nimble_tui.core.prices import Prices
from nimble_tui.core.service import DEMO
from nimble_tui.tui.widgets.choices import Choices
from nimble_tui.view.choices import Choosable, Piece
from tests.tui import acts
from tests.tui.bench import (
    NAME,
    Bench,
    play,
    seen,
    settled,
    told,
    until,
    until_on,
    until_seen,
    until_told,
)
from tests.tui.test_actions import posts

LAUNCH = b"/streaming-sessions HTTP"


async def asked(pilot: Pilot[None], key: str = "n") -> Screen[Any]:
    """Ask for a launch; return the dialog once it knows everything and listens."""
    await pilot.press(key)
    dialog = await acts.dialog_of(pilot, acts.LAUNCH)
    await settled(pilot)
    acts.later(pilot)
    return dialog


async def too_soon(pilot: Pilot[None]) -> None:
    """Press enter as a key held down does; wait until its button is up again."""
    await pilot.press("enter")
    await until(pilot, lambda: not pilot.app.screen.query("Button.-active"))
    await settled(pilot)


def launches(bench: Bench) -> list[bytes]:
    return [line for line in posts(bench) if LAUNCH in line]


def newest(bench: Bench) -> StreamingSession:
    listed = bench.service().list_streaming_sessions().items
    return max(listed, key=lambda one: one.created_at or bench.clock.now())


@contextmanager
def raw(bench: Bench, access_key_id: str = "", secret: str = "") -> Iterator[Any]:
    """Yield the API itself, for what the app cannot do."""
    invite = bench.invite
    session = boto3.Session(
        aws_access_key_id=access_key_id or invite.access_key_id,
        aws_secret_access_key=secret or invite.secret_access_key,
        region_name=invite.region,
    )
    register(session)
    client: Any = session.client("nimble", endpoint_url=bench.demo.endpoint_url)  # type: ignore[call-overload]
    try:
        yield client
    finally:
        client.close()


def test_two_keys_launch_and_the_third_would_connect(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await acts.live(pilot)
        await asked(pilot)
        answer = bench.gate.hold(LAUNCH)
        await pilot.press("enter")
        await acts.until_on_main(pilot)
        # The studio has not answered, but the list shows it, and the cursor is on it.
        assert len(acts.rows(pilot)) == 7
        assert acts.selected(pilot).session.state == "CREATE_IN_PROGRESS"
        await until_seen(pilot, "CREATING…")
        acts.later(pilot, 3)
        acts.redraw_times(pilot)
        await pilot.pause()
        await until_seen(pilot, " 3 s ")
        answer.set()
        await acts.launches_answered(pilot)
        assert len(acts.rows(pilot)) == 7
        assert acts.selected(pilot).key == newest(bench).session_id
        assert screen.focused is acts.session_list(pilot)
        acts.later(pilot, 30)
        await pilot.press("r")
        await until_told(pilot, "is READY. Press enter to connect")
        assert acts.selected(pilot).key == newest(bench).session_id
        assert "was deleted" not in told(pilot.app)
        assert len(launches(bench)) == 1

    play(bench, scenario)
    made = newest(bench)
    assert made.ec2_instance_type == "g5.2xlarge"


def test_a_key_held_down_launches_nothing(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.on_profile(pilot, "Lighting")
        await pilot.press("enter")
        await acts.dialog_of(pilot, acts.LAUNCH)
        await settled(pilot)
        for _ in range(40):
            acts.later(pilot, 0.03)
            await pilot.press("enter")
        assert acts.is_open(pilot, acts.LAUNCH)
        assert posts(bench) == []
        acts.later(pilot, 0.4)
        await pilot.press("enter")
        await acts.until_on_main(pilot)
        await acts.launches_answered(pilot)
        assert len(launches(bench)) == 1

    play(bench, scenario)


def test_what_was_chosen_is_chosen_again_in_the_next_run(bench: Bench) -> None:
    async def first(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await asked(pilot)
        assert acts.chosen_type(pilot) == "g5.2xlarge"
        await pilot.press("down", "enter")
        await acts.launched(pilot)
        await settled(pilot)

    async def second(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.go_to(pilot, "sq042 lighting")
        await asked(pilot)
        assert acts.chosen_type(pilot) == "g5.xlarge"
        await pilot.press("escape")

    play(bench, first)
    assert newest(bench).ec2_instance_type == "g5.xlarge"
    play(bench, second)


def test_a_name_is_given_on_the_way(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await asked(pilot)
        await pilot.press("tab", "tab", *"sq099 [x]", "enter")
        await acts.until_on_main(pilot)
        await until_seen(pilot, "sq099 [x]")
        await acts.launches_answered(pilot)
        await until_seen(pilot, "sq099 [x]")

    play(bench, scenario)
    assert newest(bench).tags["Name"] == "sq099 [x]"


def test_a_name_that_hides_something_is_not_taken(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        dialog = await asked(pilot)
        acts.field(pilot, "#name").value = "sq\u202e99"
        await pilot.press("enter")
        await until_seen(pilot, "unsafe characters")
        await until_on(pilot, dialog)
        assert posts(bench) == []
        acts.field(pilot, "#name").value = "sq99"
        await until(pilot, lambda: "unsafe characters" not in seen(pilot.app))
        acts.later(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: len(launches(bench)) == 1)

    play(bench, scenario)


def test_the_launch_profile_can_be_changed_in_the_dialog(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await asked(pilot)
        titles = []
        for _ in range(4):
            titles.append(acts.chosen_profile(pilot))
            await pilot.press("right")
            await settled(pilot)
        assert sorted(titles) == ["Comp", "Lighting", "Previs", "Review"]
        assert acts.chosen_profile(pilot) == titles[0]
        await pilot.press("left")
        await settled(pilot)
        assert acts.chosen_profile(pilot) == titles[-1] == "Comp"
        await until_seen(pilot, "g4dn.4xlarge")
        await until_seen(pilot, "16 CPUs")
        acts.later(pilot)
        await pilot.press("enter")
        await acts.launched(pilot)

    play(bench, scenario)
    assert newest(bench).ec2_instance_type == "g4dn.4xlarge"


@pytest.mark.parametrize(
    ("title", "why"),
    [("RenderWorker-Default", "for render machines"), ("FX", "Ask your admin")],
)
def test_what_cannot_be_launched_says_why(bench: Bench, title: str, why: str) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.on_profile(pilot, title)
        await until_seen(pilot, why)
        for key in ("enter", "n"):
            await pilot.press(key)
            await acts.until_on_main(pilot)
            assert "Launch: unavailable" in told(pilot.app) or "Launch: unavailable" in told(
                pilot.app
            )
            await until_told(pilot, why)
        assert posts(bench) == []

    play(bench, scenario, size=(120, 36))


def test_why_not_is_told_until_something_else_is_done(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.on_profile(pilot, "FX")
        await pilot.press("n")
        await until_told(pilot, "Launch: unavailable")
        await pilot.press("s")
        await until(pilot, lambda: told(pilot.app).startswith("Stop: unavailable"))
        await acts.on_profile(pilot, "Lighting")
        await until_seen(pilot, "Stop: unavailable")
        await asked(pilot)
        assert told(pilot.app) == ""
        await until(pilot, lambda: "not now" not in seen(pilot.app))

    play(bench, scenario)


def test_looking_only_launches_nothing(bench: Bench) -> None:
    bench.studios.read_only = True

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        for key in ("n", "enter"):
            await pilot.press(key)
            await acts.until_on_main(pilot)
            await until_told(pilot, "read-only")
            pilot.app.clear_notifications()
        assert posts(bench) == []

    play(bench, scenario, studio=NAME)


def test_a_long_list_tells_that_it_goes_on() -> None:
    class Types(App[None]):
        def compose(self) -> ComposeResult:
            yield Choices("types", most=4)

    async def scenario() -> None:
        async with Types().run_test(size=(60, 10)) as pilot:
            choices = pilot.app.query_one(Choices)
            choices.styles.height = "auto"
            choices.show([Choosable(f"g{n}", (Piece(f"g{n}.xlarge"),)) for n in range(13)])
            await until_seen(pilot, "↓ 9 more")
            await pilot.press("end")
            await until_seen(pilot, "↑ 9 more")
            assert "↓" not in seen(pilot.app)

    asyncio.run(scenario())


def test_what_could_not_be_read_is_read_again_by_enter(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        bench.gate.open = False
        dialog = await asked(pilot)
        await until_seen(pilot, "Try again")
        bench.gate.open = True
        await pilot.press("enter")
        await until_seen(pilot, "Takes a few minutes")
        assert pilot.app.screen is dialog
        assert not launches(bench)
        await settled(pilot)
        acts.later(pilot)
        await pilot.press("enter")
        await acts.launched(pilot)
        assert len(launches(bench)) == 1

    play(bench, scenario)


def test_a_lost_answer_leaves_one_workstation(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await asked(pilot)
        bench.gate.lose(LAUNCH)
        await pilot.press("enter")
        await acts.launched(pilot)
        await settled(pilot)
        assert len(acts.rows(pilot)) == 7
        assert acts.selected(pilot).key == newest(bench).session_id

    play(bench, scenario)
    assert len(bench.service().list_streaming_sessions().items) == 7


def test_a_launch_that_fails_tells_why_and_leaves_the_list_as_it_was(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        before = await acts.go_to(pilot, "sq042 lighting")
        await asked(pilot)
        bench.gate.open = False
        await pilot.press("enter")
        await acts.launched(pilot)
        assert len(acts.rows(pilot)) == 6
        assert acts.selected(pilot).key == before
        await until_told(pilot, "Launch failed: ")
        bench.gate.open = True

    play(bench, scenario)
    assert len(bench.service().list_streaming_sessions().items) == 6


def test_over_quota_tells_what_to_do(bench: Bench) -> None:
    with raw(bench) as nimble:
        profile = next(
            one for one in bench.service().list_launch_profiles().items if one.title == "Lighting"
        )
        configuration = profile.stream_configuration
        while True:
            try:
                nimble.create_streaming_session(
                    studioId=bench.invite.studio_id,
                    launchProfileId=profile.launch_profile_id,
                    ec2InstanceType=configuration.ec2_instance_types[0],
                    streamingImageId=configuration.streaming_image_ids[0],
                )
            except nimble.exceptions.ServiceQuotaExceededException:
                break

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        before = len(acts.rows(pilot))
        await asked(pilot)
        await pilot.press("enter")
        await until_told(pilot, "Launch failed: ")
        await until_told(pilot, "elete")
        assert len(acts.rows(pilot)) == before

    play(bench, scenario)


def test_a_type_that_was_not_free_is_marked_and_another_one_offered(bench: Bench) -> None:
    with raw(bench) as nimble:
        profile = next(
            one for one in bench.service().list_launch_profiles().items if one.title == "Lighting"
        )
        nimble.create_streaming_session(
            studioId=bench.invite.studio_id,
            launchProfileId=profile.launch_profile_id,
            ec2InstanceType="g5.2xlarge",
            streamingImageId=profile.stream_configuration.streaming_image_ids[0],
            tags={"Name": "unlucky", "nimble-tui:fail": "create:INSUFFICIENT_CAPACITY"},
        )

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        acts.later(pilot, 60)
        await pilot.press("r")
        await until_told(pilot, "unlucky is CREATE_FAILED")
        await until_told(pilot, "n for another type")
        await acts.go_to(pilot, "unlucky")
        await asked(pilot)
        text = seen(pilot.app)
        assert "was not available at 13:2" in text
        assert acts.chosen_type(pilot) == "g5.xlarge"

    play(bench, scenario)


def test_prices_stand_beside_the_types(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await asked(pilot)
        await until_seen(pilot, "£1.25/h")

    settings = Settings(prices=Prices("£", {"g5.2xlarge": 1.25}))
    play(bench, scenario, settings=settings)


def test_how_long_it_took_the_last_times_is_told(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.go_to(pilot, "sq042 lighting")
        await asked(pilot)
        await pilot.press("enter")
        await acts.launched(pilot)
        for _ in range(12):
            acts.later(pilot, 2)
            await pilot.press("r")
            await settled(pilot)
        assert acts.usual_durations(pilot)
        await asked(pilot)
        await until_seen(pilot, "Usually takes about")
        await pilot.press("enter")
        await acts.until_on_main(pilot)
        await until_seen(pilot, "usually takes about")
        await acts.launches_answered(pilot)

    play(bench, scenario)


def test_a_choice_that_is_no_longer_offered_is_forgotten(bench: Bench) -> None:
    profile = next(
        one for one in bench.service().list_launch_profiles().items if one.title == "Lighting"
    )
    choose(bench.info(DEMO), profile.launch_profile_id, LastLaunch("g3.4xlarge", "no-such-image"))

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.go_to(pilot, "sq042 lighting")
        await asked(pilot)
        assert acts.chosen_type(pilot) == "g5.2xlarge"
        assert acts.chosen_image(pilot) == profile.stream_configuration.streaming_image_ids[0]

    play(bench, scenario)
