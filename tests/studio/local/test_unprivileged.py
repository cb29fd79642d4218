"""Workstations of a studio that is not root: as separate from each other as those of root."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.studio.local.local_world import needs_sandboxes

pytestmark = [needs_sandboxes, pytest.mark.slow]

AS_NOBODY = ("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups")
TESTS = ("test_attacks.py", "test_isolation.py", "test_hostile_files.py", "test_scripts.py")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become a user without rights")
def test_a_user_without_rights_can_run_workstations_too(tmp_path: Path) -> None:
    words = [*AS_NOBODY, sys.executable, "-c", ""]
    if subprocess.run(words, cwd="/", capture_output=True, check=False).returncode != 0:
        pytest.skip("this Python can be run by root alone")
    folder = tmp_path / "nobody"
    folder.mkdir()
    os.chown(folder, 65534, 65534)
    for parent in tmp_path.parents[:2]:
        parent.chmod(0o755)
    tmp_path.chmod(0o755)
    here = Path(__file__).parent
    words = [*AS_NOBODY, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    words += [
        "-m",
        "not slow",
        f"--basetemp={folder / 'tests'}",
        *(str(here / name) for name in TESTS),
    ]
    done = subprocess.run(
        words,
        cwd=here.parents[2],
        env={
            **os.environ,
            "HOME": str(folder),
            "TMPDIR": str(folder),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert " passed" in done.stdout
