"""Starts that no stop undoes, disks thrown away, and deletes: said, then asked about."""

import re

import pytest

from nimble_tui.cli import connect, exit_codes
from nimble_tui.client.nimble import NimbleService
from nimble_tui.core.listing import Listing
from nimble_tui.desktop import opening
from nimble_tui.studio.demo import Demo
from tests.cli.running import Person, Run, one
from tests.studio.profiles import no_stop

ASLEEP = "Lighting"
READY = "sq042 lighting"
WARNING = r"You can't stop it again, and it will be deleted (tomorrow )?at \d\d:\d\d\."
STARTS = (("start",), ("connect", "--start"))


@pytest.fixture(autouse=True)
def _no_desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "open_address", lambda _: None)
    monkeypatch.setattr(connect, "pause", lambda _: None)


def asleep(run: Run) -> str:
    """Return the id of the stopped workstation whose launch profile decides about stops."""
    return str(one(run, f"{ASLEEP} ·")["sessionId"])


@pytest.mark.parametrize("words", STARTS)
def test_a_start_that_no_stop_undoes_is_refused_where_nobody_can_be_asked(
    run: Run, signed_in: Demo, words: tuple[str, ...]
) -> None:
    session_id = asleep(run)
    no_stop(signed_in)
    said = run(words[0], session_id, *words[1:])
    assert said.code == exit_codes.USAGE
    assert re.search(WARNING, said.err)
    assert "--yes" in said.err
    assert one(run, ASLEEP)["state"] == "STOPPED"


@pytest.mark.parametrize("words", STARTS)
def test_yes_starts_it_all_the_same(run: Run, signed_in: Demo, words: tuple[str, ...]) -> None:
    session_id = asleep(run)
    no_stop(signed_in)
    assert run(words[0], session_id, *words[1:], "--yes").code == exit_codes.DONE
    assert one(run, ASLEEP)["state"] in {"START_IN_PROGRESS", "READY"}


@pytest.mark.parametrize("words", STARTS)
def test_it_asks_once(run: Run, signed_in: Demo, person: Person, words: tuple[str, ...]) -> None:
    session_id = asleep(run)
    no_stop(signed_in)
    for answer, code in (("", exit_codes.FAILED), ("n", exit_codes.FAILED), ("y", exit_codes.DONE)):
        person.answers = [answer]
        said = run(words[0], session_id, *words[1:])
        assert said.code == code
        assert re.search(WARNING, said.err)
        assert person.asked.pop() == "Start it? [y/N] "
        assert person.asked == []
        assert (one(run, ASLEEP)["state"] == "STOPPED") == bool(code)


@pytest.mark.usefixtures("signed_in")
def test_a_start_that_a_stop_undoes_asks_nothing(run: Run) -> None:
    assert run("start", asleep(run)).code == exit_codes.DONE


def test_a_profile_that_cannot_be_read_is_asked_about_too(
    run: Run, signed_in: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    del signed_in
    session_id = asleep(run)
    monkeypatch.setattr("nimble_tui.client.session_actions.launch_profile_of", lambda *_: None)
    said = run("start", session_id)
    assert said.code == exit_codes.USAGE
    assert "it might not be possible to stop it again" in said.err
    assert one(run, ASLEEP)["state"] == "STOPPED"


def test_what_could_not_stop_again_is_not_kept(run: Run, signed_in: Demo) -> None:
    session_id = asleep(run)
    no_stop(signed_in)
    said = run("keep", session_id)
    assert said.code == exit_codes.REFUSED
    assert "doesn't allow stopping" in said.err
    assert one(run, ASLEEP)["state"] == "STOPPED"


def test_yes_without_start_is_wrong_use(run: Run, signed_in: Demo) -> None:
    del signed_in
    assert run("connect", READY, "--yes").code == exit_codes.USAGE


@pytest.mark.usefixtures("signed_in")
def test_delete_says_what_would_have_been_kept(run: Run, person: Person) -> None:
    person.answers = ["", ""]
    assert "If you stop it instead, it is kept for 4 days." in run("delete", READY).err
    assert "If you leave it stopped, it will be deleted anyway," in run("delete", asleep(run)).err


@pytest.mark.usefixtures("signed_in")
def test_throwing_the_disk_away_asks_for_the_end_of_its_id_and_says_so_at_the_end(
    run: Run, person: Person
) -> None:
    end = one(run, READY)["sessionId"][-4:]
    person.answers = ["y", end]
    assert run("stop", READY, "--delete-disk").code == exit_codes.FAILED
    assert one(run, READY)["state"] == "READY"
    said = run("stop", READY, "--delete-disk", "--wait")
    assert said.code == exit_codes.DONE
    assert said.err.endswith(f"{READY}: STOPPED; its disk was deleted.\n")
    assert all(end in question for question in person.asked)


def test_a_list_that_lacks_the_profile_does_not_make_a_start_risky(
    run: Run, signed_in: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    del signed_in
    session_id = asleep(run)
    monkeypatch.setattr(NimbleService, "list_launch_profiles", lambda _: Listing(()))
    assert run("start", session_id).code == exit_codes.DONE
