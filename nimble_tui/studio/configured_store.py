"""The store that studio.toml names, checked against what else it says."""

from collections.abc import Iterator
from contextlib import contextmanager

from nimble_tui.studio.config_file import ConfigError, StudioConfig
from nimble_tui.studio.invites import PeopleError, opened
from nimble_tui.studio.sample.facts import SAMPLE
from nimble_tui.studio.store.database import Store
from nimble_tui.studio.store.master_key import MasterKey
from nimble_tui.studio.store.transaction import Transaction
from nimble_tui.studio.studio_file import StudioFile


@contextmanager
def configured_store(config: StudioConfig, master_key: MasterKey | None) -> Iterator[Store]:
    """Open the store of a studio of one's own.

    Raises ConfigError where there is none, where it is the demo's, or of another region, and
    StoreError where the file cannot be used.
    """
    if not config.store.exists():
        raise ConfigError(
            f"There is no studio in {config.store}; nimble-tui studio init FOLDER makes one."
        )
    try:
        with opened(StudioFile(config.store, master_key)) as store:
            with store.read() as tx:
                _check(config, tx)
            yield store
    except PeopleError as error:
        raise ConfigError(str(error)) from None


def _check(config: StudioConfig, tx: Transaction) -> None:
    if tx.fact(SAMPLE):
        raise ConfigError(
            f"This is the demo, in {config.store}; run nimble-tui studio init FOLDER for a studio "
            "of your own."
        )
    region = tx.fact("region") or ""
    if config.region not in {None, region}:
        raise ConfigError(
            f"The studio in {config.store} is in {region}, and the settings say "
            f"{config.region}; artists sign for the region in their invites."
        )
