"""The clipboard of a workstation, as its launch profile says: with a client that obeys nothing."""

import base64
import shutil
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from nimble_tui.studio.compute.local import sockets
from tests.studio.local.local_world import LocalWorld, eventually, needs_sandboxes, open_local
from tests.studio.local.test_isolation import RUNS_ORDERS, said

pytestmark = [
    needs_sandboxes,
    pytest.mark.skipif(not shutil.which("xterm"), reason="needs Debian's xterm"),
]

TERMINAL = ("xterm", "-xrm", "XTerm*allowWindowOps: true", "-e", "sh", "-c", RUNS_ORDERS)
"""A terminal whose programs read and set the clipboard by the control sequence OSC 52."""
COPY: Final = "printf '\\033]52;{selection};%s\\007' {text} >/dev/tty"
PASTE: Final = """
stty -icanon -echo min 0 time 10 </dev/tty
printf '\\033]52;{selection};?\\007' >/dev/tty
head -c 1000 </dev/tty
"""
CLIPBOARD, PRIMARY = b"c", b"p"


class RfbClient:
    """A viewer that shows nothing: it sends and receives clipboards.

    Source: RFC 6143, sections 7.1 to 7.6.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._file = connection.makefile("rb")
        self._texts: list[bytes] = []
        assert self._read(12) == b"RFB 003.008\n"
        connection.sendall(b"RFB 003.008\n")
        assert 1 in self._read(self._read(1)[0])  # the security type "None"
        connection.sendall(b"\1")
        assert self._read(4) == bytes(4)
        connection.sendall(b"\1")  # a shared desktop
        self._read(20)
        self._read(self._number(4))
        connection.sendall(struct.pack(">BxHi", 2, 1, 0))  # raw pictures alone

    def copy(self, text: bytes) -> None:
        """Send ClientCutText."""
        self._connection.sendall(struct.pack(">BxxxI", 6, len(text)) + text)

    def has_received(self, text: bytes) -> bool:
        """Return whether a text came before the answer to a request for one pixel."""
        self._connection.sendall(struct.pack(">BBHHHH", 3, 0, 0, 0, 1, 1))
        while self._take() != 0:
            pass
        return text in self._texts

    def _take(self) -> int:
        """Read a message; return its type."""
        kind = self._read(1)[0]
        if kind == 0:
            self._read(1)
            for _ in range(self._number(2)):
                width, height, encoding = struct.unpack(">4xHHi", self._read(12))
                assert encoding == 0
                self._read(width * height * 4)
        elif kind == 3:
            self._read(3)
            self._texts.append(self._read(self._number(4)))
        else:
            assert kind == 2, kind  # a bell
        return kind

    def _number(self, size: int) -> int:
        return int.from_bytes(self._read(size), "big")

    def _read(self, size: int) -> bytes:
        data = self._file.read(size)
        assert len(data) == size
        return data


@contextmanager
def viewed(world: LocalWorld, session_id: str) -> Iterator[RfbClient]:
    with sockets.connect(world.folder(session_id).screen, 20) as connection:
        yield RfbClient(connection)


def pasted(world: LocalWorld, session_id: str, selection: bytes) -> bytes:
    """Return what a program of a workstation reads from its clipboard."""
    answer = said(world, session_id, PASTE.format(selection=selection.decode()))
    return base64.b64decode(answer.rpartition(";")[2].rstrip("\a\x1b\\"))


def expect_pasted(world: LocalWorld, session_id: str, selection: bytes, text: bytes) -> None:
    eventually(lambda: pasted(world, session_id, selection) == text)


def copied(world: LocalWorld, session_id: str, selection: bytes, text: bytes) -> None:
    """Have a program of a workstation copy a text, and see that it did."""
    encoded = base64.b64encode(text).decode()
    said(world, session_id, COPY.format(selection=selection.decode(), text=encoded))
    expect_pasted(world, session_id, selection, text)


@pytest.mark.parametrize("mode", ["ENABLED", "DISABLED"])
def test_the_clipboard_passes_as_the_launch_profile_says(tmp_path: Path, mode: str) -> None:
    is_shared = mode == "ENABLED"
    with open_local(tmp_path, images={"default": TERMINAL}) as world:
        world.add_profile("desk too", clipboardMode=mode)
        session_id = world.ready("desk too")
        with viewed(world, session_id) as viewer:
            for selection in (CLIPBOARD, PRIMARY):
                own, sent = b"of the workstation " + selection, b"of the viewer " + selection
                copied(world, session_id, selection, own)
                if is_shared:
                    eventually(partial(viewer.has_received, own))
                viewer.copy(sent)
                assert viewer.has_received(own) == is_shared
                expect_pasted(world, session_id, selection, sent if is_shared else own)
            assert not viewer.has_received(sent)
