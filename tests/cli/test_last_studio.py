"""The app opens the studio it was left in; the command line asks for the first one."""

from argparse import Namespace

import pytest

from nimble_tui.cli.context import chosen
from nimble_tui.cli.studios import ConfiguredStudios
from nimble_tui.config.settings import Settings, StudioSettings
from nimble_tui.core.service import DEMO, ErrorKind, StudioError


def studio(name: str, region: str = "us-west-2") -> StudioSettings:
    return StudioSettings(
        name=name,
        studio_id=f"{region}:stid-{name}",
        region=region,
        principal_id="mara",
        endpoint_url=f"https://{name}.example",
    )


BOTH = Settings(studios=(studio("north"), studio("south")))


@pytest.mark.parametrize(
    ("last", "asked", "demo", "opened"),
    [
        ("", None, False, "north"),
        ("south", None, False, "south"),
        ("gone", None, False, "north"),
        (DEMO, None, False, "north"),
        ("south", "north", False, "north"),
        ("south", None, True, DEMO),
    ],
)
def test_where_the_app_begins(last: str, asked: str | None, *, demo: bool, opened: str) -> None:
    words = Namespace(studio=asked, demo=demo)
    assert chosen(words, BOTH, last=last) == opened


def test_without_any_studio_there_is_no_last_one() -> None:
    assert chosen(Namespace(studio=None, demo=False), Settings(), last="south") is None


def test_studios_follow_settings_that_change() -> None:
    studios = ConfiguredStudios(BOTH)
    studios.use(Settings(studios=(studio("south", "eu-west-1"),)))
    assert list(studios.names()) == ["south"]
    assert studios.info("south").region == "eu-west-1"
    with pytest.raises(StudioError) as caught:
        studios.info("north")
    assert caught.value.kind == ErrorKind.SETTINGS
    studios.close()
