"""The app's stylesheet, read ahead, since an update may remove its files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from textual.css.stylesheet import CssSource, Stylesheet

if TYPE_CHECKING:
    from pathlib import PurePath

_loaded: dict[str, str] = {}
"""The text of each file read ahead, by its full path."""


def load_ahead() -> None:
    """Read the files of all screens."""
    for file in Path(__file__).parent.rglob("*.tcss"):
        _loaded[os.path.abspath(file)] = file.read_text(encoding="utf-8")  # noqa: PTH100 - as Textual


class LoadedStylesheet(Stylesheet):
    """Uses files read ahead from memory."""

    def read(self, filename: str | PurePath) -> None:
        """Add a file; raises StylesheetError if it can no longer be read."""
        path = os.path.abspath(filename)  # noqa: PTH100 - as Textual names it
        if (text := _loaded.get(path)) is None:
            super().read(filename)
        else:
            self.source[path, ""] = CssSource(text, False, 0)
            self._require_parse = True
