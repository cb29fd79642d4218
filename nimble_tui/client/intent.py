"""Confirmed requests, repeated without change under one token."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from nimble_tui.core.launching import LAUNCH_TAG, LaunchRequest
from nimble_tui.core.model import SessionAction
from nimble_tui.core.service import ErrorKind, StudioError

if TYPE_CHECKING:
    from mypy_boto3_nimble.client import NimbleStudioClient

NAME_TAG = "Name"
LONGEST_TOKEN = 64


class Verb(StrEnum):
    """The requests that change something in a studio."""

    LAUNCH = "launch"
    START = "start"
    STOP = "stop"
    DELETE = "delete"
    KEEP = "keep"
    RENAME = "rename"
    ACCEPT = "accept"
    CONNECT = "connect"
    ADD_MEMBERS = "people add"
    REMOVE_MEMBER = "people remove"
    SET_PERSONA = "people persona"
    ADD_ADMINS = "people promote"
    REMOVE_ADMIN = "people demote"
    CREATE_PROFILE = "people profile"
    SET_STATUS = "people status"

    @property
    def is_about_people(self) -> bool:
        """True for a change of people, which affects no workstation."""
        return self.value.startswith("people ")


def is_giving_up(verb: Verb, state_before: str) -> bool:
    """Return whether a request was to give up the step of the state before it: a delete does."""
    return verb == Verb.DELETE and state_before.endswith("_IN_PROGRESS")


def new_token() -> str:
    """Return a new client token."""
    return str(uuid4())


def _none() -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Intent:
    """A confirmed request, with the token that makes it idempotent.

    `session_id` is "" without a workstation; `parameters` are the
    operation's own, in snake_case, without the empty ones; `principal_ids` among them are
    separated by blanks, which no such id holds.
    """

    verb: Verb
    session_id: str = ""
    parameters: Mapping[str, str] = field(default_factory=_none)
    client_token: str = field(default_factory=new_token)

    @property
    def principal_ids(self) -> tuple[str, ...]:
        """The people that it is about; none for workstations."""
        return tuple(self.parameters.get("principal_ids", "").split())


def action_intent(
    action: SessionAction,
    session_id: str,
    *,
    backup_id: str | None,
    volume_retention_mode: str | None,
    client_token: str | None,
) -> Intent:
    """Return the intent of an action; StudioError of kind INVALID for what goes with another."""
    if (backup_id is not None and action != SessionAction.START) or (
        volume_retention_mode is not None and action != SessionAction.STOP
    ):
        raise StudioError(
            ErrorKind.INVALID,
            "Only a start can restore a backup, and only a stop can change what happens to the "
            "disk.",
        )
    if volume_retention_mode not in {None, "RETAIN", "DELETE"}:
        raise StudioError(
            ErrorKind.INVALID, "A stop can RETAIN the disk or DELETE it; use one of the two."
        )
    named = {"backup_id": backup_id, "volume_retention_mode": volume_retention_mode}
    parameters = {name: value for name, value in named.items() if value}
    token = new_token() if client_token is None else client_token
    return Intent(Verb(action), session_id, parameters, token)


def launch_intent(request: LaunchRequest, client_token: str | None) -> Intent:
    """Return the intent to launch; its token becomes a tag, so that it can be found again."""
    parameters = {
        "launch_profile_id": request.launch_profile_id,
        "ec2_instance_type": request.ec2_instance_type,
        "streaming_image_id": request.streaming_image_id,
    }
    if request.name:
        parameters["name"] = request.name
    return Intent(
        Verb.LAUNCH, "", parameters, new_token() if client_token is None else client_token
    )


def ask(client: "NimbleStudioClient", studio_id: str, intent: Intent) -> Mapping[str, Any]:
    """Send an intent; CONNECT and the rest answer as their operations do."""
    reply: Mapping[str, Any] = _ASK[intent.verb](client, studio_id, intent)
    return reply


def _launch(client: "NimbleStudioClient", studio_id: str, intent: Intent) -> Any:
    chosen: Any = intent.parameters
    named = {NAME_TAG: chosen["name"]} if "name" in chosen else {}
    return client.create_streaming_session(
        studioId=studio_id,
        launchProfileId=chosen["launch_profile_id"],
        ec2InstanceType=chosen["ec2_instance_type"],
        streamingImageId=chosen["streaming_image_id"],
        tags={**named, LAUNCH_TAG: intent.client_token},
        clientToken=intent.client_token,
    )


def _start(client: "NimbleStudioClient", studio_id: str, intent: Intent) -> Any:
    backup_id = intent.parameters.get("backup_id")
    more: Any = {"backupId": backup_id} if backup_id else {}
    return client.start_streaming_session(
        studioId=studio_id, sessionId=intent.session_id, clientToken=intent.client_token, **more
    )


def _stop(client: "NimbleStudioClient", studio_id: str, intent: Intent) -> Any:
    mode = intent.parameters.get("volume_retention_mode")
    more: Any = {"volumeRetentionMode": mode} if mode else {}
    return client.stop_streaming_session(
        studioId=studio_id, sessionId=intent.session_id, clientToken=intent.client_token, **more
    )


def _delete(client: "NimbleStudioClient", studio_id: str, intent: Intent) -> Any:
    return client.delete_streaming_session(
        studioId=studio_id, sessionId=intent.session_id, clientToken=intent.client_token
    )


def _accept(client: "NimbleStudioClient", studio_id: str, intent: Intent) -> Any:
    return client.accept_eulas(
        studioId=studio_id,
        eulaIds=intent.parameters["eula_ids"].split(","),
        clientToken=intent.client_token,
    )


def _connect(client: "NimbleStudioClient", studio_id: str, intent: Intent) -> Any:
    seconds = intent.parameters.get("expiration_in_seconds")
    more: Any = {"expirationInSeconds": int(seconds)} if seconds else {}
    return client.create_streaming_session_stream(
        studioId=studio_id, sessionId=intent.session_id, clientToken=intent.client_token, **more
    )


def _rename(client: "NimbleStudioClient", _: str, intent: Intent) -> Any:
    arn, name = intent.parameters["arn"], intent.parameters.get("name")
    # Its types say that nothing is answered, but botocore answers with what came along.
    tagging: Any = client
    if name:
        return tagging.tag_resource(resourceArn=arn, tags={NAME_TAG: name})
    return tagging.untag_resource(resourceArn=arn, tagKeys=[NAME_TAG])


_ASK: Mapping[Verb, Callable[["NimbleStudioClient", str, Intent], Any]] = {
    Verb.LAUNCH: _launch,
    Verb.START: _start,
    Verb.KEEP: _start,
    Verb.STOP: _stop,
    Verb.DELETE: _delete,
    Verb.ACCEPT: _accept,
    Verb.CONNECT: _connect,
    Verb.RENAME: _rename,
}
