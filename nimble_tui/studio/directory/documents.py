"""The stored user profiles: one for a person, or for a role or user of IAM."""

import uuid
from typing import Final

from nimble_tui.studio.store.records import Kind, Resource

SSO: Final = "SSO"
IAM: Final = "IAM"

_IAM_IDS: Final = uuid.uuid5(uuid.NAMESPACE_URL, "arn:aws:iam")


def sso_profile(principal_id: str, status: str) -> Resource:
    """Return the user profile of a person, whose id is the person's own."""
    return Resource(Kind.USER_PROFILE, principal_id, {"type": SSO, "status": status})


def iam_profile(arn: str, status: str, session_name: str | None = None) -> Resource:
    """Return the user profile of an IAM principal, or of one session of a role."""
    document = {"type": IAM, "status": status, "arn": arn, "sessionName": session_name}
    return Resource(Kind.USER_PROFILE, iam_profile_id(arn, session_name), document)


def iam_profile_id(arn: str, session_name: str | None) -> str:
    """Return the id that the user profile of an IAM principal has."""
    return str(uuid.uuid5(_IAM_IDS, f"{arn} {session_name or ''}"))
