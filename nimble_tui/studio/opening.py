"""Opening a studio: what is read of its data first, and what was missed while it was closed."""

from pathlib import Path

from nimble_tui.studio import clock_shift
from nimble_tui.studio.clock_guard import ClockGuard
from nimble_tui.studio.identities import DOMAIN, identity_store_id
from nimble_tui.studio.operations.request import About
from nimble_tui.studio.sample.facts import SAMPLE
from nimble_tui.studio.store.errors import StoreError
from nimble_tui.studio.store.transaction import Transaction


def begin(tx: Transaction, guard: ClockGuard) -> None:
    """Take up a studio where its data left it."""
    tx.take_back()
    tx.machines.take_back()
    guard.begin(tx)
    guard.save(tx)
    now = guard.now()
    if tx.fact(SAMPLE):
        clock_shift.make_up_for(tx, now)
    clock_shift.note_return(tx, now)
    clock_shift.note_served(tx, now)


def require_sample(tx: Transaction, path: Path | None) -> None:
    """Raise StoreError for a studio that is not the sample."""
    if tx.fact("studio_id") and not tx.fact(SAMPLE):
        raise StoreError(
            f"The studio in {path} is not the demo; serve it with --config FILE, its settings."
        )


def about_of(tx: Transaction) -> About:
    """Return the facts about a studio that do not change while it is open."""
    studio_id, region, account, domain_id = (
        tx.fact(name) or "" for name in ("studio_id", "region", "account", DOMAIN)
    )
    return About(studio_id, region, account, identity_store_id(tx), domain_id)
