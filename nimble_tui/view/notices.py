"""What the artist is told in passing: what came to its end, what failed, what is refused."""

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
"""How grave a message is, in Textual's words."""

_SHORT = 6.0
_LONG = 12.0
_LOUD = 20.0
_SINGLY = 3

REFUSAL = "a refusal"
"""What tells why an action is not possible is about this, of whatever it is."""


class Notice(NamedTuple):
    """One message; `seconds` is how long it stays.

    One that is `about` something takes the place of an earlier one about it, and goes with it.
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
    """Yield a message for each workstation that was in transition and now is not.

    `keys` are the keys of the actions; `here` is the id of the workstation they act on.
    """
    moving = {row.key: row for row in before if row.session.in_transition}
    now = {row.key: row for row in after if row.key in moving}
    launched = {row.session.tags.get(LAUNCH_TAG) for row in after} - {None}
    for old in moving.values():
        new = now.get(old.key)
        if new is None:
            # What was expected under the token of its launch is in the list by its own id now.
            if old.session.tags.get(LAUNCH_TAG) not in launched:
                yield Notice(f"{old.title} is deleted.")
        elif old.keeping and new.session.state in {SessionState.READY, SessionState.STOPPED}:
            continue  # that is on the way; what came of it is told at its end
        elif new.session.state == SessionState.READY and new.key == here:
            yield Notice(f"{new.title} is READY; {keys['connect']} connects.")
        elif new.session.state in {SessionState.READY, SessionState.STOPPED}:
            yield Notice(f"{new.title} is {new.session.state}.")
        elif not new.session.in_transition:
            title = f"{new.title} is {new.session.state}"
            again = f" Press {keys['new']} for another type." if _lacked(new) else ""
            yield Notice(labels.failure_of(new.session) + again, title, "error", _LONG)


def _lacked(row: SessionRow) -> bool:
    """Return whether a workstation was not made because no machine of its type was free."""
    session = row.session
    return session.state == SessionState.CREATE_FAILED and session.status_code == labels.NO_CAPACITY


def of_failure(action: str, row: SessionRow | None, error: StudioError) -> Notice:
    """Return the message about an action that did not work."""
    label = BY_ID[action].label
    checking = " Checking how it is now." if error.kind == ErrorKind.UNCERTAIN else ""
    title = f"{label} {row.title}" if row else label
    return Notice(error.message + checking, title, "error", _LONG)


def of_continued_launch(earlier: UnresolvedLaunch, now: datetime, tz: tzinfo | None) -> Notice:
    """Return the message that a launch continues an unresolved one, which was not asked about."""
    at = times.local_time(earlier.requested_at, now, tz)
    return Notice(
        f"The same launch, requested at {at}, is unresolved; it is continued, and no second "
        "workstation is made.",
        "Launch",
        seconds=_LONG,
    )


def of_refusal(action: Action, reason: str) -> Notice:
    """Return the message about an action that is not even asked for."""
    return Notice(reason, f"{action.label}: not now", "warning", _LONG, REFUSAL)


def of_alarms(
    alarms: Sequence[Alarm],
    now: datetime,
    tz: tzinfo | None,
    keys: Mapping[str, str],
    *,
    here: str | None = None,
    read_only: bool = False,
) -> Iterator[Notice]:
    """Yield a warning for each workstation that ends soon; one for all when they are many.

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
        f"{' and '.join(parts)} within the hour; first of all {first.row.title}: {ending}.",
        f"{len(alarms)} workstations end soon",
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
    title, text = f"{row.title} stops {soon}", f"{about}{at}. Save your work before that.{kept}"
    return Notice(text, title, "warning", _LONG, row.key)


def _way_out(row: SessionRow, keys: Mapping[str, str], here: str | None, *, read_only: bool) -> str:
    """Return what an artist can do about a deletion."""
    if read_only:
        return "This app may only look here: keep it from elsewhere, or ask your admin."
    session = row.session
    press = "Press" if row.key == here else "Go to it and press"
    if isinstance(check_keep(session, row.launch_profile), Allowed):
        return f"{press} {keys['keep']} to keep it."
    if isinstance(rules.check_action(SessionAction.START, session, row.launch_profile), Allowed):
        return f"{press} {keys['start']} to start it, then save your work elsewhere."
    if session.state == SessionState.READY:
        return "Save your work elsewhere now; nothing puts this off."
    return "Ask your admin now if there is work on it."


def of_findings(findings: Sequence[Finding], *, earlier: bool) -> Iterator[Notice]:
    """Yield a message for each thing that came of what was left open; the last ones together.

    `earlier` says that it was an earlier run that left it open.
    """
    for one in findings[:_SINGLY]:
        title = "Left open before" if earlier else "Done" if one.good else "Not as it was meant"
        yield (
            Notice(one.text, title, "information", _LONG)
            if one.good
            else Notice(one.text, title, "warning", _LOUD)
        )
    more = findings[_SINGLY:]
    if more:
        bad = sum(not finding.good for finding in more)
        said = f"{bad} of them not as it was meant" if bad else "all of it as it was meant"
        severity: Severity = "warning" if bad else "information"
        yield Notice(f"And {len(more)} more came to their end, {said}.", "", severity, _LONG)


def of_unresolved(titles: Sequence[str], studio: str) -> Notice:
    """Return the message to somebody who goes away while workstations are being kept."""
    named = ", ".join(titles[:_SINGLY])
    runs, it_is = ("runs", "it is") if len(titles) == 1 else ("run", "they are")
    return Notice(
        f"{named} {runs} until you come back to {studio}; only then {it_is} stopped again.",
        "Keeping is not finished",
        "warning",
        _LOUD,
    )


def of_settings(changed: Sequence[str]) -> Notice:
    """Return the message about settings that were read anew."""
    return Notice(f"Changed: {', '.join(changed)}.", "Settings read anew")


def of_wrong_settings(problems: Sequence[str], *, at_start: bool = False) -> Notice:
    """Return the message about settings that cannot be used, those from the start or changed ones.

    `at_start` says that none were read before.
    """
    first, *more = problems
    others = f" And {len(more)} more; nimble-tui doctor lists them." if more else ""
    instead = "the defaults" if at_start else "the settings from before"
    meanwhile = f"Until that is corrected, {instead} are used."
    return Notice(f"{first}{others} {meanwhile}", "Settings not used", "warning", _LOUD)
