"""Streaming session operations; allowed to the owner and to admins."""

from nimble_tui.core.unclear_steps import CAN_BE_GIVEN_UP, UNCLEAR
from nimble_tui.studio import eulas, quotas, rights
from nimble_tui.studio.http.errors import validation
from nimble_tui.studio.ids import new_session_id
from nimble_tui.studio.lifecycle import records
from nimble_tui.studio.lifecycle.dispatcher import can_be_given_up
from nimble_tui.studio.lifecycle.records import session_document
from nimble_tui.studio.lifecycle.timers import deadline_of
from nimble_tui.studio.operations.backups import require_usable
from nimble_tui.studio.operations.listing import page_of
from nimble_tui.studio.operations.request import Request
from nimble_tui.studio.operations.states import require_settled
from nimble_tui.studio.operations.tag_rules import check_tags
from nimble_tui.studio.settings import Settings
from nimble_tui.studio.store.bad_records import log_bad_record
from nimble_tui.studio.store.records import Document, Kind, Person, Resource, stamp

DELETABLE = frozenset(
    {
        "READY",
        "STOPPED",
        "CREATE_FAILED",
        "START_FAILED",
        "STOP_FAILED",
        "DELETE_FAILED",
    }
)

_HELD_BACK = (
    "The clock of the studio's computer jumped past the deadline; nothing happens until the clock "
    "proves right."
)


def list_streaming_sessions(request: Request) -> Document:
    """Return sessions, those DELETED within the hour included."""
    request.check_studio()
    params = request.params
    rights.require_self(request.person, params.get("ownedBy"), "ownedBy")
    page = page_of(
        request,
        Kind.STREAMING_SESSION,
        "sessions",
        owned_by=params.get("ownedBy"),
        created_by=params.get("createdBy"),
        # One string in the API; that it takes several ids, set apart by commas, is our reading.
        ids=[one for one in params.get("sessionIds", "").split(",") if one],
    )
    return page | {"sessions": [_shown(request, session) for session in page["sessions"]]}


def get_streaming_session(request: Request) -> Document:
    """Return a session."""
    return {"session": _shown(request, find(request).document)}


def create_streaming_session(request: Request) -> Document:
    """Launch a workstation from a launch profile; type and image default to its first ones."""
    check_tags(request.params.get("tags", {}))
    profile = request.find(Kind.LAUNCH_PROFILE, request.params["launchProfileId"])
    rights.require_member(request.tx, request.person, profile)
    owned_by = request.params.get("ownedBy", request.person.principal_id)
    rights.require_self(request.person, owned_by, "ownedBy")

    def effect() -> Resource:
        require_settled(profile, {"READY"}, "launched from")
        instance_type, image_id = _choose(request, profile)
        owner = _owner(request, owned_by, profile)
        settings = Settings.load(request.tx)
        quotas.check_instance_type(settings, instance_type)
        quotas.check_sessions(request.tx, settings, owner)
        document = _document(request, profile, owner, instance_type, image_id)
        return records.create(request.tx, document, request.now, request.person.principal_id)

    return {"session": request.once(effect)}


def stop_streaming_session(request: Request) -> Document:
    """Stop a session; where its launch profile does not allow that, it fails."""
    session = find(request)

    def effect() -> Resource:
        require_settled(session, {"READY"}, "stopped")
        records.stop(
            request.tx,
            session,
            request.now,
            request.person.principal_id,
            volume_retention_mode=request.params.get("volumeRetentionMode", "RETAIN"),
        )
        return session

    return {"session": request.once(effect)}


def start_streaming_session(request: Request) -> Document:
    """Start a session again, with its disk as it is or as it was in a backup of it."""
    session = request.find(Kind.STREAMING_SESSION, request.params["sessionId"])
    backup_id = request.params.get("backupId")
    backup = request.find(Kind.STREAMING_SESSION_BACKUP, backup_id) if backup_id else None
    rights.require_owner(request.person, session)
    if backup is not None:
        rights.require_owner(request.person, backup)

    def effect() -> Resource:
        require_settled(session, {"STOPPED", "START_FAILED"}, "started")
        if backup is not None:
            require_usable(backup, session)
        elif (machine := request.tx.machines.of_session(session.id)) and machine.gone:
            message = "Its disk is gone; start it from a backup."
            raise validation(message, "DISK_GONE", {"resourceId": session.id})
        records.start(
            request.tx, session, request.now, request.person.principal_id, backup_id=backup_id
        )
        return session

    return {"session": request.once(effect)}


