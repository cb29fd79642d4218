"""Queries of a studio: one method per read-only call."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from typing_extensions import override

from nimble_tui.client.api_client import ApiClient
from nimble_tui.client.errors import strip_frames
from nimble_tui.client.listing import Entries, Page, gather, lacks_times, pages, with_unread_times
from nimble_tui.client.reply_parsing import read_reply, require_same, session_of
from nimble_tui.client.session_pages import PartsByDigest, SessionPages
from nimble_tui.client.transport import Limits
from nimble_tui.config import cache
from nimble_tui.core.backups import StreamingSessionBackup, read_backup
from nimble_tui.core.clock import Clock
from nimble_tui.core.eulas import Eula, EulaAcceptance, read_eula, read_eula_acceptance
from nimble_tui.core.last_seen import last_seen
from nimble_tui.core.listing import Listing
from nimble_tui.core.model import (
    LaunchProfile,
    LaunchProfileDetails,
    StreamingSession,
    Studio,
    read_launch_profile,
    read_launch_profile_details,
    read_studio,
)
from nimble_tui.core.service import StudioInfo, StudioService

_LAUNCH_PROFILES = Entries("launchProfiles", read_launch_profile, lambda one: one.launch_profile_id)
_BACKUPS = Entries("streamingSessionBackups", read_backup, lambda one: one.backup_id)
_EULAS = Entries("eulas", read_eula, lambda one: one.eula_id)
_ACCEPTANCES = Entries("eulaAcceptances", read_eula_acceptance, lambda one: one.eula_id)


class StudioReader(StudioService):
    """Reads one studio for one person; thread-safe, raises StudioError only."""

    def __init__(self, info: StudioInfo, api: ApiClient, limits: Limits, clock: Clock) -> None:
        self._info = info
        self._api = api
        self._limits = limits
        self._clock = clock
        self._last_pages: PartsByDigest = {}
        self._profiles: dict[str, LaunchProfile] = {}

    @property
    @override
    def info(self) -> StudioInfo:
        return self._info

    @override
    @strip_frames
    def get_studio(self) -> Studio:
        studio_id = self._info.studio_id
        reply = self._api.call(lambda client: client.get_studio(studioId=studio_id))
        studio = read_reply(read_studio, reply.get("studio"))
        return require_same(studio, studio.studio_id, studio_id)

    @override
    @strip_frames
    def list_launch_profiles(self) -> Listing[LaunchProfile]:
        page = self._page("list_launch_profiles", principalId=self._info.principal_id)
        listing = gather(page, _LAUNCH_PROFILES, self._limits, self._clock)
        self._profiles.update((one.launch_profile_id, one) for one in listing.items)
        return listing

    @override
    @strip_frames
    def list_streaming_sessions(self) -> Listing[StreamingSession]:
        page = self._page("list_streaming_sessions", ownedBy=self._info.principal_id)
        sessions = SessionPages(self._last_pages)
        listing = gather(page, sessions, self._limits, self._clock)
        self._last_pages = sessions.parts
        unread = sum(map(lacks_times, listing.items))
        return replace(listing, problem=with_unread_times(listing.problem, unread))

    def last_seen_profile(self, launch_profile_id: str) -> LaunchProfile | None:
        """Return a launch profile as last read, in this run or an earlier one."""
        known = self._profiles.get(launch_profile_id)
        before = (known,) if known else cache.read_launch_profiles(self._info)
        return next(iter(last_seen(frozenset({launch_profile_id}), before)), None)

    @strip_frames
    def get_launch_profile(self, launch_profile_id: str) -> LaunchProfile:
        """Return a launch profile."""
        studio_id = self._info.studio_id
        reply = self._api.call(
            lambda client: client.get_launch_profile(
                studioId=studio_id, launchProfileId=launch_profile_id
            )
        )
        launch_profile = read_reply(read_launch_profile, reply.get("launchProfile"))
        return require_same(launch_profile, launch_profile.launch_profile_id, launch_profile_id)

    @override
    @strip_frames
    def get_launch_profile_details(self, launch_profile_id: str) -> LaunchProfileDetails:
        studio_id = self._info.studio_id
        reply = self._api.call(
            lambda client: client.get_launch_profile_details(
                studioId=studio_id, launchProfileId=launch_profile_id
            )
        )
        details = read_reply(read_launch_profile_details, reply)
        return require_same(details, details.launch_profile.launch_profile_id, launch_profile_id)

    @override
    @strip_frames
    def get_streaming_session(self, session_id: str) -> StreamingSession:
        studio_id = self._info.studio_id
        reply = self._api.call(
            lambda client: client.get_streaming_session(studioId=studio_id, sessionId=session_id)
        )
        return session_of(reply, session_id)

    @override
    @strip_frames
    def list_streaming_session_backups(self) -> Listing[StreamingSessionBackup]:
        page = self._page("list_streaming_session_backups", ownedBy=self._info.principal_id)
        return gather(page, _BACKUPS, self._limits, self._clock)

    @strip_frames
    def get_streaming_session_backup(self, backup_id: str) -> StreamingSessionBackup:
        """Return one backup as it is now."""
        studio_id = self._info.studio_id
        reply = self._api.call(
            lambda client: client.get_streaming_session_backup(
                studioId=studio_id, backupId=backup_id
            )
        )
        backup = read_reply(read_backup, reply.get("streamingSessionBackup"))
        return require_same(backup, backup.backup_id, backup_id)

    @override
    @strip_frames
    def get_eula(self, eula_id: str) -> Eula:
        reply = self._api.call(lambda client: client.get_eula(eulaId=eula_id))
        eula = read_reply(read_eula, reply.get("eula"))
        return require_same(eula, eula.eula_id, eula_id)

    @override
    @strip_frames
    def list_eulas(self, eula_ids: Sequence[str]) -> Listing[Eula]:
        if not eula_ids:
            return Listing(())
        unique_ids = list(dict.fromkeys(eula_ids))

        def page(token: str, seconds: float) -> Mapping[str, Any]:
            more: Any = {"nextToken": token} if token else {}
            return self._api.call(
                lambda client: client.list_eulas(eulaIds=unique_ids, **more), seconds
            )

        return gather(page, _EULAS, self._limits, self._clock)

    @override
    @strip_frames
    def list_eula_acceptances(self) -> Listing[EulaAcceptance]:
        page = self._page("list_eula_acceptances")
        return gather(page, _ACCEPTANCES, self._limits, self._clock)

    def _page(self, operation: str, **whose: str) -> Page:
        return pages(self._api, operation, studioId=self._info.studio_id, **whose)
