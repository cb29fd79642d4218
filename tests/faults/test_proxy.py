"""The proxy itself: what goes through it unharmed, what its ledger holds, what a seed repeats."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from nimble_tui.client.nimble import NimbleService, connect
from nimble_tui.client.transport import Limits
from nimble_tui.core.model import SessionAction, SessionState, StreamingSession
from nimble_tui.core.service import ErrorKind, StudioError, StudioInfo
from nimble_tui.studio.demo import Demo, open_demo
from tests.faults.faulty_studio import Answer, Line, Request, hang_up, reset
from tests.faults.proxy import Effect, FaultProxy, faults_before


@pytest.fixture
def demo() -> Iterator[Demo]:
    with open_demo(None, speed=0.001) as opened:
        yield opened


@pytest.fixture
def proxy(demo: Demo) -> Iterator[FaultProxy]:
    with faults_before(demo) as opened:
        yield opened


@pytest.fixture
def service(demo: Demo, proxy: FaultProxy) -> Iterator[NimbleService]:
    invite = replace(demo.invite, endpoint_url=proxy.url)
    info = StudioInfo(
        "north",
        invite.studio_id,
        invite.region,
        invite.principal_id,
        host=urlsplit(proxy.url).netloc,
    )
    limits = Limits(pause=0.01, poll_interval=0.01)
    with closing(connect(info, endpoint_url=proxy.url, keys=invite.keys, limits=limits)) as opened:
        yield opened


def stoppable(service: NimbleService) -> StreamingSession:
    """Return a READY workstation that a deadline would stop, so a person can stop it too."""
    return next(
        one
        for one in service.list_streaming_sessions().items
        if one.state == SessionState.READY and one.stop_at
    )


def test_what_meets_no_fault_comes_from_the_studio_itself(
    service: NimbleService, proxy: FaultProxy
) -> None:
    sessions = service.list_streaming_sessions()
    assert len(sessions.items) > 3
    assert sessions.problem is None
    assert service.people.look().everyone
    operations = {proxy.operation_of(one) for one in proxy.requests}
    assert {"ListStreamingSessions", "ListUsers", "ListStudioMembers"} <= operations
    assert proxy.effects == []


def test_the_ledger_holds_what_was_applied_however_often_it_was_sent(
    service: NimbleService, proxy: FaultProxy
) -> None:
    ready = stoppable(service)
    proxy.strike(reset, on=["StopStreamingSession"], before=False, times=1)
    stopping = service.act(SessionAction.STOP, ready.session_id)
    assert stopping.state == SessionState.STOP_IN_PROGRESS
    assert len(proxy.sent("StopStreamingSession")) == 2
    assert proxy.effects == [Effect("stop", ready.session_id)]


def test_what_never_reached_the_studio_is_not_in_the_ledger(
    service: NimbleService, proxy: FaultProxy
) -> None:
    ready = stoppable(service)
    proxy.strike(hang_up, on=["StopStreamingSession"], before=True)
    with pytest.raises(StudioError) as caught:
        service.act(SessionAction.STOP, ready.session_id)
    assert caught.value.kind == ErrorKind.UNCERTAIN
    assert proxy.effects == []


def test_a_seed_repeats_itself() -> None:
    def fault(line: Line, answer: Answer) -> bool:
        raise AssertionError((line, answer))

    request = Request("GET", (), {}, {}, b"")

    def plan(seed: int, operations: str) -> list[tuple[str, object]]:
        proxy = FaultProxy()
        proxy.at_random([fault, hang_up, reset], seed)
        return sorted(
            ((one, proxy.plan(one, request)) for one in operations), key=lambda pair: pair[0]
        )

    first = plan(1, "ab" * 20)
    # The order in which the operations come does not matter.
    assert plan(1, "a" * 20 + "b" * 20) == first
    assert plan(2, "ab" * 20) != first
    assert {planned is None for _, planned in first} == {True, False}
