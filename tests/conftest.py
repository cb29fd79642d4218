"""What every test gets: none of the developer's own settings, keys, proxies or time zone."""

import gc
import secrets
import sqlite3
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests import aws_sdk, homes

pytest_plugins = ["tests.snapshot_report"]

# How long an example takes is the machine's doing.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

# A pseudo-terminal is a POSIX thing.
collect_ignore_glob = ["pty/*"] if sys.platform == "win32" else []

CLOSING_SECONDS = 5.0


class TrackedConnection(sqlite3.Connection):
    """A connection that knows whether it was closed, and where it was opened."""

    def __init__(self, *values: Any, **options: Any) -> None:
        super().__init__(*values, **options)
        self.closed = False
        # The first frames are this method and `connect`. Lines are read if they are shown.
        frames = traceback.walk_stack(None)
        self.opener = traceback.StackSummary.extract(frames, limit=8, lookup_lines=False)[2:]

    def close(self) -> None:
        super().close()
        self.closed = True


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
    # A numbered folder would be looked for among those of all tests before.
    homes.move_to(tmp_path_factory.getbasetemp() / "homes" / secrets.token_hex(8), monkeypatch)
    yield
    monkeypatch.undo()
    if hasattr(time, "tzset"):
        time.tzset()


@pytest.fixture(autouse=True)
def _closed_databases(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test that leaves a SQLite connection open; Pythons from 3.13 on warn of it too."""
    connect = sqlite3.connect
    opened: list[TrackedConnection] = []

    def tracked(*values: Any, **options: Any) -> sqlite3.Connection:
        options.setdefault("factory", TrackedConnection)
        connection: sqlite3.Connection = connect(*values, **options)
        if isinstance(connection, TrackedConnection):
            opened.append(connection)
        return connection

    monkeypatch.setattr(sqlite3, "connect", tracked)
    yield
    # What a test ends may still be closing in a thread of its own.
    until = time.monotonic() + CLOSING_SECONDS
    while (left := [one for one in opened if not one.closed]) and time.monotonic() < until:
        time.sleep(0.01)
    for one in left:
        with suppress(sqlite3.Error):
            one.close()
    assert not left, f"{len(left)} SQLite connections were not closed, opened by:\n" + "".join(
        traceback.format_list(left[0].opener)
    )


@pytest.fixture
def project() -> Path:
    """The project's own folder."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def aws_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with AWS's own old SDK; skips where that cannot be had."""
    found = aws_sdk.install(tmp_path_factory.mktemp("aws_sdk"))
    if found is None:
        pytest.skip("boto3 1.35.47 cannot be installed here")
    return found
