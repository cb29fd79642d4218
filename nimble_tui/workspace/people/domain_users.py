"""The users of the DataZone domain: the profile of one, and a search, page by page."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from nimble_tui.core.people.model import UserSearchType
from nimble_tui.core.service import ErrorKind, StudioError
from nimble_tui.workspace.people_snapshot import KnownProfile, UserList, UserSearch
from nimble_tui.workspace.tasks import MISTAKE

if TYPE_CHECKING:
    from nimble_tui.core.listing import ListPage
    from nimble_tui.core.people.model import UserProfile
    from nimble_tui.core.service import StudioService
    from nimble_tui.workspace.connection import Connection
    from nimble_tui.workspace.context import Context
    from nimble_tui.workspace.store import Store
    from nimble_tui.workspace.tasks import Tasks


class DomainUsers:
    """Reads profiles and searches; an answer to an earlier search is dropped."""

    def __init__(
        self, context: Context, store: Store, tasks: Tasks, connection: Connection
    ) -> None:
        self._context = context
        self._store = store
        self._tasks = tasks
        self._connection = connection
        self._search = 0

    # One profile.

    def read(self, user_id: str) -> None:
        """Read the profile of a user; what was known of it is shown until then."""
        service = self._connection.service
        if service is not None:
            self._tasks.start(
                "read a DataZone profile",
                self._read(service, user_id),
                lambda: self._show(user_id, KnownProfile(problem=MISTAKE)),
            )

    async def _read(self, service: StudioService, user_id: str) -> None:
        epoch = self._tasks.epoch
        try:
            profile = await self._context.call(_profile, service, user_id)
        except StudioError as error:
            known = KnownProfile(problem=error.message)
        else:
            known = KnownProfile(profile)
        if service is not self._connection.service:
            return
        if epoch != self._tasks.epoch:
            self.read(user_id)  # it shows how things were before something was done
        else:
            self._show(user_id, known)

    def _show(self, user_id: str, known: KnownProfile) -> None:
        profiles = self._store.snapshot.people.profiles
        self._store.change_people(profiles=MappingProxyType({**profiles, user_id: known}))

    # A search.

    def search(self, text: str, *, everyone: bool) -> None:
        """Search users; `everyone` includes people of the directory without a profile."""
        self._search += 1
        sso = UserSearchType.SSO_USER if everyone else UserSearchType.DATAZONE_SSO_USER
        iam = UserSearchType.DATAZONE_IAM_USER
        lists = {one: UserList(is_reading=True) for one in (sso, iam)}
        self._store.change_people(search=UserSearch(text, MappingProxyType(lists)))
        for one in lists:
            self._page(one)

    def more(self, user_type: UserSearchType) -> None:
        """Read the next page of one type of user, where there is one."""
        known = self._list(user_type)
        if known is not None and known.next_token and not known.is_reading:
            self._put(user_type, replace(known, is_reading=True, problem=""))
            self._page(user_type)

    def clear(self) -> None:
        """Forget the search."""
        self._search += 1
        self._store.change_people(search=None)

    def _page(self, user_type: UserSearchType) -> None:
        service, number = self._connection.service, self._search
        if service is not None:
            self._tasks.start(
                "search users of the DataZone domain",
                self._read_page(service, number, user_type),
                lambda: self._failed(number, user_type, MISTAKE),
            )

    async def _read_page(
        self, service: StudioService, number: int, user_type: UserSearchType
    ) -> None:
        search, known = self._store.snapshot.people.search, self._list(user_type)
        if search is None or known is None:
            return
        try:
            read = service.people.user_profiles.search_page
            page = await self._context.call(read, search.text, user_type, known.next_token)
        except StudioError as error:
            self._failed(number, user_type, error.message)
        else:
            self._add(number, user_type, page)

    def _add(self, number: int, user_type: UserSearchType, page: ListPage[UserProfile]) -> None:
        known = self._list(user_type)
        if number != self._search or known is None:
            return
        users = {one.user_id: one for one in (*known.users, *page.items)}
        skipped = known.skipped + page.skipped
        self._put(user_type, UserList(tuple(users.values()), page.next_token, skipped))

    def _failed(self, number: int, user_type: UserSearchType, problem: str) -> None:
        known = self._list(user_type)
        if number == self._search and known is not None:
            self._put(user_type, replace(known, is_reading=False, problem=problem))

    def _list(self, user_type: UserSearchType) -> UserList | None:
        search = self._store.snapshot.people.search
        return search.lists.get(user_type) if search else None

    def _put(self, user_type: UserSearchType, users: UserList) -> None:
        search = self._store.snapshot.people.search
        if search is not None:
            lists = MappingProxyType({**search.lists, user_type: users})
            self._store.change_people(search=replace(search, lists=lists))


def _profile(service: StudioService, user_id: str) -> UserProfile | None:
    try:
        return service.people.user_profiles.get_user_profile(user_id)
    except StudioError as error:
        if error.kind != ErrorKind.NOT_FOUND:
            raise
    return None
