"""The way to a screen: asked for, waited for, checked, and never told to anybody else."""

import logging
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from nimble_tui.core.clock import ManualClock
from nimble_tui.core.service import ErrorKind
from tests.client.test_errors import failing
from tests.client.workday import INFO, NOW, QUICK, looked, opened
from tests.client.workday_studio import WorkdayStudio
from tests.faults import faulty_studio as on_the_wire
from tests.faults.faulty_studio import no, replaced

CANARY = "authTokenCanary8Zp"


def test_a_stream_is_waited_for(workday: WorkdayStudio) -> None:
    workday.stream_states = ["CREATE_IN_PROGRESS"] * 4 + ["READY"]
    with opened(workday.url, None) as service:
        stream = service.connect("ses.ready", expiration_in_seconds=120)
    assert (stream.state, stream.url) == ("READY", f"{workday.url}/screen?authToken=canary")
    (sent,) = workday.sent("CreateStreamingSessionStream")
    assert sent.body == b'{"expirationInSeconds": 120}'
    assert len(workday.sent("GetStreamingSessionStream")) == 4


@pytest.mark.parametrize(
    ("states", "code", "words"),
    [
        (["CREATE_FAILED"], "INTERNAL_ERROR", "could not open"),
        (["CREATE_IN_PROGRESS", "CREATE_FAILED"], "NETWORK_CONNECTION_ERROR", "can't reach"),
        (["DELETED"], "STREAM_DELETED", "could not open"),
        (["BRAND_NEW"], "", "could not open"),
    ],
)
def test_a_stream_that_fails_says_what_to_do(
    workday: WorkdayStudio, states: list[str], code: str, words: str
) -> None:
    workday.stream_states, workday.stream_status_code = states, code
    with opened(workday.url, None) as service:
        error = failing(lambda: service.connect("ses.ready"))
    assert (error.kind, words in error.message) == (ErrorKind.TROUBLE, True)


def test_a_stream_that_never_comes_is_given_up(
    workday: WorkdayStudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    workday.stream_states = ["CREATE_IN_PROGRESS"]
    monkeypatch.setattr("tests.client.workday.QUICK", replace(QUICK, stream=0.2))
    with opened(workday.url, None) as service:
        assert "not available yet" in failing(lambda: service.connect("ses.ready")).message


def test_time_is_up_by_the_clock_as_well(
    workday: WorkdayStudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looks that take their time are part of it."""
    clock = ManualClock(NOW)
    workday.stream_states = ["CREATE_IN_PROGRESS"]

    def slow(operation: str, _: object) -> None:
        if operation == "GetStreamingSessionStream":
            clock.advance(20)

    workday.plan = slow
    monkeypatch.setattr("tests.client.workday.ManualClock", lambda _: clock)
    with opened(workday.url, None) as service:
        failing(lambda: service.connect("ses.ready"))
    assert len(workday.sent("GetStreamingSessionStream")) == 2


def test_closing_the_app_ends_the_wait(workday: WorkdayStudio) -> None:
    with opened(workday.url, None) as service:

        def close(operation: str, _: object) -> None:
            if operation == "CreateStreamingSessionStream":
                service._ended.set()  # noqa: SLF001 - as close does it, the answer still comes

        workday.plan = close
        assert "closed" in failing(lambda: service.connect("ses.ready")).message


def test_a_ready_stream_without_an_address_is_not_understood(workday: WorkdayStudio) -> None:
    answer = replaced(on_the_wire.ok({"stream": {"streamId": "str-1", "state": "READY"}}))
    workday.strike(answer, on=["CreateStreamingSessionStream"], before=True)
    with opened(workday.url, None) as service:
        assert failing(lambda: service.connect("ses.ready")).kind == ErrorKind.NOT_UNDERSTOOD


def test_a_stopped_workstation_is_asked_for_no_stream(workday: WorkdayStudio) -> None:
    with opened(workday.url, None) as service:
        error = failing(lambda: service.connect("ses.stopped"))
    assert (error.kind, "start it first" in error.message) == (ErrorKind.REFUSED, True)
    assert {one.method for one in workday.requests} == {"GET"}


@pytest.mark.parametrize("seconds", [0, 59, 3601, -1])
def test_how_long_it_lasts_has_bounds(workday: WorkdayStudio, seconds: int) -> None:
    with opened(workday.url, None) as service:
        error = failing(lambda: service.connect("ses.ready", expiration_in_seconds=seconds))
    assert error.kind == ErrorKind.INVALID


def test_a_denied_stream_is_told(workday: WorkdayStudio) -> None:
    denied = replaced(no(403, "AccessDeniedException", "no"))
    workday.strike(denied, on=["CreateStreamingSessionStream"], before=True)
    with opened(workday.url, None) as service:
        assert failing(lambda: service.connect("ses.ready")).kind == ErrorKind.DENIED


def test_an_address_elsewhere_is_refused(workday: WorkdayStudio) -> None:
    workday.stream_url = f"https://gate.example:8443/?authToken={CANARY}"
    with opened(workday.url, None) as service:
        error = failing(lambda: service.connect("ses.ready"))
    assert error.kind == ErrorKind.DENIED
    assert "gate.example" in error.message
    assert "stream_hosts" in error.message
    assert CANARY not in error.message


def test_the_settings_may_allow_it(workday: WorkdayStudio) -> None:
    workday.stream_url = f"https://gate.example:8443/?authToken={CANARY}"
    info = replace(INFO, stream_hosts=("gate.example",))
    with opened(workday.url, None, info=info) as service:
        assert service.connect("ses.ready").url == workday.stream_url


@pytest.mark.parametrize("host", ["gate.example", "127.0.0.1"])
def test_the_address_is_told_to_nobody(
    workday: WorkdayStudio, tmp_path: Path, caplog: pytest.LogCaptureFixture, host: str
) -> None:
    for name in [None, *logging.root.manager.loggerDict]:
        caplog.set_level(logging.DEBUG, logger=name)
    path = tmp_path / "journal"
    workday.stream_url = f"https://{host}/?authToken={CANARY}"
    with opened(workday.url, path) as service:
        if host == "127.0.0.1":
            stream = service.connect("ses.ready")
            assert CANARY not in f"{stream!r} {stream} {service!r}"
        else:
            assert CANARY not in str(failing(lambda: service.connect("ses.ready")))
        assert CANARY not in repr(service.history(NOW))
    assert CANARY not in caplog.text
    assert CANARY.encode() not in path.read_bytes()
    with closing(sqlite3.connect(path)) as connection:
        assert CANARY not in "\n".join(connection.iterdump())


def test_a_stream_that_was_lost_is_not_asked_for_again_later(
    workday: WorkdayStudio, tmp_path: Path
) -> None:
    workday.strike(on_the_wire.hang_up, on=["CreateStreamingSessionStream"], before=False)
    with opened(workday.url, tmp_path / "journal") as service:
        assert failing(lambda: service.connect("ses.ready")).kind == ErrorKind.UNREACHABLE
        assert looked(service) == ()
        assert not service.has_unresolved()
