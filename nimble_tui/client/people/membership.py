"""The admins of a studio and the members of its launch profiles, by the studio's own API.

Source: the AWS API reference, the operations on StudioMembership and LaunchProfileMembership.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from nimble_tui.api import service_model
from nimble_tui.client.api_client import ApiClient, Request
from nimble_tui.client.errors import CallError, strip_frames
from nimble_tui.client.intent import Verb
from nimble_tui.client.listing import Entries, gather, pages
from nimble_tui.client.people.batches import Send, checked, put_in_batches
from nimble_tui.client.people.change_log import ChangeLog, LoggedChange
from nimble_tui.client.reply_parsing import read_reply, require_same
from nimble_tui.client.transport import Limits
from nimble_tui.core.clock import Clock
from nimble_tui.core.listing import Listing
from nimble_tui.core.people.model import (
    MOST_AT_ONCE,
    Member,
    MembersReport,
    Persona,
    read_member,
)
from nimble_tui.core.people.rules import LAST_ADMIN, OWN_ADMIN
from nimble_tui.core.people.service import MembershipService, OnProgress
from nimble_tui.core.rules import READ_ONLY
from nimble_tui.core.service import ErrorKind, StudioError, StudioInfo
from nimble_tui.core.text import is_plain_id

if TYPE_CHECKING:
    from mypy_boto3_nimble.client import NimbleStudioClient
    from mypy_boto3_nimble.type_defs import NewLaunchProfileMemberTypeDef, NewStudioMemberTypeDef

_MEMBERS = Entries("members", read_member, lambda one: one.principal_id)
_MOST_IN_A_PAGE = 20


class Membership(MembershipService):
    """The nine operations on members; thread-safe, and raises StudioError only.

    `identity_store_id` is where the people's ids are from; without it a member's is used. `log` is
    where each change is written down before it is sent.
    """

    def __init__(
        self,
        info: StudioInfo,
        api: ApiClient,
        identity_store_id: str,
        limits: Limits,
        clock: Clock,
        *,
        log: ChangeLog,
    ) -> None:
        self._info = info
        self._studio_id = info.studio_id
        self._me = info.principal_id
        self._api = api
        self._identity_store_id = identity_store_id
        self._limits = limits
        self._clock = clock
        self._log = log
        self.changes_admins: bool | None = None
        """True if the user can change who is an admin; None until that is known."""

    def identity_store_id(self) -> str:
        """Return the identity store that the people are in."""
        if not self._identity_store_id:
            stores = (one.identity_store_id for one in self._admins().items)
            found = next((one for one in stores if one), None)
            if found is None:
                raise StudioError(
                    ErrorKind.SETTINGS,
                    "The studio reports no identity store for its people. "
                    "Set identity_store_id in its settings.",
                )
            self._identity_store_id = found
        return self._identity_store_id

    @property
    @override
    def personas(self) -> tuple[str, ...]:
        return personas()

    @override
    @strip_frames
    def list_studio_members(self) -> Listing[Member]:
        return self._admins()

    def _admins(self) -> Listing[Member]:
        page = pages(
            self._api,
            "list_studio_members",
            studioId=self._studio_id,
            maxResults=_MOST_IN_A_PAGE,
        )
        return gather(page, _MEMBERS, self._limits, self._clock)

    @override
    @strip_frames
    def get_studio_member(self, principal_id: str) -> Member:
        studio_id, who = self._studio_id, an_id(principal_id)
        reply = self._api.call(
            lambda client: client.get_studio_member(studioId=studio_id, principalId=who)
        )
        member = read_reply(read_member, reply.get("member"))
        return require_same(member, member.principal_id, who)

    @override
    @strip_frames
    def put_studio_members(
        self, principal_ids: Sequence[str], on_progress: OnProgress | None = None
    ) -> MembersReport:
        check_can_change(self._info)
        studio_id = self._studio_id

        def send(ids: Sequence[str], token: str) -> None:
            store = self.identity_store_id()
            members: list[NewStudioMemberTypeDef] = [
                {"persona": "ADMINISTRATOR", "principalId": one} for one in ids
            ]
            with self._learning():
                self._call(
                    lambda client: client.put_studio_members(
                        studioId=studio_id,
                        identityStoreId=store,
                        members=members,
                        clientToken=token,
                    )
                )

        return self._put(
            Verb.ADD_ADMINS, principal_ids, send, self.list_studio_members, on_progress
        )

    @override
    @strip_frames
    def delete_studio_member(self, principal_id: str) -> None:
        check_can_change(self._info)
        studio_id, who = self._studio_id, an_id(principal_id)
        if who == self._me:
            raise StudioError(ErrorKind.REFUSED, OWN_ADMIN)
        admins = self.list_studio_members()
        ids = {one.principal_id for one in admins.items}
        if not admins.complete:
            raise StudioError(
                ErrorKind.REFUSED,
                "The list of admins is incomplete, so this could be the last admin. Try again in a "
                "moment.",
            )
        if who not in ids:
            raise StudioError(ErrorKind.NOT_FOUND, "They are not an admin.")
        if ids == {who}:
            raise StudioError(ErrorKind.REFUSED, LAST_ADMIN)
        with self._log.recorded(Verb.REMOVE_ADMIN, [who]) as change, self._learning():
            self._settle(
                change,
                lambda client: client.delete_studio_member(
                    studioId=studio_id, principalId=who, clientToken=change.client_token
                ),
                lambda: self.get_studio_member(who),
            )

    @override
    @strip_frames
    def list_launch_profile_members(self, launch_profile_id: str) -> Listing[Member]:
        page = pages(
            self._api,
            "list_launch_profile_members",
            studioId=self._studio_id,
            launchProfileId=an_id(launch_profile_id),
            maxResults=_MOST_IN_A_PAGE,
        )
        return gather(page, _MEMBERS, self._limits, self._clock)

    @override
    @strip_frames
    def get_launch_profile_member(self, launch_profile_id: str, principal_id: str) -> Member:
        studio_id, where, who = self._studio_id, an_id(launch_profile_id), an_id(principal_id)
        reply = self._api.call(
            lambda client: client.get_launch_profile_member(
                studioId=studio_id, launchProfileId=where, principalId=who
            )
        )
        member = read_reply(read_member, reply.get("member"))
        return require_same(member, member.principal_id, who)

    @override
    @strip_frames
    def put_launch_profile_members(
        self,
        launch_profile_id: str,
        principal_ids: Sequence[str],
        on_progress: OnProgress | None = None,
    ) -> MembersReport:
        check_can_change(self._info)
        studio_id, where = self._studio_id, an_id(launch_profile_id)

        def send(ids: Sequence[str], token: str) -> None:
            store = self.identity_store_id()
            members: list[NewLaunchProfileMemberTypeDef] = [
                {"persona": "USER", "principalId": one} for one in ids
            ]
            self._call(
                lambda client: client.put_launch_profile_members(
                    studioId=studio_id,
                    launchProfileId=where,
                    identityStoreId=store,
                    members=members,
                    clientToken=token,
                )
            )

        def look() -> Listing[Member]:
            return self.list_launch_profile_members(where)

        return self._put(
            Verb.ADD_MEMBERS, principal_ids, send, look, on_progress, launch_profile_id=where
        )

    @override
    @strip_frames
    def update_launch_profile_member(
        self, launch_profile_id: str, principal_id: str, persona: str = Persona.USER
    ) -> Member:
        check_can_change(self._info)
        studio_id, where, who = self._studio_id, an_id(launch_profile_id), an_id(principal_id)
        # Its types know the personas of today alone; the studio refuses one that it does not know.
        value: Any = str(persona)
        with self._log.recorded(
            Verb.SET_PERSONA, [who], launch_profile_id=where, persona=value
        ) as change:
            try:
                reply = self._api.call(
                    lambda client: client.update_launch_profile_member(
                        studioId=studio_id,
                        launchProfileId=where,
                        principalId=who,
                        persona=value,
                        clientToken=change.client_token,
                    )
                )
                member = read_reply(read_member, reply.get("member"))
                return require_same(member, member.principal_id, who)
            except CallError as fault:
                if not fault.maybe_applied:
                    raise
            self._log.hold(change, self._limits.call)
            return self._with_persona(where, who, value)

    @override
    @strip_frames
    def delete_launch_profile_member(self, launch_profile_id: str, principal_id: str) -> None:
        check_can_change(self._info)
        studio_id, where, who = self._studio_id, an_id(launch_profile_id), an_id(principal_id)
        with self._log.recorded(Verb.REMOVE_MEMBER, [who], launch_profile_id=where) as change:
            self._settle(
                change,
                lambda client: client.delete_launch_profile_member(
                    studioId=studio_id,
                    launchProfileId=where,
                    principalId=who,
                    clientToken=change.client_token,
                ),
                lambda: self.get_launch_profile_member(where, who),
            )

    def _put(
        self,
        verb: Verb,
        principal_ids: Sequence[str],
        send: Send,
        look: Callable[[], Listing[Member]],
        on_progress: OnProgress | None,
        **where: str,
    ) -> MembersReport:
        """Make people members in batches, as one change of the journal."""
        wanted = checked(principal_ids)
        calls = math.ceil(len(wanted) / MOST_AT_ONCE)
        with self._log.recorded(verb, wanted, calls=calls, **where) as change:

            def sending(ids: Sequence[str], token: str) -> None:
                try:
                    send(ids, token)
                except CallError as fault:
                    change.is_in_doubt |= fault.maybe_applied
                    raise

            def looking() -> Listing[Member]:
                self._log.hold(change, self._limits.listing)
                return look()

            report = put_in_batches(wanted, change.client_token, sending, looking, on_progress)
            change.problem = report.problem or ""
        return report

    def _with_persona(self, launch_profile_id: str, principal_id: str, persona: str) -> Member:
        """Return a member after the reply to setting their persona was lost."""
        try:
            member = self.get_launch_profile_member(launch_profile_id, principal_id)
        except StudioError as error:
            gone = error.kind == ErrorKind.NOT_FOUND
            what = "they are not a member" if gone else "its current state is unavailable"
        else:
            if member.persona == persona:
                return member
            what = "their persona is unchanged"
        raise _unconfirmed(what)

    @contextmanager
    def _learning(self) -> Iterator[None]:
        """Note whether the user can change who is an admin."""
        try:
            yield
        except StudioError as error:
            if error.kind == ErrorKind.DENIED:
                self.changes_admins = False
            raise
        self.changes_admins = True

    def _call(self, request: Callable[["NimbleStudioClient"], Any]) -> None:
        # Its types say that nothing is answered, but botocore answers with what came along.
        asked: Request = request
        self._api.call(asked)

    def _settle(
        self,
        change: LoggedChange,
        request: Callable[["NimbleStudioClient"], Any],
        look: Callable[[], Member],
    ) -> None:
        """Remove a membership; if the reply is lost, read whether it is gone."""
        try:
            self._call(request)
        except CallError as fault:
            if not fault.maybe_applied:
                raise
        else:
            return
        self._log.hold(change, self._limits.call)
        try:
            look()
        except StudioError as error:
            if error.kind == ErrorKind.NOT_FOUND:
                return
            what = "its current state is unavailable"
        else:
            what = "they are still a member"
        raise _unconfirmed(what)


def _unconfirmed(what: str) -> StudioError:
    return StudioError(
        ErrorKind.UNCERTAIN,
        f"The studio didn't confirm this, and {what}. Refresh before you try again.",
    )


def personas() -> tuple[str, ...]:
    """Return the personas of members of a launch profile, as the API's model lists them."""
    shape: Any = service_model().shape_for("LaunchProfilePersona")
    return tuple(shape.enum)


def check_can_change(info: StudioInfo) -> None:
    """Raise REFUSED where the studio is read-only."""
    if info.read_only:
        raise StudioError(ErrorKind.REFUSED, READ_ONLY.reason)


def an_id(value: str) -> str:
    """Return an id without unsafe characters; raises StudioError before any request."""
    if not is_plain_id(value):
        raise StudioError(
            ErrorKind.INVALID,
            "This id is empty or contains unsafe characters. Copy the complete id again.",
        )
    return value
