"""The content of the detail pane: facts about a workstation or launch profile, and its actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from nimble_tui.core import rules, text, transitions
from nimble_tui.core.action_checks import check_keep
from nimble_tui.core.durations import in_words
from nimble_tui.core.enforcement import enforced_by
from nimble_tui.core.launching import check_launch
from nimble_tui.core.model import FAILED_STATES, LaunchProfile, SessionAction, SessionState
from nimble_tui.core.rules import Allowed, Refused, Urgency
from nimble_tui.view import labels, outcomes, times
from nimble_tui.view.facts import Fact, image_name, known, unread

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta, tzinfo

    from nimble_tui.core.model import LaunchProfileDetails, StreamingSession
    from nimble_tui.view.session_rows import SessionRow

_LABELS = {
    SessionAction.STOP: "Stop",
    SessionAction.START: "Start",
    SessionAction.DELETE: "Delete",
}


_UNREAD = "The last list was incomplete and did not include it; it may have changed."


_KEEP = "Postpones its deletion: starts it, then stops it again."
_TIMES_UNREAD = "Some of its times could not be read, so something might happen before that."


class Option(NamedTuple):
    """An action, allowed or not, with its effect or the reason.

    `allowed` is None where only the reply to the request will show it.
    """

    action: str
    label: str
    allowed: bool | None
    why: str


class Detail(NamedTuple):
    """The content of the detail pane for one thing."""

    title: str
    facts: tuple[Fact, ...] = ()
    options: tuple[Option, ...] = ()
    notes: tuple[str, ...] = ()


def of_session(
    row: SessionRow,
    now: datetime,
    tz: tzinfo | None,
    *,
    read_only: bool = False,
    details: Mapping[str, LaunchProfileDetails] | None = None,
    ran: Fact | None = None,
    usually: timedelta | None = None,
    checks: Mapping[SessionAction, Allowed | Refused] | None = None,
) -> Detail:
    """Return the facts about a workstation and the actions possible now.

    `ran` is its running time of today, `usually` the usual duration of its current transition.
    `checks` are the results of the rules, if already known.
    """
    session, profile = row.session, row.launch_profile
    seen = (details or {}).get(session.launch_profile_id or "")
    image = _image(seen, session.streaming_image_id)
    label = labels.state_label(session)
    state = f"{label.text}{_since(row, now, tz)}"
    machine = session.ec2_instance_type or "unknown"
    disk = session.volume_configuration
    facts = [
        Fact("Next", *next_of(row, now, tz, usually)),
        *known(Fact("Deadline", _enforced(row))),
        Fact("State", state, label.style),
        *([ran] if ran else []),
        Fact("Image", image),
        Fact("Machine", f"{machine}, {disk.size} GiB disk" if disk and disk.size else machine),
        Fact("Profile", labels.profile_of(profile)),
        *_disk(session),
        Fact("Id", text.clean_id(session.session_id)),
    ]
    notes = (labels.failure_of(session),) if session.state in FAILED_STATES else ()
    if row.unread:
        notes = (_UNREAD, *notes)
    if row.times_unread and row.deadline is not None:
        notes = (_TIMES_UNREAD, *notes)
    if checks is None:
        stuck = transitions.is_stuck(session, now, usually)
        checks = rules.check_actions(session, profile, read_only=read_only, stuck=stuck)
    options = []
    if should_keep(row, now, read_only=read_only):
        options.append(Option("keep", "Keep", allowed=True, why=_KEEP))
    for action, result in checks.items():
        allowed, why = isinstance(result, Allowed), reason_of(result)
        if allowed and action != SessionAction.DELETE:  # the alternatives stand right above it
            why = outcomes.of_action(action, why, session, profile, now=now, tz=tz)
        options.append(Option(action, _LABELS[action], allowed, why))
    return Detail(row.title, tuple(facts), tuple(options), notes)


def _enforced(row: SessionRow) -> str:
    """Return who enforces the deadline, "" where there is none or the studio does not say."""
    by = enforced_by(row.session.status_message) if row.deadline is not None else ""
    return f"enforced {by}" if by else ""


def should_keep(row: SessionRow, now: datetime, *, read_only: bool = False) -> bool:
    """Return whether a workstation will soon be deleted and Keep can postpone that."""
    deadline = row.deadline
    if deadline is None or deadline.urgency(now) == Urgency.NONE or row.keeping:
        return False
    return isinstance(check_keep(row.session, row.launch_profile, read_only=read_only), Allowed)


def reason_of(found: Allowed | Refused) -> str:
    """Return an action's effect, or the reason why it is refused."""
    return found.note if isinstance(found, Allowed) else found.reason


