"""Names, licences, backups: once, read back when an answer is lost, told when it was not done."""

from datetime import timedelta
from pathlib import Path

import pytest

from nimble_tui.core.model import SessionAction
from nimble_tui.core.service import ErrorKind
from tests.client.test_errors import failing
from tests.client.workday import NOW, looked, opened
from tests.client.workday_studio import WorkdayStudio
from tests.faults import faulty_studio as on_the_wire
from tests.faults.faulty_studio import no, replaced

SOON = NOW + timedelta(minutes=1)


class TestNamesAndLicences:
    def test_a_name_whose_answer_is_lost_is_read_back(
        self, workday: WorkdayStudio, tmp_path: Path
    ) -> None:
        workday.strike(on_the_wire.hang_up, on=["TagResource"], before=False)
        with opened(workday.url, tmp_path / "journal") as service:
            assert service.rename("ses.ready", "shot 8").tags["Name"] == "shot 8"
            assert not service.has_unresolved()

    def test_a_name_that_was_lost_is_told(self, workday: WorkdayStudio, tmp_path: Path) -> None:
        path = tmp_path / "journal"
        workday.strike(on_the_wire.hang_up, on=["TagResource"], before=True)
        with opened(workday.url, path) as service:
            error = failing(lambda: service.rename("ses.ready", "shot 8"))
            assert error.kind == ErrorKind.UNCERTAIN
        with opened(workday.url, path, at=SOON) as service:
            (finding,) = looked(service)
            assert "Renaming shot 7" in finding.text
            assert looked(service) == ()

    def test_an_empty_name_takes_it_away(self, workday: WorkdayStudio) -> None:
        with opened(workday.url, None) as service:
            assert "Name" not in service.rename("ses.ready", "").tags

    def test_an_arn_of_something_else_is_not_named(self, workday: WorkdayStudio) -> None:
        workday.facts["ses.ready"] = {"arn": "arn:aws:nimble:us-west-2:1:studio/other"}
        with opened(workday.url, None) as service:
            assert (
                failing(lambda: service.rename("ses.ready", "x")).kind == ErrorKind.NOT_UNDERSTOOD
            )
        assert {one.method for one in workday.requests} == {"GET"}

    def test_licences_are_accepted_once(self, workday: WorkdayStudio, tmp_path: Path) -> None:
        workday.strike(on_the_wire.hang_up, on=["AcceptEulas"], before=False)
        with opened(workday.url, tmp_path / "journal") as service:
            accepted = service.accept_eulas(["e1", "e2", "e1"])
            assert [one.eula_id for one in accepted] == ["e1", "e2"]
            assert not service.has_unresolved()
        assert workday.ledger == [("AcceptEulas", "e1"), ("AcceptEulas", "e2")]

    def test_licences_that_were_lost_are_told(self, workday: WorkdayStudio, tmp_path: Path) -> None:
        path = tmp_path / "journal"
        workday.strike(on_the_wire.hang_up, on=["AcceptEulas"], before=True)
        with opened(workday.url, path) as service:
            error = failing(lambda: service.accept_eulas(["e1"]))
            assert error.kind == ErrorKind.UNCERTAIN
        with opened(workday.url, path, at=SOON) as service:
            (finding,) = looked(service)
        assert "Accepting licences" in finding.text
        assert workday.accepted == []

    def test_an_artist_is_told_who_may_accept(self, workday: WorkdayStudio) -> None:
        denied = replaced(no(403, "AccessDeniedException", "no"))
        workday.strike(denied, on=["AcceptEulas"], before=True)
        with opened(workday.url, None) as service:
            error = failing(lambda: service.accept_eulas(["e1"]))
        assert (error.kind, "Only admins" in error.message) == (ErrorKind.DENIED, True)


class TestStartFromABackup:
    BACKUP = {"backupId": "bak-1", "sessionId": "ses.stopped", "state": "READY"}  # noqa: RUF012

    def test_it_is_sent(self, workday: WorkdayStudio) -> None:
        workday.backups = [self.BACKUP]
        with opened(workday.url, None) as service:
            assert service.list_streaming_session_backups().items[0].usable
            service.act(SessionAction.START, "ses.stopped", backup_id="bak-1")
        (sent,) = workday.sent("StartStreamingSession")
        assert sent.body == b'{"backupId": "bak-1"}'

    @pytest.mark.parametrize(
        ("changes", "kind", "words"),
        [
            ({"sessionId": "ses.other"}, ErrorKind.REFUSED, "another workstation"),
            ({"state": "CREATE_IN_PROGRESS"}, ErrorKind.REFUSED, "Only a READY backup"),
            ({"backupId": "bak-2"}, ErrorKind.NOT_FOUND, "backup no longer exists"),
        ],
    )
    def test_one_that_does_not_fit_is_not(
        self, workday: WorkdayStudio, changes: dict[str, str], kind: ErrorKind, words: str
    ) -> None:
        workday.backups = [self.BACKUP | changes]
        with opened(workday.url, None) as service:
            error = failing(
                lambda: service.act(SessionAction.START, "ses.stopped", backup_id="bak-1")
            )
        assert (error.kind, words in error.message) == (kind, True), error.message
        assert workday.ledger == []
