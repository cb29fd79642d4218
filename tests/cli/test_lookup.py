import pytest

from nimble_tui.cli import exit_codes
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.cli.lookup import find_profile, find_session
from nimble_tui.core.model import LaunchProfile, StreamingSession, read_streaming_session


def session(session_id: str, name: str = "", state: str = "READY") -> StreamingSession:
    tags = {"tags": {"Name": name}} if name else {}
    return read_streaming_session({"sessionId": session_id, "state": state, **tags})


ALL = (
    session("aaaa.1111", "Shot"),
    session("aabb.2222", "shot"),
    session("bbbb.aaaa", "Comp"),
    session("cccc.3333", "Comp", state="DELETED"),
    session("dddd.4Fk4", "Old", state="DELETED"),
    session("eeee.5555", "cccc.3333"),
)


def title(one: StreamingSession) -> str:
    return one.title(None)


@pytest.mark.parametrize(
    ("word", "session_id"),
    [
        ("aaaa.1111", "aaaa.1111"),
        ("aabb", "aabb.2222"),
        ("2222", "aabb.2222"),
        ("Shot", "aaaa.1111"),
        ("shot", "aabb.2222"),
        ("Comp", "bbbb.aaaa"),
        ("comp", "bbbb.aaaa"),
        ("Old", "dddd.4Fk4"),
        ("4fk4", "dddd.4Fk4"),
        ("ddd", "dddd.4Fk4"),
        ("aaaa", "bbbb.aaaa"),
        ("Com", "bbbb.aaaa"),
        ("com", "bbbb.aaaa"),
        ("cccc.3333", "cccc.3333"),
    ],
)
def test_a_word_that_names_one(word: str, session_id: str) -> None:
    assert find_session(word, ALL, title).session_id == session_id


@pytest.mark.parametrize(("word", "some"), [("SHOT", 2), ("sho", 2)])
def test_a_word_that_names_several_lists_them(word: str, some: int) -> None:
    with pytest.raises(Stop) as stopped:
        find_session(word, ALL, title)
    assert stopped.value.code == exit_codes.FAILED
    assert f"matches {some} workstations" in stopped.value.sentences[0]
    assert len(stopped.value.sentences) == 1 + some


@pytest.mark.parametrize("word", ["nothing", "1111.aaaa", "omp", "C", "aa", "\x1b[2J"])
def test_a_word_that_names_none_lists_what_there_is(word: str) -> None:
    with pytest.raises(Stop) as stopped:
        find_session(word, ALL, title)
    assert stopped.value.code == exit_codes.FAILED
    assert len(stopped.value.sentences) == 1 + 4
    assert "\x1b" not in str(stopped.value)


@pytest.mark.parametrize("word", ["", "  "])
def test_no_word_is_wrong_use(word: str) -> None:
    with pytest.raises(Stop) as stopped:
        find_session(word, ALL, title)
    assert stopped.value.code == exit_codes.USAGE


def test_very_many_are_not_all_listed() -> None:
    many = [session(f"s{number:04}.{number:04}") for number in range(500)]
    with pytest.raises(Stop) as stopped:
        find_session("s00", many, title)
    assert stopped.value.sentences[-1] == "  and 90 more"


def test_the_beginning_of_several_profiles_lists_them() -> None:
    profiles = [LaunchProfile(f"lp-{name}", name=name) for name in ("Lighting", "Light tests")]
    with pytest.raises(Stop) as stopped:
        find_profile("light", profiles)
    assert "“light” matches 2 launch profiles:" in stopped.value.sentences[0]
    assert find_profile("tes", profiles).name == "Light tests"
