"""The actions possible for the selected row, and the reasons for refusals."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nimble_tui.core import action_checks, rules, transitions, usual_durations
from nimble_tui.core.launching import check_launch
from nimble_tui.core.model import SessionAction, SessionState
from nimble_tui.core.rules import Allowed, Refused
from nimble_tui.core.text import clean
from nimble_tui.view import outcomes
from nimble_tui.view.profile_rows import profile_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nimble_tui.core.model import LaunchProfile
    from nimble_tui.view.session_rows import SessionRow
    from nimble_tui.workspace.context import Context
    from nimble_tui.workspace.store import Snapshot, Store

UNANSWERED = "The studio has not answered yet; try again in a moment."

_STARTING = frozenset({SessionState.CREATE_IN_PROGRESS, SessionState.START_IN_PROGRESS})
_NOT_A_WORKSTATION = "Select a workstation first (tab)."
_NONE_HERE = {
    "connect": "No workstation to connect to. Launch one first.",
    "show": "Nothing selected.",
    "backups": "No workstation selected.",
}


@dataclass(frozen=True, slots=True)
class Target:
    """The subject of an action: the workstation and the launch profile under the cursors.

    `on_profiles` says that the launch profile is meant, `is_filtered` that a filter hides
    workstations. `session_id` is the id of a workstation that may no longer exist.
    """

    row: SessionRow | None = None
    profile: LaunchProfile | None = None
    on_profiles: bool = False
    is_filtered: bool = False
    session_id: str = ""

    def of_page(self, page: str) -> Target:
        """Return the target of a page: the history of all, if the launch profile is meant."""
        is_about_all = page == "history" and self.on_profiles
        key = self.row.key if self.row and not is_about_all else ""
        return replace(self, session_id=key)


class Permissions:
    """Returns the reasons for refusals, from the rules and the snapshot."""

    def __init__(self, context: Context, store: Store) -> None:
        self._context = context
        self._store = store
        self._checked: tuple[object, ...] = ()
        self._checks: Mapping[SessionAction, Allowed | Refused] = {}

    def refusal_reason(self, action: str, target: Target) -> str | None:
        """Return why an action would be refused now; None if it would not."""
        match action:
            case "sign_out" | "sign_in":
                return self._reason_of_keys(action)
            case "new":
                return self._reason_of_launch(target)
            case "connect" if target.on_profiles:
                return self._reason_of_launch(target)
            case "show" if target.on_profiles:
                return None if target.profile else self._none_here(action, target)
            case "stop" | "start" | "delete" | "keep" | "rename" | "connect" | "show" | "backups":
                return self._reason_of_row(action, target)
            case _:
                return None

    def _reason_of_keys(self, action: str) -> str | None:
        info = self._store.snapshot.info
        if action == "sign_out" and info.demo:
            return "The demo studio has no access keys to remove."
        if action == "sign_in" and info.aws_profile:
            return (
                f"This studio uses the AWS profile {clean(info.aws_profile)}. Sign in to it in a "
                f"terminal, then press {self._context.key_of('refresh')}."
            )
        return None

    def _reason_of_row(self, action: str, target: Target) -> str | None:
        row = target.row
        if action == "backups" and target.on_profiles:
            return _NOT_A_WORKSTATION
        if row is None:
            return self._none_here(action, target)
        if action in {"show", "backups"}:
            return None
        if target.on_profiles:
            return _NOT_A_WORKSTATION
        if action == "rename" and row.key in self._store.snapshot.pending:
            return UNANSWERED
        found = self.check(action, row)
        return found.reason if isinstance(found, Refused) else None

    def _none_here(self, action: str, target: Target) -> str:
        if target.is_filtered and self._store.snapshot.rows:
            return "No workstation matches the filter. Press esc to clear it."
        return _NONE_HERE.get(action, "No workstation selected.")

    def _reason_of_launch(self, target: Target) -> str | None:
        read_only = self._store.snapshot.info.read_only
        if target.on_profiles and target.profile is not None:
            found = check_launch(target.profile, read_only=read_only)
            return found.reason if isinstance(found, Refused) else None
        if launchable(self._store.snapshot):
            return None
        if read_only and self._store.snapshot.launch_profiles:
            return rules.READ_ONLY.reason
        return "No launch profile is available to you. Ask your admin."

    # Of one workstation.

    def check(self, action: str, row: SessionRow) -> Allowed | Refused:
        """Return the check of the rules on an action on a workstation."""
        session, read_only = row.session, self._store.snapshot.info.read_only
        match action:
            case "keep":
                stuck = self.is_stuck(row)
                profile = row.launch_profile
                return action_checks.check_keep(session, profile, read_only=read_only, stuck=stuck)
            case "rename":
                return action_checks.check_rename(session, read_only=read_only)
            case "connect":
                found = action_checks.check_connect(session, read_only=read_only)
                can_wait = isinstance(found, Refused) and self.can_connect_when_ready(row)
                return Allowed("") if can_wait else found
            case _:
                return self.check_all(row)[SessionAction(action)]

    def check_all(self, row: SessionRow) -> Mapping[SessionAction, Allowed | Refused]:
        """Return the checks of the rules on stop, start and delete.

        They are cached until something changes.
        """
        session, profile = row.session, row.launch_profile
        read_only, stuck = self._store.snapshot.info.read_only, self.is_stuck(row)
        checked = (session, profile, read_only, stuck)
        if checked != self._checked:
            self._checked = checked
            self._checks = rules.check_actions(session, profile, read_only=read_only, stuck=stuck)
        return self._checks

    def can_connect_when_ready(self, row: SessionRow) -> bool:
        """Return whether a workstation that is not READY will be, or can be started."""
        if self._store.snapshot.info.read_only:
            return False
        if row.session.state in _STARTING:
            return True
        return not isinstance(self.check_all(row)[SessionAction.START], Refused)

    def is_stuck(self, row: SessionRow) -> bool:
        """Return whether a workstation has been in transition for too long."""
        usually = usual_durations.usual_duration(self._store.snapshot.durations, row.session)
        return transitions.is_stuck(row.session, self._context.clock.now(), usually)

    def risk_of_start(self, row: SessionRow) -> str:
        """Return the warning that a stop might not be possible after a start; empty if it is."""
        now, tz = self._context.clock.now(), self._context.tz
        return outcomes.of_start(row.session, row.launch_profile, now=now, tz=tz)


def launchable(snapshot: Snapshot) -> list[LaunchProfile]:
    """Return the launch profiles that can be launched, in the order of the list."""
    profiles = (row.launch_profile for row in profile_rows(snapshot.launch_profiles))
    read_only = snapshot.info.read_only
    return [x for x in profiles if isinstance(check_launch(x, read_only=read_only), Allowed)]
