"""A studio that fails on demand, and services that are closed after the test."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from typing import Any, Protocol, TypeVar

import pytest

from nimble_tui.client.nimble import NimbleService, connect
from nimble_tui.client.people.service import NimblePeople
from nimble_tui.client.transport import Limits
from nimble_tui.core.keys import Keys
from nimble_tui.core.people.settings import PeopleSettings
from nimble_tui.core.service import StudioInfo
from tests.client.people_peer import DOMAIN, STORE, PeoplePeer
from tests.client.workday_studio import WorkdayStudio
from tests.faults.faulty_studio import PRINCIPAL_ID, STUDIO_ID, FaultyStudio, Server

T = TypeVar("T")

SECRET = "canary+Secret/wJalrXUtnFEMIK7MDENGbPxRfiCYKEY"


@pytest.fixture
def info() -> StudioInfo:
    return StudioInfo("northwind", STUDIO_ID, "us-west-2", PRINCIPAL_ID)


@pytest.fixture
def keys() -> Keys:
    return Keys("AKIDEXAMPLE", SECRET)


@pytest.fixture
def studio() -> Iterator[FaultyStudio]:
    """A studio with a stoppable READY, a STOPPED and an unstoppable READY workstation's profile."""
    peer = FaultyStudio(
        states={"ses.ready": "READY", "ses.stopped": "STOPPED"},
        profiles=[
            {
                "launchProfileId": "lp-1",
                "name": "Lighting",
                "state": "READY",
                "streamConfiguration": {"maxStoppedSessionLengthInMinutes": 5760},
            },
        ],
    )
    with closing(Server(peer)):
        yield peer


@pytest.fixture
def workday() -> Iterator[WorkdayStudio]:
    """A studio with a READY and a STOPPED workstation, of a profile that can be launched from."""
    peer = WorkdayStudio(
        states={"ses.ready": "READY", "ses.stopped": "STOPPED"},
        profiles=[
            {
                "launchProfileId": "lp-1",
                "name": "Lighting",
                "state": "READY",
                "streamConfiguration": {
                    "maxStoppedSessionLengthInMinutes": 5760,
                    "ec2InstanceTypes": ["g5.xlarge", "g5.2xlarge"],
                    "streamingImageIds": ["img-1"],
                },
            },
        ],
    )
    with closing(Server(peer)):
        yield peer


class Connect(Protocol):
    def __call__(self, **changes: Any) -> NimbleService: ...


@pytest.fixture
def service_for(studio: FaultyStudio, info: StudioInfo, keys: Keys) -> Iterator[Connect]:
    """Make services on the studio; `changes` go to `connect`."""
    with ExitStack() as services:

        def make(**changes: Any) -> NimbleService:
            known: dict[str, Any] = {
                "info": info,
                "endpoint_url": studio.url,
                "keys": keys,
                "limits": Limits(pause=0.01),
            }
            service = connect(**{**known, **changes})
            services.enter_context(closing(service))
            return service

        yield make


@pytest.fixture
def service(service_for: Connect) -> NimbleService:
    return service_for()


@pytest.fixture
def people_peer() -> Iterator[PeoplePeer]:
    """A studio with people in it, and one launch profile, `lp-1`."""
    peer = PeoplePeer(profiles=[{"launchProfileId": "lp-1", "name": "Lighting"}])
    with closing(Server(peer)):
        yield peer


class PeopleFor(Protocol):
    def __call__(self, settings: PeopleSettings | None = None, **changes: Any) -> NimblePeople: ...


@pytest.fixture
def people_for(people_peer: PeoplePeer, service_for: Connect, info: StudioInfo) -> PeopleFor:
    """Make services on the studio; `changes` go to its StudioInfo."""

    def make(settings: PeopleSettings | None = None, **changes: Any) -> NimblePeople:
        service = service_for(
            info=replace(info, **changes),
            endpoint_url=people_peer.url,
            people=settings or PeopleSettings(STORE, DOMAIN),
        )
        return service.people

    return make


@pytest.fixture
def people(people_for: PeopleFor) -> NimblePeople:
    return people_for()


def returned(call: Callable[[], T]) -> T:
    """Return or raise what `call` does; fail when it does neither in a minute."""
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(call())
        except BaseException as error:  # noqa: BLE001 - handed on below
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(60)
    assert not thread.is_alive(), "the call never came back"
    if errors:
        raise errors[0]
    return results[0]
