"""Tests of the screens know nothing of how the app keeps things: `acts.py` alone does."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "tui"
SCREENS = re.compile(
    r"nimble_tui\.(workspace\.(?!ui_state\b)|tui\.(screens|pages|dialogs|messages|sight))\b"
    r"|nimble_tui\.tui\.people\.(\w*screen|\w*page|\w*view|\w*dialogs?)$"
)
ALLOWED = {"_driver"}
"""What Textual offers no other way to."""


def offences(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            found = [f"{node.module}.{alias.name}" for alias in node.names]
            if any(SCREENS.match(name) for name in (node.module or "", *found)):
                yield f"{path.name}: imports {node.module}"
        elif isinstance(node, ast.Attribute) and re.match("_[a-z]", node.attr):
            own = isinstance(node.value, ast.Name) and node.value.id == "self"
            if not own and node.attr not in ALLOWED:
                yield f"{path.name}: {node.attr} is private"


def test_screens_are_tested_through_keys_texts_and_the_shared_helpers() -> None:
    found = [one for path in sorted(FOLDER.glob("test_*.py")) for one in offences(path)]
    assert found == []
