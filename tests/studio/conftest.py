"""A studio of its own for each test."""

from collections.abc import Iterator

import pytest

from tests.studio.world import World, open_world


@pytest.fixture
def world() -> Iterator[World]:
    with open_world() as opened:
        yield opened
