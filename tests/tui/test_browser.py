"""The demo's page of a workstation in a real browser, opened the way the app opens it."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from nimble_tui.client.nimble import connect
from nimble_tui.core.model import StreamingSession
from nimble_tui.core.service import DEMO, StudioInfo
from nimble_tui.studio.demo import Demo, open_demo
from tests.tui.test_actions import STOPPABLE

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture
def browser() -> str:
    """Return a browser that can draw without a screen."""
    found = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"none of {', '.join(_BROWSERS)} is installed")
    return found


def look(browser: str, home: Path, *arguments: str) -> str:
    """Return what the browser makes of an address."""
    # A root user has no sandbox to begin with.
    root = ["--no-sandbox"] if hasattr(os, "getuid") and os.getuid() == 0 else []
    done = subprocess.run(
        [
            browser,
            "--headless",
            *root,
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--no-proxy-server",
            f"--user-data-dir={home / 'profile'}",
            *arguments,
        ],
        cwd=home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
        check=True,
        text=True,
    )
    return done.stdout


def picture_of(demo: Demo) -> tuple[StreamingSession, str]:
    """Return a workstation that runs and the address of its screen."""
    invite = demo.invite
    info = StudioInfo(DEMO, invite.studio_id, invite.region, invite.principal_id, demo=True)
    service = connect(info, endpoint_url=invite.endpoint_url, keys=invite.keys)
    try:
        listed = service.list_streaming_sessions().items
        session = next(one for one in listed if one.tags.get("Name") == STOPPABLE)
        url = service.connect(session.session_id).url
    finally:
        service.close()
    assert url is not None
    return session, url


def test_the_page_says_which_workstation_it_is(browser: str, tmp_path: Path) -> None:
    with open_demo(None, speed=50) as demo:
        session, url = picture_of(demo)
        page = look(browser, tmp_path, "--dump-dom", url)
        assert f"<h1>{STOPPABLE}</h1>" in page
        assert session.ec2_instance_type is not None
        assert session.ec2_instance_type in page
        assert "<script" not in page


def test_another_address_shows_no_workstation(browser: str, tmp_path: Path) -> None:
    with open_demo(None, speed=50) as demo:
        _, url = picture_of(demo)
        other = re.sub("authToken=[^#]{4}", "authToken=AAAA", url)
        assert other != url
        page = look(browser, tmp_path, "--dump-dom", other)
        assert "Link not found" in page
        assert STOPPABLE not in page
