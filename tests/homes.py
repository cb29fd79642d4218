"""A home of its own for what runs here: none of the developer's settings, keys, proxies or zone."""

import os
import time
from pathlib import Path

import pytest

_THEIRS = (
    "STY",
    "AWS_",
    "COLUMNS",
    "LINES",
    "TEXTUAL",
    "TMUX",
    "XDG_",
    "NIMBLE_",
    "COLORTERM",
    "NO_COLOR",
    "FORCE_COLOR",
    "SSL_CERT_",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "BROWSER",
    "WSL",
)
_OURS = ("TEXTUAL_SNAPSHOT",)  # where the pictures that tests compare are gathered
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
_FOLDERS = (
    ("XDG_CONFIG_HOME", ".config"),
    ("XDG_DATA_HOME", ".local/share"),
    ("XDG_STATE_HOME", ".local/state"),
    ("XDG_CACHE_HOME", ".cache"),
    ("APPDATA", "AppData/Roaming"),
    ("LOCALAPPDATA", "AppData/Local"),
)


def move_to(home: Path, patch: pytest.MonkeyPatch) -> None:
    """Make an empty home, and have this process live there, in UTC and without a keyring."""
    for name in list(os.environ):
        theirs = name.startswith(_THEIRS) and not name.startswith(_OURS)
        if theirs or name.lower() in _PROXIES:
            patch.delenv(name)
    home.mkdir(parents=True)
    for name in ("HOME", "USERPROFILE"):
        patch.setenv(name, str(home))
    for name, folder in _FOLDERS:
        patch.setenv(name, str(home / folder))
    patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    patch.setenv("TZ", "UTC")
    if hasattr(time, "tzset"):
        time.tzset()
