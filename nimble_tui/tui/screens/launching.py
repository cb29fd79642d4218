"""The part of the main screen that launches workstations and shows licences."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.reactive import reactive

from nimble_tui.config import state
from nimble_tui.core.launching import (
    LAUNCH_TAG,
    LastLaunch,
    UnresolvedLaunch,
    can_launch,
    launch_token,
)
from nimble_tui.core.rules import Allowed, Refused
from nimble_tui.core.service import ErrorKind, StudioError
from nimble_tui.tui import commands, messages
from nimble_tui.tui.messages import MISTAKE
from nimble_tui.tui.screens.desk import Desk
from nimble_tui.tui.screens.live import replaced
from nimble_tui.view import notices

if TYPE_CHECKING:
    from textual.binding import BindingType

    from nimble_tui.core.launching import LaunchRequest
    from nimble_tui.core.model import LaunchProfile, StreamingSession
    from nimble_tui.core.service import StudioInfo, StudioService
    from nimble_tui.core.usual import Change
    from nimble_tui.view.launches import Known, LaunchChoice


class LaunchingScreen(Desk):
    """Launches from the launch profile under the cursor, or from that of the workstation.

    `taken` is how long changes took so far; `renamed` tells the id of a workstation whose launch
    was answered, by the id it had in the list until then.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*commands.bindings(("new", "eulas"))]

    taken: reactive[tuple[Change, ...]] = reactive((), repaint=False)

    def __init__(self, info: StudioInfo) -> None:
        super().__init__(info)
        self.renamed: dict[str, str] = {}
        self._came_from: dict[str, str] = {}
        self.wishes: set[str] = set()

    def refusal(self, action: str) -> str | None:
        """Return why an action would be refused now; None when it would not."""
        if action != "new":
            return super().refusal(action)
        profile = self.selected_profile if self.on_profiles else None
        if profile is not None:
            found = can_launch(profile, read_only=self.info.read_only)
            return found.reason if isinstance(found, Refused) else None
        if self._launchable():
            return None
        found = Refused("There is no launch profile that you can launch from; ask your admin.")
        for one in self.sight.launch_profiles[:1]:
            answer = can_launch(one, read_only=self.info.read_only)
            found = answer if self.info.read_only and isinstance(answer, Refused) else found
        return found.reason

    def _launchable(self) -> list[LaunchProfile]:
        """Return the launch profiles that can be launched from, in the order of the list."""
        from nimble_tui.view.profile_rows import profile_rows

        profiles = (row.launch_profile for row in profile_rows(self.sight.launch_profiles, ()))
        read_only = self.info.read_only
        return [
            one for one in profiles if isinstance(can_launch(one, read_only=read_only), Allowed)
        ]

    def _known(self) -> Known:
        from nimble_tui.view import launches

        app = self.nimble
        kept = state.read_state().choices
        here = state.choice_key(self.info, "")
        choices = {key.removeprefix(here): one for key, one in kept.items() if key.startswith(here)}
        return launches.Known(
            now=self.now,
            tz=app.tz,
            details=self.details,
            choices=choices,
            not_free=launches.not_free(self.sight.entries, self.now),
            prices=app.settings.prices,
            changes=self.taken,
        )

    # Launching.

    def action_new(self) -> None:
        """Ask what to launch, then launch it."""
        if self.refused("new") or self.service is None:
            return
        from nimble_tui.tui.dialogs.launch_dialog import LaunchDialog

        profile, entry = self.selected_profile, self.selected
        if not self.on_profiles:
            profile = entry.launch_profile if entry else None
        first = profile.launch_profile_id if profile else ""

        def chosen(choice: LaunchChoice | None) -> None:
            if choice is not None:
                self.launch(choice)

        clock = self.nimble.clock
        dialog = LaunchDialog(
            self.service,
            self._launchable(),
            first,
            self._known(),
            clock,
            unresolved=self.unresolved_launch,
        )
        self.app.push_screen(dialog, chosen)

    def launch(self, choice: LaunchChoice) -> None:
        """Launch what was chosen, if that is still possible; the list shows it at once."""
        request = choice.request
        launch_profile_id = request.launch_profile_id
        if self.service is None or launch_profile_id not in {
            one.launch_profile_id for one in self._launchable()
        }:
            self.tell(notices.Notice(self.UNANSWERED, "Launch: not now", "warning"))
            return
        earlier = choice.earlier
        if earlier is None and not choice.another:
            earlier = self.unresolved_launch(request)
            if earlier is not None:
                self.tell(notices.of_continued_launch(earlier, self.now, self.nimble.tz))
        token = earlier.client_token if earlier else launch_token()
        from nimble_tui.view.launches import placeholder

        coming = placeholder(request, {LAUNCH_TAG: token}, self.now)
        if token in self.coming:
            self.reveal(coming.session_id)
            return
        self.request += 1
        here = UnresolvedLaunch(request, token, self.now)
        self.unresolved = (here, *(one for one in self.unresolved if one.client_token != token))
        if self.selected is not None:
            self._came_from[coming.session_id] = self.selected.key
        self.coming[token] = coming
        self.rebuild(self.sight.sessions)
        made = earlier.session if earlier else None
        self.reveal((made or coming).session_id)
        self._launch(self.service, request, token, is_new=earlier is None)

    @work(
        thread=True,
        exclusive=False,
        exit_on_error=False,
        group="act",
        description="launch a workstation",
    )
    def _launch(
        self, service: StudioService, request: LaunchRequest, token: str, *, is_new: bool
    ) -> None:
        choice = LastLaunch(request.ec2_instance_type, request.streaming_image_id)
        state.choose(service.info, request.launch_profile_id, choice)
        try:
            session = service.launch(request, client_token=token, is_new=is_new)
        except StudioError as error:
            self.post_message(messages.LaunchFailed(token, request, error))
        except Exception:
            unknown = StudioError(ErrorKind.UNCERTAIN, MISTAKE)
            self.post_message(messages.LaunchFailed(token, request, unknown))
            raise
        else:
            self.post_message(messages.Launched(token, session))

    @on(messages.Launched)
    def _launched(self, message: messages.Launched) -> None:
        coming, session = self.coming.pop(message.client_token), message.session
        self._resolved(message.client_token)
        followed = self._follows(coming)
        self.request += 1
        self.renamed[coming.session_id] = session.session_id
        if coming.session_id in self.wishes:
            self.wishes.remove(coming.session_id)
            self.wishes.add(session.session_id)
        self.rebuild(replaced(self.sight.sessions, session))
        if followed:
            self.follow(session.session_id)
        self.look()

    def _resolved(self, client_token: str) -> None:
        others = (one for one in self.unresolved if one.client_token != client_token)
        self.unresolved = tuple(others)

    def _follows(self, coming: StreamingSession) -> bool:
        """Return whether the cursor is still on what is being launched."""
        return self.selected is not None and self.selected.key == coming.session_id

    @on(messages.LaunchFailed)
    def _launch_failed(self, message: messages.LaunchFailed) -> None:
        coming = self.coming.pop(message.client_token)
        self.wishes.discard(coming.session_id)
        followed = self._follows(coming)
        self.request += 1
        self.rebuild(self.sight.sessions)
        if followed and (before := self._came_from.pop(coming.session_id, None)):
            self.follow(before)
        error = message.error
        if error.kind == ErrorKind.UNCERTAIN:
            text, title = f"{error.message} Checking how it is now.", "Launch"
        else:
            self._resolved(message.client_token)
            text, title = error.message, "Not launched"
        self.tell(notices.Notice(text, title, "error", 12))
        if error.kind == ErrorKind.NOT_SIGNED_IN:
            self.failed(error)
        else:
            self.look(for_me=True)

    # Licences.

    def action_eulas(self) -> None:
        """Show the licences of everything that can be launched."""
        if self.refused("eulas") or self.service is None:
            return
        from nimble_tui.tui.dialogs.licence_dialog import LicenceDialog

        profiles = [one for one in self.sight.launch_profiles if not one.is_render_worker]
        clock = self.nimble.clock
        self.app.push_screen(LicenceDialog(self.service, profiles, self._known(), clock))

    # How long things usually take.

    @on(messages.Remembered)
    def _learned(self, message: messages.Remembered) -> None:
        if message.changes is not None:
            self.taken = message.changes
