"""One bad reply while a command waits: what was done is done, and the wait goes to its end."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from nimble_tui.cli import exit_codes
from nimble_tui.config.credentials import KeyringVault
from nimble_tui.config.editing import append_studio
from nimble_tui.studio.demo import Demo
from tests.cli.running import Run, settings_of
from tests.cli.test_killed import ending
from tests.faults.faulty_studio import Answer, Fault, Request, cut_body, hang_up, no, ok, replaced
from tests.faults.proxy import FaultProxy, faults_before

ANOTHER = {"sessionId": "another", "state": "READY", "launchProfileId": "lp-1"}
BAD: dict[str, Fault] = {
    "unknown state": replaced(ok({"session": {**ANOTHER, "state": "PONDERING"}})),
    "no state": replaced(ok({"session": {"sessionId": "its own"}})),
    "another's record": replaced(ok({"session": ANOTHER})),
    "429": replaced(no(429, "ThrottlingException", "slow down")),
    "408": replaced(Answer(408, b"")),
    "418": replaced(Answer(418, b"")),
    "400": replaced(no(400, "ValidationException", "no")),
    "403": replaced(no(403, "AccessDeniedException", "no")),
    "404": replaced(no(404, "ResourceNotFoundException", "no")),
    "500": replaced(no(500, "InternalServerErrorException", "oh")),
    "502 page": replaced(Answer(502, b"<html>", {"Content-Type": "text/html"})),
    "garbage": replaced(Answer(200, b"{")),
    "cut": cut_body,
    "hang up": hang_up,
}
_ONCE = [BAD["400"], BAD["403"], BAD["404"]]  # a call that gets one of these is not retried
OPERATION = {
    "stop": "StopStreamingSession",
    "start": "StartStreamingSession",
    "launch": "CreateStreamingSession",
    "delete": "DeleteStreamingSession",
}


@pytest.fixture
def studio(remote: Demo, config: Any, backend: object, quick_looks: None) -> Iterator[FaultProxy]:
    """A studio behind a proxy, signed in to."""
    del backend, quick_looks
    with faults_before(remote) as proxy:
        settings = settings_of(replace(remote.invite, endpoint_url=proxy.url))
        append_studio(config, settings)
        KeyringVault().store(settings, remote.invite.keys)
        yield proxy


def strike_first_polls(studio: FaultProxy, operation: str, fault: Fault) -> None:
    """Let the fault hit the first poll after the action, retries of it included."""
    left = [1 if fault in _ONCE else 3]

    def plan(asked: str, request: Request) -> tuple[Fault, bool] | None:
        if asked != "GetStreamingSession" or not studio.sent(operation) or not left[0]:
            return None
        left[0] -= 1
        return _about(request, fault), True

    studio.plan = plan


def _about(request: Request, fault: Fault) -> Fault:
    """Return the fault about the workstation that was asked for, where it is to be its own."""
    if fault not in {BAD["unknown state"], BAD["no state"]}:
        return fault
    state = {"state": "PONDERING"} if fault == BAD["unknown state"] else {}
    return replaced(ok({"session": {"sessionId": request.path[4], **state}}))


def waited(run: Run, what: str) -> tuple[Any, str]:
    names = {"stop": "sq042 lighting", "start": "sq007 plates", "delete": "sq007 plates"}
    words = ("Lighting",) if what == "launch" else (names[what], "--yes")
    return run(what, *words, "--wait", "--json"), {"launch": "READY", "start": "READY"}.get(
        what, "STOPPED" if what == "stop" else "DELETED"
    )


def seldom(*values: object) -> Any:
    """A case that runs with the slow ones: others take the same way through the command."""
    return pytest.param(*values, marks=pytest.mark.slow)


OFTEN = ("unknown state", "another's record", "429", "404", "502 page", "hang up")


@pytest.mark.parametrize(
    ("what", "bad"),
    [
        *(("stop", bad) for bad in OFTEN),
        *(seldom("stop", bad) for bad in BAD if bad not in OFTEN),
        ("start", "408"),
        ("delete", "403"),
        ("launch", "404"),
    ],
)
def test_one_bad_poll_after_the_action_ends_nothing(
    run: Run, studio: FaultProxy, what: str, bad: str
) -> None:
    strike_first_polls(studio, OPERATION[what], BAD[bad])
    told, state = waited(run, what)
    assert told.code == exit_codes.DONE, told.err
    assert json.loads(told.out)["session"]["state"] == state
    assert "made a mistake" not in told.err
    assert len(studio.effects) == 1


@pytest.mark.parametrize(
    ("bad", "poll"),
    [
        ("unknown state", 1),
        ("404", 3),
        *(seldom("unknown state", poll) for poll in range(2, 6)),
        *(seldom("404", poll) for poll in (1, 2, 4, 5)),
    ],
)
def test_one_bad_poll_does_not_leave_what_is_kept_running(
    run: Run, studio: FaultProxy, bad: str, poll: int
) -> None:
    count = [0]

    def plan(asked: str, request: Request) -> tuple[Fault, bool] | None:
        if asked != "GetStreamingSession" or not studio.sent("StartStreamingSession"):
            return None
        count[0] += 1
        return (_about(request, BAD[bad]), True) if count[0] == poll else None

    studio.plan = plan
    told = run("keep", ending(run), "--wait")
    assert told.code == exit_codes.DONE, told.err
    assert [one.what for one in studio.effects] == ["start", "stop"]


@pytest.mark.parametrize("bad", ["403", "404"])
def test_what_stays_bad_ends_it_and_says_what_was_done(
    run: Run, studio: FaultProxy, bad: str
) -> None:
    studio.plan = lambda operation, _: (
        (BAD[bad], True)
        if operation == "GetStreamingSession" and studio.sent("StopStreamingSession")
        else None
    )
    told, _ = waited(run, "stop")
    assert told.code == exit_codes.FAILED
    assert "sq042 lighting was last seen STOP_IN_PROGRESS, as requested" in told.err
    assert len(studio.effects) == 1


def test_a_launch_answered_with_anothers_record_is_found_and_waited_for(
    run: Run, studio: FaultProxy
) -> None:
    studio.strike(BAD["another's record"], on=["CreateStreamingSession"], before=False)
    told, _ = waited(run, "launch")
    assert told.code == exit_codes.DONE, told.err
    session = json.loads(told.out)["session"]
    assert (session["state"], [one.session_id for one in studio.effects]) == (
        "READY",
        [session["sessionId"]],
    )
