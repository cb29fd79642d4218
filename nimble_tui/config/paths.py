"""Where this computer keeps the app's files."""

import os
from pathlib import Path

import platformdirs

APP = "nimble-tui"
CONFIG_VARIABLE = "NIMBLE_TUI_CONFIG"


def config_file() -> Path:
    """Return where the settings are: the file that NIMBLE_TUI_CONFIG names, else the usual one."""
    named = os.environ.get(CONFIG_VARIABLE)
    if named:
        return Path(named).expanduser().absolute()
    return platformdirs.user_config_path(APP, appauthor=False) / "config.toml"


def cache_dir() -> Path:
    """Return the folder of the lists last seen; losing it loses nothing."""
    return platformdirs.user_cache_path(APP, appauthor=False)


def data_dir() -> Path:
    """Return the folder of what must not be lost."""
    return platformdirs.user_data_path(APP, appauthor=False)


def demo_file() -> Path:
    """Return the file that holds the demo studio."""
    return data_dir() / "demo.sqlite3"


def journal_file() -> Path:
    """Return the file of what was asked of studios and what became of it."""
    return data_dir() / "journal.sqlite3"


def state_file() -> Path:
    """Return the file of how the screens were left; losing it loses a few choices."""
    return platformdirs.user_state_path(APP, appauthor=False) / "state.json"
