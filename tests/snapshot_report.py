"""What failed snapshots leave for a person to look at, in the folder failed-snapshots.

The snapshot plugin's report holds the whole environment of the run; the one here holds none of it.
"""

import re
import shutil
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import pytest_textual_snapshot as plugin  # type: ignore[import-untyped]

FOLDER = "failed-snapshots"
_WRITTEN = pytest.StashKey[Path]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "snap_compare" in getattr(item, "fixturenames", ()):
            item.add_marker("snapshot")


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, object, object]:
    folder = session.config.rootpath / FOLDER
    retrieve = plugin.retrieve_svg_diffs

    def without_environment(found: Any) -> tuple[list[Any], int]:
        diffs, passed = retrieve(found)
        if diffs or passed:
            shutil.rmtree(folder, ignore_errors=True)  # it may be of an earlier run
        for diff in diffs:
            _write(folder, diff)
            session.config.stash[_WRITTEN] = folder
        return [replace(diff, environment={}) for diff in diffs], passed

    with patch.object(plugin, "retrieve_svg_diffs", without_environment):
        return (yield)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    folder = config.stash.get(_WRITTEN, None)
    if folder:
        terminalreporter.write_line(f"Changed pictures: {folder}")


def _write(folder: Path, diff: Any) -> None:
    """Write the picture as it is, and the stored one where there is one."""
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^\w.-]+", "_", f"{Path(diff.path).stem}.{diff.test_name}").strip("_")
    (folder / f"{name}.svg").write_text(diff.actual, encoding="utf-8")
    if diff.snapshot_exists:
        (folder / f"{name}.expected.svg").write_text(diff.snapshot, encoding="utf-8")
