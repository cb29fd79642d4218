"""studio clock: jumps of the computer's clock, and the actions that they hold back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from nimble_tui.cli import exit_codes
from nimble_tui.cli.output import print_json, print_pairs
from nimble_tui.cli.studio_people import studio_data
from nimble_tui.core.text import clean, clean_id

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence
    from datetime import datetime

    from nimble_tui.studio.store.records import Resource

_MOST_SHOWN = 20


class _Report(NamedTuple):
    """The studio's time and the computer's; without a jump they are one."""

    is_checked: bool
    times: Sequence[datetime]
    counts_in: timedelta | None
    held_back: Sequence[Resource]

    @property
    def jump(self) -> timedelta:
        return self.times[-1] - self.times[0]


def show_clock(args: Namespace) -> int:
    """Print the clock's report; with --accept, accept a jump first."""
    from nimble_tui.core.clock import SystemClock
    from nimble_tui.studio.audit import record_command
    from nimble_tui.studio.boot_clock import system_boot_clock
    from nimble_tui.studio.clock_guard import ClockGuard
    from nimble_tui.studio.invites import opened

    guard = ClockGuard(SystemClock(), system_boot_clock())
    with studio_data(args) as data, opened(data) as store:
        if args.accept:
            with store.write() as tx:
                guard.begin(tx)
                guard.accept(tx)
                record_command(tx, "AcceptClock", guard.now())
        with store.read() as tx:
            guard.begin(tx)
            report = _Report(
                guard.is_checked, guard.times(), guard.counts_in(), guard.held_back(tx)
            )
    if args.json:
        print_json(_facts(report))
    else:
        _print(report)
    return exit_codes.DONE


def _facts(report: _Report) -> dict[str, object]:
    return {
        "checked": report.is_checked,
        "studioTime": report.times[0].isoformat(),
        "computerTime": report.times[-1].isoformat(),
        "jumpSeconds": round(report.jump / timedelta(seconds=1)),
        "countsInSeconds": _seconds(report.counts_in),
        "heldBack": [
            {"sessionId": one.id, "name": _name(one), "action": _action(one), "at": _at(one)}
            for one in report.held_back
        ],
    }


def _print(report: _Report) -> None:
    pairs = [("Studio's time", _time(report.times[0]))]
    if report.counts_in is None:
        print_pairs(pairs)
        if report.is_checked:
            print("This computer's clock agrees with it; nothing is held back.")
        else:
            print("This computer has no second clock to check its clock against, so it is trusted.")
        return
    way = "ahead" if report.jump > timedelta() else "behind"
    by = timedelta(seconds=abs(round(report.jump / timedelta(seconds=1))))
    pairs.append(("Computer's time", f"{_time(report.times[-1])}, {by} {way}"))
    pairs.append(("Accepted in", f"{timedelta(seconds=_seconds(report.counts_in) or 0)}"))
    pairs += [
        ("Held back", f"{_action(one)} {clean_id(one.id)} {_name(one)}".rstrip())
        for one in report.held_back[:_MOST_SHOWN]
    ]
    more = len(report.held_back) - _MOST_SHOWN
    if more > 0:
        pairs.append(("", f"and {more} more; list all with --json"))
    print_pairs(pairs)
    print(
        "If the computer's time is right, run this again with --accept. If not, correct its clock."
    )


def _seconds(span: timedelta | None) -> int | None:
    return None if span is None else round(span / timedelta(seconds=1))


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def _action(session: Resource) -> str:
    return "stop" if "stopAt" in session.document else "delete"


def _at(session: Resource) -> str | None:
    return session.due_at.isoformat() if session.due_at else None


def _name(session: Resource) -> str:
    return clean(str(session.document.get("tags", {}).get("Name", "")))
