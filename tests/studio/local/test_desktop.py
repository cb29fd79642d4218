"""The default desktop: its packages are documented, and nothing in its menu leads to an error."""

from configparser import ConfigParser
from pathlib import Path

from nimble_tui.studio.compute.local.check import REQUIRED
from nimble_tui.studio.compute.local.desktop_session import (
    FILES,
    LOOKS,
    MOUNT,
    PROGRAMS,
    environment,
)


def read(path: Path) -> ConfigParser:
    parser = ConfigParser(interpolation=None, delimiters=("=",))
    parser.read_string(path.read_text(encoding="utf-8"))
    return parser


def test_every_package_is_in_the_documents(project: Path) -> None:
    words = (project / "docs/local.md").read_text(encoding="utf-8").split()
    assert {*REQUIRED.values(), *PROGRAMS.values(), *LOOKS} <= set(words)


def test_entries_that_lead_to_an_error_or_a_question_are_hidden() -> None:
    entries = {path.stem: read(path) for path in (FILES / "share/applications").iterdir()}
    assert set(entries) == {"xfce4-mail-reader", "xfce4-web-browser", "xfce4-session-logout"}
    assert all(entry["Desktop Entry"]["Hidden"] == "true" for entry in entries.values())
    assert environment(":1", "cookie")["XDG_DATA_DIRS"].startswith(f"{MOUNT}/share:")


def test_pictures_and_texts_open_in_programs_of_the_desktop() -> None:
    opened = read(FILES / "xdg/mimeapps.list")["Default Applications"]
    names = {entry.removeprefix("org.xfce.").removesuffix(".desktop") for entry in opened.values()}
    assert {"image/png", "image/jpeg", "text/plain"} <= set(opened)
    assert names <= set(PROGRAMS)
