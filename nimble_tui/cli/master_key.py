"""The master key that studio.toml names: in a file, or in this computer's keyring."""

from pathlib import Path
from typing import TYPE_CHECKING

from nimble_tui.cli.extra_packages import extra_packages

if TYPE_CHECKING:
    from nimble_tui.studio.config_file import StudioConfig
    from nimble_tui.studio.store.master_key import MasterKey


def master_key_of(config: "StudioConfig") -> "MasterKey | None":
    """Return the master key of a studio, None where its settings name none.

    Raises MasterKeyError where it cannot be used, Stop where a package for it is missing.
    """
    from nimble_tui.studio.config_file import KEYRING
    from nimble_tui.studio.store.master_key import MasterKey, MasterKeyError, read_master_key

    if config.master_key is None:
        return None
    with extra_packages():
        import nimble_tui.studio.store.encryption  # noqa: F401 - needed for any use of it
    if config.master_key != KEYRING:
        return read_master_key(Path(config.master_key))
    from nimble_tui.config.credentials import KeyringUnavailableError, KeyringVault

    try:
        text = KeyringVault().master_key(str(config.store))
    except KeyringUnavailableError as error:
        raise MasterKeyError(f"The master key cannot be read: {error}") from None
    if text is None:
        raise MasterKeyError(
            f"The keyring holds no master key for {config.store}; put it back, since the studio's "
            "access keys cannot be read without it."
        )
    return MasterKey.of_text(text, "The keyring's entry")
