"""An artist's journey with a real desktop in a real browser: what was typed is there again."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from nimble_tui.client.nimble import connect
from nimble_tui.core.keys import Keys
from nimble_tui.core.service import StudioInfo
from nimble_tui.studio.compute.local.desktop_session import DEFAULT_SESSION, PROGRAMS
from nimble_tui.studio.compute.local.settings import DEFAULT
from nimble_tui.studio.config_file import DEFAULT_NOVNC
from nimble_tui.studio.http.front import LOOPBACK_HOSTS
from nimble_tui.studio.http.public_server import PublicServer
from nimble_tui.studio.http.screen_handshake import Names
from nimble_tui.studio.http.screen_pages import ScreenPages
from nimble_tui.studio.sample.facts import REGION
from tests.studio.local.browser import Browser, needs_browser, open_browser
from tests.studio.local.local_world import LocalWorld, eventually, open_local
from tests.studio.world import MARA, STUDIO_ID

pytestmark = needs_browser

TERMINAL = ("xterm", "-geometry", "100x40", "-bg", "#336699", "-fg", "white")
BLUE = (0x33, 0x66, 0x99)


@dataclass
class Journey:
    world: LocalWorld
    url: str
    browser: Browser

    def connect(self, session_id: str) -> None:
        """Open a workstation's screen at the address that the app would open."""
        person = next(one for one in self.world.studio.people() if one.principal_id == MARA)
        info = StudioInfo("studio", STUDIO_ID, REGION, MARA)
        keys = Keys(person.access_key_id, person.secret_access_key)
        service = connect(info, endpoint_url=self.url, keys=keys)
        try:
            url = service.connect(session_id).url
        finally:
            service.close()
        assert url is not None
        self.browser.open(url)

    def type(self, session_id: str, line: str, name: str, content: str) -> None:
        """Type a line into the workstation's terminal, and wait for the file that it makes."""
        eventually(lambda: self.browser.colour() == BLUE)
        self.browser.press(line)
        file = self.world.home(session_id) / name
        eventually(lambda: file.is_file() and file.read_text() == content)

    def stop(self, session_id: str) -> None:
        """Stop a workstation, and see that its screen ends with it."""
        self.world.do("stop", session_id, "STOPPED")
        eventually(lambda: self.browser.state == "Not connected")
        assert self.browser.reason == "The workstation was stopped."
        assert not self.world.folder(session_id).is_locked()


@contextmanager
def open_journey(folder: Path, **options: object) -> Iterator[Journey]:
    with open_local(folder, **options) as world:
        server = PublicServer(
            ScreenPages(world.studio.application, DEFAULT_NOVNC),
            gate=world.studio.screens,
            names=Names(LOOPBACK_HOSTS),
        )
        with server, open_browser(folder) as browser:
            yield Journey(world, server.endpoint_url, browser)


def test_what_was_typed_is_there_after_a_stop_and_as_it_was_in_a_backup(tmp_path: Path) -> None:
    with open_journey(tmp_path, images={DEFAULT: TERMINAL}) as journey:
        world = journey.world
        session_id = world.ready()
        journey.connect(session_id)
        journey.type(session_id, "echo kept >note", "note", "kept\n")
        journey.stop(session_id)

        world.do("start", session_id, "READY")
        journey.connect(session_id)
        journey.type(session_id, "cp note again", "again", "kept\n")
        journey.type(session_id, "echo changed >note", "note", "changed\n")
        (backup,) = world.backups(session_id)
        journey.stop(session_id)

        world.do("start", session_id, "READY", backupId=backup["backupId"])
        journey.connect(session_id)
        journey.type(session_id, "cp note restored", "restored", "kept\n")
        assert not (world.home(session_id) / "again").exists()
        world.do("delete", session_id, "DELETED")
        eventually(lambda: journey.browser.state == "Not connected")


@pytest.mark.slow
@pytest.mark.skipif(
    not all(shutil.which(program) for program in PROGRAMS),
    reason=f"needs {', '.join(PROGRAMS.values())}",
)
def test_the_default_desktop_has_a_background_and_a_panel(tmp_path: Path) -> None:
    with open_journey(tmp_path, images={DEFAULT: DEFAULT_SESSION}) as journey:
        world, browser = journey.world, journey.browser
        session_id = world.ready()
        journey.connect(session_id)
        middle, panel = (600, 300), (600, -17)
        eventually(lambda: browser.colour(middle)[2] > browser.colour(middle)[0] > 0)
        eventually(lambda: len(set(browser.colour(panel))) > 1 or browser.colour(panel)[0] > 40)
        world.do("delete", session_id, "DELETED")
