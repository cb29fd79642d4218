"""The first run, signing in and out."""

from dataclasses import replace

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from nimble_tui.core.service import ErrorKind, StudioError
from tests.tui import acts
from tests.tui.bench import (
    NAME,
    Bench,
    play,
    seen,
    until,
    until_seen,
    until_told,
)

FIELDS = (
    *("endpoint_url", "region", "studio_id", "principal_id", "display_name"),
    *("access_key_id", "secret_access_key"),
)


@pytest.mark.parametrize("keys", [("enter",), ("1",)])
def test_the_demo_is_one_key_away(bench: Bench, keys: tuple[str, ...]) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await until_seen(pilot, "Your cloud workstations, in the terminal.")
        await pilot.press(*keys)
        await acts.live(pilot)
        await until_seen(pilot, "DEMO")

    play(bench, scenario, studio=None)


def test_an_invite_is_pasted_masked_understood_and_taken(bench: Bench) -> None:
    bench.studios.signed_in = False
    word = bench.invite.encode()

    async def scenario(pilot: Pilot[None]) -> None:
        await pilot.press("2")
        await until(pilot, lambda: isinstance(pilot.app.focused, Input))
        pilot.app.post_message(events.Paste(word))
        await until_seen(pilot, "enter signs in")
        text = seen(pilot.app)
        assert "For Mara Vos at" in text
        assert word[8:28] not in text
        assert bench.invite.secret_access_key not in text
        await pilot.press("enter")
        await acts.live(pilot)
        assert acts.on_main(pilot)
        assert acts.studio(pilot).name == NAME
        await until_told(pilot, "stay in memory")

    play(bench, scenario, studio=None)


def test_an_invite_may_be_pasted_on_the_welcome_screen_itself(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        pilot.app.post_message(events.Paste(bench.invite.encode() + "\n"))
        await until_seen(pilot, "enter signs in")
        await pilot.press("enter")
        await acts.live(pilot)

    play(bench, scenario, studio=None)


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("hello", "This is not an invite"),
        ("nimble1_xxxx", "The invite is damaged"),
        ("nimble1_" + "x" * 9_000, "too long for an invite"),
    ],
)
def test_what_is_no_invite_is_told_in_plain_words(bench: Bench, word: str, sentence: str) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await pilot.press("2")
        await until(pilot, lambda: isinstance(pilot.app.focused, Input))
        pilot.app.post_message(events.Paste(word))
        await until_seen(pilot, sentence)
        await pilot.press("enter")
        assert acts.is_open(pilot, acts.INVITE)
        await pilot.press("escape")
        assert acts.on_welcome(pilot)

    play(bench, scenario, studio=None)


def test_wrong_keys_are_told_in_the_dialog_and_can_be_corrected(bench: Bench) -> None:
    wrong = replace(bench.invite, secret_access_key="wrong" * 8).encode()

    async def scenario(pilot: Pilot[None]) -> None:
        await pilot.press("2")
        await until(pilot, lambda: isinstance(pilot.app.focused, Input))
        pilot.app.post_message(events.Paste(wrong))
        await pilot.press("enter")
        dialog = pilot.app.screen
        await until(pilot, lambda: dialog.query_one("#message").has_class("-wrong"))
        await until_seen(pilot, "✕")
        field = dialog.query_one("#invite", Input)
        assert not field.disabled
        field.value = bench.invite.encode()
        field.focus()
        await pilot.press("enter")
        await acts.live(pilot)

    play(bench, scenario, studio=None)


def test_the_fields_can_be_typed_and_the_secret_does_not_show(bench: Bench) -> None:
    invite = bench.invite

    async def scenario(pilot: Pilot[None]) -> None:
        await pilot.press("3")
        form = pilot.app.screen
        assert acts.is_open(pilot, acts.FIELDS)
        await pilot.press("enter")
        await until_seen(pilot, "Address of the studio is missing.")
        for name in FIELDS:
            form.query_one(f"#{name}", Input).value = getattr(invite, name)
        await pilot.pause()
        assert invite.secret_access_key not in seen(pilot.app)
        await pilot.press("enter")
        await acts.live(pilot)

    play(bench, scenario, studio=None)