def of_profile(
    profile: LaunchProfile,
    details: Mapping[str, LaunchProfileDetails] | None = None,
    *,
    read_only: bool = False,
) -> Detail:
    """Return the facts about a launch profile, and whether it can be launched."""
    configuration = profile.stream_configuration
    seen = (details or {}).get(profile.launch_profile_id)
    images = "loading…"
    if seen:
        names = [image_name(image) for image in seen.streaming_images]
        images = " · ".join([*names, *([unread(seen.unread_images)] if seen.unread_images else [])])
    facts = known(
        Fact("State", labels.problem_of(profile) or "", "failed"),
        Fact("Images", images or "none"),
        Fact("Stopping", labels.stopping_of(profile)),
        Fact("Runs at most", in_words(rules.longest_run(profile))),
        Fact("Machines", ", ".join(configuration.ec2_instance_types) or "unknown"),
        Fact("Id", text.clean_id(profile.launch_profile_id)),
    )
    found = check_launch(profile, read_only=read_only)
    option = Option("new", "Launch", isinstance(found, Allowed), reason_of(found))
    notes = (profile.description,) if profile.description else ()
    return Detail(profile.title, facts, (option,), notes)


def _disk(session: StreamingSession) -> tuple[Fact, ...]:
    backup = session.started_from_backup_id
    if session.state == SessionState.STOPPED and rules.is_disk_kept(session) is False:
        return (Fact("Disk", "deleted at its last stop"),)
    return (Fact("Disk", f"from backup …{text.clean_id(backup)[-4:]}"),) if backup else ()


def next_of(
    row: SessionRow, now: datetime, tz: tzinfo | None, usually: timedelta | None = None
) -> tuple[str, str]:
    """Return a workstation's next change, and the name of a colour if it needs one."""
    session, deadline = row.session, row.deadline
    if row.keeping:
        return labels.keeping_note(session), "moving"
    if session.in_transition:
        return labels.moving_note(session, now, usually), "moving"
    if deadline is None and row.times_unread:
        return f"unknown: {row.times_unread}; ask your admin", "near"
    if deadline is None:
        known = row.launch_profile is not None or rules.can_be_stopped(session, None)
        kept = session.state == SessionState.STOPPED and known
        return ("kept until you delete it", "") if kept else ("no deadline known", "")
    ending = labels.deadline_in_words(deadline, now, tz)
    if deadline.urgency(now) == Urgency.NONE:
        return ending, ""
    return f"▲ {ending}", labels.deadline_style(deadline, now)


def _since(row: SessionRow, now: datetime, tz: tzinfo | None) -> str:
    session = row.session
    match session.state:
        case SessionState.READY:
            began = [at for at in (session.created_at, session.started_at) if at]
            since = max(began, default=None)
        case SessionState.STOPPED:
            since = session.stopped_at
        case _:
            since = (
                transitions.moving_since(session) if session.in_transition else session.updated_at
            )
    return f" since {times.local_time(since, now, tz)}" if since else ""


def _image(details: LaunchProfileDetails | None, image_id: str | None) -> str:
    if details is None:
        return "loading…" if image_id else "unknown"
    if (image := details.image(image_id)) is not None:
        return image_name(image)
    return text.clean_id(image_id) if image_id else "unknown"
