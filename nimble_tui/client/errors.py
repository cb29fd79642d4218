"""Errors of calls, each as one sentence for an artist."""

import functools
import http.client
import re
import ssl
from codecs import BOM_UTF8
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec, TypeVar

import botocore.exceptions as aws
from urllib3 import exceptions as http_errors
from urllib3.util.ssl_match_hostname import CertificateError

from nimble_tui.client.certificates import Authorities, distrust
from nimble_tui.config.paths import aws_files, with_tilde
from nimble_tui.core.service import ErrorKind, StudioError
from nimble_tui.core.text import clean

P = ParamSpec("P")
T = TypeVar("T")


class CallError(StudioError):
    """A StudioError with retry information.

    `again` says whether the same request can be retried, `maybe_applied` whether the studio may
    have executed the request without confirming it, `retry_after` how long it asked to wait,
    in seconds; `eula_ids` which licences have to be accepted first.
    """

    def __init__(
        self,
        kind: ErrorKind,
        message: str,
        *,
        again: bool = False,
        maybe_applied: bool = False,
        retry_after: float = 0.0,
        eula_ids: tuple[str, ...] = (),
    ) -> None:
        super().__init__(kind, message, retry_after=retry_after)
        self.again = again
        self.maybe_applied = maybe_applied
        self.eula_ids = eula_ids

    def name_request(self, request_id: str) -> None:
        """Add the request id to an unexpected error, for troubleshooting."""
        self.message = with_request_id(self.kind, self.message, request_id)
        self.args = (self.message,)


LAST_REQUEST_ID: ContextVar[str] = ContextVar("LAST_REQUEST_ID", default="")
"""The request that the running code got its last reply to."""

_UNEXPECTED = frozenset({ErrorKind.TROUBLE, ErrorKind.NOT_UNDERSTOOD})
_NAMED = " (request id "


def with_request_id(kind: ErrorKind, message: str, request_id: str) -> str:
    """Return a sentence with the request id if the error is unexpected."""
    if not request_id or kind not in _UNEXPECTED or _NAMED in message:
        return message
    return f"{message.rstrip('.')}{_NAMED}{request_id})."


@dataclass(frozen=True, slots=True)
class Peer:
    """Names for the other end: its host, the proxy setting, the AWS profile.

    `profile_setting` is what the settings call that profile, `authorities` who may vouch for the
    host's certificate besides those of the machine.
    """

    host: str
    proxy: str | None = None
    aws_profile: str | None = None
    profile_setting: str = "credentials"
    authorities: Authorities | None = None


def strip_frames(method: Callable[P, T]) -> Callable[P, T]:
    """Raise a method's StudioError again without the frames that hold the signed request."""

    @functools.wraps(method)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        outer = LAST_REQUEST_ID.set("")
        try:
            return method(*args, **kwargs)
        except StudioError as error:
            detached = error.detached()
            if error.kind == ErrorKind.NOT_UNDERSTOOD:  # it may be seen only after the call
                request_id = LAST_REQUEST_ID.get()
                detached.message = with_request_id(error.kind, error.message, request_id)
                detached.args = (detached.message,)
        finally:
            LAST_REQUEST_ID.reset(outer)
        raise detached

    return wrapper


def closed() -> CallError:
    """Return the fault of a call that was given up because the service was closed."""
    return CallError(
        ErrorKind.UNREACHABLE,
        "The connection to the studio was closed before it responded; open the studio again.",
        maybe_applied=True,
    )


def too_late(peer: Peer, *, maybe_applied: bool) -> CallError:
    """Return the fault of a call whose time was up."""
    return CallError(
        ErrorKind.UNREACHABLE,
        f"{clean(peer.host)} did not respond in time; check your network, then try again.",
        maybe_applied=maybe_applied,
    )


def not_understood(what: str = "The studio sent an unexpected response") -> CallError:
    """Return the error of a reply that violates the API."""
    return CallError(
        ErrorKind.NOT_UNDERSTOOD,
        f"{what}; try again in a moment, and ask your admin if it happens again.",
        maybe_applied=True,
    )


def too_large() -> CallError:
    """Return the fault of a reply that would fill the memory."""
    return not_understood("The studio's response is too long")


def from_exception(error: Exception, peer: Peer) -> CallError:
    """Return what an exception of the network, of botocore or of reading a reply means."""
    if isinstance(error, CallError):
        return error
    if isinstance(error, aws.BotoCoreError):
        return _aws(error, peer)
    if isinstance(error, http_errors.HTTPError | http.client.HTTPException | OSError):
        return _network(error, peer)
    return not_understood()


def unusable(error: Exception, peer: Peer) -> CallError:
    """Return the error of a botocore exception before any request was sent."""
    if isinstance(error, CallError):
        return error
    if isinstance(error, aws.BotoCoreError) and peer.aws_profile:
        return _aws(error, peer)
    if isinstance(error, aws.ClientError) and peer.aws_profile:
        return CallError(
            ErrorKind.NOT_SIGNED_IN,
            f"AWS provides no keys for the AWS profile {clean(peer.aws_profile)}{_code_of(error)}; "
            "sign in to it again, or ask your admin.",
        )
    if peer.aws_profile:
        return CallError(
            ErrorKind.SETTINGS,
            f"The AWS profile {clean(peer.aws_profile)} is not usable; check it in "
            f"{' and '.join(clean(with_tilde(one)) for one in aws_files())}.",
        )
    return CallError(
        ErrorKind.SETTINGS,
        "The settings of this studio are not usable; check its region and credentials.",
    )


