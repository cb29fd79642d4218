"""What goes wrong inside the studio is logged, and bothers nobody who did not ask for the log."""

import subprocess
import sys

import pytest

PROGRAM = """
import logging
from nimble_tui.studio.studio import Studio
from nimble_tui.studio.http.codec import Request

{before}
studio = Studio.open(None)
application = studio.application
application._verifier = None  # a mistake of our own, whichever
print(application(Request("GET", "/", "", {{"host": "127.0.0.1"}}, b"")).status)
studio.close()
"""


@pytest.mark.parametrize(
    ("before", "heard"), [("", False), ("logging.basicConfig()", True)], ids=["alone", "listened"]
)
def test_a_mistake_is_told_only_to_who_listens(before: str, *, heard: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(before=before)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("500")
    assert ("AttributeError" in done.stderr) == heard
    assert bool(done.stderr) == heard
