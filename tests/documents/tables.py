"""The README's pages of keys, made from the registry of actions: `python3 dev.py pictures`."""

import re
from pathlib import Path

from nimble_tui.config.keymap import key_label
from nimble_tui.core.actions import ACTIONS, PAGE_ACTIONS, Action, places

README = Path(__file__).resolve().parents[2] / "README.md"
_HEADS = (
    "| Key | | What it does |\n|---|---|---|\n",
    "| Key | On the screen | What it does |\n|---|---|---|\n",
)


def keys_pages() -> tuple[str, str]:
    """Return the tables of the main screen's keys and of the other screens', as Markdown."""
    return (
        _HEADS[0] + "".join(_row(one, one.label) for one in ACTIONS),
        _HEADS[1] + "".join(_row(one, ", ".join(places(one.id))) for one in PAGE_ACTIONS),
    )


def _row(action: Action, between: str) -> str:
    keys = " or ".join(f"`{key_label(key)}`" for key in (action.key, *action.also))
    return f"| {keys} | {between} | {action.words}. |\n"


def main() -> None:
    """Put the tables in the place of those that are there."""
    text = README.read_text(encoding="utf-8")
    for head, page in zip(_HEADS, keys_pages(), strict=True):
        before, old, after = re.split(rf"({re.escape(head)}(?:\|.*\n)*)", text, maxsplit=1)
        assert old.startswith(head)
        text = before + page + after
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
