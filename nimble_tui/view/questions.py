"""The questions of the confirm dialog: their text, the code to type, and their validity."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from nimble_tui.core import action_checks, rules, unclear_steps
from nimble_tui.core.durations import in_words
from nimble_tui.core.launching import LAUNCH_TAG
from nimble_tui.core.model import Mode, SessionAction
from nimble_tui.core.rules import Allowed, Refused
from nimble_tui.view import labels, outcomes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import timedelta

    from nimble_tui.core.backups import StreamingSessionBackup
    from nimble_tui.view.notices import Severity
    from nimble_tui.view.session_rows import SessionRow


class Role(StrEnum):
    """The role of a line, which decides its look."""

    SUBJECT = "subject"
    MUTED = "muted"
    PLAIN = "plain"
    LOSS = "loss"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a question, which may wrap; its text is never read as markup."""

    text: str
    role: Role = Role.PLAIN


@dataclass(frozen=True, slots=True)
class Question:
    """The content of a confirm dialog, and its possible answers.

    `confirm` is the label of the button that confirms, `does` what enter does on it; `extra` is
    the label of one more button that confirms, empty for none. `left` is reported about `subject`
    when the dialog is cancelled, unless it is empty. `code` must be typed to confirm. `tick` is the
    label of an option, and `ticked` the question while that is set; it has as many lines.
    `confirm_first` gives the focus to the button that confirms, not to Cancel. `at_once` accepts a
    press however early it comes. `severity` is that of the notification when the dialog closes
    because its subject changed.
    """

    title: str
    lines: tuple[Line, ...]
    confirm: str
    does: str = ""
    subject: str = ""
    left: str = ""
    dangerous: bool = False
    confirm_first: bool = False
    at_once: bool = False
    code: str = ""
    tick: str = ""
    ticked: Question | None = None
    extra: str = ""
    severity: Severity = "warning"


@dataclass(frozen=True, slots=True)
class Answer:
    """A confirmation: with the option set, by the extra button, or neither."""

    ticked: bool = False
    extra: bool = False

    @property
    def volume_retention_mode(self) -> str | None:
        """The handling of the disk at a stop (StopStreamingSession, volumeRetentionMode)."""
        return "DELETE" if self.ticked else None


# About a workstation.


def of_stop(row: SessionRow, note: str) -> Question:
    """Return the question before a stop; `note` is the consequence for the disk."""
    outcome = len(_about(row)) + 1
    lines = (
        *_about(row),
        Line("Running programs are closed. Save your work first."),
        Line(note),
    )
    question = Question(
        "Stop this workstation?",
        lines,
        "Stop",
        does="stops it",
        subject=row.title,
        left="Not stopped. It keeps running.",
        confirm_first=True,
    )
    if row.session.session_persistence_mode != Mode.ACTIVATED:
        return question
    loss = Line(outcomes.of_lost_disk(row.session), Role.LOSS)
    ticked = replace(
        question,
        lines=(*lines[:outcome], loss),
        confirm="Stop and delete disk",
        dangerous=True,
        confirm_first=False,
        code=row.session.short_id,
    )
    return replace(question, tick="Delete the disk too", ticked=ticked)


def of_delete(row: SessionRow, note: str, owner: str = "") -> Question:
    """Return the question before a delete; it names the owner of another person's workstation."""
    title, *more = _about(row)
    whose = (Line(f"Owner: {owner}"),) if owner else ()
    lines = (title, *whose, *more, Line(note, Role.LOSS))
    if unclear_steps.can_be_given_up(row.session):
        step = unclear_steps.step_name(row.session.state)
        return Question(
            f"Give up this {step}?",
            lines,
            "Give up",
            does="gives it up",
            subject=row.title,
            left="Not given up. The studio tries again.",
            dangerous=True,
            code=row.session.short_id,
        )
    return Question(
        "Delete this workstation?",
        lines,
        "Delete",
        does="deletes it",
        subject=row.title,
        left="Not deleted.",
        dangerous=True,
        code=row.session.short_id,
    )


def of_start(row: SessionRow, warning: str) -> Question:
    """Return the question before a start after which a stop might not be possible."""
    return Question(
        "Start this workstation?",
        (
            *_about(row),
            Line(warning, Role.LOSS),
            Line("Save your work elsewhere before then."),
        ),
        "Start",
        does="starts it",
        subject=row.title,
        left="Not started.",
        dangerous=True,
    )


def of_keep(row: SessionRow, note: str) -> Question:
    """Return the question before a stopped workstation is started and stopped to keep it."""
    gone = rules.is_disk_kept(row.session) is False
    disk = "; its disk is already deleted" if gone else " with its disk"
    return Question(
        "Keep this workstation?",
        (
            *_about(row),
            Line(f"If you don't keep it, it will be deleted{disk}."),
            Line(note),
        ),
        "Keep",
        does="keeps it",
        subject=row.title,
        left="Not kept.",
    )


