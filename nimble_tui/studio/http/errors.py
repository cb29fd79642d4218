"""The errors a call can end in, as the API names them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

STATUS: Final[Mapping[str, int]] = MappingProxyType(
    {
        # The error shapes of the API.
        "ValidationException": 400,
        "ServiceQuotaExceededException": 402,
        "AccessDeniedException": 403,
        "ResourceNotFoundException": 404,
        "ConflictException": 409,
        "ThrottlingException": 429,
        "InternalServerErrorException": 500,
        # What every AWS service answers before a call is understood.
        "InvalidSignatureException": 403,
        "MissingAuthenticationTokenException": 403,
        "UnrecognizedClientException": 403,
        "UnknownOperationException": 404,
        "RequestEntityTooLargeException": 413,
        "UnsupportedMediaTypeException": 415,
    }
)


class ApiError(Exception):
    """An error response.

    `name` is the error's name, a key of `STATUS`; `message` one sentence for the person who
    called; `code` says more exactly what is wrong, for programs; `context` gives particulars.
    `retry_after` is how many seconds the caller should wait, 0 where that is up to them.
    """

    retry_after = 0

    def __init__(
        self, name: str, message: str, code: str, context: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.name = name
        self.message = message
        self.code = code
        self.context = dict(context or {})
        self.status = STATUS[name]


def validation(
    message: str, code: str = "INVALID_REQUEST", context: Mapping[str, str] | None = None
) -> ApiError:
    """The request is not one the operation understands, or not in this state."""
    return ApiError("ValidationException", message, code, context)


def not_found(resource_id: str, message: str = "", code: str = "RESOURCE_NOT_FOUND") -> ApiError:
    """Nothing has the id `resource_id`; the context names it."""
    message = message or f"There is no resource with the id {resource_id[:200]!r}."
    return ApiError("ResourceNotFoundException", message, code, {"resourceId": resource_id})


def access_denied(message: str, code: str = "ACCESS_DENIED") -> ApiError:
    """The caller is known and may not do this."""
    return ApiError("AccessDeniedException", message, code)


def conflict(
    message: str, code: str = "OPERATION_IN_PROGRESS", context: Mapping[str, str] | None = None
) -> ApiError:
    """Another operation is in progress."""
    return ApiError("ConflictException", message, code, context)


def quota(
    message: str, code: str = "QUOTA_EXCEEDED", context: Mapping[str, str] | None = None
) -> ApiError:
    """A quota of the studio is used up."""
    return ApiError("ServiceQuotaExceededException", message, code, context)


def throttled(seconds: int) -> ApiError:
    """The caller sends more requests than one key may; it may try again in so many seconds."""
    error = ApiError("ThrottlingException", "Too many requests; slow down.", "THROTTLED")
    error.retry_after = seconds
    return error


def internal(message: str) -> ApiError:
    """The studio failed; the caller may try again."""
    return ApiError("InternalServerErrorException", message, "INTERNAL_ERROR")


def invalid_signature(message: str) -> ApiError:
    """The request is not what the holder of the key signed, or not when."""
    return ApiError("InvalidSignatureException", message, "INVALID_SIGNATURE")


def unknown_key() -> ApiError:
    """The access key is unknown or revoked.

    What AWS answers for keys that were deactivated too: its clients take it for the end of the
    sign-in, where AccessDeniedException would be about the one call.
    """
    message = (
        "The studio does not accept this access key, or no longer; the studio's operator "
        "can give you a new invite."
    )
    return ApiError("UnrecognizedClientException", message, "UNKNOWN_ACCESS_KEY")
