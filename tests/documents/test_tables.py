"""The tables that documents take from the code are those of today."""

import re
from pathlib import Path

import pytest

from tests.documents.pages import PAGES, name_of, read
from tests.documents.tables import TABLES, named_tables, with_tables


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_its_tables_are_current(page: Path) -> None:
    text = read(page)
    assert with_tables(text) == text, "python3 dev.py docs"


def test_every_table_stands_somewhere() -> None:
    assert set().union(*map(named_tables, PAGES)) == set(TABLES)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_mark_is_one_of_a_table(page: Path) -> None:
    marks = re.findall(r"<!-- table: ([\w ]+) -->", read(page))
    assert set(marks) == named_tables(page)
    assert len(marks) == len(re.findall(r"^<!-- end -->$", read(page), re.MULTILINE))
