"""A keyring for each test, a real studio on loopback, and the command line to run."""

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from nimble_tui.cli import main, terminal, waiting
from nimble_tui.cli.waiting import WaitOptions
from nimble_tui.config.credentials import KeyringVault
from nimble_tui.config.editing import append_studio
from nimble_tui.config.paths import config_file
from nimble_tui.desktop import opening
from nimble_tui.studio.demo import Demo, open_demo
from nimble_tui.studio.sample.data import INES, PAT, THEO
from tests.cli.running import Person, Ran, Run, settings_of
from tests.config.keyrings import FakeKeyring, keyring_in_use, safe_keyring


@pytest.fixture
def config() -> Path:
    """Where the settings are, in a folder that is there."""
    path = config_file()
    path.parent.mkdir(parents=True)
    return path


@pytest.fixture
def backend() -> Iterator[FakeKeyring]:
    """A safe keyring, instead of none."""
    made = safe_keyring()
    with keyring_in_use(made):
        yield made


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*words: str) -> Ran:
        capsys.readouterr()
        code = main(words)
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return run


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> Iterator[Person]:
    """Somebody at the terminal, who has to be asked everything that was prepared."""
    someone = Person()
    monkeypatch.setattr(terminal, "can_ask", lambda: True)
    monkeypatch.setattr(terminal, "ask", someone.ask)
    monkeypatch.setattr(terminal, "ask_hidden", someone.ask)
    yield someone
    assert someone.answers == []


@pytest.fixture
def remote() -> Iterator[Demo]:
    """A studio somewhere else, whose machines take no time."""
    with open_demo(None, speed=100_000) as demo:
        yield demo


@pytest.fixture
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """--wait looks again at once, however long it means to wait."""
    monkeypatch.setattr(
        waiting, "WaitOptions", partial(WaitOptions, sleep=lambda _: time.sleep(0.02))
    )


@pytest.fixture
def signed_in(remote: Demo, config: Path, backend: FakeKeyring, quick_looks: None) -> Demo:
    """The studio somewhere else, in the settings as north, its keys in the keyring."""
    del quick_looks
    assert not backend.kept
    studio = settings_of(remote.invite)
    append_studio(config, studio)
    KeyringVault().store(studio, remote.invite.keys)
    return remote


@pytest.fixture
def staff(signed_in: Demo, config: Path) -> Demo:
    """The same studio as others see it: studios called admin, operator and theo, an artist."""
    invites = {one.principal_id: one for _, one in signed_in.others}
    for name, who in (("admin", INES), ("operator", PAT), ("theo", THEO)):
        studio = settings_of(invites[who], name)
        append_studio(config, studio)
        KeyringVault().store(studio, invites[who].keys)
    return signed_in


@pytest.fixture
def addresses(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the desktop was asked to open; it opens all."""
    asked: list[str] = []
    monkeypatch.setattr(opening, "open_address", asked.append)
    return asked
