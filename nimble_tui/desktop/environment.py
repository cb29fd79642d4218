"""The desktop environment: screens, remote sessions, and variables for programs."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping

# What a browser needs to find its screen, its profile and its language. All else stays here:
# variables that hold keys or tokens have names that no list can cover.
_NAMED = """
    HOME USER LOGNAME SHELL PATH LANG LANGUAGE TZ TMPDIR TERM BROWSER
    DISPLAY WAYLAND_DISPLAY XAUTHORITY DBUS_SESSION_BUS_ADDRESS ICEAUTHORITY SESSION_MANAGER
    DESKTOP_SESSION GNOME_DESKTOP_SESSION_ID KDE_FULL_SESSION KDE_SESSION_VERSION
    HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY
    WSL_DISTRO_NAME WSL_INTEROP WSLENV VSCODE_IPC_HOOK_CLI
    SYSTEMROOT SYSTEMDRIVE WINDIR COMSPEC PATHEXT TEMP TMP USERNAME USERDOMAIN USERPROFILE
    HOMEDRIVE HOMEPATH APPDATA LOCALAPPDATA PROGRAMDATA PROGRAMFILES PROGRAMFILES(X86)
    PROGRAMW6432 COMMONPROGRAMFILES COMMONPROGRAMFILES(X86) COMMONPROGRAMW6432 PUBLIC
    ALLUSERSPROFILE NUMBER_OF_PROCESSORS PROCESSOR_ARCHITECTURE OS
"""
_NAMES = frozenset(_NAMED.split())
_PREFIXES = ("LC_", "XDG_", "GTK_", "QT_", "MOZ_ENABLE_")

_OVER_SSH = ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT")
_RENEWED = frozenset({"SSH_CONNECTION", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY"})
_TMUX_TIME = 0.5
_LONGEST = 64 * 1024


def scrubbed(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that a program with windows needs; no keys, tokens or settings."""
    return {
        name: value
        for name, value in environment.items()
        if name.upper() in _NAMES or name.upper().startswith(_PREFIXES)
    }


def surroundings() -> Mapping[str, str]:
    """Return our environment as it is where the person sits now.

    A tmux server keeps the environment of where it was started; what each session knows of the
    terminal that is attached to it is newer. Source: tmux(1), update-environment.
    """
    environment = dict(os.environ)
    known = _tmux_session(environment) if environment.get("TMUX") else {}
    for name, value in known.items():
        if value is None:
            environment.pop(name, None)
        else:
            environment[name] = value
    if known.get("SSH_CONNECTION", "") is None:
        # tmux renews only one of the three.
        for name in _OVER_SSH:
            environment.pop(name, None)
    return environment


def is_remote(environment: Mapping[str, str]) -> bool:
    """Return whether the person is connected remotely, so that windows would open unseen."""
    over_ssh = any(environment.get(name) for name in _OVER_SSH)
    # X11 that SSH brings along shows windows where the person is.
    return over_ssh and (sys.platform in {"darwin", "win32"} or not _display(environment))


def has_screen(environment: Mapping[str, str]) -> bool:
    """Return whether a window can open at all."""
    if sys.platform in {"darwin", "win32"}:
        return True
    return _display(environment) or is_wsl(environment)


def is_wsl(environment: Mapping[str, str]) -> bool:
    """Return whether this is Linux inside Windows, whose programs can be started too."""
    return any(environment.get(name) for name in ("WSL_INTEROP", "WSL_DISTRO_NAME"))


def _display(environment: Mapping[str, str]) -> bool:
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def _tmux_session(environment: Mapping[str, str]) -> dict[str, str | None]:
    """Return the tmux session's variables; None for one that was removed."""
    tmux = shutil.which("tmux")
    if tmux is None:
        return {}
    try:
        answer = subprocess.run(  # noqa: S603 - fixed words
            [tmux, "show-environment"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=scrubbed(environment) | {"TMUX": environment["TMUX"]},
            timeout=_TMUX_TIME,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return {}
    known: dict[str, str | None] = {}
    for line in answer.stdout[:_LONGEST].decode(errors="replace").splitlines():
        name, is_set, value = line.partition("=")
        if is_set and name in _RENEWED:
            known[name] = value
        elif line[1:] in _RENEWED and line[0] == "-":
            known[line[1:]] = None
    return known
