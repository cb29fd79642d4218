"""A screen that acts on a studio's workstations, besides watching it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from textual import on, work
from textual.reactive import reactive

from nimble_tui.core.service import ErrorKind, StudioError, UnconfirmedStartError
from nimble_tui.tui import messages
from nimble_tui.tui.messages import MISTAKE
from nimble_tui.tui.screens.watch import WatchScreen
from nimble_tui.view.session_rows import Pending, PendingAction, SessionRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from nimble_tui.core.model import (
        LaunchProfile,
        LaunchProfileDetails,
        SessionAction,
        StreamingSession,
    )
    from nimble_tui.core.service import StudioInfo, StudioService

Call: TypeAlias = "Callable[[StudioService], StreamingSession]"


class LiveScreen(WatchScreen):
    """Sends confirmed actions and reads details; workers only send it messages."""

    details: reactive[dict[str, LaunchProfileDetails]] = reactive(dict, repaint=False)

    UNANSWERED: ClassVar[str] = "The studio has not answered yet; try again in a moment."

    def __init__(self, info: StudioInfo) -> None:
        super().__init__(info)
        self._details_asked: set[str] = set()

    def act(
        self,
        action: SessionAction,
        entry: SessionRow,
        *,
        backup_id: str | None = None,
        volume_retention_mode: str | None = None,
        may_not_stop: bool = False,
    ) -> None:
        """Send a confirmed action; the row shows it at once. The rest is as for the service."""

        def call(service: StudioService) -> StreamingSession:
            return service.act(
                action,
                entry.key,
                backup_id=backup_id,
                volume_retention_mode=volume_retention_mode,
                may_not_stop=may_not_stop,
            )

        asked = PendingAction(action, self.now, backup_id, volume_retention_mode)
        self.send(action, entry, asked, call)

    def send(self, action: str, entry: SessionRow, request: Pending, call: Call) -> None:
        """Do with one workstation what `call` does, in a worker; the row shows it at once."""
        if self.service is None:
            self.notify(self.UNANSWERED, severity="warning")
            return
        self.request += 1
        self.asked[entry.key] = request
        self.rebuild(self.sight.sessions)
        self._send(self.service, action, entry.key, call)

    @work(
        thread=True,
        exclusive=False,
        exit_on_error=False,
        group="act",
        description="act on a workstation",
    )
    def _send(self, service: StudioService, action: str, session_id: str, call: Call) -> None:
        try:
            session = call(service)
        except StudioError as error:
            self.post_message(messages.ActFailed(action, session_id, error))
        except Exception:
            unknown = StudioError(ErrorKind.UNCERTAIN, MISTAKE)
            self.post_message(messages.ActFailed(action, session_id, unknown))
            raise
        else:
            self.post_message(messages.Acted(action, session))

    @on(messages.Acted)
    def _acted(self, message: messages.Acted) -> None:
        self._settle(message.session.session_id)
        if message.session.session_id in self.sight.unread:  # it was just read all the same
            unread = self.sight.unread - {message.session.session_id}
            self.sight = replace(self.sight, unread=unread)
        self.rebuild(replaced(self.sight.sessions, message.session))
        self.look()

    @on(messages.ActFailed)
    def _act_failed(self, message: messages.ActFailed) -> None:
        asked = self.asked.get(message.session_id)
        self._settle(message.session_id)
        if isinstance(message.error, UnconfirmedStartError):
            self._know_profile(message.error.launch_profile)
        self.rebuild(self.sight.sessions)
        if not self._asks_again(message, asked):
            self.action_failed(message)
        if message.error.kind == ErrorKind.NOT_SIGNED_IN:
            self.failed(message.error)
        else:
            self.look()

    def _asks_again(self, message: messages.ActFailed, asked: Pending | None) -> bool:
        """Return whether a start that was not confirmed is asked about instead of reported."""
        error = message.error
        entry = next((one for one in self.sight.entries if one.key == message.session_id), None)
        if not isinstance(error, UnconfirmedStartError) or entry is None:
            return False
        return isinstance(asked, PendingAction) and self.start_unconfirmed(
            entry, asked, error.launch_profile
        )

    def _know_profile(self, launch_profile: LaunchProfile | None) -> None:
        """Put a launch profile that was just read in the place of the one in the list."""
        if launch_profile is None:
            return
        key = launch_profile.launch_profile_id
        profiles = tuple(
            launch_profile if one.launch_profile_id == key else one
            for one in self.sight.launch_profiles
        )
        self.sight = replace(self.sight, launch_profiles=profiles)

    def _settle(self, session_id: str) -> None:
        self.request += 1
        self.asked.pop(session_id, None)

    def rebuild(self, sessions: tuple[StreamingSession, ...]) -> None:
        """Show these workstations, and what was asked of them meanwhile."""
        sight = self.sight
        entries = self.arranger()(sessions, sight.known_profiles, unread=sight.unread)
        self.sight = replace(sight, sessions=sessions, entries=entries)

    # Details.

    def want_details(self, launch_profile_id: str) -> None:
        """Ask for a launch profile's images, once."""
        if self.service is None or launch_profile_id in self._details_asked:
            return
        self._details_asked.add(launch_profile_id)
        self._details(self.service, launch_profile_id)

    @work(
        thread=True,
        exclusive=False,
        exit_on_error=False,
        group="details",
        description="read a launch profile's images",
    )
    def _details(self, service: StudioService, launch_profile_id: str) -> None:
        try:
            details = service.get_launch_profile_details(launch_profile_id)
        except StudioError:
            self.post_message(messages.DetailsSeen(launch_profile_id, None))
        else:
            self.post_message(messages.DetailsSeen(launch_profile_id, details))

    @on(messages.DetailsSeen)
    def _details_seen(self, message: messages.DetailsSeen) -> None:
        if message.details is None:
            self._details_asked.discard(message.launch_profile_id)
        else:
            self.details = {**self.details, message.launch_profile_id: message.details}

    # Signing out.

    @work(
        thread=True,
        exclusive=True,
        exit_on_error=False,
        group="sign out",
        description="sign out",
    )
    def sign_out(self) -> None:
        """Forget the keys of this studio, in a worker."""
        try:
            self.nimble.studios.sign_out(self.info.name)
        except StudioError as error:
            self.post_message(messages.SignedOut(self.info.name, error))
        else:
            self.post_message(messages.SignedOut(self.info.name))

    @on(messages.SignedOut)
    def _signed_out(self, message: messages.SignedOut) -> None:
        if message.error is not None:
            self.notify(message.error.message, title="Sign out", severity="error")
        else:
            self.nimble.welcome(f"The keys of {message.name} are forgotten on this computer.")

    # What the screen on top of this makes of it.

    def action_failed(self, message: messages.ActFailed) -> None:
        """Tell the artist why an action did not work."""

    def start_unconfirmed(
        self, entry: SessionRow, asked: PendingAction, launch_profile: LaunchProfile | None
    ) -> bool:
        """Ask about a start that was not sent; return whether it could be asked."""
        del entry, asked, launch_profile
        return False


def replaced(
    sessions: tuple[StreamingSession, ...], session: StreamingSession
) -> tuple[StreamingSession, ...]:
    """Return the workstations with this one as it is now, or added."""
    others = tuple(one for one in sessions if one.session_id != session.session_id)
    if len(others) == len(sessions):
        return (*sessions, session)
    return tuple(session if one.session_id == session.session_id else one for one in sessions)
