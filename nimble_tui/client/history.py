"""The history of a person's workstations, from the journal."""

from datetime import datetime

from nimble_tui.client.intent import Verb
from nimble_tui.client.journal.intents import Record
from nimble_tui.client.journal.journal import Pages
from nimble_tui.core.history import Event, EventKind
from nimble_tui.core.turns import in_turns


def history(pages: Pages, since: datetime) -> tuple[Event, ...]:
    """Return the requests and observed states since a time, oldest first."""
    last_states = pages.observed.last()
    requests = []
    for record in pages.intents.since(since):
        if record.intent.verb == Verb.ACCEPT:
            continue  # it is about no workstation
        last = last_states.get(record.intent.session_id)
        requests.append(
            Event(
                at=record.requested_at,
                session_id=record.intent.session_id,
                kind=EventKind.REQUESTED,
                what="give up" if record.gives_up else record.intent.verb,
                done=record.is_done,
                note=record.note,
                launch_profile_id=_chosen(record, "launch_profile_id")
                or (last.launch_profile_id if last else None),
                ec2_instance_type=_chosen(record, "ec2_instance_type")
                or (last.ec2_instance_type if last else None),
                principal_ids=record.intent.principal_ids,
                value=_chosen(record, "status") or _chosen(record, "persona") or "",
            )
        )
    events = [*requests, *(one.event for one in in_turns(pages.observed.since(since)))]
    return tuple(sorted(events, key=lambda one: one.at))


def _chosen(record: Record, name: str) -> str | None:
    return record.intent.parameters.get(name)
