"""The setup scripts of a launch profile's components, and what they find."""

import os
import shutil
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from nimble_tui.studio.compute.local import check
from nimble_tui.studio.compute.local.namespaces import STAGE
from tests.studio.local.local_world import (
    LocalWorld,
    eventually,
    needs_sandboxes,
    open_local,
    processes,
)

pytestmark = needs_sandboxes

several_users = pytest.mark.skipif(
    os.geteuid() != 0, reason="only under root does a workstation have several user ids"
)

HOSTILE = """$(touch /tmp/oops) '; touch /home/artist/oops #"` \\"""


def component(name: str, **scripts: str) -> dict[str, Any]:
    """Return a component with a SYSTEM and a USER script."""
    return {
        "name": name,
        "initializationScripts": [
            {
                "launchProfileProtocolVersion": "2021-03-31",
                "platform": "LINUX",
                "runContext": f"{context.upper()}_INITIALIZATION",
                "script": script,
            }
            for context, script in scripts.items()
        ],
    }


@several_users
def test_scripts_run_in_their_order_as_root_and_as_the_artist_with_their_variables(
    tmp_path: Path,
) -> None:
    share = tmp_path / "projects of the show"
    share.mkdir()
    (share / "shot").write_text("010", encoding="utf-8")
    tools = component(
        "Tools",
        system="#!/bin/sh\nset -e\nid -u; echo '#!/bin/sh\necho 1' >/usr/local/bin/tool\n"
        "chmod 755 /usr/local/bin/tool\nuseradd helper; echo system1 >>/home/artist/order\n"
        "chown 1000:1000 /home/artist/order\n",
        user='tool >tool; id -u >>tool; echo user1 >>order; printf %s "$LICENCE" >parameter\n'
        'echo "$NIMBLE_COMPONENT_NAME $NIMBLE_SESSION_ID" >names\n'
        "touch /usr/local/bin/mine 2>/dev/null && echo writable >>tool\nexit 0",
    ) | {"scriptParameters": [{"key": "LICENCE", "value": HOSTILE}]}
    projects = component(
        "Projects $(id)",
        system="echo system2 >>/home/artist/order",
        user='cat /mnt/projects/shot >shot; echo "$NIMBLE_LINUX_MOUNT_POINT" >where\n'
        "echo 020 >/mnt/projects/new; echo user2 >>order",
    ) | {
        "type": "SHARED_FILE_SYSTEM",
        "configuration": {
            "sharedFileSystemConfiguration": {
                "shareName": "projects",
                "linuxMountPoint": "/mnt/projects",
            }
        },
    }
    share.chmod(0o777)
    with open_local(tmp_path, shares={"projects": share}) as world:
        world.add_profile("tools", [tools, projects])
        session_id = world.ready("tools")
        home = world.home(session_id)

        def said(name: str) -> str:
            return (home / name).read_text(encoding="utf-8")

        assert said("order").split() == ["system1", "system2", "user1", "user2"]
        assert said("tool").split() == ["1", "1000"]
        assert said("parameter") == HOSTILE
        assert not (home / "oops").exists()
        assert said("names") == f"Tools {session_id}\n"
        assert (said("shot"), said("where")) == ("010", "/mnt/projects\n")
        assert (share / "new").read_text(encoding="utf-8") == "020\n"
        assert not Path("/usr/local/bin/tool").exists()
        assert Path(STAGE).stat().st_mode & 0o1000  # this machine's own /tmp
        world.do("stop", session_id, "STOPPED")
        world.do("start", session_id, "READY")
        # The system is as the scripts left it: they run once. The artist's run each time.
        assert said("order").split()[4:] == ["user1", "user2"]
        assert said("tool").split() == ["1", "1000"]