def _code_of(error: aws.ClientError) -> str:
    """Return the error's name in the AWS API, in brackets, where it has one."""
    name = error.response.get("Error", {}).get("Code", "")
    return f" ({name})" if re.fullmatch(r"[A-Za-z]{1,64}", str(name)) else ""


def _network(error: Exception, peer: Peer) -> CallError:
    host = clean(peer.host)
    if isinstance(error, http_errors.ProxyError):
        return CallError(
            ErrorKind.UNREACHABLE,
            f"The proxy set by {peer.proxy or 'the proxy settings'} can't reach {host}; correct or "
            "remove that setting.",
        )
    if isinstance(error, http_errors.SSLError | ssl.SSLError):
        return _not_protected(error, peer)
    if isinstance(error, http_errors.NameResolutionError):
        return CallError(
            ErrorKind.UNREACHABLE,
            f"Can't find the name {host}; check your network connection and the studio's VPN.",
        )
    if isinstance(error, http_errors.ConnectTimeoutError | http_errors.NewConnectionError):
        return CallError(
            ErrorKind.UNREACHABLE,
            f"Can't connect to {host}; check your network or VPN, then try again.",
            again=True,
        )
    if isinstance(error, http_errors.TimeoutError):
        late = too_late(peer, maybe_applied=True)
        late.again = True
        return late
    if isinstance(error, http_errors.IncompleteRead | http.client.IncompleteRead) or any(
        isinstance(one, http_errors.IncompleteRead) for one in error.args
    ):
        cut = not_understood("The studio's response was cut short")
        cut.again = True
        return cut
    if any(_is_no_http(one) for one in (error, *error.args)):
        noise = not_understood(f"{host} did not respond with HTTP")
        noise.again = True
        return noise
    return CallError(
        ErrorKind.UNREACHABLE,
        f"{host} closed the connection without a response; try again in a moment.",
        again=True,
        maybe_applied=True,
    )


def _is_no_http(error: object) -> bool:
    """Return whether something came back, but no head of a reply."""
    gone = isinstance(error, http.client.RemoteDisconnected)
    return isinstance(error, http.client.HTTPException) and not gone


def _not_protected(error: Exception, peer: Peer) -> CallError:
    mistrusted = any(
        isinstance(one, ssl.SSLCertVerificationError | CertificateError) for one in error.args
    )
    broken = (
        f"TLS error with {clean(peer.host)}; check the address and your network, or ask your admin."
    )
    return CallError(
        ErrorKind.UNREACHABLE,
        distrust(peer.host, peer.authorities) if mistrusted else broken,
        # It may break after the request went through it.
        maybe_applied=True,
    )


def _not_parsed(error: aws.ConfigParseError) -> CallError:
    """Return the error of an unreadable AWS profile file, without the content of its lines."""
    path = Path(str(error.kwargs.get("path", "")))
    why = error.kwargs.get("error")
    marked = False
    with suppress(OSError), path.open("rb") as file:
        marked = file.read(len(BOM_UTF8)) == BOM_UTF8
    errors = getattr(why, "errors", None)
    line = errors[0][0] if isinstance(errors, list) and errors else getattr(why, "lineno", None)
    if marked:
        what = "begins with a byte-order mark, which AWS's tools cannot read; save it as UTF-8"
        what = f"{what} without one"
    elif isinstance(why, UnicodeDecodeError):
        what = "is not UTF-8 text; save it as UTF-8"
    else:
        what = f"cannot be read{f' from line {line} on' if line else ''}; correct it"
    return CallError(
        ErrorKind.SETTINGS, f"The AWS file {clean(with_tilde(path))} {what}, then try again."
    )


def _aws(error: aws.BotoCoreError, peer: Peer) -> CallError:
    profile = clean(peer.aws_profile or "")
    if isinstance(error, aws.ProfileNotFound):
        return CallError(
            ErrorKind.SETTINGS,
            f"No AWS profile named {profile}; correct {peer.profile_setting} in the settings.",
        )
    if isinstance(error, aws.ConfigParseError):
        return _not_parsed(error)
    if profile and isinstance(error, aws.HTTPClientError | aws.ConnectionError):
        return CallError(
            ErrorKind.UNREACHABLE,
            f"Can't reach AWS to sign in to the AWS profile {profile}; check your network, then "
            "try again.",
        )
    if isinstance(error, aws.ParamValidationError | aws.ValidationError):
        return CallError(
            ErrorKind.INVALID,
            "Invalid request parameters; check the ids in the settings and the command.",
        )
    if profile:
        return CallError(
            ErrorKind.NOT_SIGNED_IN,
            f"The AWS profile {profile} has no keys; sign in to it (aws sso login), then try "
            "again.",
        )
    return CallError(ErrorKind.NOT_SIGNED_IN, "No access keys for this studio; sign in again.")
