"""A front for each test."""

from collections.abc import Iterator

import pytest

from tests.studio.http.harness import Front, open_front


@pytest.fixture
def front() -> Iterator[Front]:
    with open_front() as opened:
        yield opened
