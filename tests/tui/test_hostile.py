"""Names that want to be more than names: they show as they are, and do nothing."""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from textual.pilot import Pilot

from nimble_tui.api import register
from nimble_tui.core.text import clean
from tests.tui import acts
from tests.tui.bench import Bench, play, seen, until, until_seen, until_told

WORST = [
    "[/oops]",
    "[@click=app.quit]click me[/]",
    "\x1b[2J\x1b]52;c;aGk=\x07gone",
    "工作站 渲染 灯光 合成 动画 预览 工作站 渲染 灯光",
]
OTHERS = [
    "[link=https://example.org]here[/link]",
    "[red]proj[v2]",
    "$accent [$foo] \\[x",
    "\u202egnp.exe",
    "🎬🦊 fox 👩‍🚀",
    "e\u0301\u0301\u0301\u0301\u0301\u0301 zalgo",
    "a" * 256,
    "line\nbreak\ttab",
    "مرحبا بالعالم",
]
EVERYWHERE = [
    *WORST[1:],
    *(pytest.param(name, marks=pytest.mark.slow) for name in (WORST[0], *OTHERS)),
]
"""All of them, for tests that take each through many screens: most only in a long run."""


@contextmanager
def renamed(bench: Bench, name: str) -> Iterator[str]:
    """Rename the first workstation, as its owner can; yield its id."""
    invite = bench.invite
    session = boto3.Session(
        aws_access_key_id=invite.access_key_id,
        aws_secret_access_key=invite.secret_access_key,
        region_name=invite.region,
    )
    register(session)
    nimble: Any = session.client("nimble", endpoint_url=bench.demo.endpoint_url)  # type: ignore[call-overload]
    listed = nimble.list_streaming_sessions(studioId=invite.studio_id, ownedBy=invite.principal_id)[
        "sessions"
    ]
    chosen = next(one for one in listed if one["state"] == "READY" and "stopAt" in one)
    nimble.tag_resource(resourceArn=chosen["arn"], tags={"Name": name})
    try:
        yield chosen["sessionId"]
    finally:
        nimble.close()


def only_text(picture: str) -> bool:
    return not {c for c in picture if unicodedata.category(c) in {"Cc", "Cf"}} - {"\n"}


def test_a_name_shows_as_text(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        for name in OTHERS:
            with renamed(bench, name) as session_id:
                await pilot.press("r")
                acts.select(pilot, session_id)
                await until(
                    pilot,
                    lambda name=name: acts.detail_pane(pilot).detail.title == clean(name),  # type: ignore[misc]
                )
            picture = seen(pilot.app)
            assert picture.count(clean(name).split()[0][:5]) >= 2
            assert only_text(picture)

    play(bench, scenario)


@pytest.mark.parametrize("name", WORST, ids=ascii)
def test_a_name_does_nothing_wherever_it_shows(bench: Bench, name: str) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        acts.select(pilot, session_id)
        await until(pilot, lambda: acts.detail_pane(pilot).detail.title == clean(name))
        begin = clean(name).split()[0][:5]
        pictures = [seen(pilot.app)]
        await pilot.click("#workstations", offset=(8, acts.cursor(pilot) * 2))
        for key in ("s", "d"):
            await pilot.press(key)
            await acts.dialog_of(pilot, acts.STOP, acts.DELETE)
            await until_seen(pilot, session_id)
            pictures.append(seen(pilot.app))
            await pilot.press("escape")
        await pilot.press("t")
        await until_told(pilot, "It is already running")
        await pilot.press("slash", *"ready", "enter", "ctrl+p")
        await pilot.pause()
        pictures.append(seen(pilot.app))
        await pilot.press("escape", "ctrl+t")
        bench.gate.open = False
        await pilot.press("r")
        await acts.refreshed(pilot)
        pictures.append(seen(pilot.app))
        assert pilot.app.is_running
        assert all(begin in picture for picture in pictures[:3])
        assert all(only_text(picture) for picture in pictures)

    with renamed(bench, name) as session_id:
        play(bench, scenario)


def test_wide_characters_leave_the_columns_where_they_are(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        for place in range(len(acts.rows(pilot))):
            for part in (0, 1):
                line = acts.session_list(pilot).render_line(place * 2 + part)
                assert line.cell_length == acts.session_list(pilot).size.width

    with renamed(bench, "工作站渲染灯光合成动画预览🎬"):
        play(bench, scenario)
