"""ARCHITECTURE.md names files and folders that exist, and every package."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
RECIPES = (
    "A new column of the list",
    "A new key",
    "A new operation",
    "Another retry rule",
    "A new deadline warning",
)
_PATH = re.compile(r"`((?:\w+/)+(?:\w+\.(?:py|toml|md))?)`")


def packages() -> set[str]:
    return {one.parent.name for one in (ROOT / "nimble_tui").glob("*/__init__.py")}


def exists(path: str) -> bool:
    inside = path.partition("/")[0] in packages()
    return (ROOT / "nimble_tui" / path if inside else ROOT / path).exists()


def test_every_file_and_folder_that_is_named_exists() -> None:
    named = set(_PATH.findall(TEXT))
    assert len(named) > 40
    assert [path for path in sorted(named) if not exists(path)] == []


def test_every_package_has_its_line() -> None:
    assert {name for name in packages() if f"| `{name}/` |" not in TEXT} == set()


def test_each_recipe_names_the_files_to_go_through_and_their_tests() -> None:
    parts = dict(re.findall(r"^### (.+)\n((?:.*\n)*?)(?=^###|\Z)", TEXT, re.MULTILINE))
    assert tuple(parts) == RECIPES
    for name, recipe in parts.items():
        files = _PATH.findall(recipe)
        assert any(path.startswith("nimble_tui/") for path in files), name
        assert any(path.startswith("tests/") for path in files), name
