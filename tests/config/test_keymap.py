import pytest
from textual.keys import Keys, _character_to_key

from nimble_tui.config.keymap import (
    RESERVED,
    clashes,
    key_label,
    keys_of,
    known_keys,
    normal_key,
)
from nimble_tui.core.actions import BY_ID
from tests.tables import column, table


@table(column([*map(chr, range(0x21, 0x7F)), "é", "ß", "Ω"]))
def test_a_character_is_named_as_textual_names_it(character: str) -> None:
    assert normal_key(character) == _character_to_key(character)


def test_every_suggested_key_is_one_and_is_spelt_right() -> None:
    for key in known_keys():
        assert normal_key(key) == key


def test_every_default_key_is_one() -> None:
    for action in BY_ID.values():
        for key in (action.key, *action.also):
            assert not key or normal_key(key) == key
            assert key not in RESERVED or (action.id, key) == ("connect", "enter")


def test_what_textual_reports_with_ctrl_can_be_given() -> None:
    reported = {key.value for key in Keys if key.value.startswith("ctrl+")}
    beyond = {"ctrl+@"} | {f"ctrl+shift+{digit}" for digit in range(10)}
    for key in reported - beyond:
        assert normal_key(key) == key


@pytest.mark.parametrize(
    ("spelt", "key"),
    [("shift+s", "S"), ("CTRL+R", "ctrl+r"), ("F5", "f5"), ("shift+ctrl+up", "ctrl+shift+up")],
)
def test_other_spellings_mean_the_same_key(spelt: str, key: str) -> None:
    assert normal_key(spelt) == key


@pytest.mark.parametrize(
    "spelt",
    ["", " ", "\x1b", "f25", "f0", "ctrl+", "ctrl+ctrl+a", "a+b", "super+a", "ctrl+é", "abc"],
)
def test_what_is_no_key(spelt: str) -> None:
    assert normal_key(spelt) is None


def test_the_keys_of_an_action_the_one_to_show_first() -> None:
    assert keys_of(BY_ID["quit"], {}) == ("q", "ctrl+q")
    assert keys_of(BY_ID["quit"], {"quit": "ctrl+q,f10"}) == ("ctrl+q", "f10")
    assert keys_of(BY_ID["stop"], {"stop": "comma,f5", "start": "x"}) == ("comma", "f5")


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("slash", "/"),
        ("question_mark", "?"),
        ("comma", ","),
        ("escape", "esc"),
        ("ctrl+p", "ctrl+p"),
    ],
)
def test_a_key_is_shown_as_it_stands_on_a_keyboard(key: str, label: str) -> None:
    assert key_label(key) == label


def test_no_screen_gives_a_key_to_two_of_its_actions() -> None:
    assert clashes({}) == []


def test_a_key_may_be_given_twice_where_no_screen_has_both() -> None:
    assert clashes({"stop": "j", "raw": "s"}) == []
    assert clashes({"stop": "t"}) == [("t", "start", "stop")]


def test_a_key_of_a_screen_that_the_main_one_opens_is_not_given_twice() -> None:
    assert clashes({"history": "c"}) == [("c", "copy", "history")]
    assert clashes({"refresh": "f5,a"}) == [
        ("a", "copy_all", "refresh"),
        ("a", "all", "refresh"),
        ("a", "add", "refresh"),
    ]
