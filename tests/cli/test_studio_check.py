"""studio check: a line for each thing that a studio needs."""

import json
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from nimble_tui.cli import exit_codes
from nimble_tui.core.clock import ManualClock
from nimble_tui.studio.boot_clock import system_boot_clock
from nimble_tui.studio.clock_guard import ClockGuard
from nimble_tui.studio.config_file import read_config
from nimble_tui.studio.demo import open_demo
from nimble_tui.studio.invites import opened
from nimble_tui.studio.lifecycle.patrols import note_unknown
from nimble_tui.studio.own_authority import Pair, new_certificate
from nimble_tui.studio.serve_config import served, tls_of
from nimble_tui.studio.store.records import Kind
from nimble_tui.studio.studio import Studio
from tests.cli.own_studio import OwnStudio
from tests.cli.running import Run


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


@pytest.fixture
def studio(run: Run, tmp_path: Path) -> OwnStudio:
    """A studio with a certificate of its own, on this computer alone."""
    words = ("--tls", "own", "--listen", f"127.0.0.1:{free_port()}")
    return OwnStudio(run, tmp_path / "studio", *words)


def findings(studio: OwnStudio) -> dict[str, dict[str, Any]]:
    ran = studio.run("check", "--json")
    found = json.loads(ran.out)
    assert ran.err == ""
    assert (ran.code == exit_codes.DONE) is found["ok"]
    assert found["ok"] is not any(one["ok"] is False for one in found["findings"])
    return {one["about"]: one for one in found["findings"]}


def wrong(studio: OwnStudio) -> dict[str, str]:
    """Return what is wrong, and what to do about it."""
    return {
        name: f"{one['text']} {one['fix']}"
        for name, one in findings(studio).items()
        if one["ok"] is False
    }


def test_a_new_studio_is_well(studio: OwnStudio) -> None:
    ran = studio.run("check")
    assert (ran.code, ran.err) == (exit_codes.DONE, "")
    assert [line.split(":")[0].split()[:2] for line in ran.out.splitlines()] == [
        ["ok", "Settings"],
        ["ok", "Master"],
        ["ok", "Data"],
        ["ok", "Disk"],
        ["ok", "Clock"],
        ["ok", "Machines"],
        ["ok", "Certificate"],
        ["ok", "Port"],
        ["--", "Address"],
    ]
    assert "is free; the studio is not being served" in ran.out


def test_it_works_while_the_studio_is_served(studio: OwnStudio) -> None:
    config = read_config(studio.config)
    before = studio.store.stat().st_ino
    with served(config, tls_of(config), 1.0, studio.file.master_key):
        port = findings(studio)["Port"]
        assert (port["ok"], port["text"].partition(" port")[0]) == (
            True,
            "the studio is served on 127.0.0.1",
        )
        data = list(studio.folder.glob("studio.sqlite3*"))
        for one in data:
            one.rename(studio.folder / f"away-{one.name}")
        problems = wrong(studio)
        assert "cannot read its data" in problems["Port"]
        assert "There is no studio in" in problems["Data"]
        for one in data:
            (studio.folder / f"away-{one.name}").rename(one)
        assert wrong(studio) == {}
    assert studio.store.stat().st_ino == before


def renew(studio: OwnStudio, at: datetime) -> None:
    """Give the studio a certificate that was made at a time."""
    authority = Pair(*((studio.folder / one).read_bytes() for one in ("ca.pem", "ca.key")))
    pair = new_certificate(authority, ["127.0.0.1"], at)
    (studio.folder / "server.pem").write_bytes(pair.certificate)
    (studio.folder / "server.key").write_bytes(pair.key)


def delete_studio(studio: OwnStudio) -> None:
    with opened(studio.file) as store, store.write() as tx:
        (found,) = tx.page(Kind.STUDIO)
        found.document["state"] = "DELETED"
        tx.put(found)


