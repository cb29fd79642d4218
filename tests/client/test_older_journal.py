"""A journal with unresolved requests of each kind, as version 0.1.0 left it: only read back."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.client.workday import NOW, REQUEST, looked, opened
from tests.client.workday_studio import WorkdayStudio
from tests.faults.faulty_studio import PRINCIPAL_ID

DUMP = Path(__file__).with_name("journal_version_1.sql")
SOON = NOW + timedelta(minutes=1)
LATER = NOW + timedelta(days=2)
BEFORE = {
    "ses.stop": "READY",
    "ses.start": "STOPPED",
    "ses.delete": "READY",
    "ses.rename": "READY",
    "ses.keep": "STOPPED",
}
DONE = {
    "ses.stop": "STOPPED",
    "ses.start": "READY",
    "ses.delete": "DELETED",
    "ses.rename": "READY",
    "ses.keep": "READY",
}
LAUNCH_TOKEN = "5ef75138-eed6-41cf-a862-e4566bbaac42"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "journal"
    path.touch(mode=0o600)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(DUMP.read_text())
    return path


@pytest.mark.parametrize("at", [SOON, LATER], ids=["soon", "later"])
def test_what_was_not_done_is_reported_once_and_nothing_is_sent(
    workday: WorkdayStudio, path: Path, at: datetime
) -> None:
    workday.states = dict(BEFORE)
    so_far = "has not been done yet" if at == SOON else "was not done"
    with opened(workday.url, path, at=at) as service:
        assert service.has_unresolved()
        earlier = service.unresolved_launches(service.list_streaming_sessions())
        assert [one.request for one in earlier] == ([REQUEST] if at == SOON else [])
        findings = [one for one in looked(service) if not one.good]
        assert len(findings) == 7
        texts = {one.session_id or one.text.partition(" ")[0]: one.text for one in findings}
        assert texts.keys() == {*BEFORE, "The", "Accepting"}
        assert "created no workstation" in texts["The"]
        for about in ("ses.stop", "ses.start", "ses.delete", "ses.rename", "Accepting"):
            assert so_far in texts[about]
        keep = so_far if at == SOON else "it was never started"
        assert keep in texts["ses.keep"]
        assert [one for one in looked(service) if one.session_id != "ses.keep"] == []
    assert {one.method for one in workday.requests} == {"GET"}


def test_what_was_done_is_reported_once_and_keep_sends_its_stop(
    workday: WorkdayStudio, path: Path
) -> None:
    workday.states = {**DONE, "ses.launched": "READY"}
    workday.accepted = ["e1"]
    workday.facts = {
        "ses.launched": {"tags": {"Name": "shot 7", "nimble-tui:launch": LAUNCH_TOKEN}},
        "ses.rename": {"tags": {"Name": "new name"}},
        "ses.keep": {"startedAt": "2026-11-21T12:00:01Z", "startedBy": PRINCIPAL_ID},
    }
    with opened(workday.url, path, at=SOON) as service:
        findings = looked(service)
        assert all(one.good for one in findings)
        about = [one.session_id for one in findings]
        assert about == ["ses.launched", "ses.stop", "ses.start", "ses.delete", None]
        assert workday.ledger == [("StopStreamingSession", "ses.keep")]
        workday.states["ses.keep"] = "STOPPED"
        workday.facts["ses.keep"]["stoppedAt"] = "2026-11-21T12:02:00Z"
        (finding,) = looked(service)
        assert "is kept" in finding.text
        assert not service.has_unresolved()
    assert len(workday.ledger) == 1


def test_its_launch_is_continued(workday: WorkdayStudio, path: Path) -> None:
    with opened(workday.url, path, at=SOON) as service:
        (earlier,) = service.unresolved_launches(service.list_streaming_sessions())
        assert earlier.client_token == LAUNCH_TOKEN
        service.launch(earlier.request, client_token=earlier.client_token)
        assert service.unresolved_launches(service.list_streaming_sessions()) == ()
    assert len(workday.launches()) == 1
