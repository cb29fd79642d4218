"""The history of workstations as sentences: the artist's actions, and observed states."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from nimble_tui.core.durations import in_words
from nimble_tui.core.history import Event, EventKind, done_by
from nimble_tui.core.turns import in_turns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from nimble_tui.core.model import StreamingSession

_NONE: Mapping[str, StreamingSession] = MappingProxyType({})
_AROUND = timedelta(minutes=10)
_ASKED = {
    "launch": ("launched it", "launch it"),
    "start": ("started it", "start it"),
    "stop": ("stopped it", "stop it"),
    "delete": ("deleted it", "delete it"),
    "give up": ("gave it up", "give it up"),
    "keep": ("kept it", "keep it"),
    "rename": ("renamed it", "rename it"),
    "connect": ("connected to it", "connect to it"),
    "people add": ("added {who} to {where}", "add {who} to {where}"),
    "people remove": ("removed {who} from {where}", "remove {who} from {where}"),
    "people persona": (
        "set the persona of {who} on {where} to {value}",
        "set the persona of {who} on {where} to {value}",
    ),
    "people promote": ("granted the admin role to {who}", "grant the admin role to {who}"),
    "people demote": ("removed the admin role from {who}", "remove the admin role from {who}"),
    "people profile": (
        "created a DataZone profile for {who}",
        "create a DataZone profile for {who}",
    ),
    "people status": (
        "set the DataZone status of {who} to {value}",
        "set the DataZone status of {who} to {value}",
    ),
}
MOST_NAMED = 3
"""The number of people named in a line."""

_DOING = {
    "CREATE_IN_PROGRESS": "Being created",
    "START_IN_PROGRESS": "Starting",
    "STOP_IN_PROGRESS": "Shutting down",
    "DELETE_IN_PROGRESS": "Being deleted",
}
_DEEDS = {
    "CREATE_IN_PROGRESS": "launched it",
    "START_IN_PROGRESS": "started it",
    "STOP_IN_PROGRESS": "stopped it",
    "DELETE_IN_PROGRESS": "deleted it",
}
YOU = "you"
BY_ITSELF = "the studio itself"
"""The names of the signed-in person and of the studio."""

_BY_OTHERS = {
    "CREATE_IN_PROGRESS": "It was launched, not from this computer",
    "START_IN_PROGRESS": "It was started, not from this computer",
    # Possibly by the studio itself.
    "STOP_IN_PROGRESS": "It was stopped, not from this computer",
    "DELETE_IN_PROGRESS": "It was deleted, not from this computer",
}
_FAILED = {
    "CREATE_FAILED": "Creation failed",
    "START_FAILED": "Start failed",
    "STOP_FAILED": "Stop failed, it kept running",
    "DELETE_FAILED": "Deletion failed",
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
"""The transitions that lead to a state, the likelier first."""
_WANTED = {
    "CREATE_IN_PROGRESS": ("launch",),
    "START_IN_PROGRESS": ("start", "keep"),
    "STOP_IN_PROGRESS": ("stop", "keep"),
    "DELETE_IN_PROGRESS": ("delete",),
}
"""The actions that begin a transition."""


@dataclass(frozen=True, slots=True, eq=False)
class EventLog:
    """The recorded history; `known` once it was read, `problem` why it could not be read."""

    events: tuple[Event, ...] = ()
    known: bool = False
    problem: str = ""
    by_session: Mapping[str, tuple[Event, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, events: Iterable[Event]) -> EventLog:
        """Return the history of these events, sorted by time; callable from any thread."""
        ordered = tuple(sorted(events, key=lambda one: one.at))
        found: dict[str, list[Event]] = {}
        for event in in_turns(ordered):
            found.setdefault(event.session_id, []).append(event)
        return cls(ordered, True, "", {key: tuple(mine) for key, mine in found.items()})

    def is_same(self, other: EventLog) -> bool:
        """Return whether both hold the same events; for workers, since it can take long."""
        entries = (self.known, self.problem, self.events)
        return entries == (other.known, other.problem, other.events)


class TimelineEntry(NamedTuple):
    """An event as a sentence; `style` is the name of a colour if it needs one."""

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
    """Return the history of one workstation, or of all, the newest first.

    `sessions` are the workstations by id, for the authors of events, and events that were not
    observed here; `who` returns a person's name, YOU, or BY_ITSELF for the studio; `title` the
    title of a launch profile. Changes of people are part of the history of all.
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
    """Return the ids of the authors of events, and of the people they are about."""
    found = set()
    for key, seen in log.by_session.items():
        if session_id not in {None, key}:
            continue
        session = sessions.get(key)
        found |= {done_by(event, session) for event in _with_reported(seen, session)}
        found |= {one for event in seen for one in event.principal_ids[:MOST_NAMED]}
    return {one for one in found if one}


