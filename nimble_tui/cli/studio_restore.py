"""studio restore: a backup put where a studio's settings name its data."""

from __future__ import annotations

import hmac
from pathlib import Path
from typing import TYPE_CHECKING

from nimble_tui.cli import exit_codes
from nimble_tui.cli.errors import say
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.cli.master_key import master_key_of

if TYPE_CHECKING:
    from argparse import Namespace

    from nimble_tui.studio.config_file import StudioConfig
    from nimble_tui.studio.store.master_key import MasterKey


def restore(args: Namespace) -> int:
    """Copy a backup to where studio.toml names the data, if there are none."""
    from nimble_tui.studio.config_file import ConfigError, read_config
    from nimble_tui.studio.store import backup
    from nimble_tui.studio.store.errors import StoreError
    from nimble_tui.studio.store.master_key import MasterKeyError

    source = Path(args.file).absolute()
    try:
        config = read_config(Path(args.config).absolute())
        _check(backup.facts_of(source), source, config, master_key_of(config))
        backup.restore(source, config.store)
    except (ConfigError, MasterKeyError, StoreError) as error:
        raise Stop(exit_codes.FAILED, *str(error).splitlines()) from None
    say(
        f"Restored {source} to {config.store}.",
        "It is read-only until it is put in charge. To look at it, serve it:",
        f"     nimble-tui studio serve --config {args.config}",
        "Once the original is stopped permanently, put this one in charge:",
        f"     nimble-tui studio takeover --config {args.config}",
    )
    return exit_codes.DONE


def _check(
    facts: dict[str, str], source: Path, config: StudioConfig, master_key: MasterKey | None
) -> None:
    """Refuse a backup that the settings do not fit, before anything is written."""
    from nimble_tui.studio.sample.facts import SAMPLE
    from nimble_tui.studio.store.database import CHECK
    from nimble_tui.studio.store.errors import StoreError

    if SAMPLE in facts:
        raise StoreError(f"{source} is the demo's; nimble-tui studio init FOLDER makes a studio.")
    if config.region not in {None, facts.get("region")}:
        raise StoreError(
            f"The studio in {source} is in {facts.get('region')}, and the settings say "
            f"{config.region}; artists sign for the region in their invites."
        )
    if CHECK not in facts:
        return
    if master_key is None:
        raise StoreError(
            f"The access keys in {source} are encrypted; name the master key in the settings as "
            "[studio] master_key."
        )
    if not hmac.compare_digest(facts[CHECK], master_key.check):
        raise StoreError(
            f"The access keys in {source} were encrypted with a different master key from the "
            "one in the settings."
        )
