"""Shared file systems: what is not there or not mounted is said, and costs no workstation."""

from pathlib import Path

import pytest

from nimble_tui.studio.compute.local import shares
from tests.studio.local.local_world import needs_sandboxes, open_local

pytestmark = needs_sandboxes

PROJECTS = {
    "name": "Projects",
    "type": "SHARED_FILE_SYSTEM",
    "configuration": {
        "sharedFileSystemConfiguration": {
            "shareName": "projects",
            "linuxMountPoint": "/mnt/projects",
        }
    },
}
PROBLEM = "The file system Projects cannot be mounted: the folder of its share 'projects' "


@pytest.mark.parametrize("problem", ["does not exist", "is not mounted"])
def test_a_share_that_cannot_be_had_is_said_at_a_start_and_at_a_launch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: str
) -> None:
    share, fstab = tmp_path / "share of the show", tmp_path / "fstab"
    fstab.touch()
    monkeypatch.setattr(shares, "_FSTAB", fstab)
    share.mkdir()
    with open_local(tmp_path, shares={"projects": share}) as world:
        world.add_profile("projects", [PROJECTS])
        session_id = world.ready("projects")
        world.do("stop", session_id, "STOPPED")
        if problem == "is not mounted":
            where = str(share).replace(" ", "\\040")
            fstab.write_text(f"# file server\nserver:/export {where} nfs rw 0 0\n/dev/x / ext4\n")
        else:
            share.rmdir()
        world.act("start", session_id)
        session = world.until(session_id, "START_FAILED")
        assert session["statusMessage"].startswith(PROBLEM + problem)
        assert session["statusMessage"].endswith("Ask your admin.")
        failed = world.launch("projects")
        assert world.until(failed, "CREATE_FAILED")["statusMessage"].startswith(PROBLEM + problem)
        world.do("delete", failed, "DELETED")
        assert any(problem in one.text for one in world.studio.findings() if not one.ok)
        fstab.write_text("")
        share.mkdir(exist_ok=True)
        world.do("start", session_id, "READY")


def test_a_share_that_is_empty_is_said_of_a_workstation_that_is_ready(tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    with open_local(tmp_path, shares={"projects": share}) as world:
        world.add_profile("projects", [PROJECTS])
        session_id = world.launch("projects")
        message = world.until(session_id, "READY")["statusMessage"]
        assert "The file system Projects is empty: if it should not be" in message
        (share / "shot").touch()
        world.do("stop", session_id, "STOPPED")
        assert "is empty" not in world.do("start", session_id, "READY")["statusMessage"]