def _with_reported(seen: tuple[Event, ...], session: StreamingSession | None) -> tuple[Event, ...]:
    """Return the events of a workstation, with those known only from its own times.

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
    # The studio reports whole seconds: a request comes before a state observed in the same one.
    return one.event.at.replace(microsecond=0), one.event.kind != EventKind.REQUESTED


def _entry(event: Event, mine: tuple[Event, ...], place: int, doer: str) -> TimelineEntry:
    if event.kind == EventKind.REQUESTED:
        return _requested(event)
    if event.kind == EventKind.REPORTED:
        return TimelineEntry(event, _reported_deed(event.what, doer))
    before = mine[:place]
    if event.what in _DOING:
        own = _was_requested(event.what, event.at, mine)
        # A transition that had already begun may have been requested before the history began.
        unknown = not _noted(before) and event.what in {"STOP_IN_PROGRESS", "DELETE_IN_PROGRESS"}
        plain = own or (unknown and doer in {"", YOU})
        return TimelineEntry(event, _DOING[event.what] if plain else _deed(event.what, doer))
    return _outcome(event, before, mine, doer)


def _deed(way: str, doer: str, where: str = ", not from this computer") -> str:
    """Return a sentence about a change that was not requested here."""
    if not doer:
        return _BY_OTHERS[way]
    if doer == BY_ITSELF:
        return f"The studio {_DEEDS[way]}"
    if doer == YOU:
        return f"You {_DEEDS[way]}{where}"
    return f"{doer} {_DEEDS[way]}"


def _reported_deed(way: str, doer: str) -> str:
    """Return a sentence about a change that was not observed here."""
    return f"It was {_DEEDS[way].removesuffix(' it')}" if not doer else _deed(way, doer, "")


def _noted(events: tuple[Event, ...]) -> bool:
    return any(event.kind != EventKind.REPORTED for event in events)


def named(principal_ids: Sequence[str], who: Callable[[str], str]) -> str:
    """Return people's names in a row; of many the first ones and the number of the others."""
    shown = ", ".join(who(one) for one in principal_ids[:MOST_NAMED])
    more = len(principal_ids) - MOST_NAMED
    return f"{shown} and {more} more" if more > 0 else shown


def _of_people(
    event: Event, who: Callable[[str], str], title: Callable[[str], str]
) -> TimelineEntry:
    did, do = _ASKED.get(event.what, ("changed {who}", "change {who}"))
    where = title(event.launch_profile_id) if event.launch_profile_id else ""
    words = {"who": named(event.principal_ids, who), "where": where, "value": event.value}
    return _answered(event, did.format(**words), do.format(**words))


def _requested(event: Event) -> TimelineEntry:
    unknown = f"requested {event.what}", f"request {event.what}"
    return _answered(event, *_ASKED.get(event.what, unknown))


def _answered(event: Event, did: str, do: str) -> TimelineEntry:
    note = f": {event.note}" if event.note else ""
    if event.done:
        return TimelineEntry(event, f"You {did}{note}")
    answer, style = ("unconfirmed", "near") if event.done is None else ("refused", "failed")
    return TimelineEntry(event, f"You tried to {do} · {answer}{note}", style)


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
        return TimelineEntry(event, f"READY (first seen){note}")
    if event.what not in _WAY_TO:
        return TimelineEntry(event, f"{event.what} (seen){note}")
    return TimelineEntry(event, f"{event.what}{after}{note}")


def _begun(at: datetime, ways: tuple[str, ...], before: tuple[Event, ...]) -> datetime | None:
    """Return the beginning of the transition that ended at `at`, requested or observed."""
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
    """Return whether the artist requested a transition around the time it was observed."""
    return any(
        event.kind == EventKind.REQUESTED
        and event.what in _WANTED[way]
        and event.done is not False
        and abs(event.at - at) <= _AROUND
        for event in mine
    )
