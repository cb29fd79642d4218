"""Whatever comes in place of an answer: one plain error of the right kind, also for what is new."""

import random
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import pytest

from nimble_tui.client.nimble import NimbleService
from nimble_tui.core.service import ErrorKind, StudioError
from tests.client.test_errors import ALL, failing
from tests.client.test_fuzz import damaging
from tests.client.workday import REQUEST, looked, opened
from tests.client.workday_studio import WorkdayStudio
from tests.faults.faulty_studio import Answer, Fault, replaced

Ask = Callable[[NimbleService], object]

LOOKS: dict[str, Ask] = {
    "ListStreamingSessionBackups": lambda service: service.list_streaming_session_backups(),
    "GetStreamingSessionBackup": lambda service: service.get_streaming_session_backup("bak-1"),
    "GetEula": lambda service: service.get_eula("e1"),
    "ListEulas": lambda service: service.list_eulas(["e1"]),
    "ListEulaAcceptances": lambda service: service.list_eula_acceptances(),
}
ASKS: dict[str, Ask] = {
    "CreateStreamingSession": lambda service: service.launch(REQUEST),
    "CreateStreamingSessionStream": lambda service: service.connect("ses.ready"),
    "GetStreamingSessionStream": lambda service: service.connect("ses.ready"),
    "TagResource": lambda service: service.rename("ses.ready", "x"),
    "UntagResource": lambda service: service.rename("ses.ready", ""),
    "AcceptEulas": lambda service: service.accept_eulas(["e1"]),
}
SOME = [
    "reset",
    "cut body",
    "portal",
    "empty object",
    "garbage",
    "null",
    "deep",
    "502 page",
    "503 empty",
]


@pytest.mark.parametrize("fault", SOME)
def test_a_look_that_fails(workday: WorkdayStudio, fault: str) -> None:
    strike, kind = ALL[fault]
    workday.strike(strike, on=LOOKS, before=True)
    with opened(workday.url, None) as service:
        for ask in LOOKS.values():
            assert failing(partial(ask, service)).kind == kind


@pytest.mark.parametrize("operation", LOOKS)
def test_a_denied_look_says_which_permission_is_missing(
    workday: WorkdayStudio, operation: str
) -> None:
    workday.strike(ALL["denied"][0], on=[operation], before=True)
    with opened(workday.url, None) as service:
        error = failing(lambda: LOOKS[operation](service))
    assert error.kind == ErrorKind.DENIED
    assert error.message.endswith(f"; ask your admin for nimble:{operation}.")


def test_a_licence_that_is_not_found_is_called_a_licence(workday: WorkdayStudio) -> None:
    workday.strike(ALL["not found"][0], on=["GetEula"], before=True)
    with opened(workday.url, None) as service:
        error = failing(lambda: service.get_eula("e1"))
    assert error.kind == ErrorKind.NOT_FOUND
    assert "no such licence" in error.message


@pytest.mark.parametrize("fault", ["denied", "not found", "conflict", "quota", "invalid", "401"])
@pytest.mark.parametrize("operation", ASKS)
def test_a_refusal_leaves_nothing_open(workday: WorkdayStudio, operation: str, fault: str) -> None:
    workday.strike(ALL[fault][0], on=[operation], before=True)
    with opened(workday.url, None) as service:
        error = failing(lambda: ASKS[operation](service))
        assert error.kind == ALL[fault][1]
        assert not service.has_unresolved()
    assert not workday.launches()


@pytest.mark.parametrize("operation", ["TagResource", "UntagResource"])
def test_a_name_needs_no_body_in_the_answer(workday: WorkdayStudio, operation: str) -> None:
    workday.strike(replaced(Answer(200, b"{}")), on=[operation], before=True)
    with opened(workday.url, None) as service:
        assert failing(lambda: ASKS[operation](service)).kind == ErrorKind.UNCERTAIN


@pytest.mark.parametrize("seed", range(12))
def test_nothing_but_studio_errors_comes_of_damaged_replies(
    workday: WorkdayStudio, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same damage every time
    fault = damaging(chance)
    workday.backups = [{"backupId": "bak-1", "sessionId": "ses.stopped", "state": "READY"}]

    def plan(operation: str, _: object) -> tuple[Fault, bool] | None:
        known = operation in LOOKS.keys() | ASKS.keys() - {"TagResource", "UntagResource"}
        return (fault, False) if known and chance.random() < 0.7 else None

    workday.plan = plan
    with opened(workday.url, None) as service:
        for ask in (*LOOKS.values(), *ASKS.values()):
            with suppress(StudioError):
                ask(service)
        workday.plan = lambda *_: None
        for _ in range(3):
            looked(service)
        assert not service.has_unresolved()
    assert len(workday.launches()) <= 1
