"""Workstations and their launch profile, as tables of tests make them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from nimble_tui.core.model import LaunchProfile, StreamConfiguration, StreamingSession
from nimble_tui.view import session_rows
from nimble_tui.view.session_rows import SessionRow

NOW = datetime(2026, 11, 21, 13, 26, tzinfo=UTC)
HOUR = timedelta(hours=1)


def profile(name: str = "Lighting", **members: object) -> LaunchProfile:
    configuration = StreamConfiguration(
        session_persistence_mode="ACTIVATED",
        automatic_termination_mode="ACTIVATED",
        max_stopped_session_length_in_minutes=5760,
    )
    made = LaunchProfile(name, name=name, state="READY", stream_configuration=configuration)
    return replace(made, **members)  # type: ignore[arg-type]


def session(session_id: str, state: str, **members: object) -> StreamingSession:
    made = StreamingSession(
        session_id,
        state=state,
        launch_profile_id="Lighting",
        session_persistence_mode="ACTIVATED",
        automatic_termination_mode="ACTIVATED",
        tags={"Name": session_id},
    )
    return replace(made, **members)  # type: ignore[arg-type]


def build(*sessions: StreamingSession, **more: object) -> tuple[SessionRow, ...]:
    return session_rows.build(sessions, [profile()], NOW, **more)  # type: ignore[arg-type]
