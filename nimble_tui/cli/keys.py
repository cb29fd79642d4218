"""keys: the app's keys, with a person's own changes."""

from argparse import Namespace

from nimble_tui.cli import exit_codes
from nimble_tui.cli.output import print_json, print_table
from nimble_tui.config.keymap import key_label, keys_of
from nimble_tui.config.loading import load
from nimble_tui.config.paths import config_file
from nimble_tui.core.actions import BY_ID, Action, places


def show_keys(args: Namespace) -> int:
    """Print every action with its keys and the name that the settings have for it."""
    changed = load(config_file(), with_studios=False).keys
    if args.json:
        report = [
            {"action": one.id, "keys": list(keys_of(one, changed)), "words": one.words}
            for one in BY_ID.values()
        ]
        print_json({"keys": report})
        return exit_codes.DONE
    rows = [
        (_words(one), " or ".join(map(key_label, keys_of(one, changed))), one.id)
        for one in BY_ID.values()
    ]
    print_table(("ACTION", "KEY", "SETTING"), rows)
    return exit_codes.DONE


def _words(action: Action) -> str:
    where = places(action.id)
    return f"{action.words} ({', '.join(where)})" if where else action.words
