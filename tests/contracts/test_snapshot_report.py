"""A snapshot that fails leaves pictures and a report, which holds nothing of the environment."""

import os
import subprocess
import sys
from pathlib import Path

SECRET = "hunter2-in-the-environment"
SCREEN = """
from textual.app import App
from textual.widgets import Label

class Greeting(App[None]):
    def compose(self):
        yield Label("Goodbye")

def test_hello(snap_compare):
    assert snap_compare(Greeting())
"""
RUN = ("-p", "tests.snapshot_report", "-m", "snapshot", "-p", "no:cacheprovider")
REPORT = "--snapshot-report=failed-snapshots/snapshot_report.html"


def test_what_is_left_of_a_picture_that_changed(project: Path, tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\nmarkers = snapshot\naddopts = --strict-markers\n"
    )
    (tmp_path / "test_screen.py").write_text(SCREEN)
    stored = tmp_path / "__snapshots__" / "test_screen" / "test_hello.svg"
    stored.parent.mkdir(parents=True)
    stored.write_text("<svg>Hello</svg>")
    left = tmp_path / "failed-snapshots"
    left.mkdir()
    (left / "of-an-earlier-run.svg").touch()
    # A run of its own, and no worker of the one that this test is in.
    ours = ("PYTEST_XDIST_WORKER", "TEXTUAL_SNAPSHOT_TEMPDIR")
    env = {name: value for name, value in os.environ.items() if name not in ours}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *RUN, REPORT, "test_screen.py"],
        cwd=tmp_path,
        env={**env, "PYTHONPATH": str(project), "PLANTED": SECRET},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 1, done.stdout
    assert f"Changed pictures: {left}\n" in done.stdout
    names = [
        "snapshot_report.html",
        "test_screen.test_hello.expected.svg",
        "test_screen.test_hello.svg",
    ]
    assert sorted(path.name for path in left.iterdir()) == names
    report, expected, actual = (left.joinpath(name).read_text(encoding="utf-8") for name in names)
    assert "Goodbye" in actual
    assert "Hello" in expected
    assert "Goodbye" in report
    assert SECRET not in report
    assert "PLANTED" not in report
