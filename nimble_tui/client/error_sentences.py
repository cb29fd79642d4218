"""What the replies that say no mean, in words."""

from collections.abc import Callable
from datetime import datetime, timedelta

from nimble_tui.client.error_parsing import ErrorReply, read_error_reply
from nimble_tui.client.faults import CallError, Peer, too_late
from nimble_tui.client.people import words as people
from nimble_tui.client.transport import Reply
from nimble_tui.core.durations import in_words
from nimble_tui.core.service import ErrorKind
from nimble_tui.core.text import clean

_MOST_EULAS = 50
# Less than any studio allows, so that a clock that is nearly right is not blamed.
_SKEW_THAT_MATTERS = timedelta(minutes=4)

_IN_WORDS = {
    "GetStudio": "look at this studio",
    "ListLaunchProfiles": "see these launch profiles",
    "GetLaunchProfile": "see this launch profile",
    "GetLaunchProfileDetails": "see this launch profile",
    "ListStreamingSessions": "see these workstations",
    "GetStreamingSession": "see this workstation",
    "StopStreamingSession": "stop this workstation",
    "StartStreamingSession": "start this workstation",
    "DeleteStreamingSession": "delete this workstation",
    "CreateStreamingSession": "launch a workstation",
    "CreateStreamingSessionStream": "see this workstation's screen",
    "GetStreamingSessionStream": "see this workstation's screen",
    "ListStreamingSessionBackups": "see these backups",
    "GetStreamingSessionBackup": "use this backup",
    "GetEula": "see this licence",
    "ListEulas": "see these licences",
    "ListEulaAcceptances": "see which licences are accepted",
    "AcceptEulas": "accept licences for the studio",
    "TagResource": "rename this workstation",
    "UntagResource": "rename this workstation",
    **people.IN_WORDS,
}


def refusal(
    reply: Reply, values: dict[str, object], operation: str, peer: Peer, now: datetime
) -> CallError:
    """Return what a reply of status 400 and up means; `values` is its body, if it was JSON.

    `operation` is the API's name, such as `GetStudio`, `now` the time on this machine. Source:
    the AWS API reference, the errors common to all operations and those of the operations here.
    """
    no = read_error_reply(reply, values, operation, peer, now)
    known = _BY_NAME.get(no.name) or _BY_STATUS.get(reply.status)
    if known is not None:
        return known(no)
    return _trouble(no) if reply.status >= 500 else _stranger(no)


def _not_signed_in(no: ErrorReply) -> CallError:
    if no.peer.aws_profile:
        how = f"sign in to the AWS profile {clean(no.peer.aws_profile)} again, or renew its keys"
    else:
        how = "sign in again with a new invite"
    return CallError(ErrorKind.NOT_SIGNED_IN, f"The studio does not accept your keys; {how}.")


def _signature(no: ErrorReply) -> CallError:
    if abs(no.skew) < _SKEW_THAT_MATTERS:
        return _not_signed_in(no)
    side = "ahead" if no.skew > timedelta() else "behind"
    return CallError(
        ErrorKind.CLOCK,
        f"Your computer's clock is {in_words(abs(no.skew))} {side}, so the studio does not "
        "trust your requests; set the clock right, then try again.",
    )


def _denied(no: ErrorReply) -> CallError:
    if no.operation == "CreateStreamingSession":
        return CallError(
            ErrorKind.DENIED,
            "You may not launch from this launch profile; ask your admin to make you a member "
            "of it.",
        )
    if no.operation == "AcceptEulas":
        return CallError(
            ErrorKind.DENIED,
            f"Only an admin of the studio may accept licences{no.said or '; ask yours'}.",
        )
    if no.operation in people.DENIED:
        return CallError(ErrorKind.DENIED, people.DENIED[no.operation])
    return CallError(
        ErrorKind.DENIED,
        f"The studio does not let you {_IN_WORDS[no.operation]}; "
        f"ask your admin for nimble:{no.operation}.",
    )


def _not_found(no: ErrorReply) -> CallError:
    if no.code == "CLIENT_TOKEN_USED_UP":
        return CallError(
            ErrorKind.NOT_FOUND,
            "What was made under this token is gone by now; use another token to do it anew.",
        )
    what = {
        "GetStudio": "studio at this address by that id; check the settings or your invite",
        "ListLaunchProfiles": "studio at this address by that id; check the settings",
        "ListStreamingSessions": "studio at this address by that id; check the settings",
        "GetLaunchProfile": "such launch profile any more; refresh the list",
        "GetLaunchProfileDetails": "such launch profile any more; refresh the list",
        "CreateStreamingSession": "such launch profile any more; refresh the list",
        "GetStreamingSessionBackup": "such backup any more; look at its backups again",
        "ListStreamingSessionBackups": "studio at this address by that id; check the settings",
        "ListEulas": "such licence that the studio knows of; refresh, then look again",
        "ListEulaAcceptances": "studio at this address by that id; check the settings",
        "AcceptEulas": "such licence that the studio knows of; refresh, then look again",
        "GetStreamingSessionStream": "such way to its screen any more; connect again",
        **people.NOT_FOUND,
    }.get(no.operation, "such workstation that the studio knows of; refresh the list")
    return CallError(ErrorKind.NOT_FOUND, f"There is no {what}.")


