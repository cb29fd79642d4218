"""The documents' pictures show the app as it is."""

from pathlib import Path

import pytest

from tests.documents.pages import GUIDES, links
from tests.tui.pictures import FOLDER, PICTURES, Picture


@pytest.mark.parametrize("picture", PICTURES, ids=lambda one: one.name)
def test_the_picture_is_up_to_date(picture: Picture) -> None:
    current = picture.draw()
    assert picture.path.read_text(encoding="utf-8") == current, (
        "the app looks different now; look at it, then run `python3 dev.py pictures`"
    )


def test_the_documents_show_every_picture_and_no_other() -> None:
    there = {path.name for path in FOLDER.glob("*.svg")}
    assert there == {picture.path.name for picture in PICTURES}
    shown = {Path(link).name for page in GUIDES for link in links(page) if link.endswith(".svg")}
    assert shown == there


def test_the_readme_shows_the_app_and_three_steps_of_a_tour() -> None:
    assert len([link for link in links(GUIDES[0]) if link.endswith(".svg")]) == 4
