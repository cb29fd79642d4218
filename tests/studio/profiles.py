"""A launch profile of a demo changed by its operator, as a studio does while people work."""

from typing import Any

from nimble_tui.studio.demo import Demo
from nimble_tui.studio.sample.data import PAT
from nimble_tui.studio.sample.facts import STUDIO_ID
from tests.studio.world import client_of


def change_profile(demo: Demo, name: str, **members: Any) -> None:
    """Give the stream configuration of the launch profile of this name other members."""
    invite = next(one for _, one in demo.others if one.principal_id == PAT)
    client = client_of(demo.endpoint_url, invite.keys.access_key_id, invite.keys.secret_access_key)
    profiles = client.list_launch_profiles(studioId=STUDIO_ID)["launchProfiles"]
    profile = next(one for one in profiles if one["name"] == name)
    client.update_launch_profile(
        studioId=STUDIO_ID,
        launchProfileId=profile["launchProfileId"],
        streamConfiguration={**profile["streamConfiguration"], **members},
    )
    client.close()


def no_stop(demo: Demo, name: str = "Lighting") -> None:
    """Let no workstation of a launch profile be stopped any more."""
    change_profile(demo, name, maxStoppedSessionLengthInMinutes=0)