def _conflict(no: ErrorReply) -> CallError:
    if no.operation in people.IN_WORDS:
        return CallError(
            ErrorKind.CONFLICT,
            f"The studio cannot do this as things are now{no.said}; look at the people again.",
        )
    return CallError(
        ErrorKind.CONFLICT,
        "Something else is going on with it right now; wait until that is done, then try again.",
    )


def _quota(no: ErrorReply) -> CallError:
    if no.operation == "CreateStreamingSession" and "TYPE" in no.code:
        return CallError(
            ErrorKind.QUOTA,
            f"The studio may not launch machines of this type{no.said}; "
            "choose another type, or ask your admin for more.",
        )
    if no.operation == "CreateStreamingSession":
        return CallError(
            ErrorKind.QUOTA,
            f"You have as many workstations as the studio allows{no.said}; "
            "delete one you do not need, or ask your admin for more.",
        )
    return CallError(
        ErrorKind.QUOTA,
        f"The studio's limit is reached{no.said}; "
        "delete a workstation you do not need, or ask your admin for more.",
    )


def _throttled(no: ErrorReply) -> CallError:
    return CallError(
        ErrorKind.THROTTLED,
        f"The studio is asked too much right now; {no.when or 'wait a little, then try again'}.",
        again=True,
        retry_after=no.wait,
    )


def _invalid(no: ErrorReply) -> CallError:
    if no.code == "EULA_NOT_ACCEPTED":
        ids = [one.strip() for one in no.context.get("eulaIds", "").split(",")]
        return CallError(
            ErrorKind.REFUSED,
            f"This image needs a licence that the studio has not accepted yet{no.said}; "
            "ask your admin to accept it, then launch again.",
            eula_ids=tuple(one for one in ids[:_MOST_EULAS] if one),
        )
    if no.operation in people.IN_WORDS:
        how = "Look at the people again before you try again."
        if "identityStoreId" in no.context:
            how = "Correct identity_store_id in the settings."
        kind = ErrorKind.REFUSED if no.code in people.RULES else ErrorKind.INVALID
        return CallError(kind, f"The studio did not take this{no.said}. {how}")
    if no.code == "CLIENT_TOKEN_REUSED":
        return CallError(
            ErrorKind.INVALID,
            "The studio saw this token with another request before; use one that is new.",
        )
    return CallError(
        ErrorKind.INVALID,
        f"The studio did not take the request{no.said}; refresh, then try again.",
    )


def _our_fault(_: ErrorReply) -> CallError:
    return CallError(
        ErrorKind.INVALID,
        "The studio saw two different requests under one token, which is a mistake of this app; "
        "refresh to see what happened, and report it to the makers of nimble-tui.",
    )


def _trouble(no: ErrorReply) -> CallError:
    return CallError(
        ErrorKind.TROUBLE,
        f"The studio has trouble of its own (error {no.status}); "
        "your workstations go on as they are"
        f"{f'; {no.when}' if no.when else ', so try again in a minute'}.",
        again=no.status in {500, 502, 503, 504},
        maybe_applied=True,
        retry_after=no.wait,
    )


def _late(no: ErrorReply) -> CallError:
    late = too_late(no.peer, maybe_applied=True)
    late.again = True
    return late


def _stranger(no: ErrorReply) -> CallError:
    return CallError(
        ErrorKind.NOT_UNDERSTOOD,
        f"Something answers at {clean(no.peer.host)}, but not as a studio "
        f"(error {no.status}); check the network or endpoint_url in the settings.",
    )


_BY_NAME: dict[str, Callable[[ErrorReply], CallError]] = {
    "AccessDeniedException": _denied,
    "AccessDenied": _denied,
    "ConflictException": _conflict,
    "ExpiredToken": _not_signed_in,
    "ExpiredTokenException": _not_signed_in,
    "IdempotentParameterMismatch": _our_fault,
    "InternalServerErrorException": _trouble,
    "InvalidClientTokenId": _not_signed_in,
    "InvalidSignatureException": _signature,
    "MissingAuthenticationTokenException": _not_signed_in,
    "RequestExpired": _signature,
    "RequestTimeTooSkewed": _signature,
    "ResourceNotFoundException": _not_found,
    "ServiceQuotaExceededException": _quota,
    "SignatureDoesNotMatch": _signature,
    "ThrottlingException": _throttled,
    "TooManyRequestsException": _throttled,
    "UnrecognizedClientException": _not_signed_in,
    "ValidationException": _invalid,
}

_BY_STATUS: dict[int, Callable[[ErrorReply], CallError]] = {
    401: _not_signed_in,
    408: _late,
    429: _throttled,
}
