"""Stop the running workstations of people before they lose a launch profile."""

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace

from nimble_tui.cli import terminal
from nimble_tui.cli.errors import say
from nimble_tui.core.people.changes import ChangeKind, PersonChange
from nimble_tui.core.people.model import People
from nimble_tui.core.people.running_sessions import RunningSessions

_RUN_ON = "Workstations keep running; use --stop to stop them first."


def stopping_first(
    args: Namespace, people: People, changes: Sequence[PersonChange]
) -> list[PersonChange]:
    """Return changes with the workstations to stop before each, by option or by answer."""
    chosen = []
    for change in changes:
        running = change.running(people)
        stops = is_to_stop(args, running, change.person.label, f" of {change.title}")
        chosen.append(replace(change, to_stop=running.to_stop) if stops else change)
        if change.kind == ChangeKind.REMOVE and not people.sessions_known:
            say(f"{change.person.label}: unable to check for running workstations.")
    return chosen


def is_to_stop(args: Namespace, running: RunningSessions, name: str, where: str = "") -> bool:
    """Print which workstations run; return whether to stop them first, by option or by answer."""
    if not running:
        return False
    say(f"{name}{where}: {running.sentence}")
    if not running.to_stop or args.stop:
        return bool(running.to_stop)
    if args.yes or not terminal.can_ask():
        say(_RUN_ON)
        return False
    many = "them" if len(running.to_stop) > 1 else "it"
    return terminal.ask(f"Stop {many} first? [y/N] ").casefold() in {"y", "yes"}
