"""The app where an AWS profile signs: nothing asks for an invite, and renewed keys are noticed."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from nimble_tui.cli.studios import ConfiguredStudios
from nimble_tui.config.editing import append_studio
from nimble_tui.config.loading import load
from nimble_tui.studio.demo import Demo
from nimble_tui.tui.app import NimbleApp
from tests.cli.running import settings_of
from tests.tui import acts
from tests.tui.bench import seen, until_seen, until_told

Scenario = Callable[[Pilot[None]], Awaitable[None]]


@pytest.fixture
def profile(remote: Demo, config: Path) -> Path:
    """The credentials file of a profile whose secret is wrong; it signs for the studio north."""
    append_studio(config, replace(settings_of(remote.invite), credentials="artist"))
    file = Path(os.environ["HOME"]) / ".aws" / "credentials"
    file.parent.mkdir()
    write(file, remote, "wrong" * 8)
    return file


def write(file: Path, remote: Demo, secret: str) -> None:
    key = remote.invite.access_key_id
    file.write_text(f"[artist]\naws_access_key_id = {key}\naws_secret_access_key = {secret}\n")


def play(config: Path, scenario: Scenario) -> None:
    async def run() -> None:
        settings = load(config)
        with closing(ConfiguredStudios(settings, path=config)) as studios:
            app = NimbleApp(studios, settings, "north")
            async with app.run_test(size=(120, 30), notifications=True) as pilot:
                await scenario(pilot)

    asyncio.run(run())


SENTENCE = "sign in to the AWS profile artist again, or renew its keys, then press r."


@pytest.mark.parametrize("presses", [False, True])
def test_renewed_keys_are_taken_without_an_invite(
    remote: Demo, config: Path, profile: Path, presses: bool
) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await until_seen(pilot, SENTENCE)
        assert acts.on_main(pilot)
        # Nothing takes what is typed or pasted for keys.
        await pilot.press("i")
        await until_told(pilot, "This studio uses the AWS profile artist")
        pilot.app.post_message(events.Paste(remote.invite.encode()))
        await pilot.pause()
        assert acts.on_main(pilot)
        write(profile, remote, remote.invite.secret_access_key)
        if presses:
            await pilot.press("r")
        await acts.until_live(pilot)
        assert "renew its keys" not in seen(pilot.app)

    play(config, scenario)


def test_a_file_half_through_with_saving_is_looked_at_again(
    remote: Demo, config: Path, profile: Path
) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await until_seen(pilot, SENTENCE)
        assert acts.on_main(pilot)
        profile.write_text("[artist\n")
        await pilot.press("r")
        await until_seen(pilot, "The AWS file ~/.aws/credentials cannot be read from line 1 on")
        write(profile, remote, remote.invite.secret_access_key)
        await acts.until_live(pilot)

    play(config, scenario)


def test_keys_that_were_renewed_before_the_old_ones_ended_are_noticed_too(
    remote: Demo, config: Path, profile: Path
) -> None:
    write(profile, remote, remote.invite.secret_access_key)
    with closing(ConfiguredStudios(load(config), path=config)) as studios:
        assert not studios.keys_changed("north")
        studios.open("north").close()
        assert not studios.keys_changed("north")
        write(profile, remote, "renewed" * 6)
        assert studios.keys_changed("north")
        studios.open("north").close()
        assert not studios.keys_changed("north")
        # A code that was typed for the AWS CLI lands in its cache.
        (profile.parent / "cli" / "cache").mkdir(parents=True)
        assert studios.keys_changed("north")
        assert not studios.keys_changed("nowhere")
