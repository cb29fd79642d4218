"""Licences: which of an image's the studio has not accepted yet, and who can accept them.

Source: the AWS API reference, StreamingImage, member eulaIds; EulaAcceptance.
"""

from datetime import datetime

from nimble_tui.studio.http.errors import validation
from nimble_tui.studio.store.records import Kind, Resource, Role, stamp
from nimble_tui.studio.store.transaction import Transaction


def missing(tx: Transaction, streaming_image: Resource) -> list[str]:
    """Return the ids of the licences that stand between an image and a launch."""
    eula_ids = streaming_image.document.get("eulaIds", ())
    # One acceptance counts for the whole studio, so it is stored under the id of its licence.
    return [one for one in eula_ids if tx.resource(Kind.EULA_ACCEPTANCE, one) is None]


def check_accepted(tx: Transaction, streaming_image: Resource) -> None:
    """Refuse a launch from an image whose licences are not all accepted."""
    eula_ids = missing(tx, streaming_image)
    if not eula_ids:
        return
    found = [tx.resource(Kind.EULA, one) for one in eula_ids]
    names = ", ".join(one.document.get("name", one.id) if one else "one unknown" for one in found)
    raise validation(
        f"The studio has not accepted all licences of this image yet: {names}. {whom_to_ask(tx)}",
        "EULA_NOT_ACCEPTED",
        {"eulaIds": ",".join(eula_ids)},
    )


def acceptance_of(
    eula_id: str, acceptance_id: str, *, studio_id: str, by: str, at: datetime
) -> Resource:
    """Return the acceptance of a licence by the studio, at the hands of a principal."""
    document = {
        "eulaAcceptanceId": acceptance_id,
        "eulaId": eula_id,
        "accepteeId": studio_id,
        "acceptedBy": by,
        "acceptedAt": stamp(at),
    }
    return Resource(Kind.EULA_ACCEPTANCE, eula_id, document)


def whom_to_ask(tx: Transaction) -> str:
    """Return a sentence about who can accept a licence."""
    names = [one.name for one in tx.administrators() if one.role == Role.ADMIN and one.active]
    who = " or ".join(names) if names else "The studio's operator"
    return f"{who} can accept them."
