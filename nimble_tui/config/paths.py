"""Paths of the app's files on this computer."""

import os
from pathlib import Path

import platformdirs

APP = "nimble-tui"
CONFIG_VARIABLE = "NIMBLE_TUI_CONFIG"
DATA_VARIABLE = "XDG_DATA_HOME"
STATE_VARIABLE = "XDG_STATE_HOME"


def config_file() -> Path:
    """Return where the settings are: the file that NIMBLE_TUI_CONFIG names, else the usual one."""
    named = os.environ.get(CONFIG_VARIABLE)
    if named:
        return Path(named).expanduser().absolute()
    return platformdirs.user_config_path(APP, appauthor=False) / "config.toml"


def cache_dir() -> Path:
    """Return the folder of the cached lists, which can be lost."""
    return platformdirs.user_cache_path(APP, appauthor=False)


def data_dir() -> Path:
    """Return the folder of the data that must not be lost."""
    return platformdirs.user_data_path(APP, appauthor=False)


def authorities_dir() -> Path:
    """Return the folder of the certificate authorities that came with invites."""
    return data_dir() / "authorities"


def demo_file() -> Path:
    """Return the file that holds the demo studio."""
    return data_dir() / "demo.sqlite3"


def journal_file() -> Path:
    """Return the file of the journal."""
    return data_dir() / "journal.sqlite3"


def state_file() -> Path:
    """Return the file of the UI state, which can be lost."""
    return platformdirs.user_state_path(APP, appauthor=False) / "state.json"


def aws_files() -> tuple[Path, Path]:
    """Return where AWS profiles are: the config file and the credentials file of the AWS SDKs.

    Source: the AWS SDKs and Tools reference guide, on the location of the shared files.
    """
    folder = Path.home() / ".aws"
    config, credentials = (
        os.environ.get(name, "") for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")
    )
    return (
        Path(config).expanduser() if config else folder / "config",
        Path(credentials).expanduser() if credentials else folder / "credentials",
    )


def aws_caches() -> tuple[Path, Path]:
    """Return the folders in which the AWS CLI caches the keys of roles and of single sign-on."""
    folder = Path.home() / ".aws"
    return folder / "cli" / "cache", folder / "sso" / "cache"


def with_tilde(path: Path) -> str:
    """Return a path for people to read, the home folder as `~`."""
    home = Path.home()
    return str(Path("~", path.relative_to(home))) if path.is_relative_to(home) else str(path)
