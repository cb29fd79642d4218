import json
import sqlite3
from pathlib import Path
from urllib.request import urlopen

import pytest

from nimble_tui.cli import connect, exit_codes
from nimble_tui.client.nimble import NimbleService
from nimble_tui.config.paths import cache_dir, journal_file
from nimble_tui.core.service import ErrorKind, StudioError
from nimble_tui.desktop import opening
from tests.cli.running import Run, one

READY = "sq042 lighting"
STOPPED = "sq007 plates"

pytestmark = pytest.mark.usefixtures("signed_in")


def page(url: str) -> str:
    """Return what a browser would be shown."""
    with urlopen(url) as answer:  # noqa: S310 - the test's own studio, on loopback
        return str(answer.read().decode())


def test_a_screen_is_opened_and_its_address_is_nowhere_else(run: Run, addresses: list[str]) -> None:
    told = run("connect", READY)
    assert (told.code, told.out) == (exit_codes.DONE, "")
    assert told.err == f"{READY}: opening its desktop.\n"
    (url,) = addresses
    assert READY in page(url)
    _, _, secret = url.partition("?")
    kept = [file for folder in (cache_dir(), journal_file().parent) for file in folder.iterdir()]
    assert kept
    for file in kept:
        assert secret.encode() not in file.read_bytes()


def test_the_address_is_all_that_show_prints(run: Run, addresses: list[str]) -> None:
    told = run("connect", READY, "--show")
    assert (told.code, told.err, addresses) == (exit_codes.DONE, "", [])
    (url,) = told.out.splitlines()
    assert READY in page(url)


def test_a_stopped_one_says_how_to_start_it_first(run: Run, addresses: list[str]) -> None:
    told = run("connect", STOPPED)
    assert (told.code, told.out) == (exit_codes.REFUSED, "")
    assert told.err == (
        f"{STOPPED}: It is stopped; start it first, then connect.\nAdd --start to start it first.\n"
    )
    assert one(run, STOPPED)["state"] == "STOPPED"
    assert addresses == []


def test_start_starts_waits_and_connects(run: Run, addresses: list[str]) -> None:
    told = run("connect", STOPPED, "--start")
    assert told.code == exit_codes.DONE
    assert told.err == f"{STOPPED}: START_IN_PROGRESS.\n{STOPPED}: opening its desktop.\n"
    assert len(addresses) == 1
    # Once more finds it running.
    assert run("connect", STOPPED, "--start").code == exit_codes.DONE


def test_one_that_is_being_started_is_waited_for(run: Run, addresses: list[str]) -> None:
    run("start", STOPPED)
    assert run("connect", STOPPED, "--start").code == exit_codes.DONE
    assert len(addresses) == 1


def test_launched_and_connected_at_once(run: Run, addresses: list[str]) -> None:
    told = run("launch", "Lighting", "--name", "new one", "--connect")
    assert told.code == exit_codes.DONE
    assert told.err.endswith("new one: READY.\nnew one: opening its desktop.\n")
    assert len(addresses) == 1


def test_where_nothing_can_be_opened_it_says_what_to_do(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "open_address", lambda _: opening.NO_SCREEN)
    told = run("connect", READY, "--studio", "north")
    assert (told.code, told.out) == (exit_codes.FAILED, "")
    assert opening.NO_SCREEN in told.err
    assert f"nimble-tui connect {one(run, READY)['sessionId'][-4:]} --show --studio" in told.err
    assert "://" not in told.err


def test_an_address_that_may_not_be_opened_is_not(
    run: Run, addresses: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: object, **__: object) -> None:
        raise StudioError(ErrorKind.DENIED, "It is at evil.example; see stream_hosts.")

    monkeypatch.setattr(NimbleService, "connect", refuses)
    for words in ((), ("--show",)):
        told = run("connect", READY, *words)
        assert (told.code, told.out) == (exit_codes.REFUSED, "")
        assert told.err == "It is at evil.example; see stream_hosts.\n"
    assert addresses == []


def test_the_demo_runs_for_as_long_as_the_address_works(
    run: Run, addresses: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        assert READY in page(addresses[0])
        raise KeyboardInterrupt

    monkeypatch.setattr(connect, "pause", sleep)
    told = run("connect", READY, "--demo")
    assert told.code == exit_codes.DONE
    assert "The demo studio runs until this command ends" in told.err
    assert 0 < slept[0] <= 3600


def test_a_read_only_studio_shows_no_screen(run: Run, addresses: list[str], config: Path) -> None:
    config.write_text(config.read_text() + "read_only = true\n")
    told = run("connect", STOPPED, "--start")
    assert told.code == exit_codes.REFUSED
    assert "read_only" in told.err
    assert addresses == []


def test_what_was_done_is_in_the_history_without_the_address(
    run: Run, addresses: list[str]
) -> None:
    run("connect", READY)
    told = run("history", READY, "--json")
    events = json.loads(told.out)["events"]
    asked = [(one["what"], one["done"]) for one in events if one["kind"] == "asked"]
    assert asked == [("connect", True)]
    assert addresses[0].partition("?")[2] not in told.out
    with sqlite3.connect(journal_file()) as journal:
        assert "authToken" not in "".join(journal.iterdump())
    journal.close()
