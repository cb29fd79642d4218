"""Sentences for error responses: one table per service.

Sources: the AWS API references, the errors common to all operations and those of Nimble Studio, of
Identity Store's ListUsers and DescribeUser, and of DataZone's user profile operations.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from nimble_tui.client.error_parsing import LONGEST_WAIT, ErrorReply, read_error_reply
from nimble_tui.client.errors import CallError, Peer, too_late
from nimble_tui.client.operations import ON_PEOPLE, OPERATIONS, Service
from nimble_tui.client.transport import Reply
from nimble_tui.core.durations import in_words
from nimble_tui.core.service import ErrorKind as Kind
from nimble_tui.core.text import clean

_MOST_EULAS = 50
# Less than any studio allows, so that a clock that is nearly right is not blamed.
_SKEW_THAT_MATTERS = timedelta(minutes=4)
_WORTH_ANOTHER_TRY = frozenset({500, 502, 503, 504})
_CHANGES_OF_ADMINS = ("PutStudioMembers", "DeleteStudioMember")
# The codes of a ValidationException that is about a rule of the studio, not about the request.
_RULES = frozenset({"LAST_ADMINISTRATOR", "OPERATOR"})


def call_error(
    reply: Reply, values: dict[str, object], operation: str, peer: Peer, now: datetime
) -> CallError:
    """Return the error for a reply of status 400 and up; `values` is its JSON body.

    `operation` is the API's name, such as `GetStudio`, `now` the time on this machine.
    """
    error = read_error_reply(reply, values, operation, peer, now)
    service = _SERVICES[OPERATIONS[operation].service]
    known = service.names.get(error.name) or service.statuses.get(error.status)
    kind = known or (Kind.TROUBLE if error.status >= 500 else Kind.NOT_UNDERSTOOD)
    if kind == Kind.UNREACHABLE:
        late = too_late(peer, maybe_applied=True)
        late.again = True
        return late
    sentence = next(one for one in service.sentences[kind] if one.when(error))
    busy = kind in {Kind.THROTTLED, Kind.TROUBLE}
    return CallError(
        sentence.kind or kind,
        sentence.text.format_map(_words(error, service)),
        again=kind == Kind.THROTTLED
        or (busy and error.status in _WORTH_ANOTHER_TRY)
        # Another change of a workstation takes minutes, one of people moments.
        or (
            kind == Kind.CONFLICT
            and (operation in ON_PEOPLE or service is _SERVICES[Service.DATAZONE])
        ),
        maybe_applied=kind == Kind.TROUBLE,
        retry_after=error.wait if busy else 0.0,
        eula_ids=_eula_ids(error) if sentence.kind == Kind.REFUSED else (),
    )


class _Sentence(NamedTuple):
    """A template of `_words`, when it holds, and the kind of error where that differs."""

    text: str
    when: Callable[[ErrorReply], object] = lambda _: True
    kind: Kind | None = None


class _ServiceErrors(NamedTuple):
    """The name and setting of a service, and the meaning of its errors and statuses."""

    who: str
    setting: str
    names: Mapping[str, Kind]
    statuses: Mapping[int, Kind]
    sentences: Mapping[Kind, tuple[_Sentence, ...]]


def _words(error: ErrorReply, service: _ServiceErrors) -> Mapping[str, object]:
    """Return what fills a sentence, safe to show."""
    operation = OPERATIONS[error.operation]
    wrong_store = "identityStoreId" in error.context
    return {
        "who": service.who,
        "setting": service.setting,
        "permission": f"{operation.service}:{error.operation}",
        "action": operation.action,
        "missing": operation.missing,
        "said": error.said,
        "status": error.status,
        "host": clean(error.peer.host),
        "profile": clean(error.peer.aws_profile or ""),
        "skew": in_words(abs(error.skew)),
        "side": "ahead" if error.skew > timedelta() else "behind",
        "minutes": f"{LONGEST_WAIT / 60:.0f} min",
        "advice": "Correct identity_store_id in the settings"
        if wrong_store
        else "Refresh before you try again",
    }


def _eula_ids(error: ErrorReply) -> tuple[str, ...]:
    ids = [one.strip() for one in error.context.get("eulaIds", "").split(",")]
    return tuple(one for one in ids[:_MOST_EULAS] if one)


def _of(*operations: str) -> Callable[[ErrorReply], bool]:
    return lambda error: error.operation in operations


def _code(code: str) -> Callable[[ErrorReply], bool]:
    return lambda error: error.code == code


def _of_people(error: ErrorReply) -> bool:
    return error.operation in ON_PEOPLE


def _has_profile(error: ErrorReply) -> bool:
    return bool(error.peer.aws_profile)


def _wants_more(error: ErrorReply) -> bool:
    return error.retry_after > LONGEST_WAIT


_LONG_PAUSE = "it asked for a longer pause, but nimble-tui retries after {minutes}"

_DENIED = _Sentence("{who} does not let you {action}; ask your admin for {permission}.")
_NOT_FOUND = _Sentence("{missing}.")
_THROTTLED = (
    _Sentence(f"{{who}} is throttling requests; {_LONG_PAUSE}.", _wants_more),
    _Sentence("{who} is throttling requests; try again in a moment."),
)

_STUDIO_NOT_SIGNED_IN = (
    _Sentence(
        "{who} rejected your access keys; sign in to the AWS profile {profile} again, or renew "
        "its keys.",
        _has_profile,
        Kind.NOT_SIGNED_IN,
    ),
    _Sentence(
        "{who} rejected your access keys; sign in again with a new invite.",
        kind=Kind.NOT_SIGNED_IN,
    ),
)
_STUDIO_SENTENCES = {
    Kind.NOT_SIGNED_IN: _STUDIO_NOT_SIGNED_IN,
    Kind.CLOCK: (
        _Sentence(
            "Your computer's clock is {skew} {side}, so the studio rejects your requests; set the "
            "clock right, then try again.",
            lambda error: abs(error.skew) >= _SKEW_THAT_MATTERS,
        ),
        *_STUDIO_NOT_SIGNED_IN,
    ),
    Kind.DENIED: (
        _Sentence(
            "You are not allowed to launch from this launch profile; ask your admin to make you a "
            "member of it.",
            _of("CreateStreamingSession"),
        ),
        _Sentence(
            "Only admins of the studio can accept licences{said}.",
            lambda error: error.operation == "AcceptEulas" and error.said,
        ),
        _Sentence(
            "Only admins of the studio can accept licences; ask one of them.", _of("AcceptEulas")
        ),
        _Sentence(
            "Only the operator can change who is an admin. Ask them.",
            _of(*_CHANGES_OF_ADMINS),
        ),
        _Sentence(
            "Only admins can change the members of launch profiles. Ask one of them.",
            _of(
                "PutLaunchProfileMembers", "UpdateLaunchProfileMember", "DeleteLaunchProfileMember"
            ),
        ),
        _DENIED,
    ),
    Kind.NOT_FOUND: (
        _Sentence(
            "The workstation launched with this token was deleted; use a new token.",
            _code("CLIENT_TOKEN_USED_UP"),
        ),
        _NOT_FOUND,
    ),
    Kind.CONFLICT: (
        _Sentence(
            "The studio can't do this in its current state{said}; refresh.",
            _of_people,
        ),
        _Sentence("The workstation is busy; try again when it has finished."),
    ),
    Kind.QUOTA: (
        _Sentence(
            "The studio is not allowed to launch machines of this type{said}; choose another "
            "type, or ask your admin for more.",
            lambda error: error.operation == "CreateStreamingSession" and "TYPE" in error.code,
        ),
        _Sentence(
            "You have reached the studio's limit of workstations{said}; delete one you do not "
            "need, or ask your admin for more.",
            _of("CreateStreamingSession"),
        ),
        _Sentence(
            "The studio has reached its limit{said}; delete a workstation you do not need, or ask "
            "your admin for more."
        ),
    ),
    Kind.THROTTLED: _THROTTLED,
    Kind.INVALID: (
        _Sentence(
            "The studio received two different requests with one token (a bug in nimble-tui); "
            "refresh to see the result, and report it.",
            lambda error: error.name == "IdempotentParameterMismatch",
        ),
        _Sentence(
            "This image needs a licence that is not yet accepted{said}; ask your admin to accept "
            "it, then launch again.",
            _code("EULA_NOT_ACCEPTED"),
            Kind.REFUSED,
        ),
        _Sentence(
            "The studio rejected the request{said}. {advice}.",
            lambda error: _of_people(error) and error.code in _RULES,
            Kind.REFUSED,
        ),
        _Sentence("The studio rejected the request{said}. {advice}.", _of_people),
        _Sentence(
            "This token was already used for another request; use a new token.",
            _code("CLIENT_TOKEN_REUSED"),
        ),
        _Sentence("The studio rejected the request{said}; refresh, then try again."),
    ),
    Kind.TROUBLE: (
        _Sentence(
            f"The studio returned an internal error ({{status}}), which does not affect your "
            f"workstations; {_LONG_PAUSE}.",
            _wants_more,
        ),
        _Sentence(
            "The studio returned an internal error ({status}), which does not affect your "
            "workstations; try again in a minute."
        ),
    ),
    Kind.NOT_UNDERSTOOD: (
        _Sentence(
            "{host} is not a Nimble studio (error {status}); check the network or endpoint_url in "
            "the settings."
        ),
    ),
}

_DIRECTORY_SENTENCES = {
    # Of kind DENIED, for signing in to the studio again would not help.
    Kind.NOT_SIGNED_IN: (
        _Sentence(
            "{who} rejected your access keys; sign in to the AWS profile {profile} (aws sso "
            "login).",
            _has_profile,
            Kind.DENIED,
        ),
        _Sentence(
            "{who} rejected your access keys; ask your operator whether they are valid for it, or "
            "set people_profile in the settings.",
            kind=Kind.DENIED,
        ),
    ),
    Kind.DENIED: (_DENIED,),
    Kind.NOT_FOUND: (_NOT_FOUND,),
    Kind.CONFLICT: (_Sentence("{who} is busy with it; refresh in a moment."),),
    Kind.THROTTLED: _THROTTLED,
    Kind.INVALID: (
        _Sentence(
            "{who} rejected the request{said}; refresh the profile before you try again.",
            _of("CreateUserProfile", "UpdateUserProfile"),
        ),
        _Sentence("{who} rejected the request{said}; check {setting} in the settings."),
    ),
    Kind.TROUBLE: (
        _Sentence(f"{{who}} returned an internal error ({{status}}); {_LONG_PAUSE}.", _wants_more),
        _Sentence("{who} returned an internal error ({status}); try again in a minute."),
    ),
    Kind.NOT_UNDERSTOOD: (
        _Sentence(
            "{who} is not available at {host} (error {status}); check {setting} and people_profile "
            "in the settings."
        ),
    ),
}

_NAMES = {
    "AccessDeniedException": Kind.DENIED,
    "AccessDenied": Kind.DENIED,
    "ConflictException": Kind.CONFLICT,
    "ExpiredToken": Kind.NOT_SIGNED_IN,
    "ExpiredTokenException": Kind.NOT_SIGNED_IN,
    "InvalidClientTokenId": Kind.NOT_SIGNED_IN,
    "MissingAuthenticationTokenException": Kind.NOT_SIGNED_IN,
    "ResourceNotFoundException": Kind.NOT_FOUND,
    "ThrottlingException": Kind.THROTTLED,
    "TooManyRequestsException": Kind.THROTTLED,
    "UnrecognizedClientException": Kind.NOT_SIGNED_IN,
    "ValidationException": Kind.INVALID,
}
_STUDIO_NAMES = {
    **_NAMES,
    "IdempotentParameterMismatch": Kind.INVALID,
    "InternalServerErrorException": Kind.TROUBLE,
    "InvalidSignatureException": Kind.CLOCK,
    "RequestExpired": Kind.CLOCK,
    "RequestTimeTooSkewed": Kind.CLOCK,
    "ServiceQuotaExceededException": Kind.QUOTA,
    "SignatureDoesNotMatch": Kind.CLOCK,
}
_DIRECTORY_NAMES = {
    **_NAMES,
    "IncompleteSignatureException": Kind.NOT_SIGNED_IN,
    "InternalServerException": Kind.TROUBLE,
    "InvalidSignatureException": Kind.NOT_SIGNED_IN,
    "RequestExpired": Kind.NOT_SIGNED_IN,
    "SignatureDoesNotMatch": Kind.NOT_SIGNED_IN,
    "UnauthorizedException": Kind.NOT_SIGNED_IN,
}
_STATUSES = {401: Kind.NOT_SIGNED_IN, 429: Kind.THROTTLED}
_STUDIO_STATUSES = {**_STATUSES, 408: Kind.UNREACHABLE}
_DIRECTORY_STATUSES = {**_STATUSES, 403: Kind.DENIED}
_DIRECTORY = (_DIRECTORY_NAMES, _DIRECTORY_STATUSES, _DIRECTORY_SENTENCES)

_SERVICES: Mapping[Service, _ServiceErrors] = {
    Service.NIMBLE: _ServiceErrors(
        "The studio", "studio_id", _STUDIO_NAMES, _STUDIO_STATUSES, _STUDIO_SENTENCES
    ),
    Service.IDENTITY_STORE: _ServiceErrors("The identity store", "identity_store_id", *_DIRECTORY),
    Service.DATAZONE: _ServiceErrors("Amazon DataZone", "domain_id", *_DIRECTORY),
}
