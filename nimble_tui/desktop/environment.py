"""What this computer is like for a program with windows: its screen, and what it may be told."""

import os
import sys
from collections.abc import Mapping

# What a browser needs to find its screen, its profile and its language. All else stays here:
# whatever holds a key or a token goes by a name that nobody can list.
_NAMED = """
    HOME USER LOGNAME SHELL PATH LANG LANGUAGE TZ TMPDIR TERM BROWSER
    DISPLAY WAYLAND_DISPLAY XAUTHORITY DBUS_SESSION_BUS_ADDRESS ICEAUTHORITY SESSION_MANAGER
    DESKTOP_SESSION GNOME_DESKTOP_SESSION_ID KDE_FULL_SESSION KDE_SESSION_VERSION
    HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY
    WSL_DISTRO_NAME WSL_INTEROP WSLENV
    SYSTEMROOT SYSTEMDRIVE WINDIR COMSPEC PATHEXT TEMP TMP USERNAME USERDOMAIN USERPROFILE
    HOMEDRIVE HOMEPATH APPDATA LOCALAPPDATA PROGRAMDATA PROGRAMFILES PROGRAMFILES(X86)
    PROGRAMW6432 COMMONPROGRAMFILES COMMONPROGRAMFILES(X86) COMMONPROGRAMW6432 PUBLIC
    ALLUSERSPROFILE NUMBER_OF_PROCESSORS PROCESSOR_ARCHITECTURE OS
"""
_NAMES = frozenset(_NAMED.split())
_PREFIXES = ("LC_", "XDG_", "GTK_", "QT_", "MOZ_ENABLE_")


def scrubbed(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what a program with windows needs of an environment; no keys, tokens or settings."""
    return {
        name: value
        for name, value in environment.items()
        if name.upper() in _NAMES or name.upper().startswith(_PREFIXES)
    }


def is_remote() -> bool:
    """Return whether the person sits elsewhere and windows would open where nobody looks."""
    over_ssh = any(os.environ.get(name) for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"))
    # X11 that SSH brings along shows windows where the person is.
    return over_ssh and (sys.platform in {"darwin", "win32"} or not _display())


def has_screen() -> bool:
    """Return whether a window can open at all."""
    if sys.platform in {"darwin", "win32"}:
        return True
    return _display() or bool(os.environ.get("WSL_INTEROP"))


def _display() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
