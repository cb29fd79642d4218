"""The X server of a workstation: TigerVNC's Xvnc, whose screen is a unix socket.

It opens no port. A program opens the display with the cookie of its own workstation, and the
screen is for the studio's user alone.
"""

import re
import struct
from typing import Final

COOKIE_BYTES: Final = 16
DEFAULT_GEOMETRY: Final = "1920x1080"
"""The size of a screen until a browser sets its own."""

# Source: the AWS API reference, StreamConfiguration, member clipboardMode.
_CLIPBOARD_MODES: Final = {"ENABLED": "1", "DISABLED": "0"}
_CLIPBOARD: Final = ("SendCutText", "AcceptCutText", "SendPrimary", "SetPrimary")
_GEOMETRY: Final = re.compile(r"[1-9][0-9]{1,4}x[1-9][0-9]{1,4}")
_FAMILY_WILD: Final = 0xFFFF
_COOKIE_NAME: Final = b"MIT-MAGIC-COOKIE-1"


def xvnc_command(
    *,
    rfb_socket: str,
    authority_file: str,
    display_fd: int,
    clipboard_mode: str,
    geometry: str = DEFAULT_GEOMETRY,
) -> list[str]:
    """Return the command of an X server for one workstation.

    It writes the number of its display and a line feed to `display_fd` once it is ready, and shows
    its screen at `rfb_socket`, which its own user alone can open. `authority_file` holds the cookie
    (see `authority`). Raises ValueError for a clipboard mode or a size that it cannot enforce.
    """
    mode = _CLIPBOARD_MODES.get(clipboard_mode)
    if mode is None:
        raise ValueError(f"A clipboard mode {clipboard_mode[:40]!r} cannot be enforced here.")
    if not _GEOMETRY.fullmatch(geometry):
        raise ValueError("A screen's size is its width and height, such as 1920x1080.")
    parameters = {
        "rfbunixpath": rfb_socket,
        "rfbunixmode": "0600",
        "rfbport": "-1",
        "SecurityTypes": "None",  # the socket's mode and the studio's stream tokens guard it
        # Each stream comes from the same socket: one that breaks off must not lock out the others.
        "UseBlacklist": "0",
        "AlwaysShared": "1",
        # Otherwise a program in the workstation could switch the clipboard on again.
        "AllowOverride": "",
        "desktop": "workstation",
        **dict.fromkeys(_CLIPBOARD, mode),
    }
    return [
        "Xvnc",
        *("-displayfd", str(display_fd)),
        *("-auth", authority_file),
        *("-nolisten", "tcp"),
        # An abstract socket is open to every sandbox in the same network namespace.
        *("-nolisten", "local"),
        "-noreset",
        *("-geometry", geometry),
        *("-depth", "24"),
        *(f"-{name}={value}" for name, value in parameters.items()),
    ]


def authority(cookie: bytes) -> bytes:
    """Return an Xauthority file with one cookie of `COOKIE_BYTES`, for any display of any host.

    Server and programs read the same file. It must be there before the server starts: without a
    cookie the server lets every local user in.
    """
    if len(cookie) != COOKIE_BYTES:
        raise ValueError(f"A cookie has {COOKIE_BYTES} bytes.")
    fields = (b"", b"", _COOKIE_NAME, cookie)  # address, display, name, data
    return struct.pack(">H", _FAMILY_WILD) + b"".join(
        struct.pack(">H", len(field)) + field for field in fields
    )
