"""Names are looked up when something shown contains a person's id."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.workspace.fake_studio import INFO

if TYPE_CHECKING:
    from tests.workspace.bench import Bench

NAMES = "identities"


@pytest.fixture
def named(bench: Bench) -> Bench:
    bench.world.names = {"p-7": "Ada", "p-8": "Bo"}
    return bench


async def test_names_are_looked_up_once(named: Bench) -> None:
    named.workspace.names.request(["p-7"])
    await named.started()
    assert named.world.count(NAMES) == 0
    named.workspace.names.request(["p-7", None, "", INFO.principal_id, INFO.studio_id])
    await named.settled()
    assert named.snapshot.names == {"p-7": "Ada"}
    names = named.snapshot.names
    named.workspace.names.request(["p-7"])
    await named.settled()
    assert (named.world.count(NAMES), named.snapshot.names is names) == (1, True)


async def test_only_the_person_and_the_studio_are_no_reason_to_look(named: Bench) -> None:
    await named.started()
    named.workspace.names.request([INFO.principal_id, INFO.studio_id, None])
    await named.settled()
    assert named.world.count(NAMES) == 0


async def test_names_wanted_while_others_are_looked_up_come_after_them(named: Bench) -> None:
    await named.started()
    named.calls.hold("_read")
    named.workspace.names.request(["p-7"])
    await named.settled()
    named.workspace.names.request(["p-8"])
    await named.settled()
    assert named.world.count(NAMES) == 1
    named.calls.let_go("_read")
    await named.settled()
    assert (named.snapshot.names, named.world.count(NAMES)) == ({"p-7": "Ada", "p-8": "Bo"}, 2)


async def test_names_that_could_not_be_had_are_looked_up_when_renewed(named: Bench) -> None:
    await named.started()
    named.workspace.connection.service.close()  # type: ignore[union-attr]
    named.workspace.names.request(["p-7"])
    await named.settled()
    named.workspace.connection.close()
    named.workspace.polling.refresh()
    await named.settled()
    named.workspace.names.request(["p-7"])
    await named.settled()
    assert named.world.count(NAMES) == 1
    named.workspace.names.renew()
    named.workspace.names.request(["p-7"])
    await named.settled()
    assert (named.world.count(NAMES), named.snapshot.names) == (2, {"p-7": "Ada"})
    named.workspace.names.renew()  # all are known
    named.workspace.names.request(["p-7"])
    await named.settled()
    assert named.world.count(NAMES) == 2


async def test_names_wanted_after_the_studio_was_opened_again_go_to_that(named: Bench) -> None:
    await named.started()
    named.calls.hold("_read")
    named.workspace.names.request(["p-7"])
    await named.settled()
    named.workspace.connection.close()
    named.workspace.polling.refresh()
    await named.settled()
    named.workspace.names.request(["p-8"])
    named.calls.let_go("_read")
    await named.settled()
    assert named.snapshot.names == {"p-7": "Ada", "p-8": "Bo"}
    named.workspace.names.renew()
    named.workspace.names.request(["p-8"])
    await named.settled()
    assert named.world.count(NAMES) == 2


async def test_a_mistake_of_the_program_is_reported_and_made_good_when_renewed(
    named: Bench,
) -> None:
    await named.started()
    named.world.errors[NAMES] = KeyError("a mistake")
    named.workspace.names.request(["p-7"])
    await named.settled()
    assert len(named.mistakes) == 1
    named.mistakes.clear()
    named.world.errors.clear()
    named.workspace.names.renew()
    named.workspace.names.request(["p-7"])
    await named.settled()
    assert named.snapshot.names == {"p-7": "Ada"}
