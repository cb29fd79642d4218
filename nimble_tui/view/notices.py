"""The texts of notifications: finished changes, failures, refusals and warnings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from nimble_tui.core import rules
from nimble_tui.core.action_checks import check_keep
from nimble_tui.core.actions import BY_ID
from nimble_tui.core.durations import in_words
from nimble_tui.core.launching import LAUNCH_TAG
from nimble_tui.core.model import SessionAction, SessionState
from nimble_tui.core.rules import Allowed
from nimble_tui.core.service import ErrorKind
from nimble_tui.view import labels, times

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime, tzinfo

    from nimble_tui.core.actions import Action
    from nimble_tui.core.launching import UnresolvedLaunch
    from nimble_tui.core.service import Finding, StudioError
    from nimble_tui.view.alarms import Alarm
    from nimble_tui.view.session_rows import SessionRow

Severity: TypeAlias = Literal["information", "warning", "error"]
"""The severity of a notification, in Textual's words."""

_SHORT = 6.0
_LONG = 12.0
_LOUD = 20.0
_SINGLY = 3

REFUSAL = "a refusal"
"""The subject of every notification that says why an action is not possible."""


class Notice(NamedTuple):
    """A notification that stays for `seconds`.

    One with a subject (`about`) replaces an earlier one about the same, and can be removed by it.
    """

    text: str
    title: str = ""
    severity: Severity = "information"
    seconds: float = _SHORT
    about: str = ""


def of_changes(
    before: Iterable[SessionRow],
    after: Iterable[SessionRow],
    keys: Mapping[str, str],
    here: str | None = None,
) -> Iterator[Notice]:
    """Yield a notification for each workstation whose transition has ended.

    `keys` are the keys of the actions; `here` is the id of the workstation they act on.
    """
    moving = {row.key: row for row in before if row.session.in_transition}
    now = {row.key: row for row in after if row.key in moving}
    launched = {row.session.tags.get(LAUNCH_TAG) for row in after} - {None}
    for old in moving.values():
        new = now.get(old.key)
        if new is None:
            # The placeholder of a launch was replaced by the workstation under its own id.
            if old.session.tags.get(LAUNCH_TAG) not in launched:
                yield Notice(f"{old.title} was deleted.")
        elif old.keeping and new.session.state in {SessionState.READY, SessionState.STOPPED}:
            continue  # Keep is not finished; its outcome is reported at the end
        elif new.session.state == SessionState.READY and new.key == here:
            yield Notice(f"{new.title} is READY. Press {keys['connect']} to connect.")
        elif new.session.state in {SessionState.READY, SessionState.STOPPED}:
            yield Notice(f"{new.title} is {new.session.state}.")
        elif not new.session.in_transition:
            title = f"{new.title} is {new.session.state}"
            again = f" Press {keys['new']} for another type." if _lacked(new) else ""
            yield Notice(labels.failure_of(new.session) + again, title, "error", _LONG)


def _lacked(row: SessionRow) -> bool:
    """Return whether creation failed because no machine of the type was free."""
    session = row.session
    return session.state == SessionState.CREATE_FAILED and session.status_code == labels.NO_CAPACITY


def of_failure(action: str, row: SessionRow | None, error: StudioError) -> Notice:
    """Return the notification of a failed action."""
    label = BY_ID[action].label
    checking = " Checking…" if error.kind == ErrorKind.UNCERTAIN else ""
    outcome = "unconfirmed" if error.kind == ErrorKind.UNCERTAIN else "failed"
    title = f"{label} {outcome}" + (f": {row.title}" if row else "")
    return Notice(error.message + checking, title, "error", _LONG)


def of_continued_launch(earlier: UnresolvedLaunch, now: datetime, tz: tzinfo | None) -> Notice:
    """Return the notification that a launch continues an unresolved one."""
    at = times.local_time(earlier.requested_at, now, tz)
    return Notice(
        f"An identical launch, requested at {at}, is unresolved. It is resumed; no second "
        "workstation is created.",
        "Launch",
        seconds=_LONG,
    )


def of_refusal(action: Action, reason: str) -> Notice:
    """Return the notification of a refused action."""
    return Notice(reason, f"{action.label}: unavailable", "warning", _LONG, REFUSAL)


