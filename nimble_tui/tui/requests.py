"""The dialog of each action, and the request sent once it is confirmed.

It belongs to the app, which connects screens and dialogs.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from nimble_tui.core import usual_durations
from nimble_tui.core.model import SessionAction, SessionState
from nimble_tui.core.rules import Allowed
from nimble_tui.core.service import StudioError
from nimble_tui.core.unclear_steps import can_be_given_up
from nimble_tui.view import outcomes, questions
from nimble_tui.view.notices import Notice
from nimble_tui.workspace.tasks import MISTAKE

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import App

    from nimble_tui.core.backups import StreamingSessionBackup
    from nimble_tui.core.rules import Refused
    from nimble_tui.tui.host import Host
    from nimble_tui.view.launches import LaunchChoice
    from nimble_tui.view.questions import Answer, Question
    from nimble_tui.view.session_rows import SessionRow
    from nimble_tui.workspace.permissions import Target
    from nimble_tui.workspace.workspace import Workspace


class Requests:
    """Opens the dialogs about one workspace."""

    def __init__(self, app: App[None], host: Host, workspace: Workspace) -> None:
        self._app = app
        self._host = host
        self._workspace = workspace

    def request(
        self, action: str, target: Target, then: Callable[[str], None] | None = None
    ) -> None:
        """Ask for the confirmation of an action, then send it.

        `then` gets the row key of a launch once that was sent.
        """
        row = target.row
        match action:
            case "new":
                self._launch(target, then)
            case "eulas":
                self._show_licences()
            case "sign_out":
                self._sign_out()
            case "start" if row is not None:
                self._start(row)
            case "stop" | "delete" if row is not None:
                self._stop_or_delete(SessionAction(action), row)
            case "keep" if row is not None:
                self._keep(row)
            case "rename" if row is not None:
                self._rename(row)
            case "connect" if row is not None:
                self._connect(row)

    # About one workstation.

    def _stop_or_delete(self, action: SessionAction, row: SessionRow) -> None:
        workspace = self._workspace
        result = workspace.permissions.check_all(row)[action]
        note = result.note if isinstance(result, Allowed) else ""
        profile, tz = row.launch_profile, self._host.tz
        note = outcomes.of_action(action, note, row.session, profile, now=workspace.now, tz=tz)

        def confirmed(answer: Answer) -> None:
            mode = answer.volume_retention_mode
            gives_up = action == SessionAction.DELETE and can_be_given_up(row.session)
            workspace.actions.act(action, row, volume_retention_mode=mode, gives_up=gives_up)

        question = questions.of_stop if action == SessionAction.STOP else questions.of_delete
        check = partial(questions.check_action, action)
        self._ask(question(row, note), confirmed, self._outdated(row, check))

    def _start(self, row: SessionRow) -> None:
        """Start directly if a stop will be possible afterwards, else after confirmation."""
        if self._workspace.permissions.risk_of_start(row):
            self.ask_to_start(row)
        else:
            self._workspace.actions.act(SessionAction.START, row)

    def ask_to_start(self, row: SessionRow, backup_id: str | None = None) -> None:
        """Confirm a start after which a stop might not be possible, then send it."""
        workspace = self._workspace
        connects = row.key in workspace.snapshot.connect_when_ready
        answer = questions.check_action(SessionAction.START, row)
        # The content of the disk was confirmed with the backup.
        note = answer.note if isinstance(answer, Allowed) and backup_id is None else ""
        warning = f"{workspace.permissions.risk_of_start(row)} {note}".strip()

        def confirmed(_: Answer) -> None:
            if connects:
                workspace.actions.connect_when_ready(row.key)
            workspace.actions.act(SessionAction.START, row, backup_id=backup_id, may_not_stop=True)

        check = partial(questions.check_action, SessionAction.START)
        self._ask(questions.of_start(row, warning), confirmed, self._outdated(row, check))

    def ask_to_start_from(
        self,
        row: SessionRow,
        backup: StreamingSessionBackup,
        made: str,
        then: Callable[[], None],
    ) -> None:
        """Confirm restoring a backup from the time `made`, then send it."""
        workspace = self._workspace
        risk = workspace.permissions.risk_of_start(row)

        def confirmed(_: Answer) -> None:
            workspace.actions.act(
                SessionAction.START, row, backup_id=backup.backup_id, may_not_stop=bool(risk)
            )
            then()

        check = partial(questions.check_backup, backup)
        question = questions.of_backup(row, backup, made, risk)
        self._ask(question, confirmed, self._outdated(row, check))

    def _keep(self, row: SessionRow) -> None:
        result = self._workspace.permissions.check("keep", row)
        note = result.note if isinstance(result, Allowed) else ""

        def confirmed(_: Answer) -> None:
            self._workspace.actions.keep(row)

        check = questions.check_keep
        self._ask(questions.of_keep(row, note), confirmed, self._outdated(row, check))

    def _rename(self, row: SessionRow) -> None:
        from nimble_tui.tui.dialogs.rename_dialog import RenameDialog

        def named(name: str | None) -> None:
            if name is not None and name != row.session.tags.get("Name", ""):
                self._workspace.actions.rename(row, name)

        self._app.push_screen(RenameDialog(self._workspace, row), named)

    def _connect(self, row: SessionRow) -> None:
        if row.session.state == SessionState.READY:
            self._open_screen(row)
        else:
            self._offer_to_wait(row)

    def _open_screen(self, row: SessionRow) -> None:
        from nimble_tui.tui.dialogs.connect_dialog import ConnectDialog

        workspace = self._workspace
        workspace.actions.connecting(row.key)

        def done(said: str | None) -> None:
            workspace.actions.connecting()
            if said:
                self._host.show_toast(Notice(said, row.title))

        self._app.push_screen(ConnectDialog(workspace, row), done)

    def _offer_to_wait(self, row: SessionRow) -> None:
        """Offer to connect as soon as a workstation is READY."""
        workspace, is_moving = self._workspace, row.session.in_transition
        starting = replace(row.session, state=SessionState.START_IN_PROGRESS)
        session = row.session if is_moving else starting
        usually = usual_durations.usual_duration(workspace.snapshot.durations, session)
        risk = "" if is_moving else workspace.permissions.risk_of_start(row)

        def confirmed(_: Answer) -> None:
            successors = workspace.snapshot.successors
            workspace.actions.connect_when_ready(successors.get(row.key, row.key))
            if not is_moving:
                workspace.actions.act(SessionAction.START, row, may_not_stop=bool(risk))

        def outdated() -> str:
            return questions.outdated_connect(row, workspace.snapshot.rows)

        self._ask(questions.of_connect_when_ready(row, usually, risk), confirmed, outdated)

    # About the studio.

    def _launch(self, target: Target, then: Callable[[str], None] | None) -> None:
        from nimble_tui.tui.dialogs.launch_dialog import LaunchDialog

        workspace, row = self._workspace, target.row
        profile = target.profile
        if not target.on_profiles:
            profile = row.launch_profile if row else None

        def chosen(choice: LaunchChoice | None) -> None:
            if choice is not None:
                key = workspace.launching.launch(choice, row.key if row else "")
                if key and then is not None:
                    then(key)

        first = profile.launch_profile_id if profile else ""
        self._app.push_screen(LaunchDialog(workspace, first), chosen)

    def _show_licences(self) -> None:
        from nimble_tui.tui.dialogs.licence_dialog import LicenceDialog

        profiles = self._workspace.snapshot.launch_profiles
        shown = [one for one in profiles if not one.is_render_worker]
        self._app.push_screen(LicenceDialog(self._workspace, shown))

    def _sign_out(self) -> None:
        workspace = self._workspace
        snapshot = workspace.snapshot

        def confirmed(_: Answer) -> None:
            forget = self._forget_keys(snapshot.info.name)
            workspace.tasks.start("sign out", forget, lambda: self._not_signed_out(MISTAKE))

        question = questions.of_sign_out(snapshot.studio_name or snapshot.info.name)
        self._ask(question, confirmed, lambda: "")

    async def _forget_keys(self, name: str) -> None:
        try:
            await self._workspace.connection.sign_out()
        except StudioError as error:
            self._not_signed_out(error.message)
        else:
            self._host.navigation.welcome(
                f"Signed out of {name}. Its access keys were removed from this computer."
            )

    def _not_signed_out(self, reason: str) -> None:
        self._host.show_toast(Notice(reason, "Sign out", "error"))

    # Asking.

    def _ask(
        self, question: Question, confirmed: Callable[[Answer], None], outdated: Callable[[], str]
    ) -> None:
        from nimble_tui.tui.dialogs.confirm import ConfirmDialog

        def answered(answer: Answer | None) -> None:
            if answer is None:
                return
            if reason := outdated():  # outdated since the confirmation
                self._host.show_toast(Notice(reason, severity=question.severity))
            else:
                confirmed(answer)

        self._app.push_screen(ConfirmDialog(question, self._workspace, outdated), answered)

    def _outdated(
        self, row: SessionRow, check: Callable[[SessionRow], Allowed | Refused]
    ) -> Callable[[], str]:
        """Return a function that returns why a question is outdated."""
        return lambda: questions.outdated(row, self._workspace.snapshot.rows, check)
