"""Client tokens: a request that is sent again has no second effect.

Source: the AWS API reference, ClientToken. A token belongs to its sender, over all
operations, and is remembered for a day after it worked; a call that failed uses up none.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from nimble_tui.studio.http.errors import not_found, validation
from nimble_tui.studio.store.records import ClientToken, Resource
from nimble_tui.studio.store.transaction import Transaction

KEPT: Final = timedelta(hours=24)


def used_for(
    tx: Transaction, operation: str, params: Mapping[str, Any], principal_id: str, now: datetime
) -> Resource | None:
    """Return what this very request made or changed before, as it is now; None when it is new.

    ValidationException when its token came with another request, ResourceNotFoundException when
    what it made is gone by now.
    """
    used = tx.client_token(principal_id, params["clientToken"])
    if used is None or now - used.used_at >= KEPT:
        return None
    if used.request != _fingerprint(operation, params):
        raise validation(
            "This client token was used for another request; every request needs its own.",
            "CLIENT_TOKEN_REUSED",
        )
    resource = tx.resource(used.kind, used.resource_id)
    if resource is None:
        message = "The resource of this client token was deleted; use another token to create one."
        raise not_found(used.resource_id, message, "CLIENT_TOKEN_USED_UP")
    return resource


def use(
    tx: Transaction,
    operation: str,
    params: Mapping[str, Any],
    principal_id: str,
    *,
    resource: Resource,
    now: datetime,
) -> None:
    """Store a request's token with its result, and remove old ones."""
    tx.forget_client_tokens(now - KEPT)
    tx.add_client_token(
        ClientToken(
            principal_id=principal_id,
            token=params["clientToken"],
            request=_fingerprint(operation, params),
            kind=resource.kind,
            resource_id=resource.id,
            used_at=now,
        )
    )


def _fingerprint(operation: str, params: Mapping[str, Any]) -> str:
    others = {name: value for name, value in params.items() if name != "clientToken"}
    text = json.dumps([operation, others], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
