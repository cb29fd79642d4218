"""Invites, keys and lengths of time."""

import base64
import copy
import json
import pickle
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimble_tui.core.clock import ManualClock, SystemClock
from nimble_tui.core.durations import in_words
from nimble_tui.core.invite import PREFIX, Invite
from nimble_tui.core.keys import Keys

SECRET = "canary+Secret"
INVITE = Invite(
    endpoint_url="https://studio.example.com",
    region="us-west-2",
    studio_id="us-west-2:stid-1",
    principal_id="p-1",
    access_key_id="AKIDEXAMPLE",
    secret_access_key=SECRET,
    display_name="Mara Vos",
)
WORD = INVITE.encode()


def packed(content: object) -> str:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return PREFIX + base64.urlsafe_b64encode(body).decode().rstrip("=")


WHOLE = json.loads(base64.urlsafe_b64decode(WORD.removeprefix(PREFIX) + "=="))


def test_an_invite_is_one_word() -> None:
    assert Invite.decode(WORD) == INVITE
    assert WORD.replace("_", "a").replace("-", "a").isalnum()
    assert INVITE.keys == Keys("AKIDEXAMPLE", SECRET)


@given(st.builds(Invite, **dict.fromkeys(WHOLE, st.text(min_size=1, max_size=30))))
def test_whatever_it_holds_comes_back(invite: Invite) -> None:
    assert Invite.decode(invite.encode()) == invite


@pytest.mark.parametrize(
    "pasted", [f"  {WORD}\n", "\n".join([WORD[:40], WORD[40:90], WORD[90:]]), "\t".join(WORD)]
)
def test_a_paste_may_be_broken_up(pasted: str) -> None:
    assert Invite.decode(pasted) == INVITE


def test_it_may_tell_where_people_are_looked_up() -> None:
    told = replace(INVITE, identity_store_id="d-9267a41c58", domain_id="dzd_k7m2qv9xw4nbt6")
    assert Invite.decode(told.encode()) == told
    # One from before that was told, and what is not told takes no room.
    assert "domain_id" not in WHOLE
    assert Invite.decode(packed({**WHOLE, "domain_id": ""})) == INVITE


def test_words_before_it_do_not_matter() -> None:
    assert Invite.decode(f"Hi Mara, here is your invite:\n\n{WORD}\n") == INVITE


def test_what_a_newer_invite_adds_is_ignored() -> None:
    assert Invite.decode(packed({**WHOLE, "colour": "red"})) == INVITE


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("", "not an invite"),
        ("hello", "not an invite"),
        ("NIMBLE1_abc", "not an invite"),
        (SECRET, "not an invite"),
        (PREFIX, "damaged"),
        (PREFIX + "!!!!", "damaged"),
        (PREFIX + "ä", "damaged"),
        (WORD[:-9], "damaged"),
        (packed(b"\xff\xfe\xfa"), "damaged"),
        (packed([]), "damaged"),
        (packed("text"), "damaged"),
        (packed({**WHOLE, "region": 7}), "damaged"),
        (packed({**WHOLE, "domain_id": ["dzd"]}), "damaged"),
        (packed(b"[" * 5000), "damaged"),
        (packed({**WHOLE, "region": ""}), "incomplete"),
        (
            packed({name: value for name, value in WHOLE.items() if name != "studio_id"}),
            "incomplete",
        ),
        (packed({}), "incomplete"),
        (PREFIX + "a" * 9000, "too long"),
    ],
)
def test_what_is_wrong_is_said_without_repeating_it(word: str, says: str) -> None:
    with pytest.raises(ValueError, match=says) as error:
        Invite.decode(word)
    assert str(error.value).endswith(".")
    assert SECRET not in str(error.value)
    assert error.value.__context__ is None


@given(st.text(max_size=80))
def test_any_paste_is_read_or_refused(text: str) -> None:
    for word in (text, PREFIX + text):
        with pytest.raises(ValueError, match=r"\.$"):
            Invite.decode(word)


@pytest.mark.parametrize("holder", [INVITE, INVITE.keys], ids=["invite", "keys"])
class TestSecrets:
    @pytest.mark.parametrize("show", [repr, str, "{}".format, "{!r}".format, "%s".__mod__])
    def test_they_are_not_shown(self, holder: object, show: Callable[[object], str]) -> None:
        assert SECRET not in show(holder)
        assert SECRET not in show([holder])

    @pytest.mark.parametrize("copied", [pickle.dumps, copy.copy, copy.deepcopy, json.dumps])
    def test_they_are_not_copied(self, holder: object, copied: Callable[[object], object]) -> None:
        with pytest.raises(TypeError):
            copied(holder)


def test_an_invite_can_be_changed_field_by_field() -> None:
    assert replace(INVITE, region="eu-west-1").secret_access_key == SECRET


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(days=4), "4 days"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=1, hours=2, minutes=59), "1 day 2 h"),
        (timedelta(hours=11, minutes=30), "11 h 30 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(minutes=5, seconds=59), "5 min"),
        (timedelta(seconds=40.9), "40 s"),
        (timedelta(), "0 s"),
        (timedelta(seconds=-5), "0 s"),
        (timedelta.max, "999999999 days 23 h"),
    ],
)
def test_lengths_in_words(length: timedelta, words: str) -> None:
    assert in_words(length) == words


def test_the_systems_clock_tells_utc() -> None:
    clock = SystemClock()
    assert clock.now().tzinfo is UTC
    assert clock.monotonic() <= clock.monotonic()


def test_a_manual_clock_moves_when_told() -> None:
    clock = ManualClock(datetime(2026, 11, 21, tzinfo=UTC))
    clock.advance(90)
    assert clock.now() == datetime(2026, 11, 21, 0, 1, 30, tzinfo=UTC)
    assert clock.monotonic() == 90
