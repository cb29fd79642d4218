"""A notification is one well-formed escape sequence, whatever its words are."""

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimble_tui.config.settings import NOTIFY
from nimble_tui.desktop.notification import notification, passed_on

ST = "\x1b\\\\"
FORMS = {
    "osc9": re.compile(r"\x1b\]9;[^\x00-\x1f\x7f-\x9f]*\x07"),
    "osc99": re.compile(
        rf"\x1b\]99;i=([a-z0-9-]+):d=0:e=1;[A-Za-z0-9+/=]*{ST}"
        rf"\x1b\]99;i=\1:d=1:e=1:p=body;[A-Za-z0-9+/=]*{ST}"
    ),
    "osc777": re.compile(r"\x1b\]777;notify;[^;\x00-\x1f\x7f-\x9f]*;[^;\x00-\x1f\x7f-\x9f]*\x07"),
}


def test_every_mode_of_the_settings_is_known() -> None:
    assert {"off", *FORMS} == set(NOTIFY)


@pytest.mark.parametrize("mode", ["off", "", "osc1337"])
def test_nothing_is_written_unless_asked_for(mode: str) -> None:
    assert notification(mode, "Lighting", "stops in 5 min") == ""


def test_the_words_arrive() -> None:
    title, body = "sq042; lighting", "will be deleted in 5 min; press k"
    assert notification("osc9", title, body) == f"\x1b]9;{title}: {body}\x07"
    assert notification("osc777", title, body) == (
        "\x1b]777;notify;sq042, lighting;will be deleted in 5 min, press k\x07"
    )
    parts = re.findall(r";([A-Za-z0-9+/=]*)\x1b", notification("osc99", title, body))
    assert [base64.b64decode(part).decode() for part in parts] == [title, body]


def test_tmux_is_asked_to_hand_it_on() -> None:
    asked = notification("osc99", "Lighting", "stops in 5 min")
    assert passed_on(asked, {"TERM": "xterm"}) == asked
    inside = passed_on(asked, {"TMUX": "default,1,0"})
    assert inside.startswith("\x1bPtmux;\x1b\x1b]99;")
    assert inside.endswith("\x1b\x1b\\\x1b\\")
    assert (
        inside.removeprefix("\x1bPtmux;").removesuffix("\x1b\\").replace("\x1b\x1b", "\x1b")
        == asked
    )
    assert passed_on("", {"TMUX": "1"}) == ""


def test_a_text_of_numbers_is_no_command_of_another_terminal() -> None:
    assert not notification("osc9", "4;1;50", "").startswith("\x1b]9;4")


@pytest.mark.parametrize("mode", FORMS)
@given(title=st.text(), body=st.text())
def test_no_text_breaks_out(mode: str, title: str, body: str) -> None:
    assert FORMS[mode].fullmatch(notification(mode, title, body))


@pytest.mark.parametrize("mode", FORMS)
@pytest.mark.parametrize(
    "text", ["\x07\x1b]52;c;aGk=\x07", "\x1b\\\x1b[2J", "\x9c\x9d0;x\x9c", "a\nb"]
)
def test_escapes_do_not_break_out(mode: str, text: str) -> None:
    assert FORMS[mode].fullmatch(notification(mode, text, text))
