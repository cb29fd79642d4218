"""Plain words for the API's terms; unknown terms are shown unchanged.

Source: the AWS API reference, StreamingSession, LaunchProfile, StudioComponentSummary and
ValidationResult, members state, statusCode, type and subtype.
"""

_STATES = {
    "CREATE_IN_PROGRESS": "being created",
    "READY": "running",
    "STOP_IN_PROGRESS": "shutting down",
    "STOPPED": "stopped",
    "START_IN_PROGRESS": "starting",
    "DELETE_IN_PROGRESS": "being deleted",
    "DELETED": "deleted",
    "UPDATE_IN_PROGRESS": "being changed",
    "CREATE_FAILED": "creation failed",
    "STOP_FAILED": "stop failed, still running",
    "START_FAILED": "start failed",
    "DELETE_FAILED": "deletion failed",
    "UPDATE_FAILED": "change failed",
}
_CODES = {
    "STREAMING_SESSION_READY": "ready",
    "STREAMING_SESSION_STARTED": "started",
    "STREAMING_SESSION_STOPPED": "stopped",
    "STREAMING_SESSION_DELETED": "deleted",
    "STREAMING_SESSION_CREATE_IN_PROGRESS": "being created",
    "STREAMING_SESSION_START_IN_PROGRESS": "being started",
    "STREAMING_SESSION_STOP_IN_PROGRESS": "being stopped",
    "STREAMING_SESSION_DELETE_IN_PROGRESS": "being deleted",
    "INTERNAL_ERROR": "the studio had an internal error",
    "INSUFFICIENT_CAPACITY": "no machine of this type was available",
    "ACTIVE_DIRECTORY_DOMAIN_JOIN_ERROR": "it couldn't join the studio's domain",
    "NETWORK_CONNECTION_ERROR": "it couldn't reach the studio's network",
    "NETWORK_INTERFACE_ERROR": "its network couldn't be set up",
    "INITIALIZATION_SCRIPT_ERROR": "a setup script of the studio failed",
    "DECRYPT_STREAMING_IMAGE_ERROR": "its disk image couldn't be decrypted",
    "AMI_VALIDATION_ERROR": "its disk image didn't pass the checks",
    "LAUNCH_PROFILE_CREATED": "created",
    "LAUNCH_PROFILE_UPDATED": "changed",
    "LAUNCH_PROFILE_DELETED": "deleted",
    "LAUNCH_PROFILE_CREATE_IN_PROGRESS": "being created",
    "LAUNCH_PROFILE_UPDATE_IN_PROGRESS": "being changed",
    "LAUNCH_PROFILE_DELETE_IN_PROGRESS": "being deleted",
    "LAUNCH_PROFILE_WITH_STREAM_SESSIONS_NOT_DELETED": "it still has workstations",
    "STREAMING_IMAGE_NOT_FOUND": "one of its images was not found",
    "STREAMING_IMAGE_NOT_READY": "one of its images is not ready",
    "ENCRYPTION_KEY_ACCESS_DENIED": "no access to the encryption key of an image",
    "ENCRYPTION_KEY_NOT_FOUND": "the encryption key of an image was not found",
    "INVALID_SUBNETS_PROVIDED": "one of its subnets is invalid",
    "INVALID_INSTANCE_TYPES_PROVIDED": "one of its instance types is invalid",
    "INVALID_SUBNETS_COMBINATION": "its subnets can't be combined",
}
_COMPONENTS = {
    "ACTIVE_DIRECTORY": "User accounts",
    "SHARED_FILE_SYSTEM": "Shared storage",
    "COMPUTE_FARM": "Render farm",
    "LICENSE_SERVICE": "Licence server",
    "CUSTOM": "Custom",
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
    "VALIDATION_FAILED_INTERNAL_SERVER_ERROR": "couldn't be checked",
    "VALIDATION_IN_PROGRESS": "being checked",
    "VALIDATION_NOT_STARTED": "not checked yet",
}
_PERSISTENCE = {
    "ACTIVATED": "possible, keeps its disk",
    "DEACTIVATED": "not possible",
}
_ENDINGS = {
    "ACTIVATED": "automatic when stopped for too long",
    "DEACTIVATED": "not automatic when stopped",
}


def state(word: str | None) -> str:
    """Return a state such as `running · READY`."""
    return _beside(_STATES, word)


def code(word: str | None) -> str:
    """Return a status code such as `being started · STREAMING_SESSION_START_IN_PROGRESS`."""
    return _beside(_CODES, word)


def persistence(word: str) -> str:
    """Return a persistence mode in words, such as `possible, keeps its disk`."""
    return _PERSISTENCE.get(word, word)


def ending(word: str) -> str:
    """Return a termination mode in words, such as `not automatic when stopped`."""
    return _ENDINGS.get(word, word)


def result(word: str) -> str:
    """Return a check's result such as `passed · VALIDATION_SUCCESS`."""
    return _beside(_RESULTS, word)


def check(word: str) -> str:
    """Return the subject of a check, such as `Subnets`."""
    return _CHECKS.get(word, word or "Check")


def component(kind: str | None) -> str:
    """Return the kind of a studio component, such as `Shared storage`."""
    return _COMPONENTS.get(kind or "", kind or "Component")


def maker(subtype: str | None) -> str:
    """Return a component's product, such as `FSx for Lustre`; empty for a custom one."""
    return "" if subtype in {None, "CUSTOM"} else _SUBTYPES.get(subtype or "", subtype or "")


def _beside(known: dict[str, str], word: str | None) -> str:
    if not word:
        return "not reported"
    plain = known.get(word)
    return f"{plain} · {word}" if plain else word
