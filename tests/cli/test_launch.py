import json
from pathlib import Path
from typing import Any

import pytest

from nimble_tui.cli import exit_codes
from nimble_tui.client.executor import Executor
from nimble_tui.client.intent import Intent
from nimble_tui.client.nimble import NimbleService
from nimble_tui.core.model import read_streaming_session
from nimble_tui.core.service import ErrorKind, Finding, StudioError
from tests.cli.running import Run

pytestmark = pytest.mark.usefixtures("signed_in")

LICENSED = "Previs"


def sessions(run: Run) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("sessions", "--json").out)["sessions"]
    return found


def launched(run: Run, *words: str) -> dict[str, Any]:
    told = run("launch", *words, "--json")
    assert told.code == exit_codes.DONE, told.err
    session: dict[str, Any] = json.loads(told.out)["session"]
    return session


def profile(run: Run, name: str) -> dict[str, Any]:
    every = json.loads(run("profiles", "--json").out)["launchProfiles"]
    found: dict[str, Any] = next(one for one in every if one["name"] == name)
    return found


@pytest.mark.parametrize("word", ["Lighting", "lighting", "Light", "LIGHT"])
def test_a_launch_says_its_id_and_how_it_ended(run: Run, word: str) -> None:
    before = {one["sessionId"] for one in sessions(run)}
    told = run("launch", word, "--name", "sq099 fog", "--wait")
    assert told.code == exit_codes.DONE
    assert told.err == "sq099 fog: CREATE_IN_PROGRESS.\nsq099 fog: READY.\n"
    (new,) = [one for one in sessions(run) if one["sessionId"] not in before]
    assert told.out == f"{new['sessionId']}\n"
    assert (new["state"], new["tags"]["Name"]) == ("READY", "sq099 fog")


def test_without_choices_it_is_the_first_type_and_image_of_the_profile(run: Run) -> None:
    allowed = profile(run, "Lighting")
    session = launched(run, allowed["launchProfileId"])
    configuration = allowed["streamConfiguration"]
    assert session["ec2InstanceType"] == configuration["ec2InstanceTypes"][0]
    assert session["streamingImageId"] == configuration["streamingImageIds"][0]
    assert session["state"] == "CREATE_IN_PROGRESS"


def test_the_type_and_the_image_are_chosen_by_name_or_id(run: Run) -> None:
    configuration = profile(run, "Lighting")["streamConfiguration"]
    image = configuration["streamingImageIds"][-1]
    kind = configuration["ec2InstanceTypes"][-1]
    session = launched(run, "Lighting", "--type", kind, "--image", image)
    assert (session["ec2InstanceType"], session["streamingImageId"]) == (kind, image)
    told = run("launch", "Lighting", "--image", "no such")
    assert told.code == exit_codes.REFUSED
    name = next(line for line in told.err.splitlines() if image in line).split(image)[1]
    by_name = name.rpartition(" ")[0].strip()
    assert launched(run, "Lighting", "--image", by_name)["streamingImageId"] == image


def test_what_a_profile_does_not_allow_is_said_with_what_it_does(run: Run) -> None:
    before = sessions(run)
    told = run("launch", "Lighting", "--type", "g3.4xlarge")
    assert (told.code, told.out) == (exit_codes.REFUSED, "")
    assert told.err.startswith("Lighting has no instance type g3.4xlarge. It has:\n")
    for kind in profile(run, "Lighting")["streamConfiguration"]["ec2InstanceTypes"]:
        assert f"  {kind}  " in told.err
    assert "NVIDIA" in told.err
    assert [one["sessionId"] for one in sessions(run)] == [one["sessionId"] for one in before]


@pytest.mark.parametrize(
    ("word", "code", "said"),
    [
        ("RenderWorker", exit_codes.REFUSED, "for render machines"),
        ("FX", exit_codes.REFUSED, "it is CREATE_FAILED"),
        ("", exit_codes.USAGE, "List them with nimble-tui profiles"),
        ("nothing", exit_codes.FAILED, "You have:"),
        ("\x1b[2J", exit_codes.FAILED, "You have:"),
    ],
)
def test_what_cannot_be_launched_from_says_why(run: Run, word: str, code: int, said: str) -> None:
    told = run("launch", word)
    assert (told.code, told.out) == (code, "")
    assert said in told.err
    assert "\x1b" not in told.err


@pytest.mark.parametrize("word", ["l", "li", "r"])
def test_one_or_two_letters_launch_nothing(run: Run, word: str) -> None:
    before = run("sessions", "--json").out
    told = run("launch", word)
    assert (told.code, told.out) == (exit_codes.FAILED, "")
    assert "Type at least 3 characters of a name. You have:" in told.err
    assert run("sessions", "--json").out == before


def test_a_read_only_studio_launches_nothing(run: Run, config: Path) -> None:
    config.write_text(config.read_text() + "read_only = true\n")
    told = run("launch", "Lighting")
    assert told.code == exit_codes.REFUSED
    assert "read_only" in told.err