def of_backup(row: SessionRow, backup: StreamingSessionBackup, made: str, risk: str) -> Question:
    """Return the question before a backup is restored.

    `made` is the backup's time, `risk` the warning if a stop might not be possible after the start.
    """
    answer = action_checks.check_restore(backup, row.session)
    note = answer.note if isinstance(answer, Allowed) else ""
    return Question(
        "Restore this backup?",
        (*_about(row), Line(f"Backup of {made}"), Line(f"{risk} {note}".strip(), Role.LOSS)),
        "Restore",
        does="restores it",
        subject=row.title,
        left="Not restored.",
        dangerous=True,
    )


def of_connect_when_ready(row: SessionRow, usual: timedelta | None, risk: str) -> Question:
    """Return the offer to connect to a workstation as soon as it is READY.

    `usual` is the usual duration until then. `risk` is the warning if it has to be started and a
    stop might not be possible after that.
    """
    session = row.session
    length = f" This usually takes about {in_words(usual)}." if usual else ""
    if session.in_transition:
        title, confirm = "Connect when it is READY?", "Connect when READY"
        about = f"It is {labels.state_label(session).text}{length}"
    else:
        title, confirm = "Start it, then connect?", "Start and connect"
        about = f"It is {session.state} and has to start first.{length}"
    opens = (
        "Its desktop opens when it's ready. If you're elsewhere in the app, you'll get a "
        "notification."
    )
    return Question(
        title,
        (
            Line(row.title, Role.SUBJECT),
            Line(about),
            *((Line(risk, Role.LOSS),) if risk else ()),
            Line(opens, Role.MUTED),
        ),
        confirm,
        dangerous=bool(risk),
        confirm_first=not risk,
        severity="information",
    )


def _about(row: SessionRow) -> tuple[Line, Line]:
    session = row.session
    about = " · ".join(part for part in (session.state, session.ec2_instance_type) if part)
    return Line(row.title, Role.SUBJECT), Line(f"{about}\n{session.session_id}", Role.MUTED)


# About the studio.


def of_sign_out(studio: str) -> Question:
    """Return the question before the keys of a studio are removed from this computer."""
    return Question(
        "Sign out?",
        (
            Line(studio, Role.SUBJECT),
            Line("Removes its access keys and cached lists from this computer."),
            Line("Your workstations keep running. To sign in again you need your invite."),
        ),
        "Sign out",
        at_once=True,
    )


def of_accepting(licences: Sequence[str]) -> Question:
    """Return the question before licences, given by name, are accepted for the whole studio."""
    for_all = "You accept for the whole studio, so that everyone can launch."
    consequence = f"\n{for_all} You can't undo this here."
    return Question(
        "Accept this licence?" if len(licences) == 1 else "Accept these licences?",
        (*(Line(name, Role.SUBJECT) for name in licences), Line(consequence)),
        "Accept",
    )


# The validity of a question.


def outdated(
    row: SessionRow, rows: Iterable[SessionRow], check: Callable[[SessionRow], Allowed | Refused]
) -> str:
    """Return why a question about a workstation is outdated; empty while it is valid.

    It is valid while the state is the same and `check` still allows the action.
    """
    new = next((one for one in rows if one.key == row.key), None)
    if new is None:
        return f"{row.title} was deleted. No changes made."
    if new.session.state != row.session.state:
        return f"{row.title} is now {new.session.state}. No changes made."
    answer = check(new)
    return "" if isinstance(answer, Allowed) else f"{answer.reason} No changes made."


def check_action(action: SessionAction, row: SessionRow) -> Allowed | Refused:
    """Return whether an action on a workstation is allowed."""
    return rules.check_action(action, row.session, row.launch_profile)


def check_keep(row: SessionRow) -> Allowed | Refused:
    """Return whether a workstation can be kept."""
    return action_checks.check_keep(row.session, row.launch_profile)


def check_backup(backup: StreamingSessionBackup, row: SessionRow) -> Allowed | Refused:
    """Return whether a backup can be restored."""
    return action_checks.check_restore(backup, row.session)


def outdated_connect(row: SessionRow, rows: Iterable[SessionRow]) -> str:
    """Return why an offer to connect is outdated; empty while the state is the same."""
    new = next((one for one in rows if _is_same(row, one)), None)
    if new is None:
        return f"{row.title} was deleted."
    if new.session.state == row.session.state:
        return ""
    return f"{row.title} is now {labels.state_label(new.session).text}."


def _is_same(row: SessionRow, other: SessionRow) -> bool:
    """Return whether both are the same workstation; without an id, the launch token decides."""
    token = row.session.tags.get(LAUNCH_TAG)
    return other.key == row.key or (
        token is not None and other.session.tags.get(LAUNCH_TAG) == token
    )
