"""What a word names: ids and names in full, then their beginnings."""

import unicodedata
from typing import NamedTuple

import pytest

from nimble_tui.core.lookup import matches, parts


class Thing(NamedTuple):
    key: str
    name: str | None
    other: str | None = None


LIGHTING = Thing("aaa1111", "Lighting")
LIGHTING_FX = Thing("aaa2222", "Lighting FX", "fx.lights")
CAFE = Thing("bbb3333", "Café plage", "cafe")
NAMELESS = Thing("ccc4444", None)
EVERY = [LIGHTING, LIGHTING_FX, CAFE, NAMELESS]

ROWS = [
    ("aaa1111", [LIGHTING]),
    ("AAA1111", [LIGHTING]),
    ("Lighting", [LIGHTING]),
    ("lighting", [LIGHTING]),
    ("  LIGHTING   fx ", [LIGHTING_FX]),
    ("light", [LIGHTING, LIGHTING_FX]),
    ("lights", [LIGHTING_FX]),
    ("fx", []),
    ("fx.", [LIGHTING_FX]),
    ("l", []),
    ("li", []),
    ("aaa", [LIGHTING, LIGHTING_FX]),
    ("aa", []),
    ("ccc", [NAMELESS]),
    ("ighting", []),
    ("pla", [CAFE]),
    ("cafe", [CAFE]),
    ("cafe pl", [CAFE]),
    (unicodedata.normalize("NFD", "Café plage"), [CAFE]),
    (unicodedata.normalize("NFD", "CAFÉ PLAGE"), [CAFE]),
    ("", []),
    ("   ", []),
    (".*", []),
]


@pytest.mark.parametrize(("word", "expected"), ROWS)
def test_a_word_names_what_it_spells_or_begins(word: str, expected: list[Thing]) -> None:
    found = matches(
        word, EVERY, ids=lambda one: (one.key,), names=lambda one: (one.name, one.other)
    )
    assert found == expected


def test_a_name_in_full_comes_before_one_that_only_begins_so() -> None:
    theo, theodora = Thing("1", "Theo"), Thing("2", "Theodora")
    found = matches("theo", [theodora, theo], ids=lambda one: (one.key,), names=lambda one: one[1:])
    assert found == [theo]


def test_parts_suggest_what_may_have_been_meant() -> None:
    assert parts("IGHT", EVERY, lambda one: (one.name,)) == [LIGHTING, LIGHTING_FX]
    assert parts("é", EVERY, lambda one: (one.name,)) == [CAFE]
    assert parts(" ", EVERY, lambda one: (one.name,)) == []
