"""A picture of the app in a real xterm, which has sixteen colours."""

import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path

import pytest

from tests.pty.terminal import PATIENCE

PROGRAMS = ("Xvfb", "xterm", "import")
MISSING = [name for name in PROGRAMS if shutil.which(name) is None]

pytestmark = [
    pytest.mark.pty,
    pytest.mark.slow,
    pytest.mark.skipif(bool(MISSING), reason=f"needs {', '.join(MISSING)} (of X11, ImageMagick)"),
]

BLACK, BLUE, YELLOW = b"\x00\x00\x00", b"\x00\x00\xee", b"\xff\xff\x00"
WIDE = 200
"""Pixels in a row of a plate with some words on it."""


@pytest.fixture
def display() -> Iterator[str]:
    """A screen of X11 that nobody looks at."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "900x500x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        try:
            assert select.select([reading], [], [], PATIENCE)[0]
            yield f":{os.read(reading, 16).decode().strip()}"
        finally:
            os.close(reading)
            server.terminate()


def picture(display: str, file: Path) -> list[list[bytes]]:
    """Return what is on a display, as rows of pixels of three bytes."""
    command = ["import", "-display", display, "-window", "root", "-depth", "8", str(file)]
    subprocess.run(command, check=True, timeout=PATIENCE)
    kind, size, depth, pixels = file.read_bytes().split(b"\n", 3)
    assert (kind, depth) == (b"P6", b"255")
    width, height = map(int, size.split())
    rows = (pixels[row * width * 3 : (row + 1) * width * 3] for row in range(height))
    return [[row[at : at + 3] for at in range(0, len(row), 3)] for row in rows]


def plate_in(row: list[bytes]) -> list[bytes]:
    """Return the longest stretch that is not of the cursor's blue and begins with yellow."""
    stretches = (list(pixels) for is_blue, pixels in groupby(row, BLUE.__eq__) if not is_blue)
    return max((one for one in stretches if one[0] == YELLOW), key=len, default=[])


@pytest.mark.parametrize("term", ["xterm", "linux", "screen"])
def test_the_alarm_is_black_on_yellow_within_the_blue_cursor(
    display: str, tmp_path: Path, term: str
) -> None:
    environment = {k: v for k, v in os.environ.items() if k not in {"COLORTERM", "TERM"}}
    environment |= {"DISPLAY": display, "LC_ALL": "C.UTF-8"}
    command = ["xterm", "-u8", "-fa", "Monospace", "-fs", "10", "-tn", term]
    command += ["-geometry", "100x30+0+0", "-e", sys.executable, "-m", "nimble_tui", "--demo"]
    with ExitStack() as ending:
        terminal = subprocess.Popen(command, env=environment)
        ending.callback(terminal.wait, PATIENCE)
        ending.callback(terminal.terminate)
        end = time.monotonic() + PATIENCE
        alarm: list[list[bytes]] = []
        while len(alarm) < 8:  # the height of a letter
            assert time.monotonic() < end, "no alarm was seen"
            rows = picture(display, tmp_path / "screen.ppm")
            alarm = [row for row in rows if len(plate_in(row)) > WIDE]
    plates = [plate_in(row) for row in alarm]
    assert any(BLACK in plate for plate in plates)
    # The edges of letters are shades between black and yellow, and nothing else is there.
    shades = {pixel for plate in plates for pixel in plate if pixel[0] != pixel[1] or pixel[2]}
    assert shades == set()
