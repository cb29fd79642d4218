"""A studio of one's own, as `studio init` makes it."""

from pathlib import Path

from nimble_tui.cli import exit_codes
from nimble_tui.core.invite import Invite
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

    def run(self, *words: str) -> Ran:
        """Run a command of `studio` on it."""
        return self._run("studio", *words, "--config", str(self.config))

    def done(self, *words: str) -> str:
        """Run a command of `studio` that has to succeed; return what it printed."""
        ran = self.run(*words)
        assert ran.code == exit_codes.DONE, ran.err
        return ran.out.strip()
