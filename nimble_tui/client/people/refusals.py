"""What the services beside the studio's own mean when they say no, in words.

Sources: the AWS API references, the errors of Identity Store's ListUsers and DescribeUser, and of
DataZone's user profile operations.
"""

from collections.abc import Callable
from datetime import datetime

from nimble_tui.client.error_parsing import ErrorReply, read_error_reply
from nimble_tui.client.faults import CallError, Peer
from nimble_tui.client.people.words import DIRECTORY
from nimble_tui.client.transport import Reply
from nimble_tui.core.service import ErrorKind
from nimble_tui.core.text import clean


def sibling_refusal(
    reply: Reply, values: dict[str, object], operation: str, peer: Peer, now: datetime
) -> CallError:
    """Return what a reply of status 400 and up means; the parameters are those of `refusal`."""
    no = read_error_reply(reply, values, operation, peer, now)
    known = _BY_NAME.get(no.name) or _BY_STATUS.get(reply.status)
    if known is not None:
        return known(no)
    return _trouble(no) if reply.status >= 500 else _stranger(no)


def _who(no: ErrorReply) -> str:
    return "The directory of names" if no.operation in DIRECTORY else "Amazon DataZone"


def _setting(no: ErrorReply) -> str:
    return "identity_store_id" if no.operation in DIRECTORY else "domain_id"


def _denied(no: ErrorReply) -> CallError:
    service = "identitystore" if no.operation in DIRECTORY else "datazone"
    return CallError(
        ErrorKind.DENIED,
        f"{_who(no)} does not let you do this; ask your admin for {service}:{no.operation}.",
    )


def _not_signed_in(no: ErrorReply) -> CallError:
    if no.peer.aws_profile:
        how = f"sign in to the AWS profile {clean(no.peer.aws_profile)} (aws sso login)"
    else:
        how = "ask your operator whether they are for it, or name people_profile in the settings"
    # Of kind DENIED, for signing in to the studio again would not help.
    return CallError(ErrorKind.DENIED, f"{_who(no)} does not accept your keys; {how}.")


def _not_found(no: ErrorReply) -> CallError:
    if no.operation in {"GetUserProfile", "UpdateUserProfile"}:
        what = "DataZone profile of theirs; activate them to make one"
    elif no.operation == "DescribeUser":
        what = "such person in the directory of names; look at the people again"
    elif no.operation == "CreateUserProfile":
        what = (
            "such person or domain that Amazon DataZone knows of; check domain_id in the settings"
        )
    elif no.operation in DIRECTORY:
        what = f"identity store by that id; check {_setting(no)} in the settings"
    else:
        what = f"DataZone domain by that id; check {_setting(no)} in the settings"
    return CallError(ErrorKind.NOT_FOUND, f"There is no {what}.")


def _conflict(no: ErrorReply) -> CallError:
    return CallError(
        ErrorKind.CONFLICT,
        f"{_who(no)} is busy with it; wait a moment, then look again.",
    )


def _throttled(no: ErrorReply) -> CallError:
    return CallError(
        ErrorKind.THROTTLED,
        f"{_who(no)} is asked too much right now; {no.when or 'wait a little, then try again'}.",
        again=True,
        retry_after=no.wait,
    )


def _invalid(no: ErrorReply) -> CallError:
    return CallError(
        ErrorKind.INVALID,
        f"{_who(no)} did not take the request{no.said}; check {_setting(no)} in the settings.",
    )


def _trouble(no: ErrorReply) -> CallError:
    return CallError(
        ErrorKind.TROUBLE,
        f"{_who(no)} has trouble of its own (error {no.status}); "
        f"{no.when or 'try again in a minute'}.",
        again=no.status in {500, 502, 503, 504},
        maybe_applied=True,
        retry_after=no.wait,
    )


def _stranger(no: ErrorReply) -> CallError:
    return CallError(
        ErrorKind.NOT_UNDERSTOOD,
        f"{_who(no)} is not served at {clean(no.peer.host)} (error {no.status}); "
        f"check {_setting(no)} and people_profile in the settings.",
    )


_BY_NAME: dict[str, Callable[[ErrorReply], CallError]] = {
    "AccessDeniedException": _denied,
    "AccessDenied": _denied,
    "ConflictException": _conflict,
    "ExpiredToken": _not_signed_in,
    "ExpiredTokenException": _not_signed_in,
    "IncompleteSignatureException": _not_signed_in,
    "InternalServerException": _trouble,
    "InvalidClientTokenId": _not_signed_in,
    "InvalidSignatureException": _not_signed_in,
    "MissingAuthenticationTokenException": _not_signed_in,
    "RequestExpired": _not_signed_in,
    "ResourceNotFoundException": _not_found,
    "SignatureDoesNotMatch": _not_signed_in,
    "ThrottlingException": _throttled,
    "TooManyRequestsException": _throttled,
    "UnauthorizedException": _not_signed_in,
    "UnrecognizedClientException": _not_signed_in,
    "ValidationException": _invalid,
}

_BY_STATUS: dict[int, Callable[[ErrorReply], CallError]] = {
    401: _not_signed_in,
    403: _denied,
    429: _throttled,
}
