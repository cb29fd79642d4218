"""studio machines: workstations beside the machines that run them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimble_tui.cli import exit_codes
from nimble_tui.cli.errors import say
from nimble_tui.cli.output import print_json, print_table
from nimble_tui.cli.studio_people import studio_data
from nimble_tui.core.text import clean, clean_id

if TYPE_CHECKING:
    from argparse import Namespace

    from nimble_tui.cli.output import Cell
    from nimble_tui.studio.machine_list import Row


def list_machines(args: Namespace) -> int:
    """List workstations beside machines, and what is alone on either side; 1 where anything is."""
    from nimble_tui.studio.invites import opened
    from nimble_tui.studio.machine_list import machine_list

    with studio_data(args) as data, opened(data) as store, store.read() as tx:
        rows = machine_list(tx)
        names = {one.principal_id: one.name for one in tx.people()}
    alone = sum(bool(row.problem) for row in rows)
    if args.json:
        print_json({"machines": [_facts(row, names) for row in rows]})
    elif rows:
        print_table(
            ("WORKSTATION", "NAME", "OWNER", "STATE", "DEADLINE", "ENFORCED", "MACHINE"),
            [_cells(row, names) for row in rows],
            giving_way=("MACHINE", "NAME", "OWNER"),
        )
    else:
        say("There are no workstations and no machines.")
    if alone:
        say(
            f"{alone} of them {'has' if alone == 1 else 'have'} no counterpart; the studio leaves "
            "unknown machines as they are."
        )
    return exit_codes.FAILED if alone else exit_codes.DONE


def _facts(row: Row, names: dict[str, str]) -> dict[str, object]:
    session, machine = row.session, row.machine
    document = session.document if session else {}
    return {
        "sessionId": session.id if session else None,
        "name": document.get("tags", {}).get("Name"),
        "ownedBy": document.get("ownedBy"),
        "owner": names.get(document.get("ownedBy", "")),
        "state": session.state if session else None,
        "machineId": row.machine_id or None,
        "handle": machine.handle if machine else None,
        "deadline": row.deadline.isoformat() if row.deadline else None,
        "enforcedBy": row.enforced_by or None,
        "problem": row.problem or None,
    }


def _cells(row: Row, names: dict[str, str]) -> tuple[Cell, ...]:
    session = row.session
    document = session.document if session else {}
    owner = str(document.get("ownedBy", ""))
    return (
        clean_id(session.id[-4:]) if session else "-",
        clean(str(document.get("tags", {}).get("Name", ""))),
        clean(names.get(owner, owner)),
        session.state if session else "-",
        f"{row.deadline:%Y-%m-%d %H:%M} UTC" if row.deadline else "",
        row.enforced_by,
        (row.problem, "loud") if row.problem and not row.machine_id else _machine(row),
    )


def _machine(row: Row) -> Cell:
    shown = clean_id(row.machine_id)
    return (f"{shown} ({row.problem})", "loud") if row.problem else shown
