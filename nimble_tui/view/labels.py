"""Labels for states, failures and deadlines, each with its symbol and style.

Sources of the codes: the AWS API reference, StreamingSessionStatusCode and LaunchProfile.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from nimble_tui.core import rules, transitions, unclear_steps
from nimble_tui.core.durations import in_words
from nimble_tui.core.model import (
    FAILED_STATES,
    LaunchProfile,
    LaunchProfileState,
    SessionState,
    StreamingImage,
    StreamingSession,
)
from nimble_tui.core.rules import Deadline, Ending, Urgency
from nimble_tui.core.text import clean_id
from nimble_tui.view import times

TURNING = "◐◓◑◒"
_MOST_NAMED = 3
_PLATFORMS = {"WINDOWS": "Windows", "LINUX": "Linux"}


class StateLabel(NamedTuple):
    """The look of a state: a symbol, the word, and the name of its style."""

    symbol: str
    text: str
    style: str


_MOVING = {
    SessionState.CREATE_IN_PROGRESS: ("CREATING…", "being created", "; this takes a few minutes"),
    SessionState.START_IN_PROGRESS: ("STARTING…", "starting", ""),
    SessionState.STOP_IN_PROGRESS: ("STOPPING…", "shutting down", ""),
    SessionState.DELETE_IN_PROGRESS: ("DELETING…", "being deleted", " permanently"),
}
_STOPPING_DISK = {True: "; its disk is kept", False: "; its disk is deleted", None: ""}
_STARTING_DISK = {True: " with its disk", False: " with a new disk", None: ""}
_STOPPED_DISK = {True: "its disk is kept", False: "its disk was deleted", None: ""}

NO_CAPACITY = "INSUFFICIENT_CAPACITY"
_REASONS = {
    NO_CAPACITY: "no machine available; start it again later",
    "INTERNAL_ERROR": "the studio had an internal error; try again, then ask your admin",
    "ACTIVE_DIRECTORY_DOMAIN_JOIN_ERROR": "it couldn't join the studio's domain; ask your admin",
    "NETWORK_CONNECTION_ERROR": "it couldn't reach the studio's network; ask your admin",
    "NETWORK_INTERFACE_ERROR": "its network couldn't be set up; ask your admin",
    "INITIALIZATION_SCRIPT_ERROR": "a setup script of the studio failed; ask your admin",
    "DECRYPT_STREAMING_IMAGE_ERROR": "its disk image couldn't be decrypted; ask your admin",
    "AMI_VALIDATION_ERROR": "its disk image didn't pass the checks; ask your admin",
}

_BETTER_SAID = {"INTERNAL_ERROR", "INITIALIZATION_SCRIPT_ERROR"}
"""Codes that a studio uses for many things; its message says which one."""

_PLACES = {
    SessionState.CREATE_FAILED: "Creation failed",
    SessionState.START_FAILED: "Start failed",
    SessionState.STOP_FAILED: "Stop failed",
    SessionState.DELETE_FAILED: "Deletion failed",
}


def state_label(session: StreamingSession) -> StateLabel:
    """Return the look of a workstation's state; an unknown state is shown unchanged."""
    state = session.state
    for known, (text, *_) in _MOVING.items():
        if state == known:
            return StateLabel(TURNING[0], text, "moving")
    if session.in_transition:
        return StateLabel(TURNING[0], f"{(state or '').removesuffix('_IN_PROGRESS')}…", "moving")
    if state == SessionState.READY:
        return StateLabel("●", "READY", "ready")
    if state == SessionState.STOPPED:
        return StateLabel("○", "STOPPED", "stopped")
    if state in FAILED_STATES:
        return StateLabel("✕", state or "", "failed")
    return StateLabel("◇", state or "UNKNOWN", "stopped")


def moving_note(session: StreamingSession, now: datetime, usually: timedelta | None = None) -> str:
    """Return a text for a workstation in transition, a warning if it takes too long.

    `usually` is its usual duration, if known.
    """
    if session.status_message == unclear_steps.BEING_GIVEN_UP:
        return "being given up"
    if unclear_steps.can_be_given_up(session):
        return "no clear answer; delete it to give up"
    if unclear_steps.is_unclear(session):
        return "no clear answer yet; the studio tries again"
    since = transitions.moving_since(session)
    if since is not None and transitions.is_stuck(session, now, usually):
        return f"longer than usual ({in_words(now - since)}); ask your admin"
    if usually and since is not None and now - since <= 2 * usually:
        doing, _ = _doing(session)
        return f"{doing}; usually takes about {in_words(usually)}"
    return transition_text(session)


def _doing(session: StreamingSession) -> tuple[str, str]:
    """Return a transition in a word or two, and what may follow on it."""
    moving = next((moving for known, moving in _MOVING.items() if session.state == known), None)
    return moving[1:] if moving else ("busy", "")


def transition_text(session: StreamingSession) -> str:
    """Return a short text for a workstation in transition."""
    note = "".join(_doing(session))
    kept = rules.is_disk_kept(session)
    if session.state == SessionState.STOP_IN_PROGRESS:
        return note + _STOPPING_DISK[kept]
    if session.state == SessionState.START_IN_PROGRESS:
        return note + (" from a backup" if session.started_from_backup_id else _STARTING_DISK[kept])
    return note


