"""The programs that open an address: the user's own choice, and those that systems bring along.

An address comes from a studio: it is always one argument of its own, and nothing that could run
it as code ever sees it as such.
"""

import base64
import os
import re
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path, PurePath
from typing import NamedTuple

from nimble_tui.desktop.environment import is_wsl

_DESKTOPS = (
    ("wslview",),
    ("xdg-open",),
    ("gio", "open"),
    ("x-www-browser",),
    ("firefox",),
    ("chromium",),
    ("google-chrome",),
)
# They would draw over our own screen, and have no terminal here.
_IN_A_TERMINAL = frozenset({"w3m", "lynx", "links", "links2", "elinks", "browsh", "www-browser"})
# They would hand the address to a shell, here or elsewhere.
_THROUGH_A_SHELL = frozenset({"ssh", "su", "cmd", "powershell", "pwsh"})
_SCRIPT = re.compile(r"-[A-Za-z]*c")
_POWERSHELL, _EXPLORER = "powershell.exe", "explorer.exe"
_WINDOWS = {
    _POWERSHELL: "/mnt/c/Windows/System32/WindowsPowerShell/v1.0/powershell.exe",
    _EXPLORER: "/mnt/c/Windows/explorer.exe",
}
_OPTION = re.compile(r"--?[A-Za-z][A-Za-z0-9-]*=%s")


class Opener(NamedTuple):
    """A way to call a program with an address; `reports`: its exit code means something."""

    command: Callable[[str], list[str]]
    reports: bool = True


def chosen_browsers(environment: Mapping[str, str]) -> Iterator[Opener]:
    """Yield what $BROWSER names, read as Python's webbrowser does.

    It is a list set apart by os.pathsep. An entry with %s is a command line in which that stands
    for the address; any other is a program, which gets it as its only argument. An entry that
    would have a shell or a terminal read the address is passed over. Source: the documentation of
    the webbrowser module.
    """
    for entry in environment.get("BROWSER", "").split(os.pathsep):
        words = _words(entry)
        path = shutil.which(words[0]) if words else None
        if path is None:
            continue
        name = PurePath(words[0]).name.lower()
        if name in _WINDOWS:
            yield _windows_opener(name, path)
        elif name.removesuffix(".exe") not in _THROUGH_A_SHELL | _IN_A_TERMINAL:
            yield Opener(_filled([path, *words[1:]]))


def browsers(environment: Mapping[str, str]) -> Iterator[Opener]:
    """Yield what opens a web address on this system, the best first."""
    if sys.platform == "darwin":
        yield Opener(_filled(["/usr/bin/open", "%s"]))
        return
    if sys.platform == "win32":
        # Not os.startfile, which would hand our whole environment down.
        yield Opener(_filled([_system32("rundll32.exe"), "url.dll,FileProtocolHandler", "%s"]))
        return
    for name, *rest in _DESKTOPS:
        if path := shutil.which(name):
            yield Opener(_filled([path, *rest, "%s"]))
    if is_wsl(environment):
        for name, place in _WINDOWS.items():
            path = shutil.which(name) or (place if Path(place).is_file() else None)
            if path is not None:
                yield _windows_opener(name, path)


def _words(entry: str) -> list[str]:
    """Return an entry of $BROWSER as a command line with %s in it; empty where it cannot be one."""
    if "%s" not in entry:
        # A path may hold blanks; only where there is no such program are they between words.
        words = [entry] if shutil.which(entry) else _split(entry)
        return [*words, "%s"] if words else []
    words = _split(entry)
    if words[-1:] == ["&"]:
        del words[-1]
    return words if words and "%s" not in words[0] and _is_safe(words) else []


def _is_safe(words: list[str]) -> bool:
    """Return whether %s is a word or an option's value that no shell interprets."""
    placed = all("%s" not in word or word == "%s" or _OPTION.fullmatch(word) for word in words)
    scripts = (_SCRIPT.fullmatch(word) and after == "%s" for word, after in pairwise(words))
    return placed and not any(scripts)


def _split(entry: str) -> list[str]:
    try:
        return shlex.split(entry)
    except ValueError:  # a quote that is not closed
        return []


def _filled(words: list[str]) -> Callable[[str], list[str]]:
    def command(url: str) -> list[str]:
        return [words[0], *(word.replace("%s", url) for word in words[1:])]

    return command


def _windows_opener(name: str, path: str) -> Opener:
    if name == _POWERSHELL:
        return Opener(lambda url: [path, *_start_process(url)])
    # It takes a comma for the end of an argument, and always ends as if it had failed.
    return Opener(lambda url: [path, url.replace(",", "%2C")], reports=False)


def _start_process(url: str) -> list[str]:
    """Return the words that make PowerShell open an address, which is text in quotes to it.

    Whatever follows -Command would be code; in a text in single quotes only those mean anything,
    and two of them stand for one. Source: PowerShell's about_Quoting_Rules.
    """
    quoted = "'" + url.replace("'", "''") + "'"
    script = base64.b64encode(f"Start-Process -FilePath {quoted}".encode("utf-16-le")).decode()
    return ["-NoProfile", "-NonInteractive", "-EncodedCommand", script]


def _system32(name: str) -> str:
    return str(Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32" / name)
