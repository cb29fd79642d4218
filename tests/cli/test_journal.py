"""What was asked is kept by the command line too, beside the demo, and forgotten with the keys."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest

from nimble_tui.cli import exit_codes
from nimble_tui.cli.studios import ConfiguredStudios
from nimble_tui.config.paths import journal_file
from nimble_tui.config.settings import Settings
from nimble_tui.core.history import EventKind
from nimble_tui.core.service import DEMO, StudioService
from tests.cli.running import Run

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def studios() -> Iterator[ConfiguredStudios]:
    with closing(ConfiguredStudios(Settings())) as studios:
        yield studios


def asked(service: StudioService) -> list[str]:
    return [one.what for one in service.history(LONG_AGO) if one.kind == EventKind.REQUESTED]


def test_what_a_command_asked_the_next_one_remembers(run: Run, studios: ConfiguredStudios) -> None:
    assert run("stop", "sq042 lighting", "--demo", "--yes").code == exit_codes.DONE
    with closing(studios.open(DEMO)) as service:
        assert asked(service) == ["stop"]
        assert not service.has_unresolved()
    if os.name == "posix":
        assert journal_file().stat().st_mode & 0o077 == 0


def test_a_demo_that_begins_anew_remembers_nothing(run: Run, studios: ConfiguredStudios) -> None:
    run("stop", "sq042 lighting", "--demo", "--yes")
    run("demo", "reset")
    with closing(studios.open(DEMO)) as service:
        assert service.history(LONG_AGO) == ()


@pytest.mark.usefixtures("signed_in")
def test_signing_out_forgets_what_was_asked(run: Run) -> None:
    assert run("stop", "sq042 lighting", "--yes").code == exit_codes.DONE
    assert rows() > 0
    assert run("logout").code == exit_codes.DONE
    assert rows() == 0


def rows() -> int:
    with closing(sqlite3.connect(journal_file())) as connection:
        (count,) = connection.execute(
            "SELECT (SELECT count(*) FROM intents) + (SELECT count(*) FROM seen)"
        ).fetchone()
        return int(count)


def test_one_journal_serves_all_studios_of_a_window(studios: ConfiguredStudios) -> None:
    with closing(studios.open(DEMO)) as first, closing(studios.open(DEMO)) as second:
        first.list_streaming_sessions()
        assert second.history(LONG_AGO) == first.history(LONG_AGO) != ()
