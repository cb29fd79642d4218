"""People in memory: what a plan's steps act on, counted and failing on demand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self, cast

from nimble_tui.core.model import LaunchProfile
from nimble_tui.core.people.joining import PeopleLists, join
from nimble_tui.core.people.model import (
    Identity,
    Member,
    MembersReport,
    People,
    Role,
    UserProfile,
    UserProfileStatus,
)
from nimble_tui.core.people.service import PeopleService
from nimble_tui.core.service import ErrorKind, StudioError

ME = "p-me"


@dataclass
class World:
    """Who is what; `fails_at` are the changes that fail, counted from 1, `denied` what is refused.

    With `lies` a change that fails was made all the same.
    """

    people: tuple[str, ...]
    profiles: tuple[str, ...]
    admins: set[str] = field(default_factory=set)
    members: dict[str, set[str]] = field(default_factory=dict)
    statuses: dict[str, str] = field(default_factory=dict)
    fails_at: frozenset[int] = frozenset()
    lies: bool = False
    denies_admins: bool = False
    changes: list[tuple[str, ...]] = field(default_factory=list)
    tries: int = 0

    def as_service(self) -> PeopleService:
        return cast("PeopleService", self)

    @property
    def membership(self) -> Self:
        return self

    @property
    def user_profiles(self) -> Self:
        return self

    def look(self) -> People:
        return join(
            PeopleLists(
                me=ME,
                role=Role.ADMIN,
                changes_admins=None,
                launch_profiles=[LaunchProfile(one, one.upper()) for one in self.profiles],
                admins=[Member(one) for one in sorted(self.admins)],
                members={
                    one: [Member(who) for who in sorted(self.members.get(one, ()))]
                    for one in self.profiles
                },
                identities=[Identity(one, one.title()) for one in self.people],
                user_profiles=[UserProfile(one, status=two) for one, two in self.statuses.items()],
                has_user_profiles=True,
                with_directory=True,
            )
        )

    def get_studio_member(self, principal_id: str) -> Member:
        return self._found(principal_id, self.admins)

    def put_studio_members(self, principal_ids: Sequence[str]) -> MembersReport:
        for one in principal_ids:
            self._change("promote", one)
        return MembersReport(tuple(principal_ids))

    def delete_studio_member(self, principal_id: str) -> None:
        self._change("demote", principal_id)

    def get_launch_profile_member(self, launch_profile_id: str, principal_id: str) -> Member:
        return self._found(principal_id, self.members.get(launch_profile_id, set()))

    def put_launch_profile_members(
        self, launch_profile_id: str, principal_ids: Sequence[str]
    ) -> MembersReport:
        for one in principal_ids:
            self._change("add", one, launch_profile_id)
        return MembersReport(tuple(principal_ids))

    def delete_launch_profile_member(self, launch_profile_id: str, principal_id: str) -> None:
        self._change("remove", principal_id, launch_profile_id)

    def get_user_profile(self, user_id: str) -> UserProfile:
        if user_id not in self.statuses:
            raise StudioError(ErrorKind.NOT_FOUND, "There is no profile.")
        return UserProfile(user_id, status=self.statuses[user_id])

    def activate(self, user_id: str) -> UserProfile:
        self._change("activate", user_id)
        return self.get_user_profile(user_id)

    def deactivate(self, user_id: str) -> UserProfile:
        self._change("deactivate", user_id)
        return self.get_user_profile(user_id)

    def _found(self, principal_id: str, there: set[str]) -> Member:
        if principal_id not in there:
            raise StudioError(ErrorKind.NOT_FOUND, "There is no such member.")
        return Member(principal_id)

    def _change(self, what: str, who: str, where: str = "") -> None:
        if what in {"promote", "demote"} and self.denies_admins:
            raise StudioError(ErrorKind.DENIED, "Only the operator may.")
        self.tries += 1
        fails = self.tries in self.fails_at
        if not fails or self.lies:
            assert self._is_new(what, who, where), f"{what} of {who} was done twice"
            self.changes.append((what, who, where))
            self._apply(what, who, where)
        if fails:
            raise StudioError(ErrorKind.UNREACHABLE, "It is gone.")

    def _is_new(self, what: str, who: str, where: str) -> bool:
        on = who in self.members.get(where, set())
        status = self.statuses.get(who)
        new: dict[str, Any] = {
            "promote": who not in self.admins,
            "demote": who in self.admins,
            "add": not on,
            "remove": on,
            "activate": status not in {"ASSIGNED", "ACTIVATED"},
            "deactivate": status not in {None, "NOT_ASSIGNED", "DEACTIVATED"},
        }
        return bool(new[what])

    def _apply(self, what: str, who: str, where: str) -> None:
        there = self.members.setdefault(where, set()) if where else self.admins
        if what in {"promote", "add"}:
            there.add(who)
        elif what in {"demote", "remove"}:
            there.discard(who)
        else:
            on = what == "activate"
            status = UserProfileStatus.ACTIVATED if on else UserProfileStatus.DEACTIVATED
            self.statuses[who] = status.value
