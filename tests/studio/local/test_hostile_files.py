"""Disks that an artist fills to do harm: copied, restored and deleted, and nothing else is."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from nimble_tui.studio.compute.local import cgroups
from nimble_tui.studio.compute.local.limits import PROCESSES
from tests.studio.local.local_world import (
    LIMITS,
    LocalWorld,
    eventually,
    needs_sandboxes,
    open_local,
    processes,
    supervisor_of,
)
from tests.studio.local.test_isolation import RUNS_ORDERS, said

PYTHON = "/usr/bin/python3"
pytestmark = [
    needs_sandboxes,
    pytest.mark.skipif(not Path(PYTHON).exists(), reason="needs the system's python3"),
]
IMAGES = {"default": ("sh", "-c", RUNS_ORDERS)}

DISKS: dict[str, str] = {
    "links": """
for number, target in enumerate((outside, "/etc/shadow", "/", ".", "..", "none", "links-5")):
    os.symlink(target, f"links-{number}")
os.symlink("links-7", "links-7")
for number in range(500):
    os.link("kept", f"hard-{number}")
""",
    "special files": """
os.mkfifo("fifo")
socket.socket(socket.AF_UNIX).bind("socket")
os.mknod("hides", stat.S_IFCHR)
for kind in (stat.S_IFCHR, stat.S_IFBLK):
    try:
        os.mknod("device", kind | 0o666, os.makedev(1, 8))
    except PermissionError:
        continue
    raise SystemExit("a device was made")
""",
    "names": r"""
for name in (b"\xff\xfe", b"-rf", b"--", b"; touch oops", b"$(touch oops)", b"a\nb: \x1b[31m",
             b"x" * 255, "\u202e".encode(), b"\\", b" "):
    os.mkdir(name)
    with open(name + b"/" + name, "w") as file:
        file.write("x")
""",
    "no rights": """
os.makedirs("closed/in/it")
open("closed/file", "w").close()
for name in ("closed/file", "closed/in/it", "closed/in", "closed"):
    os.chmod(name, 0)
""",
    "sizes": """
for number in range(20):
    with open(f"sparse-{number}", "w") as file:
        os.truncate(file.fileno(), 8 << 30)
try:
    os.truncate("sparse-0", 1 << 40)
except OSError:
    pass
else:
    raise SystemExit("a file is too large")
""",
    "many": """
for number in range(many):
    if number % 1000 == 0:
        os.mkdir(f"many-{number}")
    open(f"many-{number // 1000 * 1000}/{number}", "w").close()
""",
}
"""What an artist's program does in the home, by name; `outside` is a folder of this machine."""


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Path]:
    """Make a folder that everyone can write to; nothing in it may change."""
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "precious").write_text("precious", encoding="utf-8")
    folder.chmod(0o777)
    (folder / "precious").chmod(0o666)
    before = folder.stat()
    yield folder
    after = folder.stat()
    assert (after.st_mode, after.st_uid) == (before.st_mode, before.st_uid)
    assert [path.read_text(encoding="utf-8") for path in folder.iterdir()] == ["precious"]
    assert (folder / "precious").stat().st_mode & 0o777 == 0o666


def fill(world: LocalWorld, session_id: str, name: str, script: str) -> None:
    """Fill a folder of a disk as its artist."""
    (world.home(session_id) / "fill.py").write_text(
        "import os, signal, socket, stat\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"os.mkdir({name!r})\nos.chdir({name!r})\nopen('kept', 'w').write('kept')\n{script}",
        encoding="utf-8",
    )
    assert said(world, session_id, f"{PYTHON} fill.py && echo filled") == "filled\n"


def contents(home: Path) -> dict[str, set[str]]:
    return {name: {path.name for path in (home / name).iterdir()} for name in DISKS}


def check_deleted(world: LocalWorld, session_id: str) -> None:
    """Delete a workstation; wait until nothing of it is left but its last number."""
    gone = world.folder(session_id).tombstone
    world.do("delete", session_id, "DELETED")
    eventually(lambda: [path.name for path in gone.iterdir()] == ["state.json"])
    assert not (world.root / ".backups" / session_id).exists()


@pytest.mark.parametrize("many", [2_000, pytest.param(300_000, marks=pytest.mark.slow)])
def test_a_hostile_disk_is_copied_restored_and_deleted(
    tmp_path: Path, outside: Path, many: int
) -> None:
    with open_local(tmp_path, images=IMAGES) as world:
        session_id = world.ready()
        for name, script in DISKS.items():
            fill(world, session_id, name, f"outside, many = {str(outside)!r}, {many}\n{script}")
        home = world.home(session_id)
        before = contents(home)
        world.do("stop", session_id, "STOPPED")
        (backup,) = world.backups(session_id)
        world.do("start", session_id, "READY", backupId=backup["backupId"])
        assert contents(home) == before
        assert (home / "links" / "hard-9").read_text(encoding="utf-8") == "kept"
        check_deleted(world, session_id)


DEEP = """
for _ in range(levels):
    os.mkdir("d" * 250)
    os.chdir("d" * 250)
"""


