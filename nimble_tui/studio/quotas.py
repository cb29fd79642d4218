"""Refuses what is over the studio's quotas."""

from nimble_tui.studio.http.errors import quota
from nimble_tui.studio.settings import Settings
from nimble_tui.studio.store.records import Kind, Person
from nimble_tui.studio.store.transaction import Transaction


def check_instance_type(settings: Settings, instance_type: str) -> None:
    """Refuse a type that the studio does not launch."""
    allowed = settings.instance_types
    if allowed is not None and instance_type not in allowed:
        raise quota(
            f"Allowed instance types: {', '.join(allowed) or 'none'}.",
            "INSTANCE_TYPE_QUOTA_EXCEEDED",
            {"ec2InstanceType": instance_type, "allowed": ", ".join(allowed) or "none"},
        )


def check_sessions(tx: Transaction, settings: Settings, owner: Person) -> None:
    """Refuse a session beyond the owner's quota.

    Source: the AWS API reference, DeleteStreamingSession: a session counts until it is DELETED.
    """
    limit = settings.sessions_per_person + owner.granted_sessions
    live = tx.count_live(Kind.STREAMING_SESSION, owner.principal_id)
    if live >= limit:
        raise quota(
            f"Limit: {limit}; in use: {live}.",
            "STREAMING_SESSION_QUOTA_EXCEEDED",
            {"limit": str(limit), "live": str(live), "ownedBy": owner.principal_id},
        )
