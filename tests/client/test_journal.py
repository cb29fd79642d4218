"""The journal's file: ours alone, never lost; where it cannot be used, memory takes its place."""

import json
import os
import sqlite3
import stat
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from nimble_tui.client.journal.journal import Journal
from nimble_tui.client.nimble import NimbleService
from nimble_tui.core.history import EventKind
from nimble_tui.core.model import SessionAction
from nimble_tui.core.service import ErrorKind, StudioError
from tests.client.test_errors import failing
from tests.client.workday import INFO, NOW, REQUEST, looked, opened
from tests.client.workday_studio import WorkdayStudio
from tests.faults import faulty_studio as on_the_wire

SOON = NOW + timedelta(minutes=1)
posix = pytest.mark.skipif(os.name != "posix", reason="POSIX owners and modes")
as_root = pytest.mark.skipif(
    hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write everywhere"
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "journal.sqlite3"


def works(service: NimbleService) -> None:
    """The artist's work goes on, whatever became of the file; a launch alone needs one."""
    try:
        session = service.launch(REQUEST, client_token="nightly")
    except StudioError as error:
        refused = error
    else:
        assert service._pages.lacking is None  # noqa: SLF001
        assert service.launch(REQUEST, client_token="nightly").session_id == session.session_id
        assert service.history(NOW)
        return
    assert refused.kind == ErrorKind.REFUSED
    assert "nothing was launched" in refused.message
    assert service._pages.lacking  # noqa: SLF001
    service.rename("ses.ready", "still at work")
    assert service.history(NOW)


def told(service: NimbleService) -> str:
    """Return the one sentence about the journal, which comes once."""
    assert service.has_unresolved()
    (finding,) = looked(service)
    assert not finding.good
    assert finding.text.isprintable()
    assert looked(service) == ()
    assert not service.has_unresolved()
    return finding.text


def damage(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(statement)


def journal_of(studio: WorkdayStudio, path: Path) -> None:
    """Leave a journal with a launch in it whose answer was lost."""
    studio.strike(on_the_wire.hang_up, on=["CreateStreamingSession"], before=True)
    with opened(studio.url, path) as service:
        failing(lambda: service.launch(REQUEST))
    studio.plan = lambda *_: None


@posix
@pytest.mark.parametrize("umask", [0o000, 0o277])
def test_the_file_is_for_its_owner_alone(workday: WorkdayStudio, path: Path, umask: int) -> None:
    before = os.umask(umask & 0o077)
    try:
        with opened(workday.url, path) as service:
            works(service)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [one.name for one in path.parent.iterdir()] == [path.name]


@posix
def test_a_file_that_others_may_read_is_closed_to_them(workday: WorkdayStudio, path: Path) -> None:
    journal_of(workday, path)
    path.chmod(0o644)
    with opened(workday.url, path, at=SOON) as service:
        assert len(looked(service)) == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """A journal that does not wait for other programs."""
    monkeypatch.setattr("nimble_tui.client.journal.database._BUSY_SECONDS", 0.01)


class TestAFileThatIsNotOursAlone:
    """It is not touched; memory takes its place, and the artist is told once."""

    @posix
    @pytest.mark.parametrize("kind", ["link", "dangling", "second name", "fifo", "folder"])
    def test_is_left_alone(self, workday: WorkdayStudio, path: Path, kind: str) -> None:
        path.parent.mkdir(mode=0o700)
        target = path.with_name("target")
        if kind != "dangling":
            target.write_bytes(b"somebody's")
        match kind:
            case "link" | "dangling":
                path.symlink_to(target)
            case "second name":
                path.hardlink_to(target)
            case "fifo":
                os.mkfifo(path)
            case _:
                path.mkdir()
        with opened(workday.url, path) as service:
            assert "Can't use the journal" in told(service)
            works(service)
        assert target.exists() == (kind != "dangling")
        assert kind == "dangling" or target.read_bytes() == b"somebody's"

    @posix
    @pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
    def test_one_that_others_may_write(self, workday: WorkdayStudio, path: Path, mode: int) -> None:
        journal_of(workday, path)
        path.chmod(mode)
        with opened(workday.url, path, at=SOON) as service:
            assert "other users can write to it" in told(service)
        assert workday.launches() == []

    @posix
    def test_a_link_beside_it(self, workday: WorkdayStudio, path: Path) -> None:
        journal_of(workday, path)
        target = path.with_name("target")
        target.write_bytes(b"somebody's")
        path.with_name(f"{path.name}-journal").symlink_to(target)
        with opened(workday.url, path) as service:
            told(service)
            works(service)
        assert target.read_bytes() == b"somebody's"

    @posix
    @as_root
    def test_a_folder_that_cannot_be_written(self, workday: WorkdayStudio, path: Path) -> None:
        path.parent.mkdir(mode=0o700)
        path.parent.chmod(0o500)
        try:
            with opened(workday.url, path) as service:
                assert "Permission denied" in told(service)
                works(service)
        finally:
            path.parent.chmod(0o700)

    def test_one_of_a_newer_app(self, workday: WorkdayStudio, path: Path) -> None:
        journal_of(workday, path)
        damage(path, "PRAGMA user_version = 2")
        before = path.read_bytes()
        with opened(workday.url, path, at=SOON) as service:
            assert "newer nimble-tui" in told(service)
            works(service)
        assert path.read_bytes() == before

    @pytest.mark.usefixtures("hasty")
    def test_one_that_cannot_be_written(self, workday: WorkdayStudio, path: Path) -> None:
        journal_of(workday, path)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            with opened(workday.url, path) as service:
                assert "it is locked by another program" in told(service)
                works(service)


class TestADamagedFile:
    """It is set aside whole, a new one begun, and the artist told once where it is."""

    @pytest.mark.parametrize(
        "content", [b"x", b"garbage" * 1000, b"SQLite format 3\0" + b"\xff" * 5000]
    )
    def test_garbage(self, workday: WorkdayStudio, path: Path, content: bytes) -> None:
        path.parent.mkdir(mode=0o700)
        path.write_bytes(content)
        path.chmod(0o600)
        with opened(workday.url, path) as service:
            assert "was damaged and moved to" in told(service)
            works(service)
        (aside,) = path.parent.glob("*.damaged-*")
        assert aside.read_bytes() == content
        with opened(workday.url, path) as service:
            assert service.history(NOW)
            assert not service.has_unresolved()

    @pytest.mark.parametrize("keep", [0.2, 0.5, 0.9])
    def test_cut_short(self, workday: WorkdayStudio, path: Path, keep: float) -> None:
        journal_of(workday, path)
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * keep)])
        with opened(workday.url, path) as service:
            assert "was damaged" in told(service)
            works(service)

    @pytest.mark.parametrize(
        "statement",
        [
            "CREATE TRIGGER evil AFTER INSERT ON intents BEGIN DELETE FROM intents; END",
            "CREATE VIEW evil AS SELECT 1",
            "DROP TABLE plans",
            "ALTER TABLE seen ADD COLUMN more TEXT",
            "PRAGMA application_id = 7",
        ],
    )
    def test_another_layout(self, workday: WorkdayStudio, path: Path, statement: str) -> None:
        journal_of(workday, path)
        damage(path, statement)
        with opened(workday.url, path, at=SOON) as service:
            assert "was damaged" in told(service)
            works(service)

    def test_one_that_is_far_too_large(self, workday: WorkdayStudio, path: Path) -> None:
        journal_of(workday, path)
        with path.open("r+b") as file:
            file.truncate(200 * 1024 * 1024)
        with opened(workday.url, path) as service:
            assert "was damaged" in told(service)


