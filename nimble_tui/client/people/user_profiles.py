"""People's profiles in an Amazon DataZone domain.

Source: the AWS API reference of DataZone, the operations on user profiles.
"""

from collections.abc import Mapping
from typing import Any

from typing_extensions import override

from nimble_tui.client.errors import CallError, strip_frames
from nimble_tui.client.intent import Verb
from nimble_tui.client.listing import Entries, Page, gather
from nimble_tui.client.people.aws_service import AwsService
from nimble_tui.client.people.change_log import ChangeLog, LoggedChange
from nimble_tui.client.people.membership import an_id, check_can_change
from nimble_tui.client.reply_parsing import read_reply
from nimble_tui.client.transport import Limits
from nimble_tui.core.clock import Clock
from nimble_tui.core.listing import Listing, ListPage
from nimble_tui.core.people.model import (
    UserProfile,
    UserProfileStatus,
    UserProfileType,
    UserSearchType,
    UserType,
    read_user_profile,
)
from nimble_tui.core.people.service import UserProfileService
from nimble_tui.core.service import ErrorKind, StudioError, StudioInfo

_PROFILES = Entries("items", read_user_profile, lambda one: one.user_id)
_MOST_IN_A_PAGE = 50
_LONGEST_TEXT = 1024
_MOST_EMPTY_PAGES = 20


class UserProfiles(UserProfileService):
    """The profiles of one domain; thread-safe, and raises StudioError only.

    `log` is where each change is written down before it is sent.
    """

    def __init__(
        self,
        info: StudioInfo,
        service: AwsService,
        domain_id: str,
        limits: Limits,
        clock: Clock,
        *,
        log: ChangeLog,
    ) -> None:
        self._info = info
        self._service = service
        self._domain_id = domain_id
        self._limits = limits
        self._clock = clock
        self._log = log

    @property
    def is_resting(self) -> bool:
        """True if DataZone failed a moment ago."""
        return self._service.is_resting

    @override
    @strip_frames
    def get_user_profile(self, user_id: str) -> UserProfile:
        return _read(self._ask("get_user_profile", userIdentifier=an_id(user_id)))

    @override
    @strip_frames
    def search_user_profiles(
        self, text: str = "", user_type: UserSearchType = UserSearchType.DATAZONE_USER
    ) -> Listing[UserProfile]:
        page = self._pages(text, user_type)
        self._service.prepare()
        return gather(page, _PROFILES, self._limits, self._clock)

    @override
    @strip_frames
    def search_page(
        self, text: str, user_type: UserSearchType, next_token: str = ""
    ) -> ListPage[UserProfile]:
        page = self._pages(text, user_type)
        self._service.prepare()
        end = self._clock.monotonic() + self._limits.listing
        token, skipped = next_token, 0
        # A page of a search can be empty and still have a next one.
        for _ in range(_MOST_EMPTY_PAGES):
            part = _PROFILES.part(page(token, end - self._clock.monotonic()))
            token, skipped = part.token, skipped + part.skipped
            if part.items or not token:
                return ListPage(part.items, token, skipped)
        return ListPage((), token, skipped)

    def _pages(self, text: str, user_type: UserSearchType) -> Page:
        """Return what requests a page of a search; StudioError when the text is too long."""
        if len(text) > _LONGEST_TEXT:
            raise StudioError(
                ErrorKind.INVALID,
                f"A search can have at most {_LONGEST_TEXT} characters; shorten it.",
            )
        wanted = {"searchText": text} if text else {}

        def page(token: str, seconds: float) -> Mapping[str, Any]:
            more = {"nextToken": token} if token else {}
            return self._ask(
                "search_user_profiles",
                seconds,
                userType=user_type.value,
                maxResults=_MOST_IN_A_PAGE,
                **wanted,
                **more,
            )

        return page

    @override
    @strip_frames
    def create_user_profile(
        self, user_id: str, user_type: UserType = UserType.SSO_USER
    ) -> UserProfile:
        check_can_change(self._info)
        who = an_id(user_id)
        self._service.prepare()
        with self._log.recorded(Verb.CREATE_PROFILE, [who], user_type=user_type.value) as change:
            try:
                return _read(
                    self._ask(
                        "create_user_profile",
                        userIdentifier=who,
                        userType=user_type.value,
                        clientToken=change.client_token,
                    )
                )
            except CallError as fault:
                if not fault.maybe_applied:
                    raise
            return self._as_it_is(change, who)

    @override
    @strip_frames
    def update_user_profile(
        self, user_id: str, status: UserProfileStatus, type_: str | None = None
    ) -> UserProfile:
        check_can_change(self._info)
        who = an_id(user_id)
        more: Any = {"type": type_} if type_ in set(UserProfileType) else {}
        self._service.prepare()
        with self._log.recorded(Verb.SET_STATUS, [who], status=status.value) as change:
            try:
                return _read(
                    self._ask(
                        "update_user_profile", userIdentifier=who, status=status.value, **more
                    )
                )
            except CallError as fault:
                if not fault.maybe_applied:
                    raise
            profile = self._as_it_is(change, who)
            if profile.status != status:
                raise _uncertain("the profile is unchanged")
            return profile

    @override
    @strip_frames
    def activate(self, user_id: str) -> UserProfile:
        check_can_change(self._info)
        try:
            profile = self.get_user_profile(user_id)
        except StudioError as error:
            if error.kind != ErrorKind.NOT_FOUND:
                raise
            profile = self.create_user_profile(user_id)
        if profile.is_on:
            return profile
        not_assigned = profile.status == UserProfileStatus.NOT_ASSIGNED
        status = UserProfileStatus.ASSIGNED if not_assigned else UserProfileStatus.ACTIVATED
        return self.update_user_profile(user_id, status, profile.type)

    @override
    @strip_frames
    def deactivate(self, user_id: str) -> UserProfile:
        check_can_change(self._info)
        profile = self.get_user_profile(user_id)
        if profile.is_off:
            return profile
        return self.update_user_profile(user_id, UserProfileStatus.DEACTIVATED, profile.type)

    def _as_it_is(self, change: LoggedChange, user_id: str) -> UserProfile:
        """Return a profile after the reply to a change of it was lost."""
        self._log.hold(change, self._limits.call)
        try:
            return self.get_user_profile(user_id)
        except StudioError as error:
            gone = error.kind == ErrorKind.NOT_FOUND
            why = "there is no profile" if gone else "its current state is unavailable"
        raise _uncertain(why)

    def _ask(
        self, operation: str, seconds: float | None = None, **members: object
    ) -> Mapping[str, Any]:
        return self._service.ask(operation, seconds, domainIdentifier=self._domain_id, **members)


def _read(reply: Mapping[str, Any]) -> UserProfile:
    members = {name: value for name, value in reply.items() if name != "ResponseMetadata"}
    return read_reply(read_user_profile, members)


def _uncertain(why: str) -> StudioError:
    return StudioError(
        ErrorKind.UNCERTAIN,
        f"Amazon DataZone didn't confirm this, and {why}. Refresh before you try again.",
    )
