"""Launches whose outcome was never reported: the process died, or the studio's reply was lost."""

from collections.abc import Iterator

from nimble_tui.client.executor import Executor
from nimble_tui.client.intent import Verb
from nimble_tui.client.journal.intents import KEPT, Record
from nimble_tui.client.launching import TOKEN_LASTS, made_by, made_untagged
from nimble_tui.core.launching import LaunchRequest, UnresolvedLaunch
from nimble_tui.core.listing import Listing
from nimble_tui.core.model import SessionState, StreamingSession
from nimble_tui.core.rules import GONE

_OF_NO_USE = GONE | {SessionState.CREATE_FAILED}


def unresolved_launches(
    executor: Executor, listing: Listing[StreamingSession]
) -> tuple[UnresolvedLaunch, ...]:
    """Return the launches that the next one like them continues, the newest first.

    `listing` are the workstations as just listed. A launch is left out where what it made is gone
    or failed, and where the studio has forgotten its token and lists nothing that it made.
    """
    return tuple(_unresolved(executor, listing))


def _unresolved(
    executor: Executor, listing: Listing[StreamingSession]
) -> Iterator[UnresolvedLaunch]:
    now = executor.clock.now()
    for record in executor.pages.intents.unresolved(Verb.LAUNCH, now - KEPT):
        is_young = now - record.requested_at < TOKEN_LASTS
        session = made_by(record, listing.items)
        if session is None and not is_young:
            session = made_untagged(record, listing.items)
        if session is None and not is_young and listing.complete:
            continue
        if session is None or session.state not in _OF_NO_USE:
            yield UnresolvedLaunch(
                _request(record), record.intent.client_token, record.requested_at, session
            )


def _request(record: Record) -> LaunchRequest:
    chosen = record.intent.parameters
    return LaunchRequest(
        chosen["launch_profile_id"],
        chosen["ec2_instance_type"],
        chosen["streaming_image_id"],
        chosen.get("name", ""),
    )
