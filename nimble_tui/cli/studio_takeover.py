"""studio takeover: a restored or copied studio put in charge of its workstations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimble_tui.cli import exit_codes, terminal
from nimble_tui.cli.errors import say
from nimble_tui.cli.studio_people import studio_data

if TYPE_CHECKING:
    from argparse import Namespace


def take_over(args: Namespace) -> int:
    """Ask, then let a copy of a studio change its workstations."""
    from nimble_tui.core.clock import SystemClock
    from nimble_tui.studio.boot_clock import system_boot_clock
    from nimble_tui.studio.clock_guard import ClockGuard
    from nimble_tui.studio.invites import opened
    from nimble_tui.studio.takeover import take_over as put_in_charge

    guard = ClockGuard(SystemClock(), system_boot_clock())
    with studio_data(args) as data, opened(data) as store:
        with store.read() as tx:
            held = store.is_held(tx)
            guard.begin(tx)
        if not held:
            say(f"{data.path} is already in charge of its workstations.")
            return exit_codes.DONE
        if not args.yes:
            say(
                f"{data.path} is a copy. Two studios in charge of the same workstations would each "
                "stop and delete the other's, so the original must never be served again."
            )
            terminal.agree("Is the original stopped permanently?")
        count = put_in_charge(store, guard.now()).requests or 0
    say(
        f"{data.path} is now in charge of its workstations, also where it is already being served.",
        f"Requests in progress, read back from the machines and not sent again: {count}.",
        "Machines launched since the copy was made belong to no workstation in it: nimble-tui "
        "studio machines lists them.",
    )
    return exit_codes.DONE
