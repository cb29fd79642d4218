"""Two artists on one machine: neither reaches the other's workstation, nor the machine's own."""

import os
import re
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from nimble_tui.studio.compute.local import sockets
from nimble_tui.studio.compute.local.check import pasta
from tests.studio.local.local_world import (
    LocalWorld,
    eventually,
    needs_sandboxes,
    open_local,
    processes,
)
from tests.studio.world import MARA, THEO

pytestmark = needs_sandboxes
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as nobody")

RUNS_ORDERS = """
while :; do
    if [ -e order ]; then
        sh ./order >answer.new 2>&1 </dev/null
        rm -f order
        mv answer.new answer
    fi
    sleep 0.02
done
"""


def said(world: LocalWorld, session_id: str, order: str) -> str:
    """Run a script within a workstation, as its artist; return what it said."""
    home = world.home(session_id)
    (home / "answer").unlink(missing_ok=True)
    (home / "order.new").write_text(order, encoding="utf-8")
    (home / "order.new").rename(home / "order")
    answer = home / "answer"
    eventually(answer.exists)
    return answer.read_text(encoding="utf-8", errors="replace")


def test_a_sibling_sees_nothing_of_a_workstation(tmp_path: Path) -> None:
    images = {"default": ("sh", "-c", RUNS_ORDERS)}
    with open_local(tmp_path, images=images) as world:
        mara, theo = world.ready(by=MARA), world.ready(by=THEO)
        home, run = world.home(mara), world.folder(mara).path / "run"
        (home / "secret").write_text("of Mara", encoding="utf-8")
        assert "of Mara" in said(world, mara, "cat secret; sleep 987654 &")

        # Files: neither by their paths here, nor through any process.
        for path in (home / "secret", run / "rfb.sock", run / "xauthority", world.root):
            answer = said(world, theo, f"ls -d '{path}'; cat '{path}'; echo done")
            assert "No such file" in answer
        answer = said(world, theo, "cat /proc/[0-9]*/root/home/artist/secret; echo done")
        assert "of Mara" not in answer

        # Processes: only its own are there to be seen, or ended.
        answer = said(world, theo, "cat /proc/[0-9]*/cmdline | tr '\\0' ' '; echo done")
        assert "987654" not in answer
        assert "Xvnc" in answer
        for pid in processes(mara):
            said(world, theo, f"kill -9 {pid}")
        assert world.folder(mara).is_locked()

        # The display: each has one of its own name, and there is no socket that both see.
        assert "@/tmp/.X11-unix" not in said(world, theo, "cat /proc/net/unix; echo done")
        sibling = (run / "xauthority").read_bytes()
        own = (world.folder(theo).path / "run" / "xauthority").read_bytes()
        assert len(sibling) == len(own)
        assert sibling != own

        # The machine: nothing of it can be written, and no secret of it can be read.
        answer = said(
            world, theo, "touch /usr/mine /etc/mine; cat /etc/shadow; ls /root; echo done"
        )
        assert answer.count("Read-only file system") == 2
        assert "root:" not in answer
        assert "NoNewPrivs:\t1" in said(world, theo, "cat /proc/self/status")
        assert "CapEff:\t0000000000000000" in said(world, theo, "cat /proc/self/status")


@pytest.mark.skipif(not pasta(), reason="needs Debian's passt")
def test_a_workstation_does_not_reach_this_machines_loopback(tmp_path: Path) -> None:
    images = {"default": ("bash", "-c", RUNS_ORDERS)}
    with socket.create_server(("127.0.0.1", 0)) as server, open_local(tmp_path, images=images) as w:
        session_id = w.ready()
        port = server.getsockname()[1]
        order = f"bash -c 'exec 9<>/dev/tcp/127.0.0.1/{port}' && echo reached"
        assert re.search("refused|unreachable", said(w, session_id, order))
        assert "reached" not in said(w, session_id, order)
        assert "lo:" in said(w, session_id, "cat /proc/net/dev")


@needs_root
def test_nobody_reaches_a_workstation(tmp_path: Path) -> None:
    with open_local(tmp_path) as world:
        session_id = world.ready()
        run = world.folder(session_id).path / "run"
        assert oct((run / "rfb.sock").stat().st_mode)[-3:] == "600"
        assert oct((run / "xauthority").stat().st_mode)[-3:] == "600"
        xvnc = next(
            pid
            for pid in processes(session_id)
            if Path("/proc", str(pid), "comm").read_text().strip() in {"Xvnc", "Xtigervnc"}
        )
        # Where the way to the folder is open to everyone, its own modes still are not.
        tries = f"""
        cat '{run}/xauthority' '{world.home(session_id)}/x' /proc/{xvnc}/root/run/nimble/xauthority
        cat /proc/{xvnc}/environ; kill -9 {xvnc}; ls '{world.root}'
        python3 -c 'import socket; socket.socket(socket.AF_UNIX).connect("{run}/rfb.sock")'
        grep -a '@/tmp/.X11-unix/X0' /proc/net/unix
        """
        words = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
        done = subprocess.run(
            [*words, "sh", "-c", tries], cwd="/", capture_output=True, text=True, check=False
        )
        assert done.stdout == ""
        assert done.stderr.count("ermission denied") + done.stderr.count("not permitted") >= 6
        assert world.folder(session_id).is_locked()


def test_no_other_socket_is_reached_through_the_folder_of_a_workstation(tmp_path: Path) -> None:
    other = tmp_path / "other.sock"
    with socket.socket(socket.AF_UNIX) as listening, open_local(tmp_path) as world:
        listening.bind(str(other))
        listening.listen()
        session_id = world.ready()
        screen = world.folder(session_id).screen
        with sockets.connect(screen, 2) as connection:
            assert connection.recv(4) == b"RFB "
        screen.unlink()
        screen.symlink_to(other)
        with pytest.raises(OSError, match="socket"):
            sockets.connect(screen, 2)


@pytest.mark.slow
def test_no_shell_of_this_machine_is_handed_a_name(tmp_path: Path) -> None:
    hostile = "'; touch /tmp/oops-of-nimble; $(touch /tmp/oops-of-nimble) --bind / /"
    with open_local(tmp_path) as world:
        session_id = world.ready(tags={"Name": hostile})
        world.do("stop", session_id, "STOPPED")
        world.do("delete", session_id, "DELETED")
        assert not Path("/tmp/oops-of-nimble").exists()  # noqa: S108
        assert shutil.which("sh")
