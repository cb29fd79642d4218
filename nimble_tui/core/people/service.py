"""What the screens and the command line work against where people are concerned.

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
"""Is told how many people are through, and of how many."""

OnStep = Callable[[Step], None]
"""Is told a step of a plan each time its state changes."""


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
        """Return an admin; NOT_FOUND for everybody else."""
        ...

    def put_studio_members(
        self, principal_ids: Sequence[str], on_progress: OnProgress | None = None
    ) -> MembersReport:
        """Make people admins, 20 a call."""
        ...

    def delete_studio_member(self, principal_id: str) -> None:
        """Make somebody an admin no more; REFUSED for the last one and for oneself."""
        ...

    def list_launch_profile_members(self, launch_profile_id: str) -> Listing[Member]:
        """Return who may launch from a launch profile, besides the admins."""
        ...

    def get_launch_profile_member(self, launch_profile_id: str, principal_id: str) -> Member:
        """Return a member of a launch profile; NOT_FOUND for everybody else."""
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
        """Take somebody off a launch profile; their workstations stay."""
        ...


class UserProfileService(Protocol):
    """The profiles of one DataZone domain; methods raise StudioError alone.

    Each change is REFUSED where the studio is read-only.
    """

    def get_user_profile(self, user_id: str) -> UserProfile:
        """Return somebody's DataZone profile; NOT_FOUND when there is none."""
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
        """Make a DataZone profile for somebody."""
        ...

    def update_user_profile(
        self, user_id: str, status: UserProfileStatus, type_: str | None = None
    ) -> UserProfile:
        """Set the status of a person's DataZone profile; `type_` is the type that it has."""
        ...

    def activate(self, user_id: str) -> UserProfile:
        """See to it that somebody may use the DataZone domain; makes a profile where none is."""
        ...

    def deactivate(self, user_id: str) -> UserProfile:
        """See to it that somebody may not use the DataZone domain; NOT_FOUND without a profile."""
        ...


class PeopleService(Protocol):
    """The people of one studio, seen by one person; methods raise StudioError and nothing else."""

    @property
    def has_user_profiles(self) -> bool:
        """Whether a DataZone domain is set up."""
        ...

    @property
    def membership(self) -> MembershipService:
        """Who is an admin, and who is on which launch profile."""
        ...

    @property
    def user_profiles(self) -> UserProfileService:
        """The profiles in the DataZone domain; SETTINGS without one."""
        ...

    def look(self, *, fresh: bool = False) -> People:
        """Return everybody with all that is known of them; an artist sees who they work with.

        What cannot be asked is left out and told by a notice; raises when the studio itself
        cannot be asked. Names come from memory for a while, unless `fresh`.
        """
        ...

    def identities(self, principal_ids: Sequence[str] | None = None) -> Listing[Identity]:
        """Return the names of people, of all without ids; unknown ids are not in it.

        Never raises for a directory that cannot be asked: then `problem` says so.
        """
        ...

    def open_plans(self, people: People) -> tuple[Plan, ...]:
        """Return the plans that were begun and not finished, renewed by a look around."""
        ...

    def run(self, plan: Plan, on_step: OnStep | None = None) -> Plan:
        """Do what a reviewed plan still lacks, step by step, and return it as it stands then.

        What is true already is ticked without doing it again; the operator's steps are passed
        over. Raises what the first failing step raises; the plan is kept until it is finished or
        dropped, and running it again goes on where it stopped.
        """
        ...

    def tick(self, plan: Plan, step_id: str) -> Plan:
        """Note that the operator did a step."""
        ...

    def skip(self, plan: Plan, step_ids: Set[str]) -> Plan:
        """Leave these steps of a plan out, and no others."""
        ...

    def drop(self, plan: Plan) -> None:
        """Forget a plan that was begun; what was done stays done."""
        ...
