"""rename."""

from argparse import Namespace

from nimble_tui.cli import exit_codes
from nimble_tui.cli.context import opened
from nimble_tui.cli.errors import say
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.cli.fetched_lists import choose, fetch_to_act, store_change
from nimble_tui.cli.output import print_json
from nimble_tui.config.plain import plain
from nimble_tui.core.action_checks import check_rename
from nimble_tui.core.rules import Refused


def rename(args: Namespace) -> int:
    """Rename a workstation, or remove its name."""
    with opened(args) as (_, service):
        lists, session = fetch_to_act(service, lambda one: choose(args, one))
        before = lists.title(session)
        answer = check_rename(session, read_only=service.info.read_only)
        if isinstance(answer, Refused):
            raise Stop(exit_codes.REFUSED, f"{before}: {answer.reason}")
        seen = service.rename(session.session_id, args.name.strip())
        store_change(service.info, lists, seen)
        after = lists.title(seen)
    if args.json:
        print_json({"session": plain(seen.members)})
    say(f"Renamed {before} to {after}.")
    return exit_codes.DONE
