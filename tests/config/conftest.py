"""A home of its own for each test, so that nobody's settings or keyring is touched."""

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest

from nimble_tui.config.settings import StudioSettings


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, folder in (
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_CACHE_HOME", "cache"),
        ("XDG_DATA_HOME", "data"),
        ("XDG_STATE_HOME", "state"),
    ):
        monkeypatch.setenv(name, str(tmp_path / folder))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    monkeypatch.delenv("NIMBLE_TUI_CONFIG", raising=False)
    return tmp_path


@pytest.fixture
def studio() -> StudioSettings:
    return StudioSettings(
        name="northwind",
        studio_id="us-west-2:stid-4xw7mqpd2nkf6yzb",
        region="us-west-2",
        principal_id="92677b4b19-0c2d5a1e-7f36-4b8a-9d41-5e6f70a1b2c3",
        endpoint_url="https://nimble.northwind.example",
        display_name="Mara Vos",
    )


@pytest.fixture
def _keyring_put_back() -> Iterator[None]:
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)
