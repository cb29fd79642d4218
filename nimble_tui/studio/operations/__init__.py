"""The studio's operations, by the API's names."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from nimble_tui.studio.operations import (
    backups,
    eulas,
    initialization,
    launch_profile_members,
    launch_profiles,
    streaming_images,
    streaming_sessions,
    streams,
    studio_components,
    studio_members,
    studios,
    tags,
)
from nimble_tui.studio.operations.request import Request
from nimble_tui.studio.store.records import Document


class Operation(NamedTuple):
    """The function of an operation, and whether it changes anything."""

    carry_out: Callable[[Request], Document]
    changes: bool


_READ: Final[Mapping[str, Callable[[Request], Document]]] = {
    "ListStudios": studios.list_studios,
    "GetStudio": studios.get_studio,
    "ListLaunchProfiles": launch_profiles.list_launch_profiles,
    "GetLaunchProfile": launch_profiles.get_launch_profile,
    "GetLaunchProfileDetails": launch_profiles.get_launch_profile_details,
    "GetLaunchProfileInitialization": initialization.get_launch_profile_initialization,
    "ListStudioMembers": studio_members.list_studio_members,
    "GetStudioMember": studio_members.get_studio_member,
    "ListLaunchProfileMembers": launch_profile_members.list_launch_profile_members,
    "GetLaunchProfileMember": launch_profile_members.get_launch_profile_member,
    "ListStudioComponents": studio_components.list_studio_components,
    "GetStudioComponent": studio_components.get_studio_component,
    "ListEulas": eulas.list_eulas,
    "GetEula": eulas.get_eula,
    "ListEulaAcceptances": eulas.list_eula_acceptances,
    "ListStreamingImages": streaming_images.list_streaming_images,
    "GetStreamingImage": streaming_images.get_streaming_image,
    "ListStreamingSessions": streaming_sessions.list_streaming_sessions,
    "GetStreamingSession": streaming_sessions.get_streaming_session,
    "GetStreamingSessionStream": streams.get_streaming_session_stream,
    "ListStreamingSessionBackups": backups.list_streaming_session_backups,
    "GetStreamingSessionBackup": backups.get_streaming_session_backup,
    "ListTagsForResource": tags.list_tags_for_resource,
}
_CHANGE: Final[Mapping[str, Callable[[Request], Document]]] = {
    "CreateStudio": studios.create_studio,
    "DeleteStudio": studios.delete_studio,
    "StartStudioSSOConfigurationRepair": studios.start_studio_sso_configuration_repair,
    "UpdateStudio": studios.update_studio,
    "CreateLaunchProfile": launch_profiles.create_launch_profile,
    "UpdateLaunchProfile": launch_profiles.update_launch_profile,
    "DeleteLaunchProfile": launch_profiles.delete_launch_profile,
    "PutStudioMembers": studio_members.put_studio_members,
    "DeleteStudioMember": studio_members.delete_studio_member,
    "PutLaunchProfileMembers": launch_profile_members.put_launch_profile_members,
    "UpdateLaunchProfileMember": launch_profile_members.update_launch_profile_member,
    "DeleteLaunchProfileMember": launch_profile_members.delete_launch_profile_member,
    "CreateStudioComponent": studio_components.create_studio_component,
    "UpdateStudioComponent": studio_components.update_studio_component,
    "DeleteStudioComponent": studio_components.delete_studio_component,
    "AcceptEulas": eulas.accept_eulas,
    "CreateStreamingImage": streaming_images.create_streaming_image,
    "UpdateStreamingImage": streaming_images.update_streaming_image,
    "DeleteStreamingImage": streaming_images.delete_streaming_image,
    "CreateStreamingSession": streaming_sessions.create_streaming_session,
    "StopStreamingSession": streaming_sessions.stop_streaming_session,
    "StartStreamingSession": streaming_sessions.start_streaming_session,
    "DeleteStreamingSession": streaming_sessions.delete_streaming_session,
    "CreateStreamingSessionStream": streams.create_streaming_session_stream,
    "TagResource": tags.tag_resource,
    "UntagResource": tags.untag_resource,
}

OPERATIONS: Final[Mapping[str, Operation]] = {
    **{name: Operation(carry_out, changes=False) for name, carry_out in _READ.items()},
    **{name: Operation(carry_out, changes=True) for name, carry_out in _CHANGE.items()},
}
"""All operations of the API."""
