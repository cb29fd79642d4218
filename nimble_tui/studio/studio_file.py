"""The place of a studio's data, and the master key that they are encrypted with."""

from pathlib import Path
from typing import NamedTuple

from nimble_tui.studio.store.master_key import MasterKey


class StudioFile(NamedTuple):
    """The data file of a studio; without a master key its access keys are not encrypted."""

    path: Path
    master_key: MasterKey | None = None


def studio_file(file: Path | StudioFile) -> StudioFile:
    """Return a data file by its path, which has no master key, or as it is."""
    return file if isinstance(file, StudioFile) else StudioFile(file)
