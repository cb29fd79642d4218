"""What the studio does, by the API's operation names."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from nimble_tui.studio.operations import (
    launch_profiles,
    streaming_images,
    streaming_sessions,
    studios,
    tags,
)
from nimble_tui.studio.operations.request import Request
from nimble_tui.studio.store.records import Document


class Operation(NamedTuple):
    """How an operation is carried out, and whether that changes anything."""

    carry_out: Callable[[Request], Document]
    changes: bool


_READ: Final[Mapping[str, Callable[[Request], Document]]] = {
    "ListStudios": studios.list_studios,
    "GetStudio": studios.get_studio,
    "ListLaunchProfiles": launch_profiles.list_launch_profiles,
    "GetLaunchProfile": launch_profiles.get_launch_profile,
    "GetLaunchProfileDetails": launch_profiles.get_launch_profile_details,
    "ListStreamingImages": streaming_images.list_streaming_images,
    "GetStreamingImage": streaming_images.get_streaming_image,
    "ListStreamingSessions": streaming_sessions.list_streaming_sessions,
    "GetStreamingSession": streaming_sessions.get_streaming_session,
    "ListTagsForResource": tags.list_tags_for_resource,
}
_CHANGE: Final[Mapping[str, Callable[[Request], Document]]] = {
    "CreateLaunchProfile": launch_profiles.create_launch_profile,
    "UpdateLaunchProfile": launch_profiles.update_launch_profile,
    "DeleteLaunchProfile": launch_profiles.delete_launch_profile,
    "CreateStreamingImage": streaming_images.create_streaming_image,
    "UpdateStreamingImage": streaming_images.update_streaming_image,
    "DeleteStreamingImage": streaming_images.delete_streaming_image,
    "CreateStreamingSession": streaming_sessions.create_streaming_session,
    "StopStreamingSession": streaming_sessions.stop_streaming_session,
    "StartStreamingSession": streaming_sessions.start_streaming_session,
    "DeleteStreamingSession": streaming_sessions.delete_streaming_session,
    "TagResource": tags.tag_resource,
    "UntagResource": tags.untag_resource,
}

OPERATIONS: Final[Mapping[str, Operation]] = {
    **{name: Operation(carry_out, changes=False) for name, carry_out in _READ.items()},
    **{name: Operation(carry_out, changes=True) for name, carry_out in _CHANGE.items()},
}
"""The operations this studio has; the API has more."""