@several_users
@pytest.mark.skipif(not Path("/var/lib/apt/lists").is_dir(), reason="needs Debian's apt")
def test_a_system_script_has_locks_and_folders_of_apt_of_its_own(tmp_path: Path) -> None:
    prepares = """set -e
    cd /var/lib/apt/lists
    mkdir -p partial
    chown 42:0 partial
    chmod 0700 partial
    exec 9>lock >/home/artist/lists
    flock --nonblock 9
    touch partial/new
    stat -c '%n %u %a' lock partial partial/new
    """
    with open_local(tmp_path) as world:
        world.add_profile("apt", [component("Apt", system=prepares)])
        session_id = world.ready("apt")
        shown = (world.home(session_id) / "lists").read_text(encoding="utf-8")
        assert shown.splitlines() == ["lock 0 644", "partial 42 700", "partial/new 0 644"]


INSTALLS = """#!/bin/sh
exec >/home/artist/log 2>&1
set -e
apt-get update
apt-get install -y --no-install-recommends sl
"""


def cannot_install() -> str:
    """Return why packages cannot be installed in a workstation here, "" where they can."""
    if not shutil.which("apt-get") or Path("/usr/games/sl").exists():
        return "needs Debian's apt, and its package sl not installed"
    if check.pasta() and not check.can_connect():
        return "needs /dev/net/tun for everyone"
    with suppress(OSError), socket.create_connection(("deb.debian.org", 80), 5):
        return ""
    return "needs Debian's mirror"


@several_users
@pytest.mark.slow
def test_a_system_script_installs_a_package(tmp_path: Path) -> None:
    if problem := cannot_install():
        pytest.skip(problem)
    user = "ls /usr/games/sl >found"
    with open_local(tmp_path, script_seconds=100) as world:
        world.add_profile("train", [component("Train", system=INSTALLS, user=user)])
        session_id = world.launch("train")

        def is_over() -> bool:
            world.studio.reconcile()
            return bool(world.get(session_id)["state"] != "CREATE_IN_PROGRESS")

        eventually(is_over, 120)
        home = world.home(session_id)
        session = world.get(session_id)
        assert session["state"] == "READY", (home / "log").read_text(encoding="utf-8")
        assert (home / "found").read_text(encoding="utf-8") == "/usr/games/sl\n"
        assert not Path("/usr/games/sl").exists()


@pytest.mark.parametrize("context", [pytest.param("system", marks=pytest.mark.slow), "user"])
def test_a_failing_script_is_named_with_its_last_lines(tmp_path: Path, context: str) -> None:
    with open_local(tmp_path) as world:
        script = "echo first; echo 'no \x1b[31mlicence'; exit 3"
        world.add_profile("broken", [component("Licences", **{context: script})])
        session_id = world.launch("broken")
        session = world.until(session_id, "CREATE_FAILED")
        assert session["statusCode"] == "INITIALIZATION_SCRIPT_ERROR"
        assert session["statusMessage"] == (
            "The setup script of Licences failed with status 3. "
            "It said: first / no \ufffd[31mlicence"
        )
        gone(world, session_id)


def test_a_script_that_never_ends_is_ended(tmp_path: Path) -> None:
    with open_local(tmp_path, script_seconds=0.6) as world:
        script = "trap '' TERM; (setsid sleep 3600 &); echo waiting; sleep 3600"
        world.add_profile("endless", [component("Endless", user=script)])
        session_id = world.launch("endless")
        session = world.until(session_id, "CREATE_FAILED")
        assert session["statusCode"] == "INITIALIZATION_SCRIPT_ERROR"
        assert "took longer than 0.01 minutes. It said: waiting" in session["statusMessage"]
        gone(world, session_id)


def gone(world: LocalWorld, session_id: str) -> None:
    """See that nothing is left of a workstation that was not made."""
    world.studio.reconcile()
    world.studio.reconcile()
    assert not world.folder(session_id).path.exists()
    eventually(lambda: not processes(session_id))


def test_what_cannot_be_done_here_is_said(tmp_path: Path) -> None:
    with open_local(tmp_path) as world:
        existing = [
            one["studioComponentId"]
            for one in world.operator.list_studio_components(
                studioId=world.studio.about.studio_id, types=["ACTIVE_DIRECTORY"]
            )["studioComponents"]
        ]
        world.add_profile("domain", component_ids=existing)
        session = world.until(world.launch("domain"), "READY")
        assert session["statusMessage"] == (
            "It is ready. It is not joined to the directory northwind.internal: not possible here."
        )
