"""A connection to a database that a test leaves open fails that test, on every Python."""

import re
import subprocess
import sys
from pathlib import Path

LEAKING = """
import sqlite3, threading
from contextlib import closing

kept = []

def test_closed():
    with closing(sqlite3.connect(":memory:")):
        pass

def test_left_open():
    kept.append(sqlite3.connect(":memory:"))

def test_left_open_in_a_thread():
    thread = threading.Thread(target=lambda: kept.append(sqlite3.connect(":memory:")))
    thread.start()
    thread.join()

def test_only_committed():
    with sqlite3.connect(":memory:") as connection:
        kept.append(connection)
"""


def test_a_leaked_connection_fails_its_test(project: Path, tmp_path: Path) -> None:
    file = tmp_path / "test_leaking.py"
    file.write_text(f"from tests import conftest\nconftest.CLOSING_SECONDS = 0\n{LEAKING}")
    settings = ["-c", "/dev/null", "--rootdir", str(tmp_path), "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *settings, "-p", "tests.conftest", "-rA", str(file)],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 1, done.stdout
    assert "were not closed" in done.stdout
    failed = set(re.findall(r"^ERROR \S+::(\w+)", done.stdout, re.MULTILINE))
    assert failed == {"test_left_open", "test_left_open_in_a_thread", "test_only_committed"}
