"""Workstations whose step under way gets no clear answer, in a studio of simulated machines."""

from datetime import datetime, timedelta

from nimble_tui.studio.compute import Verb
from nimble_tui.studio.lifecycle import machines
from nimble_tui.studio.lifecycle.dispatcher import note_unclear
from nimble_tui.studio.lifecycle.timers import clear_timers
from nimble_tui.studio.lifecycle.transitions import Change, begin
from nimble_tui.studio.store.records import Kind
from nimble_tui.studio.studio import Studio

_VERBS = {
    Change.CREATE: Verb.LAUNCH,
    Change.START: Verb.START,
    Change.STOP: Verb.STOP,
    Change.DELETE: Verb.TERMINATE,
}


def make_unclear(studio: Studio, session_id: str, step: str, since: datetime) -> None:
    """Begin a step of a session at a time, to which there was no clear answer from then on."""
    change = Change(step.upper())
    with studio._store.write() as tx:  # noqa: SLF001 - a simulated machine answers clearly
        session = tx.resource(Kind.STREAMING_SESSION, session_id)
        assert session is not None
        clear_timers(session.document)
        begin(session, change, None, since, session.document["ownedBy"])
        tx.put(session)
        machines.issue(tx, session, _VERBS[change], since)
        machine = tx.machines.of_session(session_id)
        request = tx.machines.request_of(machine.id) if machine else None
        assert request is not None
        note_unclear(tx, session, request, since)
        request.next_try_at = since + timedelta(days=1000)
        tx.machines.put_request(request)


def make_clear(studio: Studio, session_id: str) -> None:
    """Have the request sent again at once: the simulated machine answers."""
    with studio._store.write() as tx:  # noqa: SLF001
        machine = tx.machines.of_session(session_id)
        request = tx.machines.request_of(machine.id) if machine else None
        assert request is not None
        request.next_try_at = request.issued_at
        tx.machines.put_request(request)
