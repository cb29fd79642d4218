"""The X server of a workstation: its command, and what a real one lets in."""

import os
import shutil
import socket
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from nimble_tui.studio.compute.local.xvnc import COOKIE_BYTES, authority, xvnc_command

COOKIE = bytes(range(COOKIE_BYTES))
_NEEDED = ("Xvnc", "vncconfig", "xset")
real = pytest.mark.skipif(
    not all(shutil.which(one) for one in _NEEDED),
    reason="needs Debian's tigervnc-standalone-server and x11-xserver-utils",
)


class Server(NamedTuple):
    process: subprocess.Popen[bytes]
    display: str
    authority: Path
    socket: Path

    def run(self, *command: str, cookies: str | None = None) -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ,
            "DISPLAY": self.display,
            "XAUTHORITY": str(self.authority) if cookies is None else cookies,
        }
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False, timeout=20
        )


@contextmanager
def served(folder: Path, clipboard_mode: str) -> Iterator[Server]:
    authority_file, rfb_socket = folder / "authority", folder / "rfb.sock"
    authority_file.write_bytes(authority(COOKIE))
    ready, display_fd = os.pipe()
    command = xvnc_command(
        rfb_socket=str(rfb_socket),
        authority_file=str(authority_file),
        display_fd=display_fd,
        clipboard_mode=clipboard_mode,
    )
    process = subprocess.Popen(command, pass_fds=[display_fd], stderr=subprocess.DEVNULL)
    os.close(display_fd)
    try:
        with os.fdopen(ready) as lines:
            display = f":{lines.readline().strip()}"
        yield Server(process, display, authority_file, rfb_socket)
    finally:
        process.terminate()
        process.wait(20)


def ports_of(process: subprocess.Popen[bytes]) -> list[str]:
    """Return the lines of /proc/net/tcp and tcp6 that are sockets of a process."""
    own = {str(one.readlink()) for one in Path(f"/proc/{process.pid}/fd").iterdir()}
    lines = [
        line
        for kind in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{kind}").read_text().split("\n")
    ]
    return [line for line in lines[1:] if f"socket:[{[*line.split(), *'-' * 10][9]}]" in own]


@real
@pytest.mark.parametrize(("mode", "value"), [("ENABLED", "1"), ("DISABLED", "0")])
def test_the_clipboard_is_as_the_profile_says_and_stays_so(
    tmp_path: Path, mode: str, value: str
) -> None:
    with served(tmp_path, mode) as server:
        server.run("vncconfig", "-set", "SendCutText=1", "-set", "AcceptCutText=1")
        for name in ("SendCutText", "AcceptCutText", "SendPrimary", "SetPrimary"):
            assert server.run("vncconfig", "-get", name).stdout.strip() == value


@real
def test_the_display_opens_with_the_cookie_alone_and_no_port_is_open(tmp_path: Path) -> None:
    with served(tmp_path, "ENABLED") as server:
        assert server.run("xset", "q").returncode == 0
        assert server.run("xset", "q", cookies="/dev/null").returncode == 1
        number = server.display.removeprefix(":")
        assert f"@/tmp/.X11-unix/X{number}\n" not in Path("/proc/net/unix").read_text()
        assert not ports_of(server.process)


@real
def test_the_screen_is_for_its_user_and_survives_a_stream_that_breaks_off(tmp_path: Path) -> None:
    with served(tmp_path, "ENABLED") as server:
        mode = server.socket.stat().st_mode
        assert stat.S_ISSOCK(mode)
        assert stat.S_IMODE(mode) == 0o600
        for _ in range(20):
            with socket.socket(socket.AF_UNIX) as broken:
                broken.connect(str(server.socket))
                assert broken.recv(12) == b"RFB 003.008\n"
                broken.sendall(b"no browser\r\n")


@pytest.mark.parametrize("mode", ["", "enabled", "ENABLED\n", "READ_ONLY", "X" * 10_000])
def test_a_clipboard_mode_that_cannot_be_enforced_is_refused(mode: str) -> None:
    with pytest.raises(ValueError, match="cannot be enforced"):
        xvnc_command(
            rfb_socket="/run/rfb.sock",
            authority_file="/run/authority",
            display_fd=3,
            clipboard_mode=mode,
        )


@pytest.mark.parametrize("size", ["", "0x0", "1920", "1920x", "1920x1080 -rfbport 5900", "9x9\n"])
def test_a_size_that_is_none_is_refused(size: str) -> None:
    with pytest.raises(ValueError, match="1920x1080"):
        xvnc_command(
            rfb_socket="/run/rfb.sock",
            authority_file="/run/authority",
            display_fd=3,
            clipboard_mode="ENABLED",
            geometry=size,
        )


def test_a_cookie_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        authority(b"short")
