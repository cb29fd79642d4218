"""The sample studio on a clock that stands still, with a real boto3 client for everybody."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from nimble_tui.api import new_botocore_session
from nimble_tui.core.clock import ManualClock
from nimble_tui.studio.clock_guard import ClockGuard
from nimble_tui.studio.compute.simulated import FAIL_TAG
from nimble_tui.studio.http.server import LocalServer
from nimble_tui.studio.sample.data import AIKO, INES, MARA, PAT, SAMIR, THEO
from nimble_tui.studio.sample.facts import REGION, STUDIO_ID
from nimble_tui.studio.studio import Studio

__all__ = ["AIKO", "INES", "MARA", "NOW", "PAT", "SAMIR", "STUDIO_ID", "THEO", "World"]

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
UNTIL_DONE = 60.0
"""Longer than any step takes, and shorter than any deadline here."""

Session = dict[str, Any]


def seeded(seed: int = 1) -> random.Random:
    """Return chance that repeats itself."""
    return random.Random(seed)  # noqa: S311 - not for secrets


@cache
def _session(kind: str) -> Any:
    # One for all tests: making a session, and reading a service's model, takes its time.
    return boto3.Session(botocore_session=new_botocore_session() if kind == "nimble" else None)


def client_of(
    endpoint_url: str, access_key_id: str, secret_access_key: str, service: str = "nimble"
) -> Any:
    kind = service if service == "nimble" else "AWS"
    return _session(kind).client(
        service,
        region_name=REGION,
        endpoint_url=endpoint_url,
        aws_access_key_id=access_key_id,
        aws_secret_access_key=secret_access_key,
        config=Config(retries={"mode": "standard", "total_max_attempts": 1}, read_timeout=20),
    )


@dataclass
class World:
    studio: Studio
    url: str
    clock: ManualClock
    clients: dict[str, Any] = field(default_factory=dict)

    def client(self, principal_id: str, service: str = "nimble") -> Any:
        name = f"{service} {principal_id}"
        if name not in self.clients:
            who = next(one for one in self.studio.people() if one.principal_id == principal_id)
            client = client_of(self.url, who.access_key_id, who.secret_access_key, service)
            self.clients[name] = client
        return self.clients[name]

    @property
    def mara(self) -> Any:
        return self.client(MARA)

    @property
    def admin(self) -> Any:
        return self.client(INES)

    @property
    def operator(self) -> Any:
        return self.client(PAT)

    def advance(self, seconds: float = UNTIL_DONE) -> None:
        self.clock.advance(seconds)

    def profile_id(self, name: str) -> str:
        profiles = self.operator.list_launch_profiles(studioId=STUDIO_ID)["launchProfiles"]
        found: str = next(one["launchProfileId"] for one in profiles if one["name"] == name)
        return found

    def create(self, profile: str = "Lighting", by: str = MARA, **members: Any) -> str:
        """Launch from a launch profile of the sample; return the session's id."""
        reply = self.client(by).create_streaming_session(
            studioId=STUDIO_ID, launchProfileId=self.profile_id(profile), **members
        )
        session_id: str = reply["session"]["sessionId"]
        return session_id

    def ready(self, profile: str = "Lighting", by: str = MARA, **members: Any) -> str:
        session_id = self.create(profile, by, **members)
        self.advance()
        assert self.state(session_id) == "READY"
        return session_id

    def stopped(self, profile: str = "Lighting", by: str = MARA) -> str:
        session_id = self.ready(profile, by)
        self.client(by).stop_streaming_session(studioId=STUDIO_ID, sessionId=session_id)
        self.advance()
        assert self.state(session_id) == "STOPPED"
        return session_id

    def failed(self, step: str, profile: str = "Lighting") -> str:
        """Return a session whose create, start, stop or delete has just failed."""
        if step == "create":
            return self.fail_to_create(profile)
        session_id = self.stopped(profile) if step == "start" else self.ready(profile)
        self.fail(step, session_id)
        return session_id

    def fail_to_create(self, profile: str) -> str:
        session_id = self.create(profile, tags={FAIL_TAG: "create:AMI_VALIDATION_ERROR"})
        self.advance()
        return session_id

    def fail(self, step: str, session_id: str) -> None:
        """Request a start, stop or delete that fails, and wait until it has."""
        arn = self.get(session_id)["arn"]
        tags = {FAIL_TAG: f"{step}:NETWORK_CONNECTION_ERROR"}
        self.mara.tag_resource(resourceArn=arn, tags=tags)
        self.act(step, session_id)
        self.mara.untag_resource(resourceArn=arn, tagKeys=[FAIL_TAG])
        self.advance()

    def get(self, session_id: str) -> Session:
        reply = self.operator.get_streaming_session(studioId=STUDIO_ID, sessionId=session_id)
        session: Session = reply["session"]
        return session

    def state(self, session_id: str) -> str:
        state: str = self.get(session_id)["state"]
        return state

    def mine(self, principal_id: str = MARA) -> list[Session]:
        pages = self.client(principal_id).get_paginator("list_streaming_sessions")
        return [
            session
            for page in pages.paginate(studioId=STUDIO_ID, ownedBy=principal_id)
            for session in page["sessions"]
        ]

    def act(self, what: str, session_id: str, by: str = MARA, **members: Any) -> Session:
        """Stop, start or delete a session; return it as it is right after."""
        call = getattr(self.client(by), f"{what}_streaming_session")
        session: Session = call(studioId=STUDIO_ID, sessionId=session_id, **members)["session"]
        return session

    def backups(self, session_id: str) -> list[dict[str, Any]]:
        """Return the backups of a session, the oldest first, DELETED ones included."""
        listed = self.operator.list_streaming_session_backups(studioId=STUDIO_ID)
        return [one for one in listed["streamingSessionBackups"] if one["sessionId"] == session_id]

    def new_stream(self, session_id: str, by: str = MARA, **members: Any) -> str:
        """Ask for a stream; return its id."""
        made = self.client(by).create_streaming_session_stream(
            studioId=STUDIO_ID, sessionId=session_id, **members
        )
        stream_id: str = made["stream"]["streamId"]
        return stream_id

    def stream(self, session_id: str, stream_id: str, by: str = MARA) -> dict[str, Any]:
        reply = self.client(by).get_streaming_session_stream(
            studioId=STUDIO_ID, sessionId=session_id, streamId=stream_id
        )
        found: dict[str, Any] = reply["stream"]
        return found

    def new_profile(self, **configuration: Any) -> str:
        """Make a launch profile as the operator; return its id, READY unless it cannot be."""
        like = self.operator.get_launch_profile(
            studioId=STUDIO_ID, launchProfileId=self.profile_id("Review")
        )["launchProfile"]
        made = self.operator.create_launch_profile(
            studioId=STUDIO_ID,
            name="A new one",
            ec2SubnetIds=like["ec2SubnetIds"],
            launchProfileProtocolVersions=["2021-03-31"],
            studioComponentIds=like["studioComponentIds"],
            streamConfiguration={
                "clipboardMode": "ENABLED",
                "ec2InstanceTypes": ["g5.xlarge", "g4dn.xlarge"],
                "streamingImageIds": like["streamConfiguration"]["streamingImageIds"],
                **configuration,
            },
        )["launchProfile"]
        self.advance()
        profile_id: str = made["launchProfileId"]
        return profile_id


@contextmanager
def open_world(
    path: Path | None = None,
    clock: ManualClock | None = None,
    guard: ClockGuard | None = None,
    **options: Any,
) -> Iterator[World]:
    """Serve a studio that goes by `clock`, which nothing checks unless a `guard` of it is given."""
    clock = clock or ManualClock(NOW)
    with (
        Studio.open(path, clock=guard or clock, **options) as studio,
        LocalServer(studio.application) as server,
    ):
        world = World(studio, server.endpoint_url, clock)
        try:
            yield world
        finally:
            for client in world.clients.values():
                client.close()


@contextmanager
def refused(name: str, code: str | None = None) -> Iterator[dict[str, Any]]:
    """Expect a call to end in the error of that name; the reply is filled in afterwards."""
    reply: dict[str, Any] = {}
    with pytest.raises(ClientError) as caught:
        yield reply
    reply.update(caught.value.response)
    assert reply["Error"]["Code"] == name
    if code is not None:
        assert reply["code"] == code
