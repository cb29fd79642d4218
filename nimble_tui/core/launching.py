"""Rules for launching: the launch profiles that can be used, and the reason if one cannot.

Sources: the AWS API reference, LaunchProfile, members state, statusMessage and validationResults;
CreateStreamingSession; StreamingImage, member state.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from nimble_tui.core.model import (
    LaunchProfile,
    LaunchProfileDetails,
    LaunchProfileState,
    StreamingImage,
    StreamingSession,
)
from nimble_tui.core.rules import READ_ONLY, Allowed, Refused
from nimble_tui.core.text import is_plain_id

OWN_TAGS = "nimble-tui:"
"""The prefix of the tags that this app sets for its own use."""
LAUNCH_TAG = f"{OWN_TAGS}launch"
"""The tag that holds a launch's token, by which a launch whose reply was lost is found."""

_FAILED_VALIDATIONS = frozenset({"VALIDATION_FAILED", "VALIDATION_FAILED_INTERNAL_SERVER_ERROR"})
_CHECKED = {
    "VALIDATE_ACTIVE_DIRECTORY_STUDIO_COMPONENT": "its directory",
    "VALIDATE_SUBNET_ASSOCIATION": "its subnets",
    "VALIDATE_NETWORK_ACL_ASSOCIATION": "its network rules",
    "VALIDATE_SECURITY_GROUP_ASSOCIATION": "its security groups",
}


def launch_token() -> str:
    """Return a new, unique client token for a launch."""
    return os.urandom(16).hex()


@dataclass(frozen=True, slots=True)
class LaunchRequest:
    """The parameters of a launch; `name` becomes the `Name` tag, and "" sets none."""

    launch_profile_id: str
    ec2_instance_type: str
    streaming_image_id: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class LastLaunch:
    """The last launch from a launch profile."""

    ec2_instance_type: str
    streaming_image_id: str


@dataclass(frozen=True, slots=True)
class UnresolvedLaunch:
    """A launch whose outcome was never reported; the next one like it continues it.

    Sent again under its `client_token` it creates no second workstation. `session` is the one it
    created, if the list holds it.
    """

    request: LaunchRequest
    client_token: str
    requested_at: datetime
    session: StreamingSession | None = None


def same_launch(
    request: LaunchRequest, unresolved: Iterable[UnresolvedLaunch]
) -> UnresolvedLaunch | None:
    """Return the first unresolved launch with exactly these parameters, if there is one."""
    return next((one for one in unresolved if one.request == request), None)


def check_launch(launch_profile: LaunchProfile, *, read_only: bool = False) -> Allowed | Refused:
    """Return whether a workstation can be launched from a launch profile, judging by its data."""
    if read_only:
        return READ_ONLY
    if not is_plain_id(launch_profile.launch_profile_id):
        return Refused("Its id contains unsafe characters. Ask your admin.")
    if launch_profile.is_render_worker:
        return Refused("It is for render machines, not for people. Choose another launch profile.")
    if launch_profile.state != LaunchProfileState.READY:
        return Refused(_not_ready(launch_profile))
    failed = [one for one in launch_profile.validation_results if one.state in _FAILED_VALIDATIONS]
    if failed:
        first = failed[0]
        what = _CHECKED.get(first.type, "its settings")
        why = f" ({first.status_message})" if first.status_message else ""
        return Refused(f"The studio's check of {what} failed{why}. Ask your admin to fix it.")
    configuration = launch_profile.stream_configuration
    if not configuration.ec2_instance_types or not configuration.streaming_image_ids:
        return Refused("It has no instance type or no image to launch. Ask your admin to fix it.")
    return Allowed("Creates a workstation; this takes a few minutes.")


def usable_images(
    profile: LaunchProfile, details: LaunchProfileDetails
) -> tuple[StreamingImage, ...]:
    """Return the images that a workstation can start from, in the launch profile's order.

    A missing state counts as READY.
    """
    known = {one.streaming_image_id: one for one in details.streaming_images}
    ids = dict.fromkeys(profile.stream_configuration.streaming_image_ids)
    found = (known[one] for one in ids if one in known)
    return tuple(one for one in found if one.state in {None, "READY"})


def _not_ready(launch_profile: LaunchProfile) -> str:
    state = launch_profile.state or "in an unknown state"
    if state.endswith("_IN_PROGRESS"):
        return f"It is being changed ({state}). Try again in a minute."
    said = (launch_profile.status_message or "").rstrip(".")
    why = f" ({said})" if said else ""
    return f"It can't be used: it is {state}{why}. Ask your admin to fix it."
