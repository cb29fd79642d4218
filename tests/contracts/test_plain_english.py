"""The words of the product: no term of the project's old dialect comes back."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DIALECT = re.compile(
    r"\b(somebody|whoever|whomever|everybody|anybody|nobody|anew|mend(s|ed|ing)?|make-believe"
    r"|no more|any more|look only|gone on|goes on|left open|as it was meant|otherwise than meant"
    r"|counts at once|trouble of its own|a mistake of its own|is asked too much|for good"
    r"|not told|does not tell|told as|thrown away|throw away|tell your admin"
    r"|kept forever|native viewer|its screen opens|open(s|ing)? its screen|people are through"
    r"|you may only|set-up(?!-))\b",
    re.IGNORECASE,
)
NO_BEGINNING = re.compile(r"(What|Whether|Whoever|Where|How|Who|Whom)\b")
PAGES = (
    *("*.md", "docs/*.md", ".github/**/*.md", "*.example.toml", "dev.py"),
    *("nimble_tui/**/*.py", "nimble_tui/studio/sample/*.json"),
)


def files() -> Iterator[str]:
    for pattern in PAGES:
        for path in sorted(ROOT.glob(pattern)):
            yield path.relative_to(ROOT).as_posix()


def texts(source: str) -> Iterator[tuple[int, str, bool]]:
    """Yield every string of a module with its line, and whether it is a docstring."""
    tree = ast.parse(source)
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value, id(node) in docs


@pytest.mark.parametrize("name", files())
def test_its_words_are_plain_english(name: str) -> None:
    source = (ROOT / name).read_text(encoding="utf-8")
    if not name.endswith(".py"):
        found = [line for line in source.splitlines() if DIALECT.search(line)]
    else:
        found = [
            f"{line}: {text.strip()}"
            for line, text, is_doc in texts(source)
            for shown in [text.strip().partition("\n")[0] if is_doc else text]
            if DIALECT.search(shown) or (is_doc and NO_BEGINNING.match(shown))
        ]
    assert not found


@pytest.mark.parametrize(
    "text", ["It counts at once.", "Nobody is here.", "That is no more.", "Look, anew"]
)
def test_the_dialect_is_recognised(text: str) -> None:
    assert DIALECT.search(text)
