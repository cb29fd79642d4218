"""The requests for a session's machine: issued with the change of the record that needs them.

A request is stored in the same transaction as that change and sent after it, so that neither is
ever there without the other.
"""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from nimble_tui.studio.compute import Machine, MachineRequest, Verb
from nimble_tui.studio.lifecycle.initialization import (
    for_machine,
    security_groups,
    usable_components,
)
from nimble_tui.studio.store.bad_records import log_bad_record
from nimble_tui.studio.store.records import (
    Document,
    Kind,
    MachineRecord,
    RequestRecord,
    Resource,
)
from nimble_tui.studio.store.transaction import Transaction

REMEMBERED: Final = timedelta(days=7)
"""The time for which an ended machine is remembered, in case it turns up late."""


def issue(
    tx: Transaction,
    session: Resource,
    verb: Verb,
    at: datetime,
    *,
    state: str = "",
    retention: str = "RETAIN",
    backup_id: str = "",
) -> None:
    """Issue a request for a session's machine; `state` is the session's before this step."""
    number = tx.machines.next_number()
    machine = tx.machines.of_session(session.id)
    if machine is None or verb == Verb.LAUNCH:
        if machine is not None:
            end(tx, machine, at)
        machine = new_machine(tx, session, f"{session.id}-{number}")
    machine.last_request, machine.look_at = number, None
    machine.missing_since, machine.missing_looks = None, 0
    change_deadline(machine, at)
    tx.machines.put(machine)
    tx.machines.put_request(
        RequestRecord(
            number=number,
            machine_id=machine.id,
            session_id=session.id,
            verb=verb,
            parameters={
                "state": state,
                "tags": dict(session.document.get("tags", {})),
                "retention": retention,
                "backupId": backup_id,
            },
            issued_at=at,
            next_try_at=at,
        )
    )


def issue_termination(tx: Transaction, machine: MachineRecord, at: datetime) -> None:
    """Issue a request to end a machine whose session is over."""
    machine.last_request = tx.machines.next_number()
    tx.machines.put(machine)
    tx.machines.put_request(
        RequestRecord(
            number=machine.last_request,
            machine_id=machine.id,
            session_id=machine.session_id,
            verb=Verb.TERMINATE,
            parameters={},
            issued_at=at,
            next_try_at=at,
        )
    )


def new_machine(tx: Transaction, session: Resource, machine_id: str) -> MachineRecord:
    """Return the machine of a session that has none, with what its launch profile says now."""
    document = session.document
    about: Document = {
        "owner": document["ownedBy"],
        "launchProfileId": document["launchProfileId"],
        "ec2InstanceType": document["ec2InstanceType"],
        "streamingImageId": document["streamingImageId"],
        "volumes": document.get("volumeConfiguration", {}),
    }
    with log_bad_record(Kind.STREAMING_IMAGE, document["streamingImageId"]):
        image = tx.resource(Kind.STREAMING_IMAGE, document["streamingImageId"])
        if image is not None:
            about["ec2ImageId"] = image.document["ec2ImageId"]
            about["platform"] = image.document["platform"]
    with log_bad_record(Kind.LAUNCH_PROFILE, document["launchProfileId"]):
        profile = tx.resource(Kind.LAUNCH_PROFILE, document["launchProfileId"])
        if profile is not None:
            components = usable_components(tx, profile.document["studioComponentIds"])
            about |= {
                "subnetIds": profile.document["ec2SubnetIds"],
                "streamConfiguration": profile.document["streamConfiguration"],
                "securityGroupIds": security_groups(components),
                "initialization": for_machine(components, about.get("platform", "")),
            }
    return MachineRecord(machine_id, session.id, json.dumps(about))


def change_deadline(machine: MachineRecord, at: datetime) -> None:
    """Note that the deadline of a machine changed, for its backend to enforce."""
    machine.deadline_version += 1
    machine.enforce_at = at


def end(tx: Transaction, machine: MachineRecord, at: datetime) -> None:
    """Note that a session has this machine no longer."""
    machine.ended_at, machine.look_at = at, None
    machine.enforced_version = machine.deadline_version
    tx.machines.put(machine)
    tx.machines.end_request(machine.id)


def machine_of(record: MachineRecord, parameters: Document | None = None) -> Machine:
    """Return a machine as backends see it, with the parameters of a request."""
    about: Document = json.loads(record.about)
    given = parameters or {}
    return Machine(
        id=record.id,
        session_id=record.session_id,
        handle=record.handle,
        requested_at=record.requested_at,
        owner=about.get("owner", ""),
        launch_profile_id=about.get("launchProfileId", ""),
        ec2_instance_type=about.get("ec2InstanceType", ""),
        streaming_image_id=about.get("streamingImageId", ""),
        ec2_image_id=about.get("ec2ImageId", ""),
        platform=about.get("platform", ""),
        subnet_ids=about.get("subnetIds", ()),
        security_group_ids=about.get("securityGroupIds", ()),
        stream_configuration=about.get("streamConfiguration", {}),
        initialization=about.get("initialization", ()),
        volumes=about.get("volumes", {}),
        retention=given.get("retention", "RETAIN"),
        backup_id=given.get("backupId", ""),
        tags=given.get("tags", {}),
        state=given.get("state", ""),
    )


def shown_machine(tx: Transaction, session: Resource) -> Machine:
    """Return a session's machine as it is shown to a person, with the session's tags."""
    document = session.document
    record = tx.machines.of_session(session.id) or MachineRecord(session.id, session.id, "{}")
    return machine_of(record, {"tags": document.get("tags", {}), "state": session.state})


def request_of(record: MachineRecord, request: RequestRecord) -> MachineRequest:
    """Return a request as backends see it."""
    # What an observation or an answer may have added meanwhile is no part of the request.
    handle = "" if request.verb == Verb.LAUNCH else record.handle
    machine = replace(machine_of(record, request.parameters), requested_at=None, handle=handle)
    return MachineRequest(request.verb, request.token, request.number, machine, request.issued_at)