def of_alarms(
    alarms: Sequence[Alarm],
    now: datetime,
    tz: tzinfo | None,
    keys: Mapping[str, str],
    *,
    here: str | None = None,
    read_only: bool = False,
) -> Iterator[Notice]:
    """Yield a warning for each workstation with a near deadline; a single one for many.

    `keys` are the keys of the actions; `here` is the id of the workstation they act on.
    """
    if len(alarms) <= _SINGLY:
        for alarm in alarms:
            what = _way_out(alarm.row, keys, here, read_only=read_only)
            yield _of_alarm(alarm, now, tz, what)
        return
    loud = sum(alarm.is_loud for alarm in alarms)
    parts = [f"{loud} will be deleted"] if loud else []
    parts += [f"{len(alarms) - loud} will stop"] if loud < len(alarms) else []
    first = alarms[0]
    ending = labels.deadline_in_words(first.deadline, now, tz)
    yield Notice(
        f"{' and '.join(parts)} within the hour. First: {first.row.title} {ending}.",
        f"{len(alarms)} workstations reach their deadline soon",
        "error" if loud else "warning",
        _LOUD if loud else _LONG,
    )


def _of_alarm(alarm: Alarm, now: datetime, tz: tzinfo | None, what: str) -> Notice:
    row, deadline = alarm.row, alarm.deadline
    at = times.local_time(deadline.at, now, tz)
    left = in_words(deadline.left(now)) if deadline.left(now) else ""
    soon = f"in {left}" if left else "any moment now"
    about = "About " if deadline.computed else "At "
    if alarm.is_loud:
        title, text = f"{row.title} will be deleted {soon}", f"{about}{at}. {what}"
        return Notice(text, title, "error", _LOUD, row.key)
    result = rules.check_action(SessionAction.STOP, row.session, row.launch_profile)
    kept = f" {result.note}" if isinstance(result, Allowed) else ""
    title, text = f"{row.title} stops {soon}", f"{about}{at}. Save your work first.{kept}"
    return Notice(text, title, "warning", _LONG, row.key)


def _way_out(row: SessionRow, keys: Mapping[str, str], here: str | None, *, read_only: bool) -> str:
    """Return a sentence about the artist's options before a deletion."""
    if read_only:
        return "This studio is read-only here. Keep it from another computer, or ask your admin."
    session = row.session
    press = "Press" if row.key == here else "Select it and press"
    if isinstance(check_keep(session, row.launch_profile), Allowed):
        return f"{press} {keys['keep']} to keep it."
    if isinstance(rules.check_action(SessionAction.START, session, row.launch_profile), Allowed):
        return f"{press} {keys['start']} to start it, then save your work elsewhere."
    if session.state == SessionState.READY:
        return "Save your work elsewhere now. This can't be postponed."
    return "If there is work on it, ask your admin now."


def of_findings(findings: Sequence[Finding], *, earlier: bool) -> Iterator[Notice]:
    """Yield a notification for each outcome of an unresolved request; one for many.

    `earlier` says that an earlier run sent the request.
    """
    for one in findings[:_SINGLY]:
        title = "Unfinished request" if earlier else "Done" if one.good else "Unexpected result"
        yield (
            Notice(one.text, title, "information", _LONG)
            if one.good
            else Notice(one.text, title, "warning", _LOUD)
        )
    more = findings[_SINGLY:]
    if more:
        bad = sum(not finding.good for finding in more)
        ended = f"{bad} of them with an unexpected result" if bad else "as expected"
        severity: Severity = "warning" if bad else "information"
        count = "1 more request" if len(more) == 1 else f"{len(more)} more requests"
        comma = "," if bad else ""
        yield Notice(f"{count} finished{comma} {ended}.", "", severity, _LONG)


def of_unresolved(titles: Sequence[str], studio: str) -> Notice:
    """Return the notification for leaving a studio while Keep is not finished."""
    named = ", ".join(titles[:_SINGLY])
    runs, them = ("keeps running", "it") if len(titles) == 1 else ("keep running", "them")
    return Notice(
        f"{named} {runs} until you open {studio} again; nimble-tui then stops {them}.",
        "Keep not finished",
        "warning",
        _LOUD,
    )


def of_settings(changed: Sequence[str]) -> Notice:
    """Return the notification of reloaded settings."""
    return Notice(f"Changed: {', '.join(changed)}.", "Settings reloaded")


def of_wrong_settings(problems: Sequence[str], *, at_start: bool = False) -> Notice:
    """Return the notification of invalid settings.

    `at_start` says that they were already invalid at the start.
    """
    first, *more = problems
    others = f" {len(more)} more: run nimble-tui doctor to list them." if more else ""
    instead = "The defaults are in use" if at_start else "The previous settings stay in use"
    meanwhile = f"{instead} until you fix this."
    return Notice(f"{first}{others} {meanwhile}", "Settings not applied", "warning", _LOUD)
