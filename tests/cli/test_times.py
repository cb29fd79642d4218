"""Commands where no time of the workstations can be read."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from nimble_tui.cli import exit_codes
from nimble_tui.cli.watch import Watcher
from nimble_tui.client.nimble import connect
from nimble_tui.config.credentials import KeyringVault
from nimble_tui.config.editing import append_studio
from nimble_tui.config.settings import StudioSettings
from nimble_tui.core.cadence import Intervals
from nimble_tui.studio.demo import Demo
from tests.cli.running import Run, settings_of
from tests.faults.proxy import faults_before
from tests.faults.replies import rewritten
from tests.tui.test_times import in_milliseconds

AT = ("--studio", "odd")


@pytest.fixture
def odd(signed_in: Demo, config: Path) -> Iterator[StudioSettings]:
    """The same studio behind a proxy that turns times into milliseconds."""
    with faults_before(signed_in) as proxy:
        proxy.strike(rewritten(in_milliseconds), on=["ListStreamingSessions"], before=False)
        studio = settings_of(replace(signed_in.invite, endpoint_url=proxy.url), "odd")
        append_studio(config, studio)
        KeyringVault().store(studio, signed_in.invite.keys)
        yield studio


@pytest.mark.usefixtures("odd")
def test_sessions_prints_them_and_says_what_is_not_known(run: Run) -> None:
    ran = run("sessions", *AT)
    assert ran.code == exit_codes.FAILED
    assert re.search(r"sq042 lighting.*READY.*unread", ran.out)
    assert "Times of" in ran.err
    assert "could not be read" in ran.err
    assert run("sessions", "--json", *AT).err == ran.err


@pytest.mark.usefixtures("odd")
def test_a_command_about_one_says_so_and_acts(run: Run) -> None:
    ran = run("stop", "sq042 lighting", "--yes", *AT)
    assert ran.code == exit_codes.DONE
    assert ran.err.startswith("sq042 lighting: its times could not be read")


def test_watch_says_so_once(
    odd: StudioSettings, signed_in: Demo, capsys: pytest.CaptureFixture[str]
) -> None:
    service = connect(odd.info, endpoint_url=odd.endpoint_url or "", keys=signed_in.invite.keys)
    watch = Watcher(service, Intervals())
    try:
        for _ in range(3):
            watch.poll()
    finally:
        service.close()
    assert capsys.readouterr().err.count("could not be read") == 1
