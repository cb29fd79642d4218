"""Making people members: what cannot be is refused, and does nothing."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.studio.memberships import (
    IN_STORE,
    Member,
    admins,
    listed,
    unchecked_operator,
    users,
)
from tests.studio.world import AIKO, SAMIR, THEO, World, refused

PUTS: list[tuple[str, Callable[..., list[Member]]]] = [
    ("put_studio_members", admins),
    ("put_launch_profile_members", users),
]


@pytest.fixture(params=PUTS, ids=[name for name, _ in PUTS])
def put(request: pytest.FixtureRequest, world: World) -> Iterator[Callable[..., Any]]:
    """Call either Put as the operator, with nothing checked before it is sent."""
    name, members = request.param
    where = {"launchProfileId": world.profile_id("Animation")} if members is users else {}
    client = unchecked_operator(world)

    def put(*principal_ids: str, **others: Any) -> Any:
        params = {**IN_STORE, **where, "members": members(*principal_ids), **others}
        return getattr(client, name)(**params)

    yield put
    client.close()


@pytest.mark.parametrize(
    ("principal_ids", "others", "names"),
    [
        ((), {}, "members"),
        (tuple(map(str, range(21))), {}, "members"),
        ((THEO,), {"members": [{"persona": "BOSS", "principalId": THEO}]}, "members[0].persona"),
        ((THEO,), {"members": [{"persona": "USER"}]}, "members[0].principalId"),
        ((THEO,), {"identityStoreId": "d-0000000000"}, "identityStoreId"),
        ((SAMIR, AIKO, SAMIR), {}, "principalId"),
    ],
)
def test_a_put_that_cannot_be_is_refused(
    world: World,
    put: Callable[..., Any],
    principal_ids: tuple[str, ...],
    others: dict[str, Any],
    names: str,
) -> None:
    before = listed(world.operator), listed(world.operator, world.profile_id("Animation"))
    with refused("ValidationException") as reply:
        put(*principal_ids, **others)
    assert names in reply["context"]
    assert reply["Error"]["Message"].endswith(".")
    assert (listed(world.operator), listed(world.operator, world.profile_id("Animation"))) == before


def test_a_put_that_names_somebody_unknown_does_nothing(
    world: World, put: Callable[..., Any]
) -> None:
    before = listed(world.operator), listed(world.operator, world.profile_id("Animation"))
    with refused("ResourceNotFoundException") as reply:
        put(SAMIR, "nobody", AIKO)
    assert reply["context"] == {"resourceId": "nobody"}
    assert (listed(world.operator), listed(world.operator, world.profile_id("Animation"))) == before


def test_a_put_for_what_is_not_there(world: World, put: Callable[..., Any]) -> None:
    with refused("ResourceNotFoundException") as reply:
        put(SAMIR, studioId="us-west-2:stid-elsewhere")
    assert reply["context"] == {"resourceId": "us-west-2:stid-elsewhere"}
    with refused("ResourceNotFoundException"):
        world.operator.put_launch_profile_members(
            **IN_STORE, launchProfileId="nothing", members=users(SAMIR)
        )
