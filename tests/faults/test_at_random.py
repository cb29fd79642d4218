"""Faults at random, the same for a seed: no lie, no crash, no more effects than were confirmed."""

import random
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import pytest

from nimble_tui.client.nimble import NimbleService, connect
from nimble_tui.client.transport import Limits
from nimble_tui.core.model import SessionAction
from nimble_tui.core.service import StudioError, StudioInfo
from nimble_tui.studio.demo import open_demo
from tests.faults import faulty_studio as on_the_wire
from tests.faults.faulty_studio import Answer, Fault, no, replaced
from tests.faults.proxy import FaultProxy, faults_before
from tests.faults.replies import reframed, rewritten

_QUICK = Limits(call=3.0, attempt=1.0, connect=1.0, listing=5.0, pause=0.001, poll_interval=0.01)
_ACTS = {"stop": "stop", "start": "start", "delete": "terminate"}


def _gaps(values: Any) -> Any:
    """Put what cannot be read in place of each second entry of each list."""
    if not isinstance(values, dict):
        return values
    return {
        name: [None if n % 2 else one for n, one in enumerate(value)]
        if isinstance(value, list)
        else value
        for name, value in values.items()
    }


FAULTS: Sequence[Fault] = [
    on_the_wire.reset,
    on_the_wire.hang_up,
    on_the_wire.reset_in_body,
    on_the_wire.cut_body,
    on_the_wire.cut_json,
    on_the_wire.noise(3),
    rewritten(_gaps),
    reframed(lambda data: b"hello\r\n\r\n" + data),
    reframed(lambda data: data.replace(b" 200 ", b" 206 ", 1)),
    replaced(Answer(200, b'{"sessions":[' + b"1.5," * 200_000 + b"1]}")),
    replaced(Answer(200, b"<!doctype html>", {"Content-Type": "text/html"})),
    replaced(no(500, "InternalServerErrorException", "oh")),
    replaced(no(429, "ThrottlingException", "slow")),
]


def _wander(service: NimbleService, proxy: FaultProxy, seed: int, steps: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable
    known = {one.session_id: one for one in service.list_streaming_sessions().items}
    confirmed: Counter[tuple[str, str]] = Counter()
    said: list[str] = []
    proxy.at_random(FAULTS, seed)
    for _ in range(steps):
        session_id = chance.choice(list(known))
        action = chance.choice(list(SessionAction))
        try:
            if chance.random() < 0.5:
                listing = service.list_streaming_sessions()
                # What is said to be all there is holds everything.
                assert not listing.complete or {one.session_id for one in listing.items} >= {*known}
            else:
                confirmed[_ACTS[action], session_id] += 1
                service.act(action, session_id)
        except StudioError as error:
            said.append(error.message)
    assert all(one.endswith(".") for one in said)
    effects = Counter((one.what, one.session_id) for one in proxy.effects)
    assert all(effects[one] <= confirmed[one] for one in effects), (effects, confirmed)
    proxy.plan = lambda _operation, _request: None
    assert service.list_streaming_sessions().complete


@pytest.mark.parametrize(
    "seed", [1, 2, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(3, 40))]
)
def test_faults_at_random(seed: int) -> None:
    with open_demo(None, speed=50) as demo, faults_before(demo) as proxy:
        invite = demo.invite
        info = StudioInfo(
            "north",
            invite.studio_id,
            invite.region,
            invite.principal_id,
            host=urlsplit(proxy.url).netloc,
        )
        with closing(
            connect(info, endpoint_url=proxy.url, keys=invite.keys, limits=_QUICK)
        ) as service:
            _wander(service, proxy, seed, 30)
