"""The log of calls: a line a call, small, private, and never in the way."""

import json
import os
import stat
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from nimble_tui.client import call_log
from nimble_tui.client.call_log import CallLog, CallRecord
from nimble_tui.core.model import SessionAction
from nimble_tui.core.service import ErrorKind, StudioError
from tests.client.conftest import SECRET, Connect
from tests.faults.faulty_studio import Answer, FaultyStudio, hang_up, no, ok, replaced

ID = "6c0a7f8e-2f0d-4b51-9a3c-1de2c8f0a7b4"
POSIX = pytest.mark.skipif("os.name != 'posix'")
TROUBLE = no(500, "InternalServerErrorException", "oops", x_amzn_RequestId=ID)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "logs" / "calls.log"


def test_a_call_is_a_line(service_for: Connect, path: Path) -> None:
    service = service_for(log=CallLog(path))
    service.list_launch_profiles()
    service.act(SessionAction.STOP, "ses.ready")
    with pytest.raises(StudioError):
        service.get_streaming_session("ses.gone")
    found = lines(path)
    operations = [one["operation"] for one in found]
    assert operations[0] == "ListLaunchProfiles"
    assert operations[-2:] == ["StopStreamingSession", "GetStreamingSession"]
    assert [one["status"] for one in found][-2:] == [200, 404]
    assert found[-1]["error"] == "not found"
    for one in found:
        names = ["time", "operation", "status", "request_id", "tries", "duration", "error"]
        assert list(one) == names
        assert datetime.fromisoformat(one["time"]).tzinfo is not None
        assert one["tries"] == 1
        assert 0 <= one["duration"] < 60
    assert "ses." not in path.read_text()


def test_tries_are_counted_and_the_last_one_is_told(
    service_for: Connect, studio: FaultyStudio, path: Path
) -> None:
    service = service_for(log=CallLog(path))
    studio.strike(replaced(TROUBLE), on=["GetStudio"], before=True, times=2)
    service.get_studio()
    studio.strike(replaced(TROUBLE), on=["GetStudio"], before=True)
    with suppress(StudioError):
        service.get_studio()
    studio.strike(hang_up, on=["GetStudio"], before=True)
    with suppress(StudioError):
        service.get_studio()
    told = [(one["tries"], one["status"], one["request_id"], one["error"]) for one in lines(path)]
    assert told == [
        (3, 200, None, None),
        (3, 500, ID, "trouble"),
        (3, None, None, "unreachable"),
    ]


@POSIX
def test_it_is_appended_and_private(service_for: Connect, path: Path) -> None:
    before = os.umask(0)
    try:
        service_for(log=CallLog(path)).get_studio()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        path.chmod(0o644)
        service_for(log=CallLog(path)).get_studio()
    finally:
        os.umask(before)
    assert len(lines(path)) == 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_it_stays_small_whoever_writes(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    monkeypatch.setattr(call_log, "LARGEST", 4_000)
    problems: list[str] = []

    def write() -> None:
        log = CallLog(path, problems.append)
        for number in range(100):
            log.write(CallRecord("GetStudio", 200, ID, number), datetime.now(UTC), 0.1)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert problems == []
    files = sorted(path.parent.iterdir())
    assert [one.name for one in files] == ["calls.log", "calls.log.1"]
    for file in files:
        assert lines(file)
        # Lines still come while another thread puts the file away, which may take its time.
        assert file.stat().st_size < 20_000


def as_folder(path: Path) -> None:
    path.mkdir(parents=True)


def as_link(path: Path) -> None:
    path.parent.mkdir()
    path.symlink_to("elsewhere")


def as_pipe(path: Path) -> None:
    path.parent.mkdir()
    os.mkfifo(path)


def below_a_file(path: Path) -> None:
    path.parent.write_text("in the way")


@pytest.mark.parametrize(
    "spoil",
    [
        as_folder,
        below_a_file,
        pytest.param(as_link, marks=POSIX),
        pytest.param(as_pipe, marks=POSIX),
    ],
)
def test_one_that_cannot_be_written_is_told_once_and_stops_nothing(
    service_for: Connect, path: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(path)
    problems: list[str] = []
    service = service_for(log=CallLog(path, problems.append))
    assert service.get_studio().display_name == "Northwind"
    assert service.list_launch_profiles().items
    (problem,) = problems
    assert problem.startswith("Can't write the log (")
    assert str(path) in problem
    assert not (path.parent / "elsewhere").exists()


def test_another_file_is_another_chance(service_for: Connect, tmp_path: Path, path: Path) -> None:
    tmp_path.joinpath("logs").write_text("in the way")
    log = CallLog(path)
    service = service_for(log=log)
    service.get_studio()
    log.use(tmp_path / "calls.log")
    service.get_studio()
    log.use(None)
    service.get_studio()
    assert len(lines(tmp_path / "calls.log")) == 1


@pytest.mark.parametrize(
    "answer",
    [
        TROUBLE,
        no(418, "Teapot", "oops", x_amzn_RequestId=ID),
        Answer(200, b'{"x":[', {"x-amzn-RequestId": ID}),
        ok({"session": {"sessionId": "ses.other"}})._replace(headers={"x-amzn-RequestId": ID}),
    ],
    ids=["trouble", "stranger", "cut", "another"],
)
def test_an_error_that_nobody_expects_names_the_request(
    service_for: Connect, studio: FaultyStudio, answer: Answer
) -> None:
    studio.strike(replaced(answer), on=["GetStreamingSession"], before=True)
    with pytest.raises(StudioError) as error:
        service_for().get_streaming_session("ses.ready")
    assert error.value.message.endswith(f" (request id {ID}).")
    assert str(error.value) == error.value.message
    assert error.value.kind in {ErrorKind.TROUBLE, ErrorKind.NOT_UNDERSTOOD}


def test_an_error_that_is_expected_names_none(service_for: Connect, studio: FaultyStudio) -> None:
    denied = no(403, "AccessDeniedException", "no", x_amzn_RequestId=ID)
    studio.strike(replaced(denied), on=["GetStudio"], before=True)
    with pytest.raises(StudioError) as error:
        service_for().get_studio()
    assert ID not in error.value.message


@pytest.mark.parametrize(
    "request_id", ["", "x" * 40, SECRET, "a\x1b[2J", "<b>", "a b", "f" * 64], ids=ascii
)
def test_what_is_no_request_id_is_shown_nowhere(
    service_for: Connect, studio: FaultyStudio, path: Path, request_id: str
) -> None:
    trouble = no(500, "InternalServerErrorException", "oops", x_amzn_RequestId=request_id)
    studio.strike(replaced(trouble), on=["GetStudio"], before=True)
    with pytest.raises(StudioError) as error:
        service_for(log=CallLog(path)).get_studio()
    assert "request id" not in error.value.message
    assert lines(path)[0]["request_id"] is None
