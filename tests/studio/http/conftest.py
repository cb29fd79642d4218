"""A front for each test, behind a server of each kind in turn."""

from collections.abc import Iterator

import pytest

from tests.studio.http.harness import PARAMS, Front, Servers


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    servers = Servers(tmp_path_factory.mktemp("authority"))
    try:
        yield servers
    finally:
        servers.close()


@pytest.fixture(params=PARAMS)
def front(request: pytest.FixtureRequest, servers: Servers) -> Iterator[Front]:
    with servers.front(request.param) as front:
        yield front