def test_from_the_invite_to_the_fields_and_what_is_known_is_filled_in(bench: Bench) -> None:
    bench.studios.signed_in = False

    async def scenario(pilot: Pilot[None]) -> None:
        await until_seen(pilot, "Enter details")
        await pilot.click("#fields")
        await acts.dialog_of(pilot, acts.FIELDS)
        assert pilot.app.screen.query_one("#studio_id", Input).value == bench.invite.studio_id

    play(bench, scenario, studio=NAME)


def test_signing_out_asks_and_leads_back_to_the_welcome_screen(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.sign_out(pilot)
        await until_seen(pilot, "Sign out?")
        await pilot.press("enter")
        await acts.until_on_main(pilot)
        assert bench.studios.signed_in
        await acts.sign_out(pilot)
        await until_seen(pilot, "Sign out?")
        await pilot.press("right", "enter")
        await until(pilot, lambda: acts.on_welcome(pilot))
        assert not bench.studios.signed_in
        await until_told(pilot, "Signed out of")

    play(bench, scenario, studio=NAME)


def test_keys_that_the_studio_refuses_can_be_forgotten(bench: Bench) -> None:
    bench.studios.signed_in = False

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.dialog_of(pilot, acts.INVITE)
        await pilot.press("escape")
        await acts.until_on_main(pilot)
        await pilot.press("o")
        await until_seen(pilot, "Sign out?")
        await pilot.press("right", "enter")
        await until(pilot, lambda: acts.on_welcome(pilot))

    play(bench, scenario, studio=NAME)


def test_the_demo_has_nothing_to_sign_out_of(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.sign_out(pilot)
        await until_told(pilot, "has no access keys to remove")
        await acts.until_on_main(pilot)

    play(bench, scenario)


def test_an_invite_broken_over_lines_is_taken_whole(bench: Bench) -> None:
    word = bench.invite.encode()
    broken = f"Your invite:\n{word[:60]}\n{word[60:]}\n"

    async def scenario(pilot: Pilot[None]) -> None:
        await pilot.press("2")
        await until(pilot, lambda: isinstance(pilot.app.focused, Input))
        pilot.app.post_message(events.Paste(broken))
        await until_seen(pilot, "enter signs in")

    play(bench, scenario, studio=None)


@pytest.mark.parametrize("key", ["ctrl+c", "ctrl+x"])
def test_a_secret_goes_to_no_clipboard(bench: Bench, key: str) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await pilot.press("3")
        field = pilot.app.screen.query_one("#secret_access_key", Input)
        field.value = "canary"
        field.focus()
        field.select_all()
        await pilot.press(key)
        assert pilot.app.clipboard == ""
        assert field.value == "canary"

    play(bench, scenario, studio=None)


def test_one_can_sign_out_of_a_studio_that_does_not_answer(bench: Bench) -> None:
    bench.studios.problem = StudioError(ErrorKind.UNREACHABLE, "The studio cannot be reached.")

    async def scenario(pilot: Pilot[None]) -> None:
        await until_seen(pilot, "cannot be reached")
        await pilot.press("o")
        await until_seen(pilot, "Sign out?")
        await pilot.press("right", "enter")
        await until_seen(pilot, "Paste an invite")
        assert not bench.studios.signed_in

    play(bench, scenario, studio="northwind")


def test_a_mistake_in_signing_out_is_told(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(_: str) -> None:
        raise ValueError

    monkeypatch.setattr(bench.studios, "sign_out", breaks)

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.sign_out(pilot)
        await until_seen(pilot, "Sign out?")
        await pilot.press("right", "enter")
        await until_told(pilot, "Internal error")

    play(bench, scenario, studio=NAME)
