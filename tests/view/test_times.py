"""Times that cannot be read, as where a proxy turns them into milliseconds: said, never hidden."""

from nimble_tui.core.action_checks import check_keep
from nimble_tui.core.model import read_streaming_session
from nimble_tui.core.rules import Refused
from nimble_tui.view import details, labels
from nimble_tui.view.outcomes import instead_of_delete
from nimble_tui.view.session_rows import SessionRow
from tests.tables import column, table
from tests.view.workstations import NOW


def row(**members: object) -> SessionRow:
    sent = {"sessionId": "a1b2c3d4e5f6", "sessionPersistenceMode": "ACTIVATED", **members}
    return SessionRow.of(read_streaming_session(sent), None)


STOPPED = {"state": "STOPPED", "automaticTerminationMode": "ACTIVATED"}


@table(column([1_795_267_560_000, "1795267560000", "soon", -1e300, True, [], {}]))
def test_no_time_that_cannot_be_read_counts_as_none(time: object) -> None:
    ready = row(state="READY", stopAt=time, createdAt="2026-11-21T10:00:00Z")
    stopped = row(**STOPPED, stoppedAt="2026-11-21T10:00:00Z", terminateAt=time)
    for one in (ready, stopped):
        assert one.times_unread == labels.TIMES_UNREAD
        assert labels.TIMES_UNREAD in one.haystack
        assert "unknown" in details.next_of(one, NOW, None)[0]
    kept = check_keep(stopped.session, None)
    assert isinstance(kept, Refused)
    assert "times could not be read" in kept.reason
    assert "times could not be read" in instead_of_delete(stopped.session, None, now=NOW, tz=None)


def test_a_time_that_changes_nothing_hides_nothing() -> None:
    forever = row(state="STOPPED", stoppedAt="soon", updatedAt="soon")
    assert not forever.times_unread
    later = row(state="READY", terminateAt="2026-11-21T20:00:00Z", stopAt="soon")
    assert later.deadline is not None
    assert later.times_unread
    (note,) = details.of_session(later, NOW, None).notes
    assert note.startswith("Some of its times could not be read")
    absent = row(state="READY", stopAt=None)
    assert not absent.session.unread_times
