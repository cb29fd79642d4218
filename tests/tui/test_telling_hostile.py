"""Names, tags and members that want to be more than text, on the screens that tell more."""

import json

import boto3
import pytest
from textual.pilot import Pilot

from nimble_tui.api import register
from nimble_tui.core.text import clean
from tests.tui import acts
from tests.tui.bench import Bench, play, seen, until
from tests.tui.test_hostile import EVERYWHERE, only_text, renamed


@pytest.mark.parametrize("name", EVERYWHERE, ids=ascii)
def test_a_name_does_nothing_on_any_page(bench: Bench, name: str) -> None:
    pages = (("v", "show"), ("h", "history"), ("u", "usage"), ("b", "backups"))

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        acts.select(pilot, session_id)
        await pilot.pause()
        begin = clean(name).split()[0][:5]
        for key, page in pages:
            await acts.page(pilot, key, page)
            picture = seen(pilot.app)
            assert begin in picture, key
            assert only_text(picture)
        await pilot.press("h", "a", "v", "j")
        await until(pilot, lambda: '"arn"' in seen(pilot.app))
        assert only_text(seen(pilot.app))

    with renamed(bench, name) as session_id:
        play(bench, scenario)


def test_json_is_escaped_and_comes_back_as_it_was(bench: Bench) -> None:
    evil = {
        "[/oops]": "\x1b]52;c;aGk=\x07\x1b[2J",
        "\u202eexe.gpj": "[@click=app.quit]x[/]",
        "nimble-tui:launch": "token-1",
        "Show": "工作站 e\u0301\u0301\u0301\u0301",
    }

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        acts.select(pilot, session_id)
        await pilot.press("v")
        await until(pilot, lambda: acts.page_of(pilot) == "show")
        text = seen(pilot.app)
        assert only_text(text)
        assert "[/oops]" in text
        # Tags of the app's own come last.
        assert text.index("Show  ") < text.index("nimble-tui:launch")
        await pilot.press("j")
        await until(pilot, lambda: '"tags"' in seen(pilot.app))
        text = seen(pilot.app)
        assert only_text(text)
        assert "\\u001b]52;c;aGk=" in text
        shown = json.loads("\n".join(one.shown.plain for one in acts.lines(pilot).readings))
        assert {**evil, "Name": "harmless"} == shown["tags"]
        await pilot.press("a")
        assert json.loads(pilot.app.clipboard)["tags"] == shown["tags"]
        assert only_text(pilot.app.clipboard)

    with renamed(bench, "harmless") as session_id:
        invite = bench.invite
        session = boto3.Session(
            aws_access_key_id=invite.access_key_id,
            aws_secret_access_key=invite.secret_access_key,
            region_name=invite.region,
        )
        register(session)
        nimble = session.client("nimble", endpoint_url=bench.demo.endpoint_url)  # type: ignore[call-overload]
        arn = bench.service().get_streaming_session(session_id).arn
        nimble.tag_resource(resourceArn=arn, tags=evil)
        nimble.close()
        play(bench, scenario, size=(120, 80))
