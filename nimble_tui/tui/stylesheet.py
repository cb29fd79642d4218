"""The app's stylesheet, read ahead, since an update may remove its files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from textual.cache import LRUCache
from textual.css.stylesheet import CssSource, Stylesheet

if TYPE_CHECKING:
    from pathlib import PurePath

    from textual.css.model import RuleSet

_loaded: dict[str, str] = {}
"""The text of each file read ahead, by its full path."""
_parsed: dict[frozenset[tuple[str, str]], LRUCache[tuple[object, ...], list[RuleSet]]] = {}
"""The rules of each source, by the variables of a theme."""


def load_ahead() -> None:
    """Read the files of all screens."""
    for file in Path(__file__).parent.rglob("*.tcss"):
        _loaded[os.path.abspath(file)] = file.read_text(encoding="utf-8")  # noqa: PTH100 - as Textual


class LoadedStylesheet(Stylesheet):
    """Uses files read ahead from memory, and parses each source once a theme.

    Textual would parse everything again for each dialog and page that is opened first.
    """

    def read(self, filename: str | PurePath) -> None:
        """Add a file; raises StylesheetError if it can no longer be read."""
        path = os.path.abspath(filename)  # noqa: PTH100 - as Textual names it
        if (text := _loaded.get(path)) is None:
            super().read(filename)
        else:
            self.source[path, ""] = CssSource(text, False, 0)
            self._require_parse = True

    def set_variables(self, variables: dict[str, str]) -> None:
        """Use the variables of a theme, and what was already parsed with them."""
        self._parse_cache = LRUCache(1)  # the next line empties it
        super().set_variables(variables)
        self._parse_cache = _parsed.setdefault(frozenset(variables.items()), LRUCache(256))

    def reparse(self) -> None:
        """Parse what is new; raises StylesheetError or StylesheetParseError, changing nothing."""
        self.parse()
