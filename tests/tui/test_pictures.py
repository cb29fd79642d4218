"""The pictures in README and docs show the app as it is."""

import pytest

from tests.tui.pictures import FOLDER, PICTURES, Picture


@pytest.mark.parametrize("picture", PICTURES, ids=lambda one: one.name)
def test_the_picture_is_up_to_date(picture: Picture) -> None:
    current = picture.draw()
    assert picture.path.read_text(encoding="utf-8") == current, (
        "the app looks different now; look at it, then run `python3 dev.py pictures`"
    )


def test_the_pages_show_every_picture_and_no_other() -> None:
    folder = FOLDER.parent
    pages = "".join(
        path.read_text(encoding="utf-8")
        for path in (folder / "README.md", *folder.glob("docs/*.md"))
    )
    there = {path.name for path in FOLDER.glob("*.svg")}
    assert there == {picture.path.name for picture in PICTURES}
    assert {name for name in there if f"screenshots/{name}" not in pages} == set()