def leave_machines(studio: OwnStudio) -> None:
    with opened(studio.file) as store, store.write() as tx:
        note_unknown(tx, ["stray-machine"])


def copy_elsewhere(studio: OwnStudio) -> None:
    """Put a copy of the data in their place, once they have been served."""
    Studio.open(studio.store, master_key=studio.file.master_key, served=True).close()
    copy = studio.folder / "copy"
    copy.write_bytes(studio.store.read_bytes())
    copy.replace(studio.store)


def swap(studio: OwnStudio, old: str, new: str) -> None:
    studio.config.write_text(studio.config.read_text().replace(old, new))


def use_the_demo(studio: OwnStudio) -> None:
    studio.store.unlink()
    Studio.open(studio.store).close()


NOW = datetime.now(UTC)
SPOILT: dict[str, tuple[Callable[[OwnStudio], None], str, str]] = {
    "unknown setting": (lambda one: swap(one, "region", "regoin"), "Settings", 'mean "region"'),
    "no data": (lambda one: one.store.unlink(), "Data", "nimble-tui studio init FOLDER makes one"),
    "damaged data": (lambda one: swap_data(one, b"x" * 8192), "Data", "is damaged"),
    "a copy": (copy_elsewhere, "Data", "is a copy that is not in charge"),
    "the demo": (use_the_demo, "Data", "is the demo"),
    "deleted": (delete_studio, "Studio", "was deleted"),
    "machines": (leave_machines, "Machines", "stray-machine"),
    "ended": (
        lambda one: renew(one, NOW - timedelta(days=400)),
        "Certificate",
        "ended on",
    ),
    "ends soon": (
        lambda one: renew(one, NOW - timedelta(days=380)),
        "Certificate",
        "renew it by nimble-tui studio certificate",
    ),
    "another key": (
        lambda one: swap(one, "server.key", "ca.key"),
        "Certificate",
        "does not fit the key",
    ),
    "another host": (
        lambda one: swap(one, "https://127.0.0.1", "https://studio.example"),
        "Certificate",
        "is not for studio.example",
    ),
}


def swap_data(studio: OwnStudio, content: bytes) -> None:
    studio.store.write_bytes(content)


@pytest.mark.parametrize("what", SPOILT)
def test_what_is_wrong_is_a_line_with_what_to_do(studio: OwnStudio, what: str) -> None:
    spoil, about, says = SPOILT[what]
    spoil(studio)
    problems = wrong(studio)
    assert list(problems) == [about]
    assert says in problems[about]
    assert f"WRONG  {about}" in studio.run("check").out


@pytest.mark.parametrize("what", ["ended", "another key", "another host"])
def test_a_served_studio_is_known_whatever_became_of_its_certificate(
    studio: OwnStudio, what: str
) -> None:
    config = read_config(studio.config)
    with served(config, tls_of(config), 1.0, studio.file.master_key):
        spoil, about, _ = SPOILT[what]
        spoil(studio)
        found = findings(studio)
    assert [name for name, one in found.items() if one["ok"] is False] == [about]
    assert "is served on 127.0.0.1" in found["Port"]["text"]


def test_a_port_of_another_program_is_a_problem(studio: OwnStudio) -> None:
    with open_demo(None, port=read_config(studio.config).listen.port):
        assert "another program is using this port" in wrong(studio)["Port"]


def test_a_clock_that_jumped_is_a_problem(studio: OwnStudio) -> None:
    boot = system_boot_clock()
    if boot is None:
        pytest.skip("this system has no clock that counts sleep")
    clock = ManualClock(NOW - timedelta(days=1))
    with Studio.open(
        studio.store, master_key=studio.file.master_key, clock=ClockGuard(clock, boot)
    ):
        pass
    assert "studio clock --accept" in wrong(studio)["Clock"]


def test_it_needs_the_settings(run: Run) -> None:
    assert run("studio", "check").code == exit_codes.USAGE
    assert run("studio", "check", "--demo").code == exit_codes.USAGE