class TestWhileItRuns:
    def test_a_full_disk(self, workday: WorkdayStudio, path: Path) -> None:
        """The disk's end is told by SQLite itself, which is given no page more."""
        with opened(workday.url, path) as service:
            connection = service._pages._database._connection  # noqa: SLF001
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {pages}")
            for number in range(200):
                workday.states["ses.ready"] = "READY"
                service.act(SessionAction.STOP, "ses.ready", client_token=f"{number:064}")
                if service._pages._database.has_problem:  # noqa: SLF001
                    break
            assert "the disk is full" in told(service)
            works(service)
        assert len(workday.ledger) == len(workday.sent("StopStreamingSession")) + 1

    @pytest.mark.usefixtures("hasty")
    def test_another_program_holds_on_to_it(self, workday: WorkdayStudio, path: Path) -> None:
        with opened(workday.url, path) as service:
            with closing(sqlite3.connect(path, isolation_level=None)) as other:
                other.execute("BEGIN EXCLUSIVE")
                works(service)
            assert "it is locked by another program" in told(service)
        assert workday.launches() == []

    def test_damage_under_its_feet(self, workday: WorkdayStudio, path: Path) -> None:
        with opened(workday.url, path) as service:
            looked(service)
            size = path.stat().st_size
            path.write_bytes(b"\xff" * size)
            works(service)
            told(service)

    def test_after_the_end_nothing_is_asked(self, workday: WorkdayStudio, path: Path) -> None:
        journal = Journal(path)
        with opened(workday.url, None) as service:
            service._executor.pages.intents._rows.database.close()  # noqa: SLF001
            assert "closed" in failing(lambda: service.launch(REQUEST)).message
            assert service.list_streaming_sessions().items
        journal.close()
        assert not workday.sent("CreateStreamingSession")


