"""What happened to workstations, told as sentences: what the artist asked for, what was seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from nimble_tui.core.durations import in_words
from nimble_tui.core.history import Event, EventKind, done_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from nimble_tui.core.model import StreamingSession

_NONE: Mapping[str, StreamingSession] = MappingProxyType({})
_AROUND = timedelta(minutes=10)
_ASKED = {
    "launch": "You asked for a new workstation",
    "start": "You asked to start it",
    "stop": "You asked to stop it",
    "delete": "You asked to delete it",
    "keep": "You asked to keep it from being deleted",
    "rename": "You asked for another name",
    "connect": "You asked for its screen",
    "people add": "You asked to add {who} to {where}",
    "people remove": "You asked to take {who} off {where}",
    "people persona": "You asked to set the persona of {who} on {where} to {value}",
    "people promote": "You asked to give admin rights to {who}",
    "people demote": "You asked to take admin rights away from {who}",
    "people profile": "You asked for a DataZone profile for {who}",
    "people status": "You asked to set the DataZone status of {who} to {value}",
}
MOST_NAMED = 3
"""How many people a line names."""

_DOING = {
    "CREATE_IN_PROGRESS": "was being made",
    "START_IN_PROGRESS": "was starting",
    "STOP_IN_PROGRESS": "was shutting down",
    "DELETE_IN_PROGRESS": "was being deleted",
}
_DEEDS = {
    "CREATE_IN_PROGRESS": "launched it",
    "START_IN_PROGRESS": "started it",
    "STOP_IN_PROGRESS": "stopped it",
    "DELETE_IN_PROGRESS": "deleted it",
}
YOU = "you"
BY_ITSELF = "the studio, by itself"
"""What the one who looks is called, and the studio."""

_BY_SOMEBODY = {
    "CREATE_IN_PROGRESS": "It was launched from somewhere else",
    "START_IN_PROGRESS": "It was started from somewhere else",
    # By the studio itself, as likely as not.
    "STOP_IN_PROGRESS": "It was stopped, though not from here",
    "DELETE_IN_PROGRESS": "It was deleted, though not from here",
}
_FAILED = {
    "CREATE_FAILED": "It was never made",
    "START_FAILED": "It did not start",
    "STOP_FAILED": "The stop failed and it still ran",
    "DELETE_FAILED": "It could not be deleted",
}
_WAY_TO = {
    "READY": ("START_IN_PROGRESS", "CREATE_IN_PROGRESS"),
    "STOPPED": ("STOP_IN_PROGRESS",),
    "DELETED": ("DELETE_IN_PROGRESS",),
    "CREATE_FAILED": ("CREATE_IN_PROGRESS",),
    "START_FAILED": ("START_IN_PROGRESS",),
    "STOP_FAILED": ("STOP_IN_PROGRESS",),
    "DELETE_FAILED": ("DELETE_IN_PROGRESS",),
}
"""The states that a state comes out of, the likelier first."""
_WANTED = {
    "CREATE_IN_PROGRESS": ("launch",),
    "START_IN_PROGRESS": ("start", "keep"),
    "STOP_IN_PROGRESS": ("stop", "keep"),
    "DELETE_IN_PROGRESS": ("delete",),
}
"""The actions that lead to a state."""


@dataclass(frozen=True, slots=True, eq=False)
class EventLog:
    """What this computer remembers; `known` once it was read, `problem` why it could not be."""

    events: tuple[Event, ...] = ()
    known: bool = False
    problem: str = ""
    by_session: Mapping[str, tuple[Event, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, events: Iterable[Event]) -> EventLog:
        """Return the past that these events tell of, in their order."""
        ordered = tuple(sorted(events, key=lambda one: one.at))
        found: dict[str, list[Event]] = {}
        for event in ordered:
            found.setdefault(event.session_id, []).append(event)
        return cls(ordered, True, "", {key: tuple(mine) for key, mine in found.items()})

    def is_same(self, other: EventLog) -> bool:
        """Return whether both remember the same; to be asked in workers, it can be long."""
        entries = (self.known, self.problem, self.events)
        return entries == (other.known, other.problem, other.events)


class TimelineEntry(NamedTuple):
    """One thing that happened, as a sentence; `style` names a colour when it needs one."""

    event: Event
    sentence: str
    style: str = ""


def entries(
    log: EventLog,
    session_id: str | None = None,
    sessions: Mapping[str, StreamingSession] = _NONE,
    who: Callable[[str], str] = str,
    title: Callable[[str], str] = str,
) -> tuple[TimelineEntry, ...]:
    """Return what happened to one workstation, or to all; the newest first.

    `sessions` are the workstations by id, which tell who did it, and what nobody here saw; `who`
    returns what to call somebody: by name, YOU, or BY_ITSELF for the studio; `title` what to call a
    launch profile. Changes of people are among those of all.
    """
    found = []
    for key, seen in log.by_session.items():
        if session_id in {None, key}:
            mine = _with_reported(seen, sessions.get(key))
            by = (done_by(event, sessions.get(key)) for event in mine)
            names = [who(one) if one else "" for one in by]
            found += [
                _of_people(event, who, title)
                if event.principal_ids
                else _entry(event, mine, place, names[place])
                for place, event in enumerate(mine)
            ]
    return tuple(sorted(found, key=_order, reverse=True))


def doers(
    log: EventLog, session_id: str | None, sessions: Mapping[str, StreamingSession]
) -> set[str]:
    """Return the ids of those who did what happened, and of those whom it is shown to be about."""
    found = set()
    for key, seen in log.by_session.items():
        if session_id not in {None, key}:
            continue
        session = sessions.get(key)
        found |= {done_by(event, session) for event in _with_reported(seen, session)}
        found |= {one for event in seen for one in event.principal_ids[:MOST_NAMED]}
    return {one for one in found if one}


def _with_reported(seen: tuple[Event, ...], session: StreamingSession | None) -> tuple[Event, ...]:
    """Return the events of a workstation with those that its own times alone tell of.

    Source: the AWS API reference, StreamingSession, members createdAt, startedAt and stoppedAt.
    """
    if session is None:
        return seen
    times = (
        ("CREATE_IN_PROGRESS", session.created_at),
        ("START_IN_PROGRESS", session.started_at),
        ("STOP_IN_PROGRESS", session.stopped_at),
    )
    more = [
        Event(at, session.session_id, EventKind.REPORTED, way)
        for way, at in times
        if at is not None and not _is_known(way, at, seen)
    ]
    return tuple(sorted((*seen, *more), key=lambda one: one.at)) if more else seen


def _is_known(way: str, at: datetime, mine: tuple[Event, ...]) -> bool:
    return _was_requested(way, at, mine) or any(
        event.what == way and abs(event.at - at) <= _AROUND for event in mine
    )


def _order(one: TimelineEntry) -> tuple[datetime, bool]:
    # The studio tells whole seconds: what was seen in one was asked for before.
    return one.event.at.replace(microsecond=0), one.event.kind != EventKind.REQUESTED


def _entry(event: Event, mine: tuple[Event, ...], place: int, doer: str) -> TimelineEntry:
    if event.kind == EventKind.REQUESTED:
        return _requested(event)
    if event.kind == EventKind.REPORTED:
        return TimelineEntry(event, _reported_deed(event.what, doer))
    before = mine[:place]
    if event.what in _DOING:
        own = _was_requested(event.what, event.at, mine)
        # What was under way when it was seen first may have been asked for before anybody noted.
        unknown = not _noted(before) and event.what in {"STOP_IN_PROGRESS", "DELETE_IN_PROGRESS"}
        plain = own or (unknown and doer in {"", YOU})
        return TimelineEntry(
            event, f"It {_DOING[event.what]}" if plain else _deed(event.what, doer)
        )
    return _outcome(event, before, mine, doer)


def _deed(way: str, doer: str, where: str = " from somewhere else") -> str:
    """Return that somebody did what was not asked for here."""
    if not doer:
        return _BY_SOMEBODY[way]
    if doer == BY_ITSELF:
        return f"The studio {_DEEDS[way]} by itself"
    if doer == YOU:
        return f"You {_DEEDS[way]}{where}"
    return f"{doer} {_DEEDS[way]}"


def _reported_deed(way: str, doer: str) -> str:
    """Return that somebody did what nobody here saw."""
    return f"It was {_DEEDS[way].removesuffix(' it')}" if not doer else _deed(way, doer, "")


def _noted(events: tuple[Event, ...]) -> bool:
    return any(event.kind != EventKind.REPORTED for event in events)


def named(principal_ids: Sequence[str], who: Callable[[str], str]) -> str:
    """Return people by name, in a row; of many the first ones and how many more there are."""
    shown = ", ".join(who(one) for one in principal_ids[:MOST_NAMED])
    more = len(principal_ids) - MOST_NAMED
    return f"{shown} and {more} more" if more > 0 else shown


def _of_people(
    event: Event, who: Callable[[str], str], title: Callable[[str], str]
) -> TimelineEntry:
    words = _ASKED.get(event.what, "You asked to change {who}")
    where = title(event.launch_profile_id) if event.launch_profile_id else ""
    return _answered(
        event,
        words.format(who=named(event.principal_ids, who), where=where, value=event.value),
    )


def _requested(event: Event) -> TimelineEntry:
    return _answered(event, _ASKED.get(event.what, f"You asked: {event.what}"))


def _answered(event: Event, words: str) -> TimelineEntry:
    answer, style = {
        True: ("accepted", ""),
        False: ("refused", "failed"),
        None: ("no answer", "near"),
    }[event.done]
    note = f": {event.note}" if event.note else ""
    return TimelineEntry(event, f"{words} · {answer}{note}", style)


def _outcome(
    event: Event, before: tuple[Event, ...], mine: tuple[Event, ...], doer: str
) -> TimelineEntry:
    ways = _WAY_TO.get(event.what, ())
    begun = _begun(event.at, ways, before)
    after = f" after {in_words(event.at - begun)}" if begun is not None else ""
    failed = _FAILED.get(event.what)
    note = f": {event.note}" if event.note else ""
    if failed:
        return TimelineEntry(event, f"{failed}{after} · {event.what}{note}", "failed")
    if event.what in {"STOPPED", "DELETED"} and begun is None:
        way = ways[0]
        unasked = not _was_requested(way, event.at, mine)
        if unasked and _noted(before):
            return TimelineEntry(event, f"{_deed(way, doer)} · {event.what}{note}")
    if event.what == "READY" and begun is None:
        return TimelineEntry(event, f"It was seen READY{note}")
    if event.what not in _WAY_TO:
        return TimelineEntry(event, f"It was seen as {event.what}{note}")
    return TimelineEntry(event, f"It was {event.what}{after}{note}")


def _begun(at: datetime, ways: tuple[str, ...], before: tuple[Event, ...]) -> datetime | None:
    """Return when the change began that ended at `at`: what was asked for, or what was seen."""
    begun = None
    for event in reversed(before):
        seen = event.kind != EventKind.REQUESTED
        if seen and event.what not in ways:
            break
        wanted = any(event.what in _WANTED[way] for way in ways)
        if (seen or (wanted and event.done is not False)) and event.at <= at:
            begun = event.at
    return begun


def _was_requested(way: str, at: datetime, mine: tuple[Event, ...]) -> bool:
    """Return whether the artist asked for a change around the time that it was seen."""
    return any(
        event.kind == EventKind.REQUESTED
        and event.what in _WANTED[way]
        and event.done is not False
        and abs(event.at - at) <= _AROUND
        for event in mine
    )
