"""studio backup: a copy of a studio's data, while it is being served."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from nimble_tui.cli import exit_codes
from nimble_tui.cli.errors import say
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.cli.studio_people import studio_data

if TYPE_CHECKING:
    from argparse import Namespace


def back_up(args: Namespace) -> int:
    """Copy a studio's data to a new file, and check the copy."""
    from nimble_tui.studio.audit import record_command
    from nimble_tui.studio.invites import opened
    from nimble_tui.studio.sample.facts import SAMPLE
    from nimble_tui.studio.store.backup import back_up as copy
    from nimble_tui.studio.store.errors import HeldStoreError

    target = Path(args.file).absolute()
    if args.demo:
        raise Stop(exit_codes.USAGE, "The demo needs no backup; name a studio with --config FILE.")
    with studio_data(args) as data, opened(data) as store:
        with store.read() as tx:
            if tx.fact(SAMPLE):
                raise Stop(exit_codes.FAILED, f"{data.path} is the demo's, which needs no backup.")
        size = copy(data.path, target)
        try:
            with store.write() as tx:
                record_command(tx, "BackUp", datetime.now(UTC), file=str(target))
        except HeldStoreError:
            pass  # a copy can be copied, and changes nothing
    say(f"Backed up {data.path} to {target} ({max(1, size // 1024)} KiB), and checked the copy.")
    if data.master_key is not None:
        say("It cannot be restored without the master key; store a copy of that key elsewhere.")
    else:
        say("Its access keys are not encrypted: anyone who reads it can sign in as any person.")
    return exit_codes.DONE
