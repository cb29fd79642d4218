"""The Protocols of the people of a studio, for the screens and the command line.

Everything here may block on the network: call it in a worker.
"""

from collections.abc import Callable, Sequence, Set
from typing import Protocol

from nimble_tui.core.listing import Listing, ListPage
from nimble_tui.core.people.model import (
    Identity,
    Member,
    MembersReport,
    People,
    Persona,
    UserProfile,
    UserProfileStatus,
    UserSearchType,
    UserType,
)
from nimble_tui.core.people.plans import Plan, Step

OnProgress = Callable[[int, int], None]
"""Called with the number of people that are done, and of how many."""

OnStep = Callable[[Step], None]
"""Called with a step of a plan each time its state changes."""


class MembershipService(Protocol):
    """The members of one studio and of its launch profiles; methods raise StudioError alone.

    Each change is REFUSED where the studio is read-only.
    """

    @property
    def personas(self) -> tuple[str, ...]:
        """The personas of members of a launch profile, as the API's model lists them."""
        ...

    def list_studio_members(self) -> Listing[Member]:
        """Return the admins."""
        ...

    def get_studio_member(self, principal_id: str) -> Member:
        """Return an admin; NOT_FOUND if the person is none."""
        ...

    def put_studio_members(
        self, principal_ids: Sequence[str], on_progress: OnProgress | None = None
    ) -> MembersReport:
        """Make people admins, 20 a call."""
        ...

    def delete_studio_member(self, principal_id: str) -> None:
        """Remove a person's admin role; REFUSED for the last admin and for the user."""
        ...

    def list_launch_profile_members(self, launch_profile_id: str) -> Listing[Member]:
        """Return the members of a launch profile; admins need not be among them."""
        ...

    def get_launch_profile_member(self, launch_profile_id: str, principal_id: str) -> Member:
        """Return a launch profile's member; NOT_FOUND if not a member."""
        ...

    def put_launch_profile_members(
        self,
        launch_profile_id: str,
        principal_ids: Sequence[str],
        on_progress: OnProgress | None = None,
    ) -> MembersReport:
        """Make people members of a launch profile, 20 a call."""
        ...

    def update_launch_profile_member(
        self, launch_profile_id: str, principal_id: str, persona: str = Persona.USER
    ) -> Member:
        """Set a member's persona and return the member; NOT_FOUND for a person who is none."""
        ...

    def delete_launch_profile_member(self, launch_profile_id: str, principal_id: str) -> None:
        """Remove a person from a launch profile; their workstations stay."""
        ...


class UserProfileService(Protocol):
    """The profiles of one DataZone domain; methods raise StudioError alone.

    Each change is REFUSED where the studio is read-only.
    """

    def get_user_profile(self, user_id: str) -> UserProfile:
        """Return a user's DataZone profile; NOT_FOUND if there is none."""
        ...

    def search_user_profiles(
        self, text: str = "", user_type: UserSearchType = UserSearchType.DATAZONE_USER
    ) -> Listing[UserProfile]:
        """Return the DataZone profiles that match a text, all without one."""
        ...

    def search_page(
        self, text: str, user_type: UserSearchType, next_token: str = ""
    ) -> ListPage[UserProfile]:
        """Return a page of at most 50 DataZone profiles that match a text."""
        ...

    def create_user_profile(
        self, user_id: str, user_type: UserType = UserType.SSO_USER
    ) -> UserProfile:
        """Create a DataZone profile for a user."""
        ...

    def update_user_profile(
        self, user_id: str, status: UserProfileStatus, type_: str | None = None
    ) -> UserProfile:
        """Set the status of a person's DataZone profile; `type_` is the type that it has."""
        ...

    def activate(self, user_id: str) -> UserProfile:
        """Give a user access to the DataZone domain; creates a profile if there is none."""
        ...

    def deactivate(self, user_id: str) -> UserProfile:
        """Remove a user's access to the DataZone domain; NOT_FOUND without a profile."""
        ...


class PeopleService(Protocol):
    """The people of one studio, seen by one person; methods raise StudioError and nothing else."""

    @property
    def has_user_profiles(self) -> bool:
        """True if a DataZone domain is set up."""
        ...

    @property
    def membership(self) -> MembershipService:
        """The admins, and the members of launch profiles."""
        ...

    @property
    def user_profiles(self) -> UserProfileService:
        """The profiles in the DataZone domain; SETTINGS without one."""
        ...

    def look(self, *, fresh: bool = False) -> People:
        """Return a snapshot of all people; for an artist, of those on their launch profiles.

        What is unavailable is left out, with a notice; raises if the studio itself is
        unavailable. Names are cached for a while, unless `fresh`.
        """
        ...

    def identities(self, principal_ids: Sequence[str] | None = None) -> Listing[Identity]:
        """Return the names of people, of all without ids; unknown ids are not in it.

        Never raises for an unavailable directory: then `problem` says so.
        """
        ...

    def open_plans(self, people: People) -> tuple[Plan, ...]:
        """Return the unfinished plans, as they stand in a snapshot."""
        ...

    def run(self, plan: Plan, on_step: OnStep | None = None) -> Plan:
        """Run the remaining steps of a reviewed plan, and return it with their states.

        What is already true is ticked without being done again; the operator's steps are not
        run. Raises what the first failing step raises; the plan is stored until it is finished or
        dropped, and running it again resumes it.
        """
        ...

    def tick(self, plan: Plan, step_id: str) -> Plan:
        """Note that the operator did a step."""
        ...

    def skip(self, plan: Plan, step_ids: Set[str]) -> Plan:
        """Skip these steps of a plan, and no others."""
        ...

    def drop(self, plan: Plan) -> None:
        """Discard a plan; finished steps stay done."""
        ...