@pytest.mark.parametrize("levels", [20, pytest.param(10_000, marks=pytest.mark.slow)])
def test_folders_too_deep_to_copy_are_said_and_deleted(tmp_path: Path, levels: int) -> None:
    with open_local(tmp_path, images=IMAGES) as world:
        session_id = world.ready()
        fill(world, session_id, "deep", f"levels = {levels}\n{DEEP}")
        session = world.do("stop", session_id, "STOP_FAILED")
        assert session["statusMessage"].endswith(": File name too long.")
        world.until(session_id, "STOPPED", through="STOP_FAILED")
        world.do("start", session_id, "READY")
        check_deleted(world, session_id)


def test_an_artist_is_not_locked_out_by_the_modes_of_their_home(tmp_path: Path) -> None:
    with open_local(tmp_path, images=IMAGES) as world:
        session_id = world.ready()
        said(world, session_id, "(sleep 0.2; touch closing; chmod 0 /home/artist) >closing 2>&1 &")
        eventually(lambda: not world.home(session_id).stat().st_mode & 0o777)
        world.do("stop", session_id, "STOPPED")
        world.do("start", session_id, "READY")
        assert said(world, session_id, "ls -d closing") == "closing\n"


BOMB = """
import os, resource, signal
limit = min(most, resource.getrlimit(resource.RLIMIT_NPROC)[0])
resource.setrlimit(resource.RLIMIT_NPROC, (limit, limit))
count = 0
try:
    while count < most + 100:
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            while True:
                signal.pause()
        count += 1
except BlockingIOError:
    print(limit - count)
"""


@pytest.mark.skipif(cgroups.make_parent() is not None, reason="limited by a control group")
@pytest.mark.parametrize("most", [60, pytest.param(PROCESSES, marks=pytest.mark.slow)])
def test_programs_that_multiply_are_limited_and_ended(tmp_path: Path, most: int) -> None:
    with open_local(tmp_path, images=IMAGES) as world:
        session_id = world.ready()
        (world.home(session_id) / "bomb.py").write_text(f"most = {most}\n{BOMB}", encoding="ascii")
        # Only the workstation's own programs count.
        assert 0 < int(said(world, session_id, f"{PYTHON} bomb.py")) < 30
        world.do("stop", session_id, "STOPPED")
        eventually(lambda: not processes(session_id))


IN_MEMORY = """
import os
total = 0
for line in open("/proc/mounts"):
    _, path, kind, options, *_ = line.split()
    if kind == "tmpfs" and "rw" in options.split(",") and path not in kept:
        space = os.statvfs(path)
        total += space.f_blocks * space.f_frsize
print(total)
"""


def test_what_is_stored_in_memory_is_limited(tmp_path: Path) -> None:
    with open_local(tmp_path, images=IMAGES) as world:
        session_id = world.ready()
        kept = ("/home/artist", "/run/nimble")  # which may be in memory where this test runs
        script = f"kept = {kept!r}\n{IN_MEMORY}"
        (world.home(session_id) / "count.py").write_text(script, encoding="ascii")
        assert 0 < int(said(world, session_id, f"{PYTHON} count.py")) <= LIMITS.memory


def test_a_session_that_never_stops_writing_is_read_slowly(tmp_path: Path) -> None:
    with open_local(tmp_path, images={"default": ("yes",)}) as world:
        count = Path("/proc", str(supervisor_of(world.folder(world.ready()))), "io")

        def read() -> int:
            return int(count.read_text(encoding="ascii").split()[1])

        first, begun = read(), time.monotonic()
        eventually(lambda: read() > first + 1_000_000)
        more = read() - first
        # A slow machine reads less; as fast as it can, it is a hundred times as much.
        assert more / (time.monotonic() - begun) < 20_000_000


OTHERS = ("ln -s none shows", "touch shows", "mkfifo shows")


@pytest.mark.parametrize(
    "command",
    ["ln -s '/oldroot{}' shows", *(pytest.param(one, marks=pytest.mark.slow) for one in OTHERS)],
)
def test_a_share_is_shown_in_a_home_whatever_is_in_its_place(
    tmp_path: Path, outside: Path, command: str
) -> None:
    share = tmp_path / "share"
    share.mkdir(mode=0o755)
    (share / "shot").touch()
    shares = {
        "name": "Projects",
        "type": "SHARED_FILE_SYSTEM",
        "configuration": {
            "sharedFileSystemConfiguration": {
                "shareName": "projects",
                "linuxMountPoint": "$HOME/shows/projects",
            }
        },
    }
    with open_local(tmp_path, images=IMAGES, shares={"projects": share}) as world:
        world.add_profile("shared", [shares])
        session_id = world.ready("shared")
        # bubblewrap has this machine's files at /oldroot while it mounts.
        said(world, session_id, f"mv shows away; {command.format(outside)}")
        world.do("stop", session_id, "STOPPED")
        world.do("start", session_id, "READY")
        answer = said(world, session_id, "ls shows/projects; ls -d shows.1")
        assert answer.split() == ["shot", "shows.1"]
