"""The authors of observed changes, from the workstation's own members."""

from datetime import UTC, datetime, timedelta

import pytest

from nimble_tui.core.history import Event, EventKind, done_by
from nimble_tui.core.model import StreamingSession

AT = datetime(2026, 11, 21, 13, 26, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SESSION = StreamingSession(
    "one",
    "DELETED",
    created_at=AT - 60 * MINUTE,
    created_by="mara",
    started_at=AT - 30 * MINUTE,
    started_by="theo",
    stopped_at=AT - 10 * MINUTE,
    stopped_by="ines",
    updated_at=AT,
    updated_by="the studio",
)


def seen(minutes: float, what: str, kind: EventKind = EventKind.OBSERVED) -> Event:
    return Event(AT + minutes * MINUTE, "one", kind, what)


@pytest.mark.parametrize(
    ("event", "who"),
    [
        (seen(-60, "CREATE_IN_PROGRESS"), "mara"),
        (seen(-30, "START_IN_PROGRESS"), "theo"),
        (seen(-10, "STOP_IN_PROGRESS"), "ines"),
        (seen(-9, "STOPPED"), "ines"),
        (seen(0, "DELETED"), "the studio"),
        # Times come in whole seconds.
        (seen(-10.01, "STOP_IN_PROGRESS"), "ines"),
        # An earlier stop than the last one, of which nothing is known any more.
        (seen(-40, "STOP_IN_PROGRESS"), None),
        (seen(-9, "READY"), None),
        (seen(-9, "HIBERNATING"), None),
        (seen(-9, "stop", EventKind.REQUESTED), None),
    ],
)
def test_who_did_it(event: Event, who: str | None) -> None:
    assert done_by(event, SESSION) == who


def test_what_is_not_told_is_not_known() -> None:
    event = seen(0, "STOPPED")
    assert done_by(event, None) is None
    for session in (
        StreamingSession("one", "STOPPED"),
        StreamingSession("one", "STOPPED", stopped_by="ines"),
        StreamingSession("one", "STOPPED", stopped_at=AT, stopped_by=""),
    ):
        assert done_by(event, session) is None
