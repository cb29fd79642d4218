"""Imports in advance: an update may remove the files of a long-running program."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from pkgutil import walk_packages

import nimble_tui

# What Textual, rich and boto3 import only once they need it. An error within a worker or a
# request, a scroll bar, or the end of the app is such a need.
_LIBRARIES = (
    *("rich.traceback", "rich.panel", "rich.pretty", "rich.console", "textual.widgets"),
    *("textual.scrollbar", "textual.layouts.factory", "textual.system_commands"),
    *("textual.widgets._loading_indicator", "textual.css.scalar_animation", "textual.validation"),
)
# Commands that import the studio, and the modules of shell completion.
_APART = ("nimble_tui.cli.studio_", "nimble_tui.cli.grammar", "nimble_tui.cli.completion")
_COMMANDS = ("api", "cli", "client", "config", "core", "desktop")


def for_app() -> None:
    """Import everything that the app's actions and its end need, except the studio."""
    _load((*_COMMANDS, "tui"))
    for name in _LIBRARIES:
        with suppress(ImportError):
            import_module(name)


def for_commands() -> None:
    """Import everything that a polling command needs."""
    _load(_COMMANDS)


def _load(packages: tuple[str, ...]) -> None:
    for module in walk_packages(nimble_tui.__path__, "nimble_tui."):
        if module.name.split(".")[1] in packages and not module.name.startswith(_APART):
            with suppress(ImportError):  # an extra that is not installed, or another system's
                import_module(module.name)
