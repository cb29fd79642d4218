"""The documents as data: which there are, and their blocks, headings, links and names in code."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GUIDES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
"""What is for people who use nimble-tui."""

_OTHERS = sorted(
    {*ROOT.glob("[A-Z]*.md"), *(ROOT / ".github").rglob("*.md")} - {ROOT / "README.md"}
)
PAGES = (*GUIDES, *_OTHERS)
"""Every document."""

_FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(.+)$", re.MULTILINE)


def name_of(page: Path) -> str:
    """Return what a page is called in this folder, such as docs/keys.md."""
    return page.relative_to(ROOT).as_posix()


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(page: Path, language: str) -> list[str]:
    """Return the fenced blocks of a language."""
    return [body for tag, body in _FENCED.findall(read(page)) if tag == language]


def command_lines(page: Path) -> list[str]:
    """Return the lines of the page's `sh` blocks, without comments."""
    lines = [line for block in blocks(page, "sh") for line in block.splitlines()]
    return [line.partition(" #")[0].strip() for line in lines if line.strip()]


def prose(page: Path) -> str:
    """Return the page without its fenced blocks."""
    return _FENCED.sub("", read(page))


def spans(page: Path) -> Iterator[str]:
    """Yield what stands in backquotes, outside of fenced blocks."""
    return (found[1] for found in _SPAN.finditer(prose(page)))


def links(page: Path) -> list[str]:
    return _LINK.findall(prose(page))


def anchors(page: Path) -> set[str]:
    """Return the anchors of the page's headings, as GitHub makes them of words."""
    return {
        re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        for title in _HEADING.findall(prose(page))
    }


def rows(page: Path, head: str) -> list[list[str]]:
    """Return the cells of the page's tables whose head begins with `head`."""
    tables = re.findall(
        rf"^\| {re.escape(head)} .*\n\|[-|]+\|\n((?:\|.*\n)*)", read(page), re.MULTILINE
    )
    return [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for table in tables
        for line in table.splitlines()
    ]
