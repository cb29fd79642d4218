"""What nobody may read, and how calls end."""

import copy
import json
import logging
import pickle
import threading
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from nimble_tui.client.call_log import CallLog
from nimble_tui.client.nimble import NimbleService
from nimble_tui.client.transport import Limits
from nimble_tui.core.clock import ManualClock
from nimble_tui.core.model import SessionAction
from nimble_tui.core.service import ErrorKind, StudioError
from tests.client.conftest import SECRET, Connect, returned
from tests.faults import faulty_studio as on_the_wire
from tests.faults.faulty_studio import FaultyStudio, no, replaced

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_logs_hold_no_request(
    service_for: Connect, studio: FaultyStudio, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """With every logger there is at its most talkative, and the log of calls."""
    log = tmp_path / "calls.log"
    service = service_for(log=CallLog(log))
    for name in [None, *logging.root.manager.loggerDict]:
        caplog.set_level(logging.DEBUG, logger=name)
    service.get_studio()
    studio.strike(on_the_wire.hang_up, on=["GetStudio"], before=True)
    with pytest.raises(StudioError):
        service.get_studio()
    service.act(SessionAction.STOP, "ses.ready", client_token="canary-token")
    studio.strike(echoed, on=["GetStudio"], before=True)
    with pytest.raises(StudioError):
        service.get_studio()
    told = f"{caplog.text} {log.read_text()}".lower()
    assert "stopstreamingsession" in log.read_text().lower()
    assert "canary" not in log.read_text()
    for secret in (SECRET.lower(), "authorization", "x-amz-security-token", "akidexample"):
        assert secret not in told


def echoed(line: on_the_wire.Line, _: on_the_wire.Answer) -> bool:
    """Send the secret back wherever a reply may hold words."""
    answer = no(500, SECRET, SECRET, x_amzn_RequestId=SECRET)
    line.send(answer.as_bytes())
    return True


def test_errors_hold_no_request(service: NimbleService, studio: FaultyStudio) -> None:
    studio.strike(on_the_wire.reset, on=["StopStreamingSession"], before=True)
    with pytest.raises(StudioError) as error:
        service.act(SessionAction.STOP, "ses.ready")
    assert error.value.__traceback__ is not None
    below = error.value.__traceback__.tb_next
    shown = traceback.TracebackException(StudioError, error.value, below, capture_locals=True)
    told = "".join(shown.format())
    assert "'ses.ready'" in told, "the locals are not shown"
    for secret in (SECRET, "Authorization", "authorization", "AKIDEXAMPLE"):
        assert secret not in told


@pytest.mark.parametrize("show", [repr, str, vars, "{}".format])
def test_a_service_shows_no_secret(
    service: NimbleService, show: Callable[[object], object]
) -> None:
    assert SECRET not in str(show(service))


@pytest.mark.parametrize("copied", [pickle.dumps, json.dumps, copy.deepcopy])
def test_a_service_cannot_be_copied(
    service: NimbleService, copied: Callable[[object], object]
) -> None:
    with pytest.raises((TypeError, pickle.PicklingError)):
        copied(service)


def test_closing_ends_the_calls_under_way(service: NimbleService, studio: FaultyStudio) -> None:
    reached = threading.Event()

    def hold(line: on_the_wire.Line, _: on_the_wire.Answer) -> bool:
        reached.set()
        line.hold()
        return False

    def close() -> None:
        reached.wait(30)
        service.close()

    studio.strike(hold, on=["GetStudio"], before=True)
    threading.Thread(target=close).start()
    with pytest.raises(StudioError, match="closed"):
        returned(service.get_studio)
    assert len(studio.requests) == 1


def test_a_closed_service_asks_nothing(service: NimbleService, studio: FaultyStudio) -> None:
    service.close()
    service.close()
    with pytest.raises(StudioError, match="closed"):
        service.get_studio()
    assert not studio.requests


def test_an_action_that_was_given_up_is_not_sent_later(
    service_for: Connect, studio: FaultyStudio
) -> None:
    """Once the artist was told that it is uncertain, nothing follows."""
    studio.strike(on_the_wire.silence, on=["StopStreamingSession"], before=True)
    service = service_for(limits=Limits(call=2.0, attempt=5, connect=1))
    with pytest.raises(StudioError) as error:
        returned(lambda: service.act(SessionAction.STOP, "ses.ready"))
    assert error.value.kind == ErrorKind.UNCERTAIN
    for thread in threading.enumerate():
        if thread.name == "studio call":
            thread.join(30)
    assert len(studio.sent("StopStreamingSession")) == 1


@pytest.mark.parametrize(
    ("minutes", "kind", "words"),
    [
        (-20, ErrorKind.CLOCK, "20 min behind"),
        (125, ErrorKind.CLOCK, "2 h 5 min ahead"),
        (2, ErrorKind.NOT_SIGNED_IN, "keys"),
    ],
)
def test_a_wrong_clock_is_told(
    service_for: Connect, studio: FaultyStudio, minutes: int, kind: ErrorKind, words: str
) -> None:
    date = format_datetime(NOW - timedelta(minutes=minutes), usegmt=True)
    refused = no(403, "InvalidSignatureException", "Signature expired", Date=date)
    studio.strike(replaced(refused), on=["GetStudio"], before=True)
    with pytest.raises(StudioError, match=words) as error:
        service_for(clock=ManualClock(NOW)).get_studio()
    assert error.value.kind == kind
