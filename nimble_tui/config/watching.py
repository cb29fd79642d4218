"""Detects changes of config.toml while the app runs."""

from pathlib import Path

from nimble_tui.config.loading import load
from nimble_tui.config.settings import Settings

Mark = tuple[int, ...] | None


class SettingsWatch:
    """Polls the file of the settings; a poll is one stat until it changed.

    Made before the settings are first read, it misses no change.
    """

    def __init__(self, path: Path, *, with_studios: bool = True) -> None:
        self.path = path
        self._with_studios = with_studios
        self._read = self._last = mark_of(path)

    def poll(self) -> Settings | None:
        """Return the settings after a change of the file, else None.

        A change is loaded once two polls in a row find the same: an editor can be in the middle of
        saving. A file that was removed leaves the defaults. SettingsError says what is wrong with
        the changed file, once; the settings before it go on.
        """
        mark = mark_of(self.path)
        is_steady = mark == self._last
        self._last = mark
        if mark == self._read or not is_steady:
            return None
        self._read = mark
        return load(self.path, with_studios=self._with_studios)


def mark_of(path: Path) -> Mark:
    """Return a mark that differs after every save; None if the file is not readable."""
    try:
        status = path.stat()
    except OSError:
        return None
    return (status.st_mtime_ns, status.st_size, status.st_ino, status.st_mode)
