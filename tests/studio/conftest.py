"""A studio of its own for each test, on both backends."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.studio.backends import LOCAL, SIMULATED, needs_sandboxes
from tests.studio.world import World, open_world


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test of a world with simulated machines and, slowly, with this machine's own.

    Those marked `simulated_only` steer the simulation; those marked `always_local` are the sample
    of the others that always runs.
    """
    if "world" not in metafunc.fixturenames:
        return
    marks = {mark.name for mark in metafunc.definition.iter_markers()}
    backends = [pytest.param(SIMULATED)]
    if "simulated_only" not in marks:
        slow = () if "always_local" in marks else (pytest.mark.slow,)
        backends.append(pytest.param(LOCAL, marks=(needs_sandboxes, *slow)))
    metafunc.parametrize("world", backends, indirect=True)


@pytest.fixture
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    if request.param == SIMULATED:
        with open_world() as opened:
            yield opened
        return
    from tests.studio.local.sample_world import open_sample

    with open_sample(tmp_path) as opened:
        yield opened
