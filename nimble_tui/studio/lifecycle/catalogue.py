"""The states of launch profiles, streaming images, studio components and the studio itself.

Source: the AWS API reference, LaunchProfile, StreamingImage, StudioComponent and Studio, members
state and statusCode.
"""

from datetime import datetime, timedelta
from typing import Final

from nimble_tui.studio.lifecycle.transitions import Change, begin, finish
from nimble_tui.studio.store.records import Document, Failure, Kind, Resource, Step
from nimble_tui.studio.store.transaction import Transaction

CHANGE_TAKES: Final = timedelta(seconds=2)

_CHECKS: Final = (
    "VALIDATE_ACTIVE_DIRECTORY_STUDIO_COMPONENT",
    "VALIDATE_SUBNET_ASSOCIATION",
    "VALIDATE_NETWORK_ACL_ASSOCIATION",
    "VALIDATE_SECURITY_GROUP_ASSOCIATION",
)


def change(
    tx: Transaction,
    resource: Resource,
    what: Change,
    *,
    at: datetime,
    by: str,
    failure: Failure | None = None,
) -> None:
    """Begin to create, update or delete it; `failure` is how that will end, if not well."""
    begin(resource, what, Step(at + CHANGE_TAKES, failure), at, by)
    if resource.kind == Kind.LAUNCH_PROFILE and what != Change.DELETE:
        resource.document["validationResults"] = checks("VALIDATION_IN_PROGRESS", "Being checked.")
    tx.put(resource)


def go_on(tx: Transaction, resource: Resource, at: datetime) -> None:
    """End the step that is due."""
    checked = resource.kind == Kind.LAUNCH_PROFILE and resource.state != "DELETE_IN_PROGRESS"
    finish(resource, resource.step.failure if resource.step else None, at)
    if checked:
        resource.document["validationResults"] = checks("VALIDATION_SUCCESS", "Fine.")
    tx.put(resource)


def missing_image(tx: Transaction, streaming_image_ids: list[str]) -> Failure | None:
    """Return how a launch profile with these images fails, if one of them cannot be used."""
    for image_id in streaming_image_ids:
        image = tx.resource(Kind.STREAMING_IMAGE, image_id)
        if image is None or image.state == "DELETED":
            return Failure("STREAMING_IMAGE_NOT_FOUND", f"There is no streaming image {image_id}.")
        if image.state != "READY":
            message = f"The streaming image {image_id} is {image.state}."
            return Failure("STREAMING_IMAGE_NOT_READY", message)
    return None


def sessions_left(tx: Transaction, launch_profile_id: str) -> Failure | None:
    """Return how the deletion of a launch profile fails, if it still has sessions."""
    if not tx.has_live(Kind.STREAMING_SESSION, launch_profile_id):
        return None
    return Failure(
        "LAUNCH_PROFILE_WITH_STREAM_SESSIONS_NOT_DELETED",
        "It still has workstations; delete those first.",
    )


def second_directory(tx: Transaction, component: Resource) -> Failure | None:
    """Return how a component fails that would be the studio's second Active Directory."""
    if component.document["type"] != "ACTIVE_DIRECTORY":
        return None
    others = tx.page(Kind.STUDIO_COMPONENT, types=["ACTIVE_DIRECTORY"])
    if all(one.id == component.id or one.state in {"DELETED", "CREATE_FAILED"} for one in others):
        return None
    return Failure("ACTIVE_DIRECTORY_ALREADY_EXISTS", "A studio has one Active Directory only.")


def checks(state: str, message: str) -> list[Document]:
    """Return the results of a launch profile's checks, all of them alike."""
    return [
        {"type": name, "state": state, "statusCode": state, "statusMessage": message}
        for name in _CHECKS
    ]
