import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimble_tui.cli.bash_words import Typed, completing, quoted, split

TEXT = st.text(st.characters(min_codepoint=0x20, exclude_categories=["Cs", "Cc"]))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", [""]),
        ("a b", ["a", "b"]),
        ("  a \t b ", ["a", "b", ""]),
        ("a\\ b 'c d' \"e f\"", ["a b", "c d", "e f"]),
        ("a'b c'd\"e\"", ["ab cde"]),
        ('"a\\"b\\$c\\d"', ['a"b$c\\d']),
        ("'a\\'", ["a\\"]),
        ("'' \"\"", ["", ""]),
        ("a 'b c", ["a", "b c"]),
        ("a b\\", ["a", "b"]),
        ('a "b\\', ["a", "b"]),
        ("$(ls) `ls` $HOME", ["$(ls)", "`ls`", "$HOME"]),
    ],
)
def test_words_are_taken_apart_as_bash_does_and_nothing_is_expanded(
    line: str, words: list[str]
) -> None:
    assert [one.meant for one in split(line)] == words


@given(TEXT.filter(bool), st.sampled_from(["", "'", '"']))
def test_what_is_quoted_is_taken_for_the_same(text: str, quote: str) -> None:
    written = quoted(text, quote)
    if written is None:
        assert quote == '"'
        assert "!" in text
        return
    *before, word = split(f"a {quote}{written}{quote}")
    assert (len(before), word.meant) == (1, text)


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not installed")
def test_bash_itself_takes_it_for_the_same() -> None:
    every = [chr(code) for code in range(0x20, 0x7F)] + ["é", "日", "·"]
    texts = [f"{mark}a{one}b{one}" for mark in ("", "~", "#") for one in every]
    words = [
        f"{quote}{written}{quote}"
        for text in texts
        for quote in ("", "'", '"')
        if (written := quoted(text, quote)) is not None
    ]
    script = "printf '%s\\0' " + " ".join(words)
    done = subprocess.run(["bash"], input=script.encode(), capture_output=True, check=True)  # noqa: S607
    meant = [one.meant for one in split(" ".join(words))]
    assert done.stdout.decode().split("\0")[:-1] == meant
    assert done.stderr == b""


@pytest.mark.parametrize(
    ("raw", "replaced", "text", "put"),
    [
        ("", "", "a b", "a\\ b"),
        ("a", "a", "a b", "a\\ b"),
        ("a\\ b", "a\\ b", "a bc", "a\\ bc"),
        ("a:b", "b", "a:b c", "b\\ c"),
        ("a:", "", "a:b c", "b\\ c"),
        ("'a", "a", "a b", "a b"),
        ('"a:b', "b", "a:b c", "b c"),
        ("x:b", "b", "a:b c", None),
        ('"a', "a", "a!", None),
    ],
)
def test_what_takes_the_place_of_the_end_of_a_word(
    raw: str, replaced: str, text: str, put: str | None
) -> None:
    typed = split(raw)[-1]
    assert isinstance(typed, Typed)
    assert completing(typed, replaced, text) == put