class TestPoison:
    """What is in the file is believed no more than a reply of the network."""

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE intents SET verb = 'rob'",
            "UPDATE intents SET verb = x'ff'",
            "UPDATE intents SET client_token = ''",
            "UPDATE intents SET client_token = x'07'",
            "UPDATE intents SET client_token = hex(zeroblob(100))",
            "UPDATE intents SET session_id = x'07'",
            "UPDATE intents SET parameters = '['",
            "UPDATE intents SET parameters = '[]'",
            "UPDATE intents SET parameters = '{\"name\": 7}'",
            "UPDATE intents SET parameters = x'00'",
            "UPDATE intents SET state_before = x'ff'",
            "UPDATE intents SET asked_at = 'soon'",
            "UPDATE intents SET asked_at = 1e300",
            "UPDATE intents SET asked_at = -1e300",
            "UPDATE intents SET note = zeroblob(10)",
            "UPDATE intents SET note = hex(zeroblob(4000))",
        ],
    )
    def test_a_row_that_we_did_not_write_is_dropped(
        self, workday: WorkdayStudio, path: Path, statement: str
    ) -> None:
        journal_of(workday, path)
        damage(path, statement)
        with opened(workday.url, path, at=SOON) as service:
            assert looked(service) == ()
            assert not service.has_unresolved()
            service.history(NOW - timedelta(days=90))
            works(service)
        assert len(workday.launches()) == 1

    def test_a_launch_without_what_it_launches_is_dropped(
        self, workday: WorkdayStudio, path: Path
    ) -> None:
        journal_of(workday, path)
        damage(path, "UPDATE intents SET parameters = '{}'")
        with opened(workday.url, path, at=SOON) as service:
            assert looked(service) == ()
            assert not service.has_unresolved()
        assert workday.launches() == []

    def test_text_is_cleaned(self, workday: WorkdayStudio, path: Path) -> None:
        journal_of(workday, path)
        with opened(workday.url, path) as service:
            looked(service)
        damage(path, "UPDATE intents SET note = 'a' || char(27) || '[2J' || char(8238)")
        damage(
            path,
            "UPDATE seen SET state = char(27) || '[31m', note = char(7), "
            "ec2_instance_type = char(155)",
        )
        with opened(workday.url, path, at=NOW + timedelta(hours=1)) as service:
            events = service.history(NOW - timedelta(days=1))
        texts = [
            text
            for one in events
            for text in (one.what, one.note, one.ec2_instance_type or "", one.session_id)
        ]
        assert len(events) > 2
        assert all(one.isprintable() for one in texts), texts

    @pytest.mark.parametrize("name", ["name", "ec2_instance_type", "launch_profile_id"])
    def test_what_was_chosen_is_not_believed_when_it_hides_something(
        self, workday: WorkdayStudio, path: Path, name: str
    ) -> None:
        journal_of(workday, path)
        chosen = {"launch_profile_id": "lp-1", "ec2_instance_type": "t", "streaming_image_id": "i"}
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute(
                "UPDATE intents SET parameters = ?", [json.dumps(chosen | {name: "\x1b[2J"})]
            )
        with opened(workday.url, path, at=NOW + timedelta(hours=1)) as service:
            assert looked(service) == ()
            events = service.history(NOW - timedelta(days=1))
        assert [one for one in events if one.kind == EventKind.REQUESTED] == []
        assert workday.launches() == []

    def test_a_value_without_end_costs_nothing_but_the_file(
        self, workday: WorkdayStudio, path: Path
    ) -> None:
        journal_of(workday, path)
        damage(path, "UPDATE intents SET note = zeroblob(3000000)")
        with opened(workday.url, path, at=SOON) as service:
            assert len(looked(service)) <= 1
            works(service)

    def test_a_plan_that_we_did_not_write_is_dropped(
        self, workday: WorkdayStudio, path: Path
    ) -> None:
        journal_of(workday, path)
        with opened(workday.url, path) as service:
            looked(service)
        damage(path, "DELETE FROM intents")
        damage(
            path,
            "INSERT INTO plans SELECT whose, 'ses.ready', '', x'ff', 'never', NULL, 0 "
            "FROM seen LIMIT 1",
        )
        with opened(workday.url, path, at=SOON) as service:
            assert looked(service) == ()
            assert not service.has_unresolved()
        assert workday.ledger == []


def test_signing_out_forgets_one_studio_and_person(workday: WorkdayStudio, path: Path) -> None:
    from dataclasses import replace

    other = replace(INFO, principal_id="somebody")
    with opened(workday.url, path) as mine, opened(workday.url, path, info=other) as theirs:
        mine.act(SessionAction.STOP, "ses.ready")
        theirs.act(SessionAction.START, "ses.stopped")
    with closing(Journal(path)) as journal:
        journal.forget(INFO)
    assert INFO.principal_id.encode() not in path.read_bytes()
    with opened(workday.url, path) as mine, opened(workday.url, path, info=other) as theirs:
        assert mine.history(NOW - timedelta(days=1)) == ()
        asked = [one for one in theirs.history(NOW) if one.kind == EventKind.REQUESTED]
        assert [one.what for one in asked] == ["start"]