def disk_of_stopped(session: StreamingSession) -> str:
    """Return a text for a STOPPED workstation's disk; empty if unknown."""
    return _STOPPED_DISK[rules.is_disk_kept(session)]


TIMES_UNREAD = "its times could not be read"
"""The text of a workstation whose next deadline is among these times."""

UNREAD = "not updated"
"""The mark of a workstation that an incomplete list did not include."""


def keeping_note(session: StreamingSession) -> str:
    """Return the progress of Keep for a workstation."""
    match session.state:
        case SessionState.START_IN_PROGRESS:
            return "keeping: starting, then stopping…"
        case SessionState.STOP_IN_PROGRESS:
            return "keeping: stopping…"
        case _:
            return "keeping: about to stop…"


def reason_of(session: StreamingSession) -> str:
    """Return a short reason for a workstation's failure; empty if not reported."""
    if unclear_steps.was_given_up(session):
        return "it was given up, as the studio got no clear answer"
    code, message = session.status_code or "", session.status_message or ""
    known = _REASONS.get(code, "")
    if code == NO_CAPACITY and session.state == SessionState.CREATE_FAILED:
        known = "no machine available; launch another type, or later"
    reason = message or known if code in _BETTER_SAID else known or message
    return reason.rstrip(".")


def failure_of(session: StreamingSession) -> str:
    """Return the failed action and its reason, as one sentence."""
    place = next((words for known, words in _PLACES.items() if session.state == known), "It failed")
    reason = reason_of(session)
    advice = ""
    if session.state == SessionState.STOP_FAILED and unclear_steps.was_given_up(session):
        advice = " It might still be running."
    elif session.state == SessionState.STOP_FAILED:
        advice = " It is still running: save your work, then delete it."
    return f"{place}: {reason}.{advice}" if reason else f"{place}.{advice}"


def deadline_in_words(deadline: Deadline, now: datetime, tz: tzinfo | None) -> str:
    """Return a deadline's effect, the time left and the time; ≈ marks a computed one."""
    left = deadline.left(now)
    about = "≈ " if deadline.computed else ""
    at = times.local_time(deadline.at, now, tz)
    what = "stops" if deadline.ending == Ending.STOP else "will be deleted"
    if not left:
        return f"{what} any moment now"
    length = in_words(left, seconds=deadline.urgency(now) == Urgency.LAST)
    return (
        f"{what} in {about}{length}, at {at}"
        if at[0].isdigit()
        else (f"{what} in {about}{length}, {at}")
    )


def deadline_style(deadline: Deadline, now: datetime) -> str:
    """Return the name of a deadline's style: calm, near, nearer, last; `-loud` for a deletion."""
    match deadline.urgency(now):
        case Urgency.NONE:
            return "calm"
        case Urgency.HOUR:
            return "last" if deadline.ending == Ending.DELETE else "near"
        case Urgency.QUARTER:
            return "last" if deadline.ending == Ending.DELETE else "nearer"
        case Urgency.LAST:
            return "last"


def name_and_platform(image: StreamingImage) -> tuple[str, str]:
    """Return an image's name, and its platform if the name does not include it."""
    name = image.name or clean_id(image.streaming_image_id)
    platform = _PLATFORMS.get((image.platform or "").upper(), image.platform or "")
    return name, "" if platform.casefold() in name.casefold() else platform


def stopping_of(profile: LaunchProfile, *, labelled: bool = True) -> str:
    """Return how long a stopped workstation of this launch profile is kept, in a few words.

    Where they are not `labelled`, the words themselves say that they are about stopped ones.
    """
    if profile.state != LaunchProfileState.READY:
        return "unavailable"
    if profile.is_render_worker:
        return "for render machines"
    configuration = profile.stream_configuration
    session = StreamingSession(
        "any",
        session_persistence_mode=configuration.session_persistence_mode,
        automatic_termination_mode=configuration.automatic_termination_mode,
    )
    if not rules.can_be_stopped(session, profile):
        return "can't be stopped"
    kept = rules.kept_for(session, profile)
    if labelled:
        return f"kept up to {in_words(kept)}" if kept else "kept until deleted"
    return f"disk kept {in_words(kept)}" if kept else "disk always kept"


def profile_of(profile: LaunchProfile | None) -> str:
    """Return the name of a workstation's launch profile, and a note if it cannot be read."""
    if profile is None:
        return "can't be read"
    return profile.title + (" (as last seen; can't be read now)" if profile.is_last_seen else "")


def problem_of(profile: LaunchProfile) -> str | None:
    """Return why a launch profile cannot be used now, None if it can."""
    if profile.state == LaunchProfileState.READY:
        return None
    reason = profile.status_message or "ask your admin"
    return f"{profile.state or 'UNKNOWN'}: {reason}"


def ask_for(admins: Sequence[str]) -> str:
    """Return the start of a sentence that names the admins to ask."""
    if not admins:
        return "Ask your admin"
    *first, last = admins[:_MOST_NAMED]
    return f"Ask {', '.join(first)} or {last}" if first else f"Ask {last}"
