"""Sessions beside their machines: what belongs together, and what is alone on either side."""

from datetime import datetime
from typing import NamedTuple

from nimble_tui.studio.clock_shift import is_deadline
from nimble_tui.studio.lifecycle.patrols import unknown_machines
from nimble_tui.studio.sample.facts import SAMPLE
from nimble_tui.studio.store.records import Kind, MachineRecord, Resource
from nimble_tui.studio.store.transaction import Transaction


class Row(NamedTuple):
    """A session and its machine; None for the side that is missing.

    `machine_id` is there also for a machine that only the backend knows. `problem` says in a few
    words what is wrong, "" for nothing.
    """

    session: Resource | None
    machine: MachineRecord | None
    machine_id: str = ""
    problem: str = ""

    @property
    def deadline(self) -> datetime | None:
        """When the machine is stopped or terminated by itself."""
        session = self.session
        return session.due_at if session is not None and is_deadline(session) else None

    @property
    def enforced_by(self) -> str:
        """The party that ends the machine at its deadline, as in "by the studio"; "" for none."""
        if self.deadline is None:
            return ""
        machine = self.machine
        if machine is None or machine.deadline_version != machine.enforced_version:
            return "by the studio"
        return machine.enforced_by or "by the studio"


def machine_list(tx: Transaction) -> list[Row]:
    """Return every session that is not DELETED, and every machine that did not end."""
    machines = {one.session_id: one for one in tx.machines.live()}
    rows = []
    for session in tx.page(Kind.STREAMING_SESSION):
        if session.state != "DELETED":
            machine = machines.pop(session.id, None)
            # The sample's workstations get a machine with the first request.
            is_alone = machine is None and not _may_have_none(session) and not tx.fact(SAMPLE)
            problem = "no machine" if is_alone else ""
            rows.append(Row(session, machine, machine.id if machine else "", problem))
    rows += [Row(None, one, one.id, "no workstation") for one in machines.values()]
    known = {row.machine_id for row in rows}
    unknown = (one for one in unknown_machines(tx) if one not in known)
    return rows + [Row(None, None, one, "unknown to the studio") for one in unknown]


def _may_have_none(session: Resource) -> bool:
    """Return whether a session is in a state in which it may be without a machine."""
    return session.state.startswith(("CREATE_", "DELETE_"))
