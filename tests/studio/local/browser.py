"""A real browser for tests of screens, driven key by key."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from nimble_tui.studio.config_file import DEFAULT_NOVNC
from tests.studio.backends import WHY_NOT
from tests.studio.local.local_world import eventually

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

_PROGRAMS = {"chromium": "chromium", "chromedriver": "chromium-driver", "xterm": "xterm"}
_MISSING = [package for program, package in _PROGRAMS.items() if not shutil.which(program)]
if not (DEFAULT_NOVNC / "core" / "rfb.js").is_file():
    _MISSING.append("novnc")
needs_browser = pytest.mark.skipif(
    bool(WHY_NOT or _MISSING),
    reason=f"no screen in a browser: {WHY_NOT or 'needs ' + ', '.join(_MISSING)}",
)
PLACE = (200, 200)
"""Where the tests type: a point of the screen that their terminal covers."""
KEY_SECONDS = 0.03
"""The time between two keys: a burst is lost on its way through VNC."""


class Browser:
    """One tab of a browser that draws without a screen."""

    def __init__(self, driver: "Chrome") -> None:
        self.driver = driver

    def open(self, url: str) -> None:
        """Open the page of a screen, and wait until it shows one."""
        self.driver.get("about:blank")
        self.driver.get(url)
        eventually(lambda: self.state != "Connecting…")
        assert self.state == "Connected", self.reason

    @property
    def state(self) -> str:
        return self._text("state")

    @property
    def reason(self) -> str:
        """Why no screen is shown, as the page says it."""
        return self._text("reason")

    def press(self, text: str) -> None:
        """Type a line, its keys one by one, into the window at `PLACE`."""
        from selenium.webdriver.common.action_chains import ActionChains
        from selenium.webdriver.common.keys import Keys

        canvas = self.driver.find_element("css selector", "#screen canvas")
        corner = [-canvas.size["width"] // 2, -canvas.size["height"] // 2]
        for place in ((1, 1), PLACE):  # a pointer that does not move is not sent
            x, y = (at + half for at, half in zip(place, corner, strict=True))
            ActionChains(self.driver, 0).move_to_element_with_offset(canvas, x, y).perform()
        for key in [*text, Keys.ENTER]:
            ActionChains(self.driver, 0).send_keys(key).perform()
            time.sleep(KEY_SECONDS)

    def colour(self, place: tuple[int, int] = PLACE) -> tuple[int, ...]:
        """Return the colour that is drawn at a place: red, green and blue.

        What is negative counts from the right or from below.
        """
        drawn: list[int] = self.driver.execute_script(
            "const [x, y] = arguments, it = document.querySelector('#screen canvas');"
            "const at = [x < 0 ? it.width + x : x, y < 0 ? it.height + y : y];"
            "return [...it.getContext('2d').getImageData(...at, 1, 1).data]",
            *place,
        )
        return tuple(drawn[:3])

    def picture(self, path: Path) -> None:
        assert self.driver.save_screenshot(str(path))

    def _text(self, name: str) -> str:
        text: str = self.driver.find_element("id", name).get_attribute("textContent") or ""
        return text


@contextmanager
def open_browser(folder: Path) -> Iterator[Browser]:
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for argument in (
        "--headless=new",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-proxy-server",
        "--force-device-scale-factor=1",
        "--window-size=1280,860",
        f"--user-data-dir={folder / 'profile'}",
        *(["--no-sandbox"] if os.getuid() == 0 else []),
    ):
        options.add_argument(argument)
    service = webdriver.ChromeService(shutil.which("chromedriver"))
    driver = webdriver.Chrome(options=options, service=service)
    try:
        yield Browser(driver)
    finally:
        driver.quit()
