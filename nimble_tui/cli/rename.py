"""rename."""

from argparse import Namespace

from nimble_tui.cli import exit_codes
from nimble_tui.cli.choosing import choose, look_to_act, remember_change
from nimble_tui.cli.context import opened
from nimble_tui.cli.errors import say
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.cli.output import print_json
from nimble_tui.config.plain import plain
from nimble_tui.core.action_checks import check_rename
from nimble_tui.core.rules import Refused


def rename(words: Namespace) -> int:
    """Give a workstation another name, or take it away."""
    with opened(words) as (_, service):
        lists, session = look_to_act(service, lambda one: choose(words, one))
        before = lists.title(session)
        answer = check_rename(session, read_only=service.info.read_only)
        if isinstance(answer, Refused):
            raise Stop(exit_codes.REFUSED, f"{before}: {answer.reason}")
        seen = service.rename(session.session_id, words.name.strip())
        remember_change(service.info, lists, seen)
        after = lists.title(seen)
    if words.json:
        print_json({"session": plain(seen.members)})
    say(f"{before} is called {after} now.")
    return exit_codes.DONE
