"""Foreign text made safe."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nimble_tui.core.text import REPLACEMENT, clean, clean_id, is_plain_id

# Every character there is, the ones that no text should hold included.
ANYTHING = st.text(st.characters(codec=None, exclude_categories=[]), max_size=60)
HARM = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
R = REPLACEMENT


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("Lighting", "Lighting"),
        ("  padded\t", "padded"),
        ("two\nlines\r\nmore", "two lines  more"),
        ("\x1b[31mred\x1b[0m", f"{R}[31mred{R}[0m"),
        ("\x1b]52;c;aGk=\x07", f"{R}]52;c;aGk={R}"),
        ("\x9b2J", f"{R}2J"),
        ("\x00\x7f", R + R),
        ("a\u202ecod.exe", f"a{R}cod.exe"),
        ("a\u200bb\u200db\ufeff", f"a{R}b{R}b{R}"),
        ("tag\U000e0041", f"tag{R}"),
        ("line\u2028paragraph\u2029", f"line{R}paragraph{R}"),
        ("\ud800", R),
        ("\ue000", R),
        ("a" + "\u0301" * 50, "a\u0301\u0301"),
        ("\u2764\ufe0f", "\u2764"),
        ("[/oops] [@click=app.quit]x[/]", "[/oops] [@click=app.quit]x[/]"),
        ("مرحبا", "مرحبا"),
        ("日本語", "日本語"),
        ("", ""),
    ],
)
def test_what_becomes_of_it(value: str, shown: str) -> None:
    assert clean(value) == shown


@given(ANYTHING)
@example("\x1b\x9b\u202e\ud800")
def test_it_only_draws_itself(value: str) -> None:
    shown = clean(value)
    assert not {unicodedata.category(one) for one in shown} & HARM
    assert "\n" not in shown
    assert shown == shown.strip()


@given(ANYTHING)
def test_cleaning_twice_changes_nothing(value: str) -> None:
    assert clean(clean(value)) == clean(value)


@given(ANYTHING, st.integers(1, 40))
def test_it_is_never_longer_than_allowed(value: str, limit: int) -> None:
    shown = clean(value, limit)
    assert len(shown) <= limit
    if len(value) > limit:
        assert shown.endswith("…")


@given(ANYTHING, ANYTHING)
@example("a\\u{1b}", "a\x1b")
@example("\\", "\\\\")
def test_two_ids_never_look_alike(one: str, other: str) -> None:
    assert (clean_id(one) == clean_id(other)) == (one == other)


@given(ANYTHING)
def test_an_id_is_shown_in_visible_ascii(value: str) -> None:
    assert all("!" <= one <= "~" for one in clean_id(value))


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="\\"),
               min_size=1, max_size=256))  # fmt: skip
def test_a_plain_id_is_shown_as_it_is(value: str) -> None:
    assert is_plain_id(value)
    assert clean_id(value) == value


@pytest.mark.parametrize("value", ["", "a b", "a\\b", "ä", "a\x1b", "x" * 257])
def test_other_ids_are_not_plain(value: str) -> None:
    assert not is_plain_id(value)


def test_long_ids_say_how_long_they_are() -> None:
    assert clean_id("x" * 300) != clean_id("x" * 301)
