"""Making one row again gives the rows that building all of them gives."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from nimble_tui.core.model import SessionAction, SessionState, StreamingSession
from nimble_tui.view import session_rows
from nimble_tui.view.session_rows import PendingAction, PendingName
from nimble_tui.view.sorting import NEEDS, ORDERS
from nimble_tui.view.totals import Totals
from tests.view.workstations import HOUR, NOW, profile, session
from tests.workspace.fake_studio import unreachable

if TYPE_CHECKING:
    from collections.abc import Callable

    from nimble_tui.view.session_rows import Pending
    from tests.workspace.bench import Bench

IDS = [f"s-{number}" for number in range(6)]
PROFILES = (profile("Lighting"), profile("Comp"))

times = st.none() | st.integers(-300, 300).map(lambda minutes: NOW + timedelta(minutes=minutes))
states = st.sampled_from([*map(str, SessionState), "A_NEW_ONE"]) | st.none()
pendings: st.SearchStrategy[Pending] = st.one_of(
    st.builds(PendingName, st.sampled_from(["", "plates", "sq9", "sq10"])),
    st.builds(
        PendingAction,
        st.sampled_from(SessionAction),
        st.just(NOW),
        st.sampled_from([None, "b-1"]),
        st.sampled_from([None, "DELETE"]),
    ),
)


@st.composite
def sessions(draw: Callable[..., Any], key: str) -> StreamingSession:
    return StreamingSession(
        key,
        state=draw(states),
        launch_profile_id=draw(st.sampled_from(["Lighting", "Comp", "gone", None])),
        ec2_instance_type=draw(st.sampled_from(["g5.xlarge", "g4dn.xlarge", "g9.huge", None])),
        created_at=draw(times),
        started_at=draw(times),
        stopped_at=draw(times),
        stop_at=draw(times),
        terminate_at=draw(times),
        tags=draw(st.sampled_from([{}, {"Name": "sq9"}, {"Name": "sq042"}, {"Name": "Sq10"}])),
    )


@given(data=st.data(), order=st.sampled_from(ORDERS))
def test_one_row_made_again_is_as_good_as_all(data: st.DataObject, order: Any) -> None:
    before = data.draw(st.lists(st.sampled_from(IDS), unique=True).flatmap(_each))
    pending = data.draw(st.dictionaries(st.sampled_from(IDS), pendings))
    marks = st.frozensets(st.sampled_from(IDS))
    keeping, unread = data.draw(marks), data.draw(marks)
    known = session_rows.build(
        before, PROFILES, NOW, pending=pending, keeping=keeping, unread=unread, order=order
    )
    key = data.draw(st.sampled_from(IDS))
    changed = data.draw(sessions(key))
    request = data.draw(st.none() | pendings)
    kept, stale = data.draw(st.booleans()), data.draw(st.booleans())
    patched = session_rows.patch(
        known,
        changed,
        PROFILES,
        NOW,
        request=request,
        keeping=kept,
        unread=stale,
        order=order,
    )
    after = {one.session_id: one for one in before} | {key: changed}
    requests = {other: one for other, one in pending.items() if other != key}
    built = session_rows.build(
        after.values(),
        PROFILES,
        NOW,
        pending=requests | ({key: request} if request else {}),
        keeping=keeping - {key} | ({key} if kept else set()),
        unread=unread - {key} | ({key} if stale else set()),
        order=order,
        known=known,
    )
    assert patched.rows == built
    others = {row.key: row for row in known if row.key != key}
    assert all(row is others[row.key] for row in patched.rows if row.key != key)
    totals = Totals.of(known).patched(patched.before, patched.after)
    assert Counter(row.key for row in totals.ending) == Counter(
        row.key for row in Totals.of(built).ending
    )
    ends = [row.deadline.at for row in totals.ending if row.deadline]
    assert ends == sorted(ends)
    assert totals.in_transition == Totals.of(built).in_transition
    assert totals.by_profile == Totals.of(built).by_profile
    assert totals.by_type == Totals.of(built).by_type


def _each(keys: list[str]) -> st.SearchStrategy[list[StreamingSession]]:
    return st.tuples(*map(sessions, keys)).map(list)


async def test_a_row_is_in_its_place_though_others_are_about_to_move(bench: Bench) -> None:
    bench.world.sessions.clear()
    bench.world.put(
        *(session(f"ready-{n}", "READY", stop_at=NOW + (20 + n) * HOUR) for n in range(4)),
        *(
            session(f"stopped-{n}", "STOPPED", terminate_at=NOW + HOUR + timedelta(seconds=20 + n))
            for n in range(9)
        ),
    )
    await bench.started()
    assert bench.snapshot.order is NEEDS
    before = [row.key for row in bench.snapshot.rows]
    bench.world.errors["list_streaming_sessions"] = unreachable()
    bench.clock.advance(25)  # by now some of the others are to be deleted within the hour
    bench.calls.hold("rename")
    bench.workspace.actions.rename(bench.row("ready-1"), "plates")
    assert [row.key for row in bench.snapshot.rows] == before
