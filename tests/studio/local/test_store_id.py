"""Workstations carry the id of the store that launched them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from nimble_tui.studio.compute import Failure, Machine, MachineRequest, UnclearError, Verb
from nimble_tui.studio.compute.local.backend import LocalCompute
from nimble_tui.studio.compute.local.settings import LocalSettings

MACHINE = Machine("k.1-1", "k.1", handle="ws-k.1-1")


def test_those_of_another_store_are_neither_seen_nor_touched(tmp_path: Path) -> None:
    settings = LocalSettings(folder=tmp_path / "workstations")
    own, other = (LocalCompute(settings, store_id=one * 32) for one in "ab")
    own._root(make=True)  # noqa: SLF001 - as the first launch does
    assert own.describe([]) == {}
    with pytest.raises(UnclearError, match="belongs to another studio"):
        other.describe([MACHINE])
    for verb in (Verb.LAUNCH, Verb.STOP, Verb.TERMINATE):
        answer = other.apply(MachineRequest(verb, "t", 1, MACHINE, datetime.now(UTC)))
        assert isinstance(answer, Failure)
        assert "belongs to another studio" in answer.message
    assert sorted(one.name for one in settings.folder.iterdir()) == [".nimble-workstations"]
