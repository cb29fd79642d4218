"""Which launch profiles can be launched from, and the sentence when one cannot."""

import re
from dataclasses import replace

import pytest

from nimble_tui.api import service_model
from nimble_tui.core.instance_types import INSTANCE_TYPES
from nimble_tui.core.launching import check_launch, usable_images
from nimble_tui.core.model import (
    LaunchProfile,
    LaunchProfileDetails,
    StreamConfiguration,
    StreamingImage,
    ValidationResult,
)
from nimble_tui.core.rules import Allowed, Refused

GOOD = LaunchProfile(
    "yeG7lDwNQEiwNTRT7DrV7Q",
    name="Lighting",
    state="READY",
    stream_configuration=StreamConfiguration(
        ec2_instance_types=("g5.xlarge",), streaming_image_ids=("image",)
    ),
)


def _checked(state: str, message: str = "") -> LaunchProfile:
    result = ValidationResult("VALIDATE_SUBNET_ASSOCIATION", state, "", message)
    return replace(GOOD, validation_results=(result,))


@pytest.mark.parametrize(
    "launch_profile",
    [GOOD, _checked("VALIDATION_SUCCESS"), _checked("VALIDATION_IN_PROGRESS")],
    ids=["plain", "checked", "being-checked"],
)
def test_it_can_be_launched_from(launch_profile: LaunchProfile) -> None:
    assert isinstance(check_launch(launch_profile), Allowed)


@pytest.mark.parametrize(
    ("launch_profile", "why"),
    [
        (replace(GOOD, name="RenderWorker-Default"), "render machines"),
        (replace(GOOD, launch_profile_id="a\u200bb"), "unsafe characters"),
        (replace(GOOD, state="UPDATE_IN_PROGRESS"), "being changed ("),
        (
            replace(GOOD, state="UPDATE_FAILED", status_message="No such subnet."),
            "(No such subnet). Ask your admin",
        ),
        (replace(GOOD, state="SOMETHING_NEW"), "SOMETHING_NEW"),
        (replace(GOOD, state=None), "in an unknown state"),
        (_checked("VALIDATION_FAILED", "gone"), "check of its subnets failed (gone)"),
        (_checked("VALIDATION_FAILED_INTERNAL_SERVER_ERROR"), "its subnets failed."),
        (replace(GOOD, stream_configuration=StreamConfiguration()), "no instance type or no image"),
    ],
)
def test_it_cannot_be_launched_from(launch_profile: LaunchProfile, why: str) -> None:
    result = check_launch(launch_profile)
    assert isinstance(result, Refused)
    assert why in result.reason


def test_nothing_is_launched_where_one_may_only_look() -> None:
    result = check_launch(GOOD, read_only=True)
    assert isinstance(result, Refused)
    assert "read_only" in result.reason


def test_an_image_that_is_not_ready_is_not_offered() -> None:
    states = (None, "UPDATE_FAILED", "READY", "DELETED")
    images = tuple(StreamingImage(f"{state}", state=state) for state in states)
    ids = ("READY", "DELETED", "None", "READY", "gone")
    profile = replace(GOOD, stream_configuration=StreamConfiguration(streaming_image_ids=ids))
    usable = usable_images(profile, LaunchProfileDetails(profile, images))
    assert [one.state for one in usable] == ["READY", None]


def test_every_type_of_the_api_is_known_in_plain_words() -> None:
    shape = service_model().shape_for("StreamingInstanceType")
    assert set(INSTANCE_TYPES) == set(shape.metadata["enum"])
    for one in INSTANCE_TYPES.values():
        assert re.fullmatch(r"\d+ CPUs, [\d.]+ GB, \d NVIDIA \w+ \(\d+ GB\)", one.in_words), (
            one.in_words
        )
