"""The API's operations on a studio's data file, for the operator who has access to it.

They need no keys and no server, and check the same as over the network. What the API takes a
moment for is done at once, so that one command can build on the one before.
"""

import random
from dataclasses import replace
from typing import Any, Final, NamedTuple

from nimble_tui.api import service_model
from nimble_tui.core.clock import SystemClock
from nimble_tui.studio.audit import COMMAND, record_call, user_name
from nimble_tui.studio.boot_clock import system_boot_clock
from nimble_tui.studio.clock_guard import ClockGuard
from nimble_tui.studio.compute.simulated import SimulatedCompute
from nimble_tui.studio.http.codec import refuse
from nimble_tui.studio.http.errors import ApiError
from nimble_tui.studio.http.validate import problems
from nimble_tui.studio.identities import DOMAIN, identity_store_id
from nimble_tui.studio.lifecycle import catalogue
from nimble_tui.studio.operations import OPERATIONS
from nimble_tui.studio.operations.request import About, Request
from nimble_tui.studio.store.records import Document, Kind, Person, Resource, Role
from nimble_tui.studio.store.transaction import Transaction

_KINDS: Final = {
    "launchProfile": (Kind.LAUNCH_PROFILE, "launchProfileId"),
    "streamingImage": (Kind.STREAMING_IMAGE, "streamingImageId"),
    "studioComponent": (Kind.STUDIO_COMPONENT, "studioComponentId"),
}
"""The resources that are changed here, by the members that return them, with their ids' names."""
SETUP: Final = "Setup"
"""The name of the component of a studio that has no other: a launch profile needs one."""


class AdminError(Exception):
    """It cannot be done; the text says why and what to do, in one sentence."""


class Listed(NamedTuple):
    """A launch profile, and its members."""

    profile: Resource
    members: list[Person]


class LocalAdmin:
    """Carries out operations within one transaction, as the studio's first operator."""

    def __init__(self, tx: Transaction) -> None:
        guard = ClockGuard(SystemClock(), system_boot_clock())
        guard.begin(tx)
        self._tx = tx
        self._now = guard.now()

    def call(self, operation: str, **params: Any) -> Document:
        """Carry out an operation; return the resource that it made or changed, as it is then.

        Raises AdminError with the API's own sentence where it is refused, and where it fails.
        """
        params = {"studioId": self._fact("studio_id"), **params}
        shape = service_model().operation_model(operation).input_shape
        assert shape is not None  # noqa: S101 - every operation that changes anything has one
        try:
            refuse(list(problems(params, shape)))
            before = self._tx.changes
            output = OPERATIONS[operation].carry_out(self._request(operation, params))
            if self._tx.changes != before:
                record_call(
                    self._tx,
                    operation,
                    params,
                    output,
                    person=replace(self._operator(), principal_id="", name=user_name()),
                    at=self._now,
                    source=COMMAND,
                )
        except ApiError as error:
            raise AdminError(error.message) from None
        member = next(iter(output), "")
        return self._finished(member, output[member]) if member in _KINDS else output

    def live(self, kind: Kind) -> list[Resource]:
        """Return the resources of a kind that are not DELETED."""
        return [one for one in self._tx.page(kind) if one.state != "DELETED"]

    def profiles(self) -> list[Listed]:
        """Return the launch profiles that are not DELETED, with their members."""
        people = {one.principal_id: one for one in self.people()}
        return [
            Listed(
                one,
                [
                    people[member.principal_id]
                    for member in self._tx.members(one.id)
                    if member.principal_id in people
                ],
            )
            for one in self.live(Kind.LAUNCH_PROFILE)
        ]

    def people(self) -> list[Person]:
        """Return everyone in the studio."""
        return self._tx.people()

    def set_members(self, launch_profile_id: str, add: list[str], remove: list[str]) -> None:
        """Add people to a launch profile, and remove others, by their principal ids."""
        for one in add:
            self.call(
                "PutLaunchProfileMembers",
                launchProfileId=launch_profile_id,
                identityStoreId=identity_store_id(self._tx),
                members=[{"persona": "USER", "principalId": one}],
            )
        for one in remove:
            self.call(
                "DeleteLaunchProfileMember", launchProfileId=launch_profile_id, principalId=one
            )

    def component(self) -> Resource:
        """Return the studio's first component, a new one without scripts where it has none."""
        components = self.live(Kind.STUDIO_COMPONENT)
        if components:
            return components[0]
        made = self.call(
            "CreateStudioComponent",
            name=SETUP,
            description="Scripts that run when a workstation starts",
            type="CUSTOM",
        )
        return self._resource(Kind.STUDIO_COMPONENT, made["studioComponentId"])

    def set_platform(self, streaming_image_id: str, platform: str) -> Document:
        """Say what an image's system is, which the API would guess from its name."""
        image = self._resource(Kind.STREAMING_IMAGE, streaming_image_id)
        image.document["platform"] = platform
        self._tx.put(image)
        return image.document

    def _finished(self, member: str, document: Document) -> Document:
        """End the step that an operation began; AdminError where it fails."""
        kind, id_member = _KINDS[member]
        resource = self._resource(kind, document[id_member])
        if resource.in_transition:
            catalogue.go_on(self._tx, resource, self._now)
        if resource.state.endswith("_FAILED"):
            raise AdminError(str(resource.document.get("statusMessage", "It failed.")))
        return resource.document

    def _request(self, operation: str, params: Document) -> Request:
        return Request(
            operation=operation,
            params=params,
            person=self._operator(),
            now=self._now,
            tx=self._tx,
            about=About(
                self._fact("studio_id"),
                self._fact("region"),
                self._fact("account"),
                identity_store_id(self._tx),
                self._fact(DOMAIN),
            ),
            compute=SimulatedCompute(),  # no operation here reaches a machine
            chance=random.SystemRandom(),
            own_url="",
        )

    def _operator(self) -> Person:
        operators = (one for one in self._tx.administrators() if one.role == Role.OPERATOR)
        found = next(operators, None)
        if found is None:
            raise AdminError(
                "This studio has no operator; add one with nimble-tui studio invite PERSON "
                "--operator."
            )
        return found

    def _resource(self, kind: Kind, resource_id: str) -> Resource:
        found = self._tx.resource(kind, resource_id)
        if found is None:
            raise LookupError(resource_id)
        return found

    def _fact(self, name: str) -> str:
        return self._tx.fact(name) or ""
