"""Rules for further actions: connect, keep, rename, restore a backup."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from nimble_tui.core.action_checks import check_connect, check_keep, check_rename, check_restore
from nimble_tui.core.backups import StreamingSessionBackup, of_session
from nimble_tui.core.model import (
    LaunchProfile,
    SessionState,
    StreamConfiguration,
    StreamingSession,
)
from nimble_tui.core.rules import Allowed, Refused

NOW = datetime(2026, 11, 21, 13, 26, tzinfo=UTC)
PROFILE = LaunchProfile(
    "profile",
    name="Lighting",
    stream_configuration=StreamConfiguration(max_stopped_session_length_in_minutes=5760),
)
STOPPED = StreamingSession(
    "us-west-2:stid.abcdHumX",
    state="STOPPED",
    arn="arn:aws:nimble:us-west-2:1:streaming-session/x",
    stopped_at=NOW - timedelta(days=3),
    terminate_at=NOW + timedelta(hours=20),
)
READY = replace(STOPPED, state="READY", terminate_at=None, stop_at=NOW + timedelta(hours=1))
BACKUP = StreamingSessionBackup("b1", session_id=STOPPED.session_id, state="READY", created_at=NOW)


@pytest.mark.parametrize("state", [*SessionState, "SOMETHING_NEW", None])
def test_only_a_ready_workstation_shows_its_screen(state: str | None) -> None:
    result = check_connect(replace(READY, state=state))
    assert isinstance(result, Allowed) == (state == "READY")


def test_a_stopped_workstation_says_to_start_it_first() -> None:
    result = check_connect(STOPPED)
    assert isinstance(result, Refused)
    assert "start it first" in result.reason


@pytest.mark.parametrize("state", [*SessionState, "SOMETHING_NEW", None])
def test_only_a_stopped_workstation_is_kept(state: str | None) -> None:
    result = check_keep(replace(STOPPED, state=state), PROFILE)
    assert isinstance(result, Allowed) == (state == "STOPPED")


def test_keeping_says_what_it_does_and_who_finishes_it() -> None:
    result = check_keep(STOPPED, PROFILE)
    assert isinstance(result, Allowed)
    assert "another 4 days" in result.note
    assert "until the app is open again" in result.note


def test_what_is_never_deleted_needs_no_keeping() -> None:
    session = replace(
        STOPPED,
        terminate_at=None,
        session_persistence_mode="ACTIVATED",
        automatic_termination_mode="DEACTIVATED",
    )
    result = check_keep(session, PROFILE)
    assert isinstance(result, Refused)
    assert "kept until you delete it" in result.reason


@pytest.mark.parametrize(
    "launch_profile", [None, replace(PROFILE, stream_configuration=StreamConfiguration())]
)
def test_what_could_not_stop_again_is_not_kept(launch_profile: LaunchProfile | None) -> None:
    result = check_keep(STOPPED, launch_profile)
    assert isinstance(result, Refused)
    assert "save your work" in result.reason


def test_a_name_needs_an_arn_and_a_workstation_that_is_there() -> None:
    assert isinstance(check_rename(READY), Allowed)
    assert isinstance(check_rename(replace(READY, arn=None)), Refused)
    assert isinstance(check_rename(replace(READY, state="DELETED")), Refused)


def test_only_a_ready_backup_of_its_own_starts_a_stopped_workstation() -> None:
    assert isinstance(check_restore(BACKUP, STOPPED), Allowed)
    for backup, session in (
        (BACKUP, READY),
        (replace(BACKUP, state="CREATE_IN_PROGRESS"), STOPPED),
        (replace(BACKUP, session_id="another"), STOPPED),
        (replace(BACKUP, state=None), STOPPED),
    ):
        assert isinstance(check_restore(backup, session), Refused)


def test_where_one_may_only_look_nothing_is_offered() -> None:
    for result in (
        check_connect(READY, read_only=True),
        check_keep(STOPPED, PROFILE, read_only=True),
        check_rename(READY, read_only=True),
        check_restore(BACKUP, STOPPED, read_only=True),
    ):
        assert isinstance(result, Refused)
        assert "read_only" in result.reason


def test_an_id_that_cannot_be_shown_is_not_connected_to() -> None:
    assert isinstance(check_connect(replace(READY, session_id="a\u202eb")), Refused)


def test_the_backups_of_one_workstation_come_newest_first_without_dropped_ones() -> None:
    backups = [
        replace(BACKUP, backup_id="old", created_at=NOW - timedelta(days=2)),
        replace(BACKUP, backup_id="undated", created_at=None),
        replace(BACKUP, backup_id="dropped", state="DELETED"),
        replace(BACKUP, backup_id="other", session_id="another"),
        BACKUP,
    ]
    assert [one.backup_id for one in of_session(backups, STOPPED.session_id)] == [
        "b1",
        "old",
        "undated",
    ]
