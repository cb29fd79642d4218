"""History as sentences: what the artist asked for, what the studio did, and who it was."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from nimble_tui.core.history import Event, EventKind
from nimble_tui.core.model import StreamingSession
from nimble_tui.view.timeline import BY_ITSELF, YOU, EventLog, doers, entries
from tests.tables import table

NOW = datetime(2026, 11, 21, 13, 26, tzinfo=UTC)


def asked(seconds: float, what: str, *, done: bool | None = True, note: str = "") -> Event:
    return Event(NOW + timedelta(seconds=seconds), "one", EventKind.REQUESTED, what, done, note)


def seen(seconds: float, what: str, note: str = "") -> Event:
    return Event(NOW + timedelta(seconds=seconds), "one", EventKind.OBSERVED, what, note=note)


def sentences(*events: Event) -> list[str]:
    """Return what is said, oldest first."""
    return [one.sentence for one in reversed(entries(EventLog.of(events)))]


def said_of(session: StreamingSession, *events: Event, **changes: Any) -> list[str]:
    """Return what is said, oldest first, of a workstation as the studio tells it."""
    names = {"mara": YOU, "ines": "Inês Cardoso", "studio": BY_ITSELF}
    known = {"one": replace(session, **changes)}
    happened = entries(EventLog.of(events), sessions=known, who=lambda one: names[one])
    return [one.sentence for one in reversed(happened)]


def test_a_stop_of_ones_own_is_told_from_its_asking_to_its_end() -> None:
    first = seen(-5_000, "READY")
    stop = (asked(0.4, "stop"), seen(0, "STOP_IN_PROGRESS"), seen(40, "STOPPED"))
    assert sentences(first, *stop) == [
        "READY (first seen)",
        "You stopped it",
        "Shutting down",
        "STOPPED after 40 s",
    ]


def test_a_stop_that_nobody_here_asked_for_came_from_elsewhere() -> None:
    assert sentences(seen(-5_000, "READY"), seen(0, "STOP_IN_PROGRESS"), seen(40, "STOPPED")) == [
        "READY (first seen)",
        "It was stopped, not from this computer",
        "STOPPED after 40 s",
    ]
    # Nobody looked while it was shutting down.
    assert sentences(seen(-5_000, "READY"), seen(40, "STOPPED"))[1:] == [
        "It was stopped, not from this computer · STOPPED"
    ]
    assert sentences(seen(-5_000, "STOPPED"), seen(40, "DELETED", "It is not listed."))[1:] == [
        "It was deleted, not from this computer · DELETED: It is not listed."
    ]


def test_whoever_else_did_it_is_named() -> None:
    session = StreamingSession(
        "one",
        "STOPPED",
        stopped_at=NOW,
        stopped_by="ines",
    )
    said = partial(said_of, session)

    stop = (seen(-5_000, "READY"), seen(0, "STOP_IN_PROGRESS"), seen(40, "STOPPED"))
    assert said(*stop)[1:] == ["Inês Cardoso stopped it", "STOPPED after 40 s"]
    assert said(stop[0], stop[2])[1:] == ["Inês Cardoso stopped it", "STOPPED after 40 s"]
    assert said(stop[1]) == ["Inês Cardoso stopped it"]
    assert said(*stop, stopped_by="mara")[1] == "You stopped it, not from this computer"
    assert said(*stop, stopped_by="studio")[1] == "The studio stopped it"
    start = (seen(-5_000, "STOPPED"), seen(-3_600, "START_IN_PROGRESS"))
    ago = {"started_at": NOW - timedelta(hours=1), "stopped_at": None}
    assert said(*start, **ago, started_by="mara")[1] == "You started it, not from this computer"
    assert said(*start, **ago, started_by="ines")[1] == "Inês Cardoso started it"
    assert said(stop[0], stop[2], stopped_by="studio")[1] == "The studio stopped it"
    mine = (seen(-5_000, "READY"), asked(0.4, "stop"), *stop[1:])
    assert said(*mine)[2] == "Shutting down"


def test_what_the_studio_tells_and_nobody_here_saw_is_told_too() -> None:
    day = timedelta(days=1)
    session = StreamingSession(
        "one",
        "STOPPED",
        created_at=NOW - 3 * day,
        created_by="mara",
        started_at=NOW - 2 * day,
        started_by="ines",
        stopped_at=NOW - day,
        stopped_by="studio",
    )
    said = partial(said_of, session)

    late = (seen(-day.total_seconds() + 8, "STOPPED"),)
    assert said(*late) == [
        "You launched it",
        "Inês Cardoso started it",
        "The studio stopped it",
        "STOPPED after 8 s",
    ]
    assert said(*late, created_by=None, started_at=None)[0] == "It was launched"
    # What was asked for or seen here at about that time is no second time.
    stop = (asked(0.4 - day.total_seconds(), "stop"), *late)
    assert said(*stop, created_at=None, started_at=None) == [
        "You stopped it",
        "STOPPED after 7 s",
    ]
    begun = (seen(-day.total_seconds(), "STOP_IN_PROGRESS"), *late)
    assert len(said(*begun, created_at=None, started_at=None)) == 2


def test_an_asking_long_before_has_nothing_to_do_with_it() -> None:
    said = sentences(asked(-5_000, "stop", done=False), seen(0, "STOP_IN_PROGRESS"))
    assert said == ["You tried to stop it · refused", "It was stopped, not from this computer"]
    late = sentences(asked(-5_000, "start"), seen(-4_990, "READY"), seen(0, "START_IN_PROGRESS"))
    assert late[-1] == "It was started, not from this computer"


@table(
    [
        (asked(0, "launch"), "You launched it", ""),
        (asked(0, "keep"), "You kept it", ""),
        (asked(0, "stop", done=None), "You tried to stop it · unconfirmed", "near"),
        (
            asked(0, "delete", done=False, note="It is busy."),
            "You tried to delete it · refused: It is busy.",
            "failed",
        ),
        (asked(0, "dance"), "You requested dance", ""),
        (seen(0, "CREATE_IN_PROGRESS"), "It was launched, not from this computer", ""),
        (seen(0, "STOP_IN_PROGRESS"), "Shutting down", ""),
        (seen(0, "HIBERNATING"), "HIBERNATING (seen)", ""),
        (seen(0, "START_FAILED"), "Start failed · START_FAILED", "failed"),
        (seen(0, "STOPPED"), "STOPPED", ""),
    ]
)
def test_what_stands_alone(event: Event, said: str, style: str) -> None:
    (one,) = entries(EventLog.of([event]))
    assert (one.sentence, one.style) == (said, style)


def test_how_long_it_took_counts_from_the_asking() -> None:
    said = sentences(asked(0, "launch"), seen(2, "CREATE_IN_PROGRESS"), seen(182, "READY"))
    assert said == [
        "You launched it",
        "Being created",
        "READY after 3 min",
    ]
    failed = sentences(asked(0, "start"), seen(1, "START_IN_PROGRESS"), seen(61, "START_FAILED"))
    assert failed[-1] == "Start failed after 1 min · START_FAILED"


def test_changes_of_people_say_who_and_where_and_are_among_those_of_all() -> None:
    def change(what: str, value: str = "", *ids: str, **more: Any) -> Event:
        whom = ids or ("theo",)
        event = Event(NOW, "", EventKind.REQUESTED, f"people {what}", True, **more)
        return replace(event, principal_ids=whom, value=value)

    events = [
        change("add", "", "theo", "noor", "mara", "ines", "pat", launch_profile_id="lp-1"),
        change("remove", launch_profile_id="lp-1", note="why"),
        change("persona", "USER", launch_profile_id="lp-2"),
        change("promote"),
        change("demote"),
        change("profile"),
        change("status", "DEACTIVATED"),
        change("brand-new"),
    ]
    names = {"theo": "Theo {L}", "noor": "Noor Rahimi", "mara": YOU}
    titles = {"lp-1": "Lighting {who}"}
    past = EventLog.of([seen(0, "READY"), *events])
    happened = entries(
        past, None, {}, lambda one: names.get(one, one), lambda one: titles.get(one, one)
    )
    assert [one.sentence for one in happened if one.event.principal_ids] == [
        "You added Theo {L}, Noor Rahimi, you and 2 more to Lighting {who}",
        "You removed Theo {L} from Lighting {who}: why",
        "You set the persona of Theo {L} on lp-2 to USER",
        "You granted the admin role to Theo {L}",
        "You removed the admin role from Theo {L}",
        "You created a DataZone profile for Theo {L}",
        "You set the DataZone status of Theo {L} to DEACTIVATED",
        "You changed Theo {L}",
    ]
    assert [one.event.what for one in entries(past, "one")] == ["READY"]
    assert doers(past, None, {}) == {"theo", "noor", "mara"}
    assert doers(past, "one", {}) == set()


def test_one_or_all_the_newest_first() -> None:
    other = Event(NOW + timedelta(hours=1), "two", EventKind.OBSERVED, "READY")
    past = EventLog.of([other, seen(0, "READY"), seen(60, "HIBERNATING")])
    assert [one.event.session_id for one in entries(past)] == ["two", "one", "one"]
    assert [one.event.what for one in entries(past, "one")] == ["HIBERNATING", "READY"]
    assert entries(past, "three") == ()
