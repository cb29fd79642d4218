"""Makes the sample studio: Northwind Animation, in the middle of a show."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from nimble_tui.studio.compute.simulated import SimulatedCompute, failure_of
from nimble_tui.studio.eulas import acceptance_of
from nimble_tui.studio.ids import arn, new_id, new_session_id
from nimble_tui.studio.lifecycle import records
from nimble_tui.studio.lifecycle.advance import advance
from nimble_tui.studio.lifecycle.catalogue import checks
from nimble_tui.studio.lifecycle.records import session_document
from nimble_tui.studio.sample import facts, people
from nimble_tui.studio.sample.data import (
    ACCOUNT,
    DATA,
    INES,
    MARA,
    PAT,
    THEO,
    age,
    principal_id,
)
from nimble_tui.studio.settings import Settings
from nimble_tui.studio.store.records import Document, Kind, Resource, Step, stamp
from nimble_tui.studio.store.transaction import Transaction

Event = tuple[datetime, Callable[[], None]]

_SET_UP: Final = timedelta(days=214)
_LICENSED: Final = timedelta(days=61)


class Sample:
    """Builds the sample within one transaction; `seed` decides its ids, `keys` its keys."""

    def __init__(self, tx: Transaction, now: datetime, seed: int, keys: random.Random) -> None:
        self._tx = tx
        self._now = now
        self._chance = random.Random(seed)  # noqa: S311 - ids of a demo
        self._keys = keys
        self._compute = SimulatedCompute(seed=seed)
        self._images: dict[str, str] = {}
        self._components: dict[str, str] = {}
        self._profiles: dict[str, Resource] = {}
        self._taken: set[str] = set()

    def fill(self) -> None:
        """Make everything."""
        Settings().save(self._tx)
        self._add_studio()
        live = Counter(one["owner"] for one in DATA["workstations"])
        people.add_people(self._tx, self._keys, live)
        for name, about in DATA["components"].items():
            self._add_component(name, about)
        for name, about in DATA["images"].items():
            self._add_image(name, about)
        for name, about in DATA["launchProfiles"].items():
            self._add_profile(name, about)
        self._add_licences()
        people.add_memberships(self._tx)
        events = [event for one in DATA["workstations"] for event in self._events(one)]
        for at, happen in sorted(events, key=lambda event: event[0]):
            advance(self._tx, at, facts.STUDIO_ID, replay=True)
            happen()
        advance(self._tx, self._now, facts.STUDIO_ID, replay=True)

    def _add_studio(self) -> None:
        studio_id, region = facts.STUDIO_ID, facts.REGION
        for name, value in (
            ("studio_id", studio_id),
            ("region", region),
            ("account", ACCOUNT),
            (facts.SAMPLE, "yes"),
        ):
            self._tx.note(name, value)
        since = stamp(self._now - _SET_UP)
        self._put(
            Kind.STUDIO,
            studio_id,
            studioId=studio_id,
            studioName="northwind",
            displayName=facts.STUDIO_NAME,
            homeRegion=region,
            studioUrl=f"https://northwind.nimblestudio.{region}.amazonaws.com",
            adminRoleArn=f"arn:aws:iam::{ACCOUNT}:role/northwind-admin",
            userRoleArn=f"arn:aws:iam::{ACCOUNT}:role/northwind-user",
            ssoClientId=facts.SSO_CLIENT_ID,
            studioEncryptionConfiguration={"keyType": "AWS_OWNED_KEY"},
            **_ready("STUDIO_CREATED"),
            createdAt=since,
            updatedAt=since,
        )

    def _add_component(self, name: str, about: Document) -> None:
        self._components[name] = new_id(self._chance)
        self._put(
            Kind.STUDIO_COMPONENT,
            self._components[name],
            studioComponentId=self._components[name],
            **about,
            **_ready("STUDIO_COMPONENT_CREATED"),
            **self._by_operator(),
        )

    def _add_image(self, name: str, about: Document) -> None:
        self._images[name] = new_id(self._chance)
        self._put(
            Kind.STREAMING_IMAGE,
            self._images[name],
            streamingImageId=self._images[name],
            **about,
            owner=facts.STUDIO_ID,
            ec2ImageId=f"ami-{self._chance.randbytes(8).hex()}7",
            eulaIds=[],
            **_ready("STREAMING_IMAGE_READY"),
        )

    def _add_profile(self, name: str, about: Document) -> None:
        profile_id = new_id(self._chance)
        configuration = {
            "clipboardMode": "ENABLED",
            "streamingImageIds": [self._images[about["image"]]],
        }
        profile = self._put(
            Kind.LAUNCH_PROFILE,
            profile_id,
            launchProfileId=profile_id,
            name=about["name"],
            description=about["description"],
            ec2SubnetIds=[f"subnet-{self._chance.randbytes(8).hex()}3"],
            launchProfileProtocolVersions=["2021-03-31"],
            studioComponentIds=[self._components[one] for one in about["components"]],
            streamConfiguration={**configuration, **about["streamConfiguration"]},
            **_ready("LAUNCH_PROFILE_CREATED"),
            validationResults=checks("VALIDATION_SUCCESS", "Fine."),
            **self._by_operator(),
        )
        if about.get("failed"):
            _fail(profile.document)
            self._tx.put(profile)
        for one in about["members"]:
            self._tx.add_member(profile_id, principal_id(one))
        self._profiles[name] = profile

    def _add_licences(self) -> None:
        """Add licences, of which one is accepted, and the image and launch profile that need them.

        Their ids are fixed, as Amazon's own were: the same in every studio.
        """
        since = self._now - _LICENSED
        times = {"createdAt": stamp(since), "updatedAt": stamp(since)}
        for eula_id, words in DATA["eulas"].items():
            self._tx.put(Resource(Kind.EULA, eula_id, {"eulaId": eula_id, **words, **times}))
        self._tx.put(
            acceptance_of(
                DATA["acceptedEula"],
                "c0KfZ5uHQbSxNq2rDyTjLw",
                studio_id=facts.STUDIO_ID,
                by=INES,
                at=since + timedelta(days=2),
            )
        )
        used = [self._components[one] for one in ("domain", "projects", "licenses")]
        image, about = DATA["licensedImage"], DATA["licensedLaunchProfile"]
        self._put(Kind.STREAMING_IMAGE, image["streamingImageId"], **image)
        profile = self._put(
            Kind.LAUNCH_PROFILE,
            about["launchProfileId"],
            **about,
            studioComponentIds=used,
            validationResults=checks("VALIDATION_SUCCESS", "Fine."),
            **times,
            createdBy=PAT,
            updatedBy=PAT,
        )
        for one in (MARA, THEO):
            self._tx.add_member(profile.id, one)

    def _events(self, history: Document) -> list[Event]:
        """Return what happened to one workstation, each with its time."""
        profile, owner = self._profiles[history["launchProfile"]], principal_id(history["owner"])
        configuration = profile.document["streamConfiguration"]
        session_id = new_session_id(self._chance, self._taken.__contains__)
        self._taken.add(session_id[-4:])
        made_at = self._now - age(history["made"])
        document = session_document(
            configuration,
            sessionId=session_id,
            arn=sample_arn(Kind.STREAMING_SESSION, session_id),
            launchProfileId=profile.id,
            ec2InstanceType=configuration["ec2InstanceTypes"][history.get("instanceType", 0)],
            streamingImageId=configuration["streamingImageIds"][0],
            ownedBy=owner,
            createdAt=stamp(made_at),
            createdBy=owner,
            tags={"Name": history["name"]} if "name" in history else {},
        )

        def create() -> None:
            step = self._step("create", session_id, made_at)
            records.create(self._tx, document, made_at, owner, step=step)

        def stop(at: datetime) -> None:
            step = self._step("stop", session_id, at)
            records.stop(self._tx, self._session(session_id), at, owner, step=step)

        def start(at: datetime) -> None:
            step = self._step("start", session_id, at)
            if "starting" in history:  # the last start is under way for as long from now
                step = Step(self._now + age(history["starting"]))
            if history.get("failing"):
                step = Step(step.due_at, failure_of("INSUFFICIENT_CAPACITY"))
            records.start(self._tx, self._session(session_id), at, owner, step=step)

        events: list[Event] = [(made_at, create)]
        last = (history.get("stopped"), history.get("started"))
        for pair in (*history.get("earlier", ()), last):
            for ago, act in zip(pair, (stop, start), strict=True):
                if ago is not None:
                    at = self._now - age(ago)
                    events.append((at, partial(act, at)))
        return events

    def _step(self, name: str, session_id: str, at: datetime) -> Step:
        return Step(self._compute.ends_at(name, session_id, at))

    def _session(self, session_id: str) -> Resource:
        session = self._tx.resource(Kind.STREAMING_SESSION, session_id)
        if session is None:
            raise LookupError(session_id)
        return session

    def _by_operator(self) -> Document:
        since = stamp(self._now - _SET_UP)
        who = {"createdBy": PAT, "updatedBy": PAT}
        return {"createdAt": since, "updatedAt": since} | who

    def _put(self, kind: Kind, resource_id: str, **members: object) -> Resource:
        document = {"arn": sample_arn(kind, resource_id), "tags": {}, **members}
        resource = Resource(kind, resource_id, document)
        self._tx.put(resource)
        return resource


def _ready(status_code: str) -> Document:
    return {"state": "READY", "statusCode": status_code, "statusMessage": "It is ready."}


def _fail(launch_profile: Document) -> None:
    message = "The subnet no longer exists."
    launch_profile.update(
        state="CREATE_FAILED", statusCode="INVALID_SUBNETS_PROVIDED", statusMessage=message
    )
    for result in launch_profile["validationResults"]:
        if result["type"] == "VALIDATE_SUBNET_ASSOCIATION":
            result.update(
                state="VALIDATION_FAILED",
                statusCode="VALIDATION_FAILED_SUBNET_NOT_FOUND",
                statusMessage=message,
            )


def sample_arn(kind: Kind, resource_id: str) -> str:
    """Return the ARN of something in the sample studio."""
    return arn(facts.REGION, ACCOUNT, kind, resource_id)
