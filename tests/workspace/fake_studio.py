"""A studio in memory, to choose what it answers and in which order the answers arrive."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from nimble_tui.core.launching import LAUNCH_TAG
from nimble_tui.core.listing import Listing
from nimble_tui.core.model import (
    LaunchProfile,
    LaunchProfileDetails,
    SessionAction,
    StreamConfiguration,
    StreamingSession,
    Studio,
)
from nimble_tui.core.people.model import Identity
from nimble_tui.core.service import ErrorKind, StudioError, StudioInfo
from nimble_tui.view.session_rows import PendingAction
from tests.view import workstations
from tests.view.workstations import NOW, session

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from nimble_tui.core.history import Event
    from nimble_tui.core.invite import Invite
    from nimble_tui.core.launching import LaunchRequest, UnresolvedLaunch
    from nimble_tui.core.service import Finding, SignedIn, StudioService

NAME = "northwind"
INFO = StudioInfo(NAME, "us-west-2-st", "us-west-2", "p-1", "Mara Vos", host="studio.example")


def profile(name: str = "Lighting", **members: object) -> LaunchProfile:
    """Return a launch profile that can be launched from."""
    made = workstations.profile(name)
    configuration = StreamConfiguration(
        ec2_instance_types=("g5.xlarge",),
        streaming_image_ids=("img-1",),
        session_persistence_mode="ACTIVATED",
        automatic_termination_mode="ACTIVATED",
        max_stopped_session_length_in_minutes=5760,
    )
    sent = {"launchProfileId": name, "name": name, "state": "READY"}
    changed: dict[str, Any] = {"stream_configuration": configuration, "members": sent, **members}
    return replace(made, **changed)


def _sent(one: StreamingSession) -> dict[str, object]:
    return {"sessionId": one.session_id, "state": one.state, "tags": dict(one.tags)}


def unreachable(message: str = "The studio cannot be reached.") -> StudioError:
    """Return the error of a network that is away."""
    return StudioError(ErrorKind.UNREACHABLE, message)


class World:
    """The state shared by all services of the studio: workstations, and planned failures.

    `errors` are raised by the operation of that name as long as they are in it, `answers` are
    returned by it instead of the usual answer. `operations` are those that were called, in order.
    """

    def __init__(self) -> None:
        self.sessions: dict[str, StreamingSession] = {}
        self.profiles: list[LaunchProfile] = [profile()]
        self.partial = False
        self.errors: dict[str, Exception] = {}
        self.answers: dict[str, Any] = {}
        self.operations: list[str] = []
        self.gave_up: list[str] = []
        self.names: dict[str, str] = {}
        self.unsettled = False
        self.unsettled_people = False
        self.spared: Collection[str] = ()
        self.put(session("one", "READY"), session("two", "STOPPED"))

    def put(self, *sessions: StreamingSession) -> None:
        """Have these workstations as they are here."""
        self.sessions |= {one.session_id: replace(one, members=_sent(one)) for one in sessions}

    def count(self, operation: str) -> int:
        """Return how often an operation was called."""
        return self.operations.count(operation)

    def do(self, operation: str, usual: Any) -> Any:
        """Note a call, and return or raise what it comes to."""
        self.operations.append(operation)
        if operation in self.errors:
            raise self.errors[operation]
        return self.answers.get(operation, usual)


class FakeStudio:
    """One service; once closed, its calls fail as those of the client do."""

    def __init__(self, world: World, info: StudioInfo) -> None:
        self.world = world
        self.info = info
        self.closed = 0
        self.people = SimpleNamespace(identities=self._identities)

    def _do(self, operation: str, usual: Any) -> Any:
        answer = self.world.do(operation, usual)
        if self.closed:
            raise unreachable(
                "The connection to the studio was closed before it responded. Open the studio "
                "again."
            )
        return answer

    def get_studio(self) -> Studio:
        return cast("Studio", self._do("get_studio", Studio("st", display_name="Northwind")))

    def list_launch_profiles(self) -> Listing[LaunchProfile]:
        usual = Listing(tuple(self.world.profiles))
        return cast("Listing[LaunchProfile]", self._do("list_launch_profiles", usual))

    def list_streaming_sessions(self) -> Listing[StreamingSession]:
        world = self.world
        problem = "The list is incomplete." if world.partial else None
        usual = Listing(tuple(world.sessions.values()), world.partial, problem=problem)
        return cast("Listing[StreamingSession]", self._do("list_streaming_sessions", usual))

    def get_launch_profile_details(self, launch_profile_id: str) -> LaunchProfileDetails:
        usual = LaunchProfileDetails(profile(launch_profile_id))
        return cast("LaunchProfileDetails", self._do("get_launch_profile_details", usual))

    def act(
        self, action: SessionAction, session_id: str, **options: str | bool | None
    ) -> StreamingSession:
        assert set(options) == {"backup_id", "volume_retention_mode", "may_not_stop", "gives_up"}
        self.world.gave_up += [session_id] if options["gives_up"] else []
        before = self.world.sessions[session_id]
        answer = self._do("act", PendingAction(action, NOW).shown(before))
        self.world.put(answer)
        return cast("StreamingSession", answer)

    def keep(self, session_id: str) -> StreamingSession:
        before = self.world.sessions[session_id]
        answer = self._do("keep", PendingAction(SessionAction.START, NOW).shown(before))
        self.world.put(answer)
        return cast("StreamingSession", answer)

    def rename(self, session_id: str, name: str) -> StreamingSession:
        before = self.world.sessions[session_id]
        answer = self._do("rename", replace(before, tags={"Name": name}))
        self.world.put(answer)
        return cast("StreamingSession", answer)

    def launch(
        self, request: LaunchRequest, *, client_token: str, is_new: bool
    ) -> StreamingSession:
        assert isinstance(is_new, bool)
        tags = {"Name": request.name, LAUNCH_TAG: client_token}
        made = session(f"made-{len(self.world.sessions)}", "CREATE_IN_PROGRESS", tags=tags)
        answer = self._do("launch", made)
        self.world.put(answer)
        return cast("StreamingSession", answer)

    def unresolved_launches(
        self, listing: Listing[StreamingSession]
    ) -> tuple[UnresolvedLaunch, ...]:
        assert isinstance(listing, Listing)
        return cast("tuple[UnresolvedLaunch, ...]", self._do("unresolved_launches", ()))

    def has_unresolved(self) -> bool:
        return self.world.unsettled

    def keeping(self) -> frozenset[str]:
        return cast("frozenset[str]", self._do("keeping", frozenset()))

    def reconcile(
        self, sessions: Iterable[StreamingSession], *, spare: Collection[str] = ()
    ) -> tuple[Finding, ...]:
        assert all(isinstance(one, StreamingSession) for one in sessions)
        self.world.spared = spare
        return cast("tuple[Finding, ...]", self._do("reconcile", ()))

    def has_unresolved_people(self) -> bool:
        return self.world.unsettled_people

    def reconcile_people(self) -> tuple[Finding, ...]:
        return cast("tuple[Finding, ...]", self._do("reconcile_people", ()))

    def history(self, since: datetime) -> tuple[Event, ...]:
        assert since < NOW
        return cast("tuple[Event, ...]", self._do("history", ()))

    def _identities(self, principal_ids: Sequence[str]) -> Listing[Identity]:
        named = self.world.names
        known = tuple(Identity(one, named[one]) for one in principal_ids if one in named)
        problem = "The directory did not answer." if self.closed else None
        usual = Listing(known, partial=bool(self.closed), problem=problem)
        return cast("Listing[Identity]", self.world.do("identities", usual))

    def close(self) -> None:
        self.closed += 1


class FakeStudios:
    """The studios of the settings: a single one, which can be opened any number of times."""

    def __init__(self, world: World, info: StudioInfo) -> None:
        self.world = world
        self.infos = {info.name: info}
        self.opened: list[FakeStudio] = []
        self.are_keys_changed = False

    def names(self) -> Sequence[str]:
        return tuple(self.infos)

    def info(self, name: str) -> StudioInfo:
        if name not in self.infos:
            raise StudioError(ErrorKind.SETTINGS, f"No studio named {name} in your settings.")
        return self.infos[name]

    def open(self, name: str) -> StudioService:
        self.world.do("open", None)
        self.opened.append(FakeStudio(self.world, self.infos[name]))
        return cast("StudioService", self.opened[-1])

    def keys_changed(self, name: str) -> bool:
        assert name in self.infos
        return self.are_keys_changed

    def sign_in(self, invite: Invite) -> SignedIn:
        raise AssertionError(f"a workspace signs nobody in: {invite}")

    def sign_out(self, name: str) -> None:
        self.world.do("sign_out", name)
