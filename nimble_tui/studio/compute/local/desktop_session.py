"""The default desktop of a workstation: Xfce with a panel, a menu, a file manager and a background.

Of Debian's light desktops it is the smallest that still has all four, and its defaults here are a
dark theme and one panel. A streaming image may name another session command instead.
"""

from pathlib import Path
from typing import Final

FILES: Final = Path(__file__).with_name("desktop")
"""The session's script and Xfce's defaults, to be mounted read-only at `MOUNT`.

Its `share` hides entries of the menu that lead to an error or to a question about programs.
"""
MOUNT: Final = "/run/nimble-desktop"
DEFAULT_SESSION: Final = ("dbus-run-session", "--", "sh", f"{MOUNT}/session.sh")
"""The command of the default session; it ends with status 127 where a part is not installed.

To end it, send SIGTERM to every process of the sandbox: a part that ends alone is started again.
"""
PROGRAMS: Final = {
    "dbus-run-session": "dbus-daemon",
    "xfsettingsd": "xfce4-settings",
    "xfwm4": "xfwm4",
    "xfdesktop": "xfdesktop4",
    "xfce4-panel": "xfce4-panel",
    "thunar": "thunar",
    "xfce4-terminal": "xfce4-terminal",
    "mousepad": "mousepad",
    "ristretto": "ristretto",
}
"""The programs of the default session, and the Debian package of each."""
LOOKS: Final = (
    *("greybird-gtk-theme", "elementary-xfce-icon-theme", "fonts-dejavu-core", "tumbler"),
)
"""The packages of its theme, icons, font and thumbnails; without them it is plainer, and works."""


def environment(display: str, authority_file: str) -> dict[str, str]:
    """Return the variables of a session on a display such as `:1`, for the default and any other.

    They say nothing about home, locale and path, which are the sandbox's.
    """
    return {
        "DISPLAY": display,
        "XAUTHORITY": authority_file,
        "XDG_SESSION_TYPE": "x11",
        "XDG_CURRENT_DESKTOP": "XFCE",
        "XDG_CONFIG_DIRS": f"{MOUNT}/xdg:/etc/xdg",
        "XDG_DATA_DIRS": f"{MOUNT}/share:/usr/local/share:/usr/share",
        "NO_AT_BRIDGE": "1",  # the bus for assistive programs takes a process of its own
    }
