"""Notes about patrols in the store: when the last one was made, by which process, and findings.

One process at a time makes a patrol; if it dies, another one takes over when its lease ends.
"""

import json
import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from nimble_tui.studio.compute import Finding
from nimble_tui.studio.lifecycle.dispatcher import Terms
from nimble_tui.studio.lifecycle.lease_holders import has_ended
from nimble_tui.studio.store.bad_records import FAULTS
from nimble_tui.studio.store.records import stamp
from nimble_tui.studio.store.transaction import Transaction

_PATROL: Final = "patrol"
_LOOK_FIRST: Final = "look_first"
_VANISHED: Final = "vanished_machines"
_UNKNOWN: Final = "unknown_machines"
_BLIND: Final = "blind_since"
_MOST_NAMED: Final = 100

logger = logging.getLogger(__name__)


def next_at(tx: Transaction, now: datetime, me: str, terms: Terms) -> datetime:
    """Return when the next patrol is due for the process `me`."""
    interval = terms.while_changing if tx.machines.any_request() else terms.while_quiet
    try:
        about = json.loads(tx.fact(_PATROL) or "{}")
        last = datetime.fromisoformat(about["at"])
        until = datetime.fromisoformat(about["until"]) if "until" in about else None
        if last > now:  # noted by a clock that was wrong
            return now
        is_others = until is not None and now < until <= now + terms.lease and about["by"] != me
        if until is not None and is_others and not has_ended(about["by"]):
            return max(until, last + interval)
    except FAULTS:  # there was none yet, or the note is damaged
        return now
    return last + interval


def look_first(tx: Transaction) -> None:
    """Have all machines looked at, now, before anything that is due happens."""
    tx.note(_LOOK_FIRST, "yes")
    tx.forget_fact(_PATROL)


def must_look_first(tx: Transaction) -> bool:
    """Return whether all machines are to be looked at before anything happens by itself."""
    return tx.fact(_LOOK_FIRST) is not None


def note_looked(tx: Transaction) -> None:
    """Note that all machines were looked at."""
    tx.forget_fact(_LOOK_FIRST)


def begin(tx: Transaction, now: datetime, me: str, terms: Terms) -> None:
    """Note that the process `me` makes a patrol."""
    about = {"by": me, "at": now.isoformat(), "until": (now + terms.lease).isoformat()}
    tx.note(_PATROL, json.dumps(about))


def finish(tx: Transaction, began: datetime, me: str) -> bool:
    """Note that a patrol is finished; return False where another process has begun one since."""
    about = json.loads(tx.fact(_PATROL) or "{}")
    if about.get("by") != me or about.get("at") != began.isoformat():
        return False
    tx.note(_PATROL, json.dumps({"by": me, "at": about["at"]}))
    return True


def note_vanished(tx: Transaction, number: int, of: int) -> None:
    """Note, and log once, that so many machines vanished at once; 0 for none."""
    text = (
        f"{number} of {of} machines vanished at once, so nothing was changed: is it the right "
        "account, region or folder?"
    )
    if (tx.fact(_VANISHED) or "") == (text if number else ""):
        return
    if number:
        logger.error("%s", text)
    tx.note(_VANISHED, text if number else "")


def note_unknown(tx: Transaction, machine_ids: Sequence[str]) -> None:
    """Note, and log once, which machines are of no session."""
    text = json.dumps(sorted(machine_ids)[:_MOST_NAMED]) if machine_ids else ""
    if (tx.fact(_UNKNOWN) or "") == text:
        return
    if machine_ids:
        logger.warning("%d machines belong to no workstation and are left alone.", len(machine_ids))
    tx.note(_UNKNOWN, text)


def note_blind(tx: Transaction, now: datetime, *, blind: bool) -> None:
    """Note since when no patrol could describe the machines; nothing once one could."""
    since = tx.fact(_BLIND) or ""
    if blind != bool(since):
        tx.note(_BLIND, stamp(now) if blind else "")


def findings(tx: Transaction) -> list[Finding]:
    """Return the problems that the last patrol found."""
    vanished = tx.fact(_VANISHED)
    found = [Finding(ok=False, text=vanished)] if vanished else []
    blind = tx.fact(_BLIND)
    if blind:
        text = (
            f"The machines could not be described since {blind}, so changes outside of the studio "
            "are not noticed; the log says why."
        )
        found.append(Finding(ok=False, text=text))
    unknown = unknown_machines(tx)
    if unknown:
        text = f"Machines without a workstation, which are left alone: {', '.join(unknown)}"
        found.append(Finding(ok=False, text=text))
    return found


def unknown_machines(tx: Transaction) -> list[str]:
    """Return the machines of no session that the last patrol found, at most 100."""
    unknown: list[str] = json.loads(tx.fact(_UNKNOWN) or "[]")
    return unknown
