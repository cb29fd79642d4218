"""The README's page of keys, made from the registry of actions: `python3 dev.py pictures`."""

import re
from pathlib import Path

from nimble_tui.config.keymap import key_label
from nimble_tui.core.actions import ACTIONS

README = Path(__file__).resolve().parents[2] / "README.md"
_HEAD = "| Key | | What it does |\n|---|---|---|\n"


def keys_page() -> str:
    """Return the table of all actions with their keys, as Markdown."""
    rows = [
        "| {} | {} | {}. |\n".format(
            " or ".join(f"`{key_label(key)}`" for key in (action.key, *action.also)),
            action.label,
            action.words,
        )
        for action in ACTIONS
    ]
    return _HEAD + "".join(rows)


def main() -> None:
    """Put the table in the place of the one that is there."""
    text = README.read_text(encoding="utf-8")
    table = re.compile(re.escape(_HEAD) + r"(?:\|.*\n)*")
    README.write_text(table.sub(lambda _: keys_page(), text, count=1), encoding="utf-8")


if __name__ == "__main__":
    main()
