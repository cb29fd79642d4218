"""The demo studio's data file, which several processes can open at the same time.

A process that opens it shares a lock beside it, and a reset takes that lock exclusively: removing
a SQLite file that is in use would damage the next one of that name.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from nimble_tui.config.files import NoModesError, private_folder
from nimble_tui.config.modes import advice
from nimble_tui.config.paths import DATA_VARIABLE
from nimble_tui.core.invite import Invite
from nimble_tui.core.service import ErrorKind, StudioError

_BESIDE = ("", "-wal", "-shm", "-journal")


class InUseError(Exception):
    """The demo is open in another process."""


class OpenDemo:
    """The demo studio, served from within this process until it is closed."""

    def __init__(self, file: Path) -> None:
        """Open the demo; StudioError if that fails."""
        from nimble_tui.studio.demo import open_demo
        from nimble_tui.studio.http.listening import ListenError
        from nimble_tui.studio.store.errors import StoreError

        try:
            with ExitStack() as opened:
                opened.enter_context(in_use(file))
                self._demo = opened.enter_context(open_demo(file))
                self._opened = opened.pop_all()
        except (StoreError, ListenError) as error:
            raise StudioError(
                ErrorKind.TROUBLE, f"{error} To reset the demo, run nimble-tui demo reset."
            ) from None
        except NoModesError as error:
            raise StudioError(
                ErrorKind.SETTINGS,
                f"Can't store the demo: {error} To fix this, {advice(DATA_VARIABLE)}.",
            ) from None
        except OSError as error:
            reason = error.strerror or error
            raise StudioError(
                ErrorKind.TROUBLE, f"Can't store the demo in {file.parent}: {reason}."
            ) from None

    def invite(self, who: str = "") -> Invite:
        """Return the invite of a demo user, by default the artist's.

        `who` is a role (admin, operator), or a name, its beginning or an id; StudioError when it
        matches none, or more than one.
        """
        from nimble_tui.core.lookup import folded, matches
        from nimble_tui.core.text import clean

        if not who:
            return self._demo.invite
        users = [self._demo.invite, *(invite for _, invite in self._demo.others)]
        found = [invite for role, invite in self._demo.others if folded(who) == role][:1]
        found = found or matches(
            who,
            users,
            ids=lambda one: (one.principal_id,),
            names=lambda one: (one.display_name, one.display_name.replace(" ", ".")),
        )
        if len(found) == 1:
            return found[0]
        names = ", ".join(clean(one.display_name) for one in found or users)
        problem = "matches more than one demo user" if found else "is not a demo user"
        raise StudioError(ErrorKind.SETTINGS, f"{clean(who, 64)} {problem}; use one of: {names}.")

    def close(self) -> None:
        """Stop serving it."""
        self._opened.close()


@contextmanager
def in_use(file: Path) -> Iterator[None]:
    """Keep the file from being removed for as long as this lasts."""
    with _locked(file, alone=False):
        yield


def remove(file: Path) -> None:
    """Remove the file and SQLite's files beside it; InUseError while the demo is open."""
    with _locked(file, alone=True):
        for ending in _BESIDE:
            try:
                file.with_name(file.name + ending).unlink(missing_ok=True)
            except PermissionError:
                if os.name == "nt":  # which lets no open file be removed
                    raise InUseError from None
                raise


@contextmanager
def _locked(file: Path, *, alone: bool) -> Iterator[None]:
    private_folder(file.parent)
    if os.name != "posix":
        yield
        return
    import fcntl

    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    handle = os.open(file.with_name(file.name + ".lock"), flags, 0o600)
    try:
        # Some network drives support no locks; there none is taken.
        with suppress(OSError):
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB if alone else fcntl.LOCK_SH)
            except BlockingIOError:
                raise InUseError from None
        yield
    finally:
        os.close(handle)