def test_missing_licences_are_named_with_whom_to_ask(run: Run) -> None:
    told = run("launch", LICENSED, "--studio", "north")
    assert (told.code, told.out) == (exit_codes.REFUSED, "")
    assert "needs licences that are not yet accepted" in told.err
    assert "Realtime engine" in told.err
    assert (
        "Ask Inês Cardoso, Lena Hoffmann or Pat Okafor; an admin can accept them "
        "with: nimble-tui " in told.err
    )
    assert told.err.endswith("nimble-tui licences --accept --studio north\n")


def test_under_one_token_it_is_launched_once(run: Run) -> None:
    first = launched(run, "Lighting", "--token", "day-2026-11-21", "--name", "daily")
    told = run("launch", "Lighting", "--token", "day-2026-11-21", "--name", "daily", "--json")
    assert told.code == exit_codes.DONE
    assert json.loads(told.out)["session"]["sessionId"] == first["sessionId"]
    assert "daily was already launched with this token; no changes made." in told.err
    assert "another --token" not in told.err
    told = run("launch", "Lighting", "--token", "day-2026-11-21", "--name", "another one")
    assert told.code == exit_codes.DONE
    assert "To launch another one as well, use another --token." in told.err
    assert [one["sessionId"] for one in sessions(run) if one["tags"].get("Name") == "daily"] == [
        first["sessionId"]
    ]
    other = launched(run, "Lighting", "--token", "day-2026-11-22")
    assert other["sessionId"] != first["sessionId"]


def test_a_token_holds_even_when_what_it_launched_is_deleted(run: Run) -> None:
    first = launched(run, "Lighting", "--token", "t", "--wait")["sessionId"]
    assert run("delete", first, "--yes", "--wait").code == exit_codes.DONE
    told = run("launch", "Lighting", "--token", "t")
    assert told.out == f"{first}\n"
    assert all(one["state"] == "DELETED" for one in sessions(run) if one["sessionId"] == first)


def test_a_token_is_not_for_two_different_launches(run: Run) -> None:
    launched(run, "Lighting", "--token", "t")
    before = len(sessions(run))
    told = run("launch", "Comp", "--token", "t")
    assert told.code == exit_codes.FAILED
    assert "token" in told.err
    assert len(sessions(run)) == before


@pytest.mark.parametrize("token", ["", " ", "a b", "x" * 65, "é", "\x1b"])
def test_what_is_no_token(run: Run, token: str) -> None:
    told = run("launch", "Lighting", "--token", token)
    assert told.code == exit_codes.USAGE
    assert "1 to 64 letters, digits and punctuation marks" in told.err


def test_a_launch_that_failed_is_1_and_says_what_to_try(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = NimbleService.get_streaming_session

    def fails(service: NimbleService, session_id: str) -> Any:
        seen = whole(service, session_id)
        failed = {"state": "CREATE_FAILED", "statusCode": "INSUFFICIENT_CAPACITY"}
        return read_streaming_session({**seen.members, **failed})

    monkeypatch.setattr(NimbleService, "get_streaming_session", fails)
    told = run("launch", "Lighting", "--name", "a", "--wait", "--connect")
    assert told.code == exit_codes.FAILED
    assert "Expected a to be READY, but it is CREATE_FAILED. No machine available" in told.err
    assert "launch another type" in told.err


def test_what_a_lost_reply_left_unresolved_is_reported(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    told_of: list[int] = []

    def reconcile(_: NimbleService, found: Any, spare: object) -> tuple[Finding, ...]:
        assert not spare
        told_of.append(len(list(found)))
        return (Finding("The workstation that you launched is there.\x1b[2J"),)

    monkeypatch.setattr(NimbleService, "has_unresolved", lambda _: not told_of)
    monkeypatch.setattr(NimbleService, "reconcile", reconcile)
    told = run("launch", "Lighting", "--name", "a")
    assert told.code == exit_codes.DONE
    first, second = told.err.splitlines()
    assert first.startswith("The workstation that you launched is there.")
    assert "\x1b" not in first
    assert second == "a: CREATE_IN_PROGRESS."
    assert told_of[0] > 1


def test_a_studio_that_cannot_go_on_now_does_not_hold_up_the_command(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reconcile(*_: object, **__: object) -> None:
        raise StudioError(ErrorKind.TROUBLE, "The journal is in trouble.")

    monkeypatch.setattr(NimbleService, "has_unresolved", lambda _: True)
    monkeypatch.setattr(NimbleService, "reconcile", reconcile)
    told = run("launch", "Lighting", "--name", "a")
    assert told.code == exit_codes.DONE
    assert told.err == "The journal is in trouble.\na: CREATE_IN_PROGRESS.\n"


def test_a_program_killed_while_it_launched_leaves_one_machine_not_two(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    class KilledError(BaseException):
        pass

    whole = Executor.send

    def killed(executor: Executor, intent: Intent) -> None:
        whole(executor, intent)
        raise KilledError

    words = ("launch", "Lighting", "--name", "daily", "--token", "2026-11-21")
    before = len(sessions(run))
    monkeypatch.setattr(Executor, "send", killed)
    with pytest.raises(KilledError):
        run(*words)
    monkeypatch.setattr(Executor, "send", whole)
    told = run(*words, "--wait")
    assert told.code == exit_codes.DONE
    assert "daily was already launched with this token" in told.err
    assert len(sessions(run)) == before + 1
