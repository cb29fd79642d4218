"""Entries of the audit log: who did what, when and from where.

They hold ids, names and which members were changed, never the values of those: scripts and
passwords of components are among them.
"""

import os
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from nimble_tui.studio.store.audit import AuditEntry
from nimble_tui.studio.store.records import Person, Resource
from nimble_tui.studio.store.transaction import Transaction

RETENTION: Final = timedelta(days=400)
"""The age at which entries are deleted unless the settings say otherwise: 13 months."""
AT_ONCE: Final = 1000
"""The most entries that are removed at a time."""
DEADLINE: Final = "deadline"
COMMAND: Final = "command line"
"""The origin of a change that came from no address."""
_MOST: Final = 20
_SHOWN: Final = frozenset(
    {
        *("launchProfileId", "streamingImageId", "studioComponentId", "sessionId", "streamId"),
        *("backupId", "principalId", "resourceArn", "persona", "volumeRetentionMode", "eulaIds"),
        *("ec2InstanceType", "name", "displayName", "userIdentifier", "status", "tagKeys"),
    }
)
"""The members whose values are ids, names or words of the API."""
_LEFT_OUT: Final = frozenset({"studioId", "clientToken", "identityStoreId", "domainIdentifier"})


def record_call(
    tx: Transaction,
    operation: str,
    params: Mapping[str, Any],
    output: Mapping[str, Any],
    *,
    person: Person,
    at: datetime,
    source: str,
) -> None:
    """Add an entry for an operation of the API that changed something."""
    made = next((one for one in output.values() if isinstance(one, Mapping)), {})
    about = {**_of(made, new=params), **_of(params)}
    others = sorted(params.keys() - about.keys() - _LEFT_OUT)
    if others:
        about["changed"] = others[:_MOST]
    members = params.get("members")
    if isinstance(members, list):
        about["members"] = [str(one.get("principalId", "")) for one in members[:_MOST]]
    tags = made.get("tags")
    if isinstance(tags, Mapping) and "Name" in tags:
        about["name"] = tags["Name"]
    session_id = str(about.pop("sessionId", ""))
    tx.audit.add(
        AuditEntry(at, person.principal_id, person.name, operation, about, source, session_id)
    )


def record_deadline(
    tx: Transaction, session: Resource, operation: str, at: datetime, studio_id: str
) -> None:
    """Add an entry for what the studio itself does to a session at its deadline."""
    name = session.document.get("tags", {}).get("Name")
    about = {"launchProfileId": session.document.get("launchProfileId", "")}
    about |= {"name": name} if name else {}
    tx.audit.add(AuditEntry(at, studio_id, "the studio", operation, about, DEADLINE, session.id))


def record_command(tx: Transaction, action: str, at: datetime, **about: object) -> None:
    """Add an entry for a command that a person ran at the studio's computer."""
    tx.audit.add(AuditEntry(at, "", user_name(), action, about, COMMAND))


def user_name() -> str:
    """Return who runs this process, by the system; "operator" where that has no name."""
    if sys.platform == "win32":
        return os.environ.get("USERNAME", "operator")
    import pwd  # noqa: PLC0415 - POSIX alone

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def _of(document: Mapping[str, Any], new: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the members that are shown; of what an operation returned, ids that were not sent."""
    found = {
        name: value[:_MOST] if isinstance(value, list) else value
        for name, value in document.items()
        if name in _SHOWN and isinstance(value, str | list)
    }
    if new is None:
        return found
    return {
        name: value
        for name, value in found.items()
        if name not in new and (name.endswith("Id") or name in {"name", "ec2InstanceType"})
    }
