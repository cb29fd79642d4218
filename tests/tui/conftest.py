"""A studio, a clock and an app for each test; a desktop for those that open something."""

from collections.abc import Iterator

import pytest

from tests.desktop.conftest import install
from tests.tui.bench import Bench

__all__ = ["install"]


@pytest.fixture
def bench() -> Iterator[Bench]:
    with Bench() as opened:
        yield opened
