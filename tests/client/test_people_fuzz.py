"""Replies nobody thought of, about people: each is an answer or one plain error."""

import random
from collections.abc import Callable

import pytest

from nimble_tui.client.people.service import NimblePeople
from nimble_tui.client.transport import Limits
from nimble_tui.core.people.settings import PeopleSettings
from nimble_tui.core.service import StudioError
from tests.client.conftest import Connect, returned
from tests.client.people_peer import DOMAIN, STORE, PeoplePeer, person_id
from tests.client.test_fuzz import damaging
from tests.faults.faulty_studio import PRINCIPAL_ID

MARA = person_id(1)
CALLS: list[Callable[[NimblePeople], object]] = [
    lambda people: people.look(fresh=True),
    lambda people: people.identities([MARA, person_id(2)]),
    lambda people: people.membership.get_studio_member(PRINCIPAL_ID),
    lambda people: people.membership.put_launch_profile_members("lp-1", [MARA]),
    lambda people: people.membership.update_launch_profile_member("lp-1", MARA),
    lambda people: people.membership.delete_launch_profile_member("lp-1", MARA),
    lambda people: people.user_profiles.search_user_profiles("user"),
    lambda people: people.user_profiles.activate(MARA),
    lambda people: people.user_profiles.deactivate(MARA),
]


@pytest.mark.parametrize("seed", range(4))
def test_damaged_replies(service_for: Connect, people_peer: PeoplePeer, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same damage every time
    people_peer.members["lp-1"] = [MARA]
    people_peer.users = {MARA: {"DisplayName": "Mara", "Emails": [{"Value": "m@n.example"}]}}
    people_peer.user_profiles = {MARA: people_peer.user_profile(MARA, "ACTIVATED")}
    people_peer.plan = lambda _operation, _request: (damaging(chance), False)
    people = service_for(
        endpoint_url=people_peer.url,
        limits=Limits(call=20, attempt=20, pause=0.001, attempts=2),
        people=PeopleSettings(STORE, DOMAIN),
    ).people
    said: list[str] = []
    for number in range(60):
        call = CALLS[number % len(CALLS)]
        try:
            returned(lambda: call(people))  # noqa: B023 - it has returned before the next turn
        except StudioError as error:
            said.append(error.message)
    assert said
    assert all(one.endswith(".") and one.isprintable() for one in said)
