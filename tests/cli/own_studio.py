"""A studio of one's own, as `studio init` makes it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nimble_tui.cli import exit_codes
from nimble_tui.core.invite import Invite
from nimble_tui.studio.http.server import LocalServer
from nimble_tui.studio.store.master_key import read_master_key
from nimble_tui.studio.studio import Studio
from nimble_tui.studio.studio_file import StudioFile
from tests.cli.running import Ran, Run


def init(run: Run, folder: Path, *more: str) -> Ran:
    """Set up a studio by options alone, on this computer without TLS unless they say otherwise."""
    given = {"--name": "Northwind", "--operator": "Pat Doe", "--tls": "none", "--listen": LISTEN}
    words = [word for pair in given.items() if pair[0] not in more for word in pair]
    return run("studio", "init", str(folder), *words, *more)


LISTEN = "127.0.0.1:8080"


class OwnStudio:
    """A studio that was set up, its settings, and its operator's invite."""

    def __init__(self, run: Run, folder: Path, *more: str) -> None:
        made = init(run, folder, *more)
        assert made.code == exit_codes.DONE, made.err
        self._run = run
        self.folder = folder
        self.config = folder / "studio.toml"
        self.store = folder / "studio.sqlite3"
        self.invite = Invite.decode(made.out)
        key = folder / "master.key"
        self.file = StudioFile(self.store, read_master_key(key) if key.exists() else None)

    @contextmanager
    def served(self) -> Iterator[str]:
        """Serve it on loopback, with machines that take no time; yield its address."""
        with (
            Studio.open(self.store, master_key=self.file.master_key, speed=100_000) as studio,
            LocalServer(studio.application) as server,
        ):
            yield server.endpoint_url

    def run(self, *words: str) -> Ran:
        """Run a command of `studio` on it."""
        return self._run("studio", *words, "--config", str(self.config))

    def done(self, *words: str) -> str:
        """Run a command of `studio` that has to succeed; return what it printed."""
        ran = self.run(*words)
        assert ran.code == exit_codes.DONE, ran.err
        return ran.out.strip()