def delete_streaming_session(request: Request) -> Document:
    """Delete a session; one whose step gets no clear answer for long is given up instead."""
    session = find(request)

    def effect() -> Resource:
        if session.in_transition and _can_be_given_up(request, session.id):
            records.give_up(request.tx, session, request.now)
            return session
        require_settled(session, DELETABLE, "deleted")
        records.delete(request.tx, session, request.now, request.person.principal_id)
        return session

    return {"session": request.once(effect)}


def _can_be_given_up(request: Request, session_id: str) -> bool:
    machine = request.tx.machines.of_session(session_id)
    sent = request.tx.machines.request_of(machine.id) if machine else None
    return can_be_given_up(sent, request.now)


def _shown(request: Request, session: Document) -> Document:
    """Return a session with the message of this moment.

    It says that the step under way can be given up, or that a clock that jumped has passed its
    deadline.
    """
    if str(session.get("statusMessage")).startswith(UNCLEAR):
        with log_bad_record(Kind.STREAMING_SESSION, session.get("sessionId")):
            given_up = _can_be_given_up(request, session["sessionId"])
            session = session | {"statusMessage": CAN_BE_GIVEN_UP if given_up else UNCLEAR}
    if request.disputed is None:
        return session
    with log_bad_record(Kind.STREAMING_SESSION, session.get("sessionId")):
        deadline = deadline_of(session)
        if deadline is not None and deadline <= request.disputed:
            return session | {"statusMessage": _HELD_BACK}
    return session


def find(request: Request) -> Resource:
    """Return the session that the call names, for its owner and for admins."""
    session = request.find(Kind.STREAMING_SESSION, request.params["sessionId"])
    rights.require_owner(request.person, session)
    return session


def _choose(request: Request, profile: Resource) -> tuple[str, str]:
    configuration = profile.document["streamConfiguration"]
    chosen = []
    for name, allowed in (
        ("ec2InstanceType", configuration["ec2InstanceTypes"]),
        ("streamingImageId", configuration["streamingImageIds"]),
    ):
        value = request.params.get(name, allowed[0])
        if value not in allowed:
            problem = f"must be one of the launch profile's: {', '.join(allowed)}"
            raise validation(f"{name} {problem}.", context={name: problem})
        chosen.append(value)
    instance_type, image_id = chosen
    image = request.tx.resource(Kind.STREAMING_IMAGE, image_id)
    if image is None or image.state != "READY":
        problem = "must be an image that is READY"
        raise validation(f"streamingImageId {problem}.", context={"streamingImageId": problem})
    eulas.check_accepted(request.tx, image)
    return instance_type, image_id


def _owner(request: Request, principal_id: str, profile: Resource) -> Person:
    owner = request.tx.person(principal_id)
    if owner is None or not rights.may_use(request.tx, owner, profile):
        problem = "must be a member of the launch profile"
        raise validation(f"ownedBy {problem}.", context={"ownedBy": problem})
    return owner


def _document(
    request: Request, profile: Resource, owner: Person, instance_type: str, image_id: str
) -> Document:
    session_id = new_session_id(
        request.chance, lambda ending: request.tx.has_ending(Kind.STREAMING_SESSION, ending)
    )
    return session_document(
        profile.document["streamConfiguration"],
        sessionId=session_id,
        arn=request.arn(Kind.STREAMING_SESSION, session_id),
        launchProfileId=profile.id,
        ec2InstanceType=instance_type,
        streamingImageId=image_id,
        ownedBy=owner.principal_id,
        createdAt=stamp(request.now),
        createdBy=request.person.principal_id,
        tags=request.params.get("tags", {}),
    )
