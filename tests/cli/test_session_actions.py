import json
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nimble_tui.cli import exit_codes
from nimble_tui.client.nimble import NimbleService
from nimble_tui.core.listing import Listing
from nimble_tui.core.model import StreamingSession, read_streaming_session
from nimble_tui.core.service import ErrorKind, StudioError
from nimble_tui.core.unclear_steps import GIVE_UP_AFTER
from nimble_tui.studio.demo import Demo
from tests.cli.running import Person, Run, one
from tests.studio.unclear import make_unclear

pytestmark = pytest.mark.usefixtures("signed_in")

READY = "sq042 lighting"
STOPPED = "sq007 plates"
UNSTOPPABLE = "Review"


def test_stop_and_wait(run: Run) -> None:
    told = run("stop", READY, "--yes", "--wait", "--json")
    assert told.code == exit_codes.DONE
    assert json.loads(told.out)["session"]["state"] == "STOPPED"
    assert told.err == f"{READY}: STOP_IN_PROGRESS.\n{READY}: STOPPED.\n"
    assert one(run, READY)["state"] == "STOPPED"


def test_stop_without_waiting_says_what_is_going_on(run: Run) -> None:
    told = run("stop", READY, "--yes", "--json")
    assert told.code == exit_codes.DONE
    assert json.loads(told.out)["session"]["state"] == "STOP_IN_PROGRESS"
    assert told.err == f"{READY}: STOP_IN_PROGRESS.\n"


def test_start_asks_nothing(run: Run) -> None:
    told = run("start", STOPPED, "--wait")
    assert (told.code, told.out) == (exit_codes.DONE, "")
    assert told.err == f"{STOPPED}: START_IN_PROGRESS.\n{STOPPED}: READY.\n"


def test_delete_for_good(run: Run) -> None:
    told = run("delete", STOPPED, "--yes", "--wait", "--json")
    assert told.code == exit_codes.DONE
    assert json.loads(told.out)["session"]["state"] == "DELETED"


@pytest.mark.parametrize("which", ["sessionId", "beginning", "last four"])
def test_a_session_has_many_names(run: Run, which: str) -> None:
    whole = one(run, STOPPED)["sessionId"]
    word = {"sessionId": whole, "beginning": whole[:9], "last four": whole[-4:]}[which]
    assert run("start", word, "--wait").code == exit_codes.DONE


def test_what_a_rule_forbids_is_3_with_its_reason(run: Run) -> None:
    told = run("stop", one(run, UNSTOPPABLE)["sessionId"])
    assert told.code == exit_codes.REFUSED
    assert told.out == ""
    assert "can't be stopped" in told.err
    assert run("start", READY).code == exit_codes.REFUSED


def test_a_read_only_studio_is_left_as_it_is(run: Run, config: Path) -> None:
    config.write_text(config.read_text() + "read_only = true\n")
    for words in (("stop", READY), ("start", STOPPED), ("delete", STOPPED, "--yes")):
        told = run(*words)
        assert told.code == exit_codes.REFUSED
        assert "read_only" in told.err
    assert one(run, READY)["state"] == "READY"


@pytest.mark.parametrize("action", ["stop", "delete"])
def test_where_nobody_can_be_asked_yes_must_be_said(run: Run, action: str) -> None:
    told = run(action, READY)
    assert told.code == exit_codes.USAGE
    assert "--yes" in told.err
    assert one(run, READY)["state"] == "READY"


@pytest.mark.parametrize("word", ["sq", "nothing-like-it"])
def test_an_unknown_or_ambiguous_one_is_1_with_candidates(run: Run, word: str) -> None:
    for session in json.loads(run("sessions", "--json").out)["sessions"][:2]:
        assert session["sessionId"] in run("start", word).err
    told = run("start", word)
    assert (told.code, told.out) == (exit_codes.FAILED, "")


def test_on_half_a_list_only_a_whole_id_will_do(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = NimbleService.list_streaming_sessions
    session_id = one(run, STOPPED)["sessionId"]

    def in_part(service: NimbleService) -> Listing[StreamingSession]:
        return replace(whole(service), partial=True, problem="A page is missing.")

    monkeypatch.setattr(NimbleService, "list_streaming_sessions", in_part)
    told = run("start", STOPPED)
    assert told.code == exit_codes.FAILED
    assert "A page is missing." in told.err
    assert run("start", session_id).code == exit_codes.DONE


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("Yes", 0), ("n", 1), ("", 1), ("stop", 1)])
def test_stop_asks_once(run: Run, person: Person, answer: str, code: int) -> None:
    person.answers = [answer]
    assert run("stop", READY, "--wait").code == code
    assert person.asked == ["Stop it? [y/N] "]
    assert one(run, READY)["state"] == ("READY" if code else "STOPPED")


