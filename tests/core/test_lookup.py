"""Lookup by name or id: in full first, then by their beginnings."""

import unicodedata
from typing import NamedTuple

import pytest

from nimble_tui.core.lookup import Naming, NotOneError, matches, parts


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


THINGS: Naming[Thing] = Naming(
    "things",
    ids=lambda one: (one.key,),
    names=lambda one: (one.name, one.other),
    line=lambda one: (one.key, one.name or "", one.other or ""),
    none="There is no thing {}.".format,
    offer="There is:",
    otherwise="There is nothing.",
)


TOO_SHORT = "Type at least 3 characters of a name."


def test_one_is_found_and_none_and_several_are_said_with_those_to_choose_from() -> None:
    assert THINGS.one("café", EVERY) == CAFE
    assert THINGS.find("nothing", EVERY) is None
    for word, every, sentences in (
        ("light", EVERY, ["“light” matches 2 things:", *lines(*EVERY[:2])]),
        ("n\x1b[2J", EVERY, ["There is no thing n�[2J. There is:", *lines(*EVERY)]),
        ("none", [], ["There is no thing none. There is nothing."]),
        (
            "no",
            [CAFE],
            [f"There is no thing no. {TOO_SHORT} There is:", *lines(CAFE)],
        ),
    ):
        with pytest.raises(NotOneError) as caught:
            THINGS.one(word, every)
        assert list(caught.value.sentences) == sentences
        assert caught.value.several == (word == "light")


def lines(*things: Thing) -> list[str]:
    return [f"  {one.key}  {one.name or ''}  {one.other or ''}".rstrip() for one in things]


def test_in_full_no_beginning_counts() -> None:
    assert THINGS.find("cafe pl", EVERY) == CAFE
    assert THINGS.find("cafe pl", EVERY, in_full=True) is None
    assert THINGS.find("CAFÉ PLAGE", EVERY, in_full=True) == CAFE


def test_not_very_many_are_listed() -> None:
    many = [Thing(f"key-{number}", "same") for number in range(12)]
    with pytest.raises(NotOneError) as caught:
        THINGS.one("same", many)
    assert caught.value.sentences[-1] == "  and 2 more"
    assert len(caught.value.sentences) == 12
