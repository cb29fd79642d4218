"""The questions before a request is sent: words, the code to type, and when they are outdated."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from nimble_tui.core import action_checks, rules
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
    """What a line of a question is: it decides how the line looks."""

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
    """Everything that a confirm dialog shows, and how it may be answered.

    `confirm` is the label of the button that confirms, `does` what enter does on it; `extra` is
    the label of one more button that confirms, and empty for none. `left` is reported about
    `subject` when the dialog is left, and nothing where it is empty. `code` is typed before it can
    be confirmed. `tick` is the label of an option, and `ticked` the question while that is set; it
    has as many lines. `confirm_first` gives the focus to the button that confirms, not to Cancel.
    `at_once` lets a press count however soon it comes. `severity` is that of the message when the
    dialog closes because its subject changed.
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
    """How a question was confirmed: with its option set, by its extra button, or neither."""

    ticked: bool = False
    extra: bool = False

    @property
    def volume_retention_mode(self) -> str | None:
        """What a stop does to the disk (StopStreamingSession, volumeRetentionMode)."""
        return "DELETE" if self.ticked else None


# About a workstation.


def of_stop(row: SessionRow, note: str) -> Question:
    """Return the question before a stop; `note` says what becomes of the disk."""
    outcome = len(_about(row)) + 1
    lines = (
        *_about(row),
        Line("Programs that still run are closed: save your work first."),
        Line(note),
    )
    question = Question(
        "Stop this workstation?",
        lines,
        "Stop it",
        does="stops it",
        subject=row.title,
        left="Nothing was stopped; it runs on.",
        confirm_first=True,
    )
    if row.session.session_persistence_mode != Mode.ACTIVATED:
        return question
    loss = Line(outcomes.of_lost_disk(row.session), Role.LOSS)
    ticked = replace(
        question,
        lines=(*lines[:outcome], loss),
        confirm="Stop, lose the disk",
        dangerous=True,
        confirm_first=False,
        code=row.session.short_id,
    )
    return replace(question, tick="Throw its disk away too", ticked=ticked)


def of_delete(row: SessionRow, note: str, owner: str = "") -> Question:
    """Return the question before a delete; of another person's workstation it names the owner."""
    title, *more = _about(row)
    whose = (Line(f"of {owner}"),) if owner else ()
    return Question(
        "Delete this workstation?",
        (title, *whose, *more, Line(note, Role.LOSS)),
        "Delete for good",
        does="deletes it",
        subject=row.title,
        left="Nothing was deleted.",
        dangerous=True,
        code=row.session.short_id,
    )


def of_start(row: SessionRow, warning: str) -> Question:
    """Return the question before a start after which no stop may be possible."""
    return Question(
        "Start this workstation?",
        (
            *_about(row),
            Line(warning, Role.LOSS),
            Line("Save your work elsewhere before that."),
        ),
        "Start it",
        does="starts it",
        subject=row.title,
        left="Nothing was started.",
        dangerous=True,
    )


def of_keep(row: SessionRow, note: str) -> Question:
    """Return the question before a stopped workstation is started and stopped to keep it."""
    gone = rules.is_disk_kept(row.session) is False
    disk = "; its disk is gone already" if gone else " with everything on its disk"
    return Question(
        "Keep this workstation?",
        (
            *_about(row),
            Line(f"Left alone, it is deleted{disk}."),
            Line(note),
            Line("The minutes it runs for that cost what they always cost."),
        ),
        "Keep it",
        does="keeps it",
        subject=row.title,
        left="Nothing was done to keep it.",
    )


def of_backup(row: SessionRow, backup: StreamingSessionBackup, made: str, risk: str) -> Question:
    """Return the question before a disk becomes what it was.

    `made` says when that was, `risk` warns where no stop may be possible after the start.
    """
    answer = action_checks.check_restore(backup, row.session)
    note = answer.note if isinstance(answer, Allowed) else ""
    return Question(
        "Start from this backup?",
        (*_about(row), Line(f"Backup of {made}"), Line(f"{risk} {note}".strip(), Role.LOSS)),
        "Start from it",
        does="starts it",
        subject=row.title,
        left="Nothing was started.",
        dangerous=True,
    )


def of_connect_when_ready(row: SessionRow, usual: timedelta | None, risk: str) -> Question:
    """Return the offer to connect to a workstation as soon as it is READY.

    `usual` is how long that takes. `risk` warns where it would have to be started, and no stop may
    be possible after that.
    """
    session = row.session
    length = f" That usually takes about {in_words(usual)}." if usual else ""
    if session.in_transition:
        title, confirm = "Connect when it is READY?", "Connect when READY"
        about = f"It is {labels.state_label(session).text} now.{length}"
    else:
        title, confirm = "Start it, then connect?", "Start and connect"
        about = f"It is {session.state}. It is started first.{length}"
    opens = "Its screen opens by itself while you are here; otherwise you are told."
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
            Line("Its keys and lists are forgotten on this computer."),
            Line("Your workstations go on as they are. To come back you need your invite."),
        ),
        "Sign out",
        at_once=True,
    )


def of_accepting(licences: Sequence[str]) -> Question:
    """Return the question before licences, given by name, are accepted for the whole studio."""
    for_all = "You accept for the whole studio; everybody may launch then."
    consequence = f"\n{for_all} It cannot be taken back here."
    return Question(
        "Accept this licence?" if len(licences) == 1 else "Accept these licences?",
        (*(Line(name, Role.SUBJECT) for name in licences), Line(consequence)),
        "Accept",
    )


# Whether there is still something to ask.


def outdated(
    row: SessionRow, rows: Iterable[SessionRow], check: Callable[[SessionRow], Allowed | Refused]
) -> str:
    """Return why there is nothing to ask about a workstation any more; empty while there is.

    It is as it was while its state is the same and `check` still allows what is asked about.
    """
    new = next((one for one in rows if one.key == row.key), None)
    if new is None:
        return f"{row.title} is gone; nothing was done."
    if new.session.state == row.session.state and isinstance(check(new), Allowed):
        return ""
    return f"{row.title} is {new.session.state} now; nothing was done."


def check_action(action: SessionAction, row: SessionRow) -> Allowed | Refused:
    """Return whether an action on a workstation is allowed."""
    return rules.check_action(action, row.session, row.launch_profile)


def check_keep(row: SessionRow) -> Allowed | Refused:
    """Return whether a workstation can be kept."""
    return action_checks.check_keep(row.session, row.launch_profile)


def check_backup(backup: StreamingSessionBackup, row: SessionRow) -> Allowed | Refused:
    """Return whether a workstation can be started from a backup."""
    return action_checks.check_restore(backup, row.session)


def outdated_connect(row: SessionRow, rows: Iterable[SessionRow]) -> str:
    """Return why there is no wait to offer any more; empty while the state is the same."""
    new = next((one for one in rows if _is_same(row, one)), None)
    if new is None:
        return f"{row.title} is gone."
    if new.session.state == row.session.state:
        return ""
    return f"{row.title} is {labels.state_label(new.session).text} now."


def _is_same(row: SessionRow, other: SessionRow) -> bool:
    """Return whether it is that workstation, which has no id until its launch is answered."""
    token = row.session.tags.get(LAUNCH_TAG)
    return other.key == row.key or (
        token is not None and other.session.tags.get(LAUNCH_TAG) == token
    )