def test_delete_asks_for_the_end_of_its_id(run: Run, person: Person) -> None:
    end = one(run, STOPPED)["sessionId"][-4:]
    for wrong in ("", "y", "yes", end[:3], end.swapcase(), STOPPED):
        person.answers = [wrong]
        told = run("delete", STOPPED)
        assert told.code == exit_codes.FAILED
        assert "No changes made." in told.err
    assert one(run, STOPPED)["state"] == "STOPPED"
    person.answers = [end]
    assert run("delete", STOPPED, "--wait").code == exit_codes.DONE
    assert all(end in question for question in person.asked)


def test_an_unclear_launch_is_given_up_and_that_is_well(
    run: Run, signed_in: Demo, person: Person
) -> None:
    session_id = one(run, STOPPED)["sessionId"]
    now = datetime.now(UTC)
    make_unclear(signed_in.studio, session_id, "create", now)
    told = run("delete", STOPPED, "--yes")
    assert told.code == exit_codes.REFUSED
    assert "You can give up after 15 min." in told.err
    make_unclear(signed_in.studio, session_id, "create", now - GIVE_UP_AFTER)
    person.answers = ["y"]
    assert "No changes made." in run("delete", STOPPED).err
    person.answers = [session_id[-4:]]
    told = run("delete", STOPPED, "--wait", "--json")
    assert person.asked[-1].endswith("to give it up: ")
    assert told.code == exit_codes.DONE
    assert "Gives up its launch: it becomes CREATE_FAILED" in told.err
    assert told.err.endswith(f"{STOPPED}: CREATE_FAILED. It was given up, not deleted.\n")
    assert json.loads(told.out)["session"]["state"] == "CREATE_FAILED"
    assert "give up" in run("history", STOPPED).out


def test_a_start_that_fails_is_1(
    run: Run, signed_in: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = one(run, STOPPED) | {"state": "START_FAILED", "statusMessage": "No machine was free."}

    del signed_in
    monkeypatch.setattr(
        NimbleService, "get_streaming_session", lambda *_: read_streaming_session(failed)
    )
    monkeypatch.setattr(
        NimbleService,
        "act",
        lambda *_, **__: read_streaming_session(failed | {"state": "START_IN_PROGRESS"}),
    )
    told = run("start", STOPPED, "--wait", "--json")
    assert told.code == exit_codes.FAILED
    assert json.loads(told.out)["session"]["state"] == "START_FAILED"
    assert "to be READY, but it is START_FAILED. No machine was free." in told.err


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (ErrorKind.NOT_SIGNED_IN, 4),
        (ErrorKind.UNREACHABLE, 5),
        (ErrorKind.REFUSED, 3),
        (ErrorKind.SETTINGS, 2),
        (ErrorKind.DENIED, exit_codes.REFUSED),
        (ErrorKind.NOT_FOUND, 1),
        (ErrorKind.CONFLICT, 1),
        (ErrorKind.QUOTA, 1),
        (ErrorKind.THROTTLED, 1),
        (ErrorKind.INVALID, 1),
        (ErrorKind.CLOCK, 1),
        (ErrorKind.NOT_UNDERSTOOD, 1),
        (ErrorKind.TROUBLE, 1),
        (ErrorKind.UNCERTAIN, 1),
    ],
)
def test_the_exit_code_of_every_failure(
    run: Run, monkeypatch: pytest.MonkeyPatch, kind: ErrorKind, code: int
) -> None:
    def fails(_: NimbleService) -> None:
        raise StudioError(kind, "What happened, and what to do.")

    monkeypatch.setattr(NimbleService, "list_streaming_sessions", fails)
    told = run("start", STOPPED)
    assert (told.code, told.out, told.err) == (code, "", "What happened, and what to do.\n")


def test_a_studio_that_is_away_is_5(run: Run, signed_in: Demo) -> None:
    with closing(signed_in):
        pass
    told = run("sessions", "--json")
    assert (told.code, told.out) == (exit_codes.UNREACHABLE, "")
    assert "127.0.0.1" in told.err
