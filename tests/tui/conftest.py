"""A studio, a clock and an app for each test."""

from collections.abc import Iterator

import pytest

from tests.tui.bench import Bench


@pytest.fixture
def bench() -> Iterator[Bench]:
    with Bench() as opened:
        yield opened
