"""Since when a member has had their persona, by what was requested on this computer."""

from datetime import UTC, datetime, timedelta

import pytest

from nimble_tui.core.history import Event, EventKind
from nimble_tui.core.people.persona_history import PersonaDates

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def event(
    hour: int, what: str, *who: str, where: str = "lp-1", done: bool | None = True, value: str = ""
) -> Event:
    at = NOON + timedelta(hours=hour)
    ids = who or ("p-noor", "p-theo")
    return Event(
        at,
        "",
        EventKind.REQUESTED,
        what,
        done,
        launch_profile_id=where,
        principal_ids=ids,
        value=value,
    )


def since(events: list[Event], persona: str | None) -> datetime | None:
    return PersonaDates.of(events).since("p-theo", "lp-1", persona)


ADD, REMOVE = "people add", "people remove"


@pytest.mark.parametrize(
    ("events", "hour"),
    [
        ([], None),
        ([event(1, ADD)], 1),
        ([event(1, ADD), event(2, ADD)], 1),
        ([event(1, ADD), event(2, "people persona", value="USER")], 1),
        ([event(1, ADD), event(2, REMOVE)], None),
        ([event(1, ADD), event(2, REMOVE), event(3, ADD)], 3),
        ([event(1, ADD), event(2, "people persona", value="REVIEWER")], None),
        ([event(1, "people persona", value="USER")], None),
        ([event(1, ADD, done=False)], None),
        ([event(1, ADD, done=None)], None),
        ([event(1, ADD, where="lp-2")], None),
        ([event(1, ADD, "p-noor")], None),
        ([event(1, "people promote")], None),
    ],
)
def test_since_when(events: list[Event], hour: int | None) -> None:
    expected = None if hour is None else NOON + timedelta(hours=hour)
    assert since(events, "USER") == expected


def test_a_persona_that_was_set_begins_then() -> None:
    events = [event(1, ADD), event(2, "people persona", value="REVIEWER")]
    assert since(events, "REVIEWER") == NOON + timedelta(hours=2)


def test_a_persona_that_was_not_reported_has_no_date() -> None:
    assert since([event(1, ADD)], None) is None
