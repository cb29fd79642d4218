"""Links between documents lead to a file, and to a heading in it."""

from pathlib import Path

import pytest

from tests.documents.pages import GUIDES, PAGES, ROOT, anchors, links, name_of


def target_of(page: Path, link: str) -> tuple[Path, str]:
    path, _, anchor = link.partition("#")
    return ((page.parent / path).resolve() if path else page), anchor


def is_outside(link: str) -> bool:
    return link.startswith(("https://", "http://"))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = []
    for link in filter(lambda link: not is_outside(link), links(page)):
        target, anchor = target_of(page, link)
        is_there = target.is_file() and target.is_relative_to(ROOT)
        if not is_there or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_every_guide_is_reached_from_the_readme() -> None:
    reached, due = set(), [ROOT / "README.md"]
    while due:
        page = due.pop()
        if page not in reached and page.suffix == ".md":
            reached.add(page)
            due += [target_of(page, link)[0] for link in links(page) if not is_outside(link)]
    assert {name_of(page) for page in set(PAGES) - reached if ".github" not in page.parts} == set()
    assert set(GUIDES) <= reached
