"""The API's own words in plain ones; what it does not know shows as it came.

Source: the AWS API reference, StreamingSession, LaunchProfile, StudioComponentSummary and
ValidationResult, members state, statusCode, type and subtype.
"""

_STATES = {
    "CREATE_IN_PROGRESS": "being made",
    "READY": "running",
    "STOP_IN_PROGRESS": "shutting down",
    "STOPPED": "stopped",
    "START_IN_PROGRESS": "starting again",
    "DELETE_IN_PROGRESS": "being deleted",
    "DELETED": "deleted",
    "UPDATE_IN_PROGRESS": "being changed",
    "CREATE_FAILED": "could not be made",
    "STOP_FAILED": "did not stop, it still runs",
    "START_FAILED": "did not start",
    "DELETE_FAILED": "could not be deleted",
    "UPDATE_FAILED": "could not be changed",
}
_CODES = {
    "STREAMING_SESSION_READY": "all is well",
    "STREAMING_SESSION_STARTED": "all is well since its start",
    "STREAMING_SESSION_STOPPED": "it was stopped",
    "STREAMING_SESSION_DELETED": "it was deleted",
    "STREAMING_SESSION_CREATE_IN_PROGRESS": "the studio is making it",
    "STREAMING_SESSION_START_IN_PROGRESS": "the studio is starting it",
    "STREAMING_SESSION_STOP_IN_PROGRESS": "the studio is stopping it",
    "STREAMING_SESSION_DELETE_IN_PROGRESS": "the studio is deleting it",
    "INTERNAL_ERROR": "the studio had an error of its own",
    "INSUFFICIENT_CAPACITY": "no machine of this type was free",
    "ACTIVE_DIRECTORY_DOMAIN_JOIN_ERROR": "it could not join the studio's domain",
    "NETWORK_CONNECTION_ERROR": "it could not reach the studio's network",
    "NETWORK_INTERFACE_ERROR": "its network could not be set up",
    "INITIALIZATION_SCRIPT_ERROR": "a set-up script of the studio failed",
    "DECRYPT_STREAMING_IMAGE_ERROR": "its disk image could not be decrypted",
    "AMI_VALIDATION_ERROR": "its disk image did not pass the checks",
    "LAUNCH_PROFILE_CREATED": "all is well",
    "LAUNCH_PROFILE_UPDATED": "all is well since its last change",
    "LAUNCH_PROFILE_DELETED": "it was deleted",
    "LAUNCH_PROFILE_CREATE_IN_PROGRESS": "the studio is making it",
    "LAUNCH_PROFILE_UPDATE_IN_PROGRESS": "the studio is changing it",
    "LAUNCH_PROFILE_DELETE_IN_PROGRESS": "the studio is deleting it",
    "LAUNCH_PROFILE_WITH_STREAM_SESSIONS_NOT_DELETED": "workstations of it are still there",
    "STREAMING_IMAGE_NOT_FOUND": "one of its images is gone",
    "STREAMING_IMAGE_NOT_READY": "one of its images is not ready",
    "ENCRYPTION_KEY_ACCESS_DENIED": "the key of an image may not be used",
    "ENCRYPTION_KEY_NOT_FOUND": "the key of an image is gone",
    "INVALID_SUBNETS_PROVIDED": "one of its subnets cannot be used",
    "INVALID_INSTANCE_TYPES_PROVIDED": "one of its machine types cannot be used",
    "INVALID_SUBNETS_COMBINATION": "its subnets do not go together",
}
_COMPONENTS = {
    "ACTIVE_DIRECTORY": "User accounts",
    "SHARED_FILE_SYSTEM": "Shared storage",
    "COMPUTE_FARM": "Render farm",
    "LICENSE_SERVICE": "Licence server",
    "CUSTOM": "The studio's own",
}
_SUBTYPES = {
    "AWS_MANAGED_MICROSOFT_AD": "Microsoft AD",
    "AMAZON_FSX_FOR_WINDOWS": "FSx for Windows",
    "AMAZON_FSX_FOR_LUSTRE": "FSx for Lustre",
}
_CHECKS = {
    "VALIDATE_ACTIVE_DIRECTORY_STUDIO_COMPONENT": "User accounts",
    "VALIDATE_SUBNET_ASSOCIATION": "Subnets",
    "VALIDATE_NETWORK_ACL_ASSOCIATION": "Network rules",
    "VALIDATE_SECURITY_GROUP_ASSOCIATION": "Security groups",
}
_RESULTS = {
    "VALIDATION_SUCCESS": "passed",
    "VALIDATION_FAILED": "failed",
    "VALIDATION_FAILED_INTERNAL_SERVER_ERROR": "could not be checked",
    "VALIDATION_IN_PROGRESS": "being checked",
    "VALIDATION_NOT_STARTED": "not checked yet",
}
_PERSISTENCE = {
    "ACTIVATED": "a stop can keep its disk",
    "DEACTIVATED": "nothing is kept, it cannot be stopped",
}
_ENDINGS = {
    "ACTIVATED": "deleted when it was stopped for too long",
    "DEACTIVATED": "kept until you delete it",
}


def state(word: str | None) -> str:
    """Return a state such as `running · READY`."""
    return _beside(_STATES, word)


def code(word: str | None) -> str:
    """Return a status code such as `no machine of this type was free · INSUFFICIENT_CAPACITY`."""
    return _beside(_CODES, word)


def persistence(word: str) -> str:
    """Return what becomes of the disk of a workstation that is stopped."""
    return _beside(_PERSISTENCE, word)


def ending(word: str) -> str:
    """Return what becomes of a workstation that is stopped for long."""
    return _beside(_ENDINGS, word)


def result(word: str) -> str:
    """Return the outcome of a check such as `passed · VALIDATION_SUCCESS`."""
    return _beside(_RESULTS, word)


def check(word: str) -> str:
    """Return what a check is about."""
    return _CHECKS.get(word, word or "Check")


def component(kind: str | None) -> str:
    """Return what a studio component is, such as `Shared storage`."""
    return _COMPONENTS.get(kind or "", kind or "Component")


def maker(subtype: str | None) -> str:
    """Return what it is made with, such as `FSx for Lustre`; empty for the studio's own."""
    return "" if subtype in {None, "CUSTOM"} else _SUBTYPES.get(subtype or "", subtype or "")


def _beside(known: dict[str, str], word: str | None) -> str:
    if not word:
        return "the studio does not tell"
    plain = known.get(word)
    return f"{plain} · {word}" if plain else word
