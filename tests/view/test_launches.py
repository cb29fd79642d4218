"""The content of the launch dialog, without the dialog."""

from typing import Any

from nimble_tui.core.model import LaunchProfile, StreamConfiguration
from nimble_tui.view.launches import what_follows
from tests.tables import table


@table(
    [
        ({}, "Deleted after 11 h 30 min, with everything"),
        ({"max_stopped_session_length_in_minutes": 1440}, "its disk is kept for 1 day."),
        ({"session_persistence_mode": "ACTIVATED"}, "its disk is kept until you delete it."),
    ]
)
def test_what_becomes_of_it_is_told(configuration: dict[str, Any], words: str) -> None:
    profile = LaunchProfile(
        "lp", state="READY", stream_configuration=StreamConfiguration(**configuration)
    )
    assert words in what_follows(profile)
