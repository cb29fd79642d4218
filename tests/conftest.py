"""What every test gets: none of the developer's own settings, keys, proxies or time zone."""

import gc
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

# A pseudo-terminal is a POSIX thing.
collect_ignore_glob = ["pty/*"] if sys.platform == "win32" else []

_THEIRS = (
    "AWS_",
    "COLUMNS",
    "LINES",
    "TEXTUAL",
    "XDG_",
    "NIMBLE_",
    "COLORTERM",
    "NO_COLOR",
    "FORCE_COLOR",
)
_OURS = ("TEXTUAL_SNAPSHOT",)  # where the pictures that tests compare are gathered
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


def pytest_collection_finish() -> None:
    """Leave alone what lives as long as the run: looking through it is a quarter of its time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 20)


@pytest.fixture(autouse=True)
def _own_home(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Give the test a home of its own, in UTC, with no keyring."""
    for name in list(os.environ):
        theirs = name.startswith(_THEIRS) and not name.startswith(_OURS)
        if theirs or name.lower() in _PROXIES:
            monkeypatch.delenv(name)
    home = tmp_path_factory.mktemp("home")
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))
    for name, folder in (
        ("XDG_CONFIG_HOME", ".config"),
        ("XDG_DATA_HOME", ".local/share"),
        ("XDG_STATE_HOME", ".local/state"),
        ("XDG_CACHE_HOME", ".cache"),
        ("APPDATA", "AppData/Roaming"),
        ("LOCALAPPDATA", "AppData/Local"),
    ):
        monkeypatch.setenv(name, str(home / folder))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.setenv("TZ", "UTC")
    if hasattr(time, "tzset"):
        time.tzset()
    yield
    monkeypatch.undo()
    if hasattr(time, "tzset"):
        time.tzset()


@pytest.fixture
def project() -> Path:
    """The project's own folder."""
    return Path(__file__).resolve().parent.parent
