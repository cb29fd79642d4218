"""Actions on one workstation: its row shows them immediately, and their outcome."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from nimble_tui.core.model import SessionAction, StreamingSession
from nimble_tui.core.rules import Allowed, Refused
from nimble_tui.core.service import ErrorKind, StudioError, UnconfirmedStartError
from nimble_tui.core.unclear_steps import CAN_BE_GIVEN_UP, GIVEN_UP
from nimble_tui.view.health import Phase
from nimble_tui.view.labels import failure_of, moving_note
from nimble_tui.view.session_rows import PendingAction, SessionRow, build
from nimble_tui.workspace.permissions import UNANSWERED
from nimble_tui.workspace.tasks import MISTAKE
from tests.tables import table
from tests.view.workstations import NOW, session
from tests.workspace.bench import Bench
from tests.workspace.fake_studio import INFO, profile, unreachable

if TYPE_CHECKING:
    from nimble_tui.workspace.store import Snapshot

STOP, START, DELETE = SessionAction.STOP, SessionAction.START, SessionAction.DELETE
LIST = "list_streaming_sessions"
NOT_SIGNED_IN = StudioError(ErrorKind.NOT_SIGNED_IN, "You are not signed in.")
UNCERTAIN = StudioError(ErrorKind.UNCERTAIN, "The reply was lost.")


def as_built(snapshot: Snapshot) -> bool:
    """Return whether the rows are those that building all of them gives."""
    rows = build(
        snapshot.sessions,
        snapshot.known_profiles,
        NOW,
        pending=snapshot.pending,
        launching=snapshot.launching,
        keeping=snapshot.keeping,
        unread=snapshot.unread,
        order=snapshot.order,
    )
    return rows == snapshot.rows


SENT = [
    (STOP, "one", "STOP_IN_PROGRESS"),
    (DELETE, "one", "DELETE_IN_PROGRESS"),
    (START, "two", "START_IN_PROGRESS"),
    (DELETE, "two", "DELETE_IN_PROGRESS"),
]


@table(SENT)
def test_the_row_shows_it_at_once_and_then_what_the_studio_says(
    action: SessionAction, key: str, state: str
) -> None:
    async def run() -> None:
        bench = Bench()
        await bench.started()
        bench.calls.hold("act")
        bench.changes.clear()
        bench.workspace.actions.act(action, bench.row(key))
        assert (len(bench.changes), bench.state(key)) == (1, state)
        assert bench.snapshot.pending == {key: PendingAction(action, NOW)}
        assert (bench.workspace.is_busy, as_built(bench.snapshot)) == (True, True)
        await bench.settled()
        bench.calls.hold(LIST)
        bench.calls.let_go("act")
        await bench.settled()
        assert (bench.snapshot.pending, bench.state(key)) == ({}, state)
        assert (bench.workspace.is_busy, as_built(bench.snapshot)) == (False, True)
        bench.calls.let_go(LIST)
        await bench.settled()
        assert (bench.world.count(LIST), bench.notices, bench.mistakes) == (2, [], [])
        await bench.end()

    asyncio.run(run())


async def test_a_step_is_being_given_up_until_the_studio_answers(bench: Bench) -> None:
    unclear = session("slow", "CREATE_IN_PROGRESS", status_message=CAN_BE_GIVEN_UP)
    bench.world.put(unclear)
    await bench.started()
    permissions = bench.workspace.permissions
    assert isinstance(permissions.check("delete", bench.row("slow")), Allowed)
    bench.calls.hold("act")
    bench.world.answers["act"] = replace(
        unclear, state="CREATE_FAILED", status_message=f"{GIVEN_UP} More."
    )
    bench.workspace.actions.act(DELETE, bench.row("slow"), gives_up=True)
    await bench.settled()
    row = bench.row("slow")
    assert row.session.state == "CREATE_IN_PROGRESS"
    assert moving_note(row.session, NOW) == "being given up"
    assert isinstance(permissions.check("delete", row), Refused)  # once is enough
    bench.calls.let_go("act")
    await bench.settled()
    assert bench.state("slow") == "CREATE_FAILED"
    assert "it was given up" in failure_of(bench.row("slow").session)
    assert bench.world.gave_up == ["slow"]


async def test_the_reply_and_the_end_of_waiting_are_one_change(bench: Bench) -> None:
    await bench.started()
    bench.calls.hold("act", LIST)
    bench.workspace.actions.act(STOP, bench.row("one"))
    await bench.settled()
    bench.changes.clear()
    bench.calls.let_go("act")
    await bench.settled()
    shown = [(one.row("one"), one.pending) for one in bench.changes]
    assert {row.session.state for row, _ in shown if row} == {"STOP_IN_PROGRESS"}
    assert next(dict(pending) for _, pending in shown) == {}


async def test_only_the_row_it_is_about_is_made_again(bench: Bench) -> None:
    await bench.started()
    other = bench.row("two")
    bench.calls.hold("act")
    bench.workspace.actions.act(STOP, bench.row("one"))
    assert bench.row("two") is other


async def test_the_disk_and_the_backup_are_shown_and_sent(bench: Bench) -> None:
    await bench.started()
    bench.calls.hold("act")
    bench.workspace.actions.act(STOP, bench.row("one"), volume_retention_mode="DELETE")
    bench.workspace.actions.act(START, bench.row("two"), backup_id="b-1", may_not_stop=True)
    assert bench.row("one").session.volume_retention_mode == "DELETE"
    assert bench.row("two").session.started_from_backup_id == "b-1"


async def test_nothing_is_sent_before_the_studio_is_open(bench: Bench) -> None:
    row = SessionRow.of(session("one", "READY"), None)
    bench.workspace.actions.act(STOP, row)
    bench.workspace.actions.keep(row)
    bench.workspace.actions.rename(row, "new")
    assert [one.text for one in bench.notices] == [UNANSWERED] * 3
    assert (bench.snapshot.pending, bench.snapshot.keeping) == ({}, frozenset())


async def test_a_failure_shows_the_row_as_it_was_and_says_why(bench: Bench) -> None:
    await bench.started()
    bench.world.errors["act"] = StudioError(ErrorKind.REFUSED, "It is being changed.")
    bench.workspace.actions.act(STOP, bench.row("one"))
    await bench.settled()
    assert (bench.state("one"), bench.snapshot.pending) == ("READY", {})
    assert bench.told() == "Stop failed: one: It is being changed."
    assert (as_built(bench.snapshot), bench.world.count(LIST)) == (True, 2)


async def test_a_lost_reply_is_read_back_at_once(bench: Bench) -> None:
    await bench.started()
    bench.world.errors["act"] = UNCERTAIN
    bench.world.put(session("one", "STOP_IN_PROGRESS"))
    bench.workspace.actions.act(STOP, bench.row("one"))
    await bench.settled()
    assert bench.told() == "Stop unconfirmed: one: The reply was lost. Checking…"
    assert bench.state("one") == "STOP_IN_PROGRESS"


async def test_a_mistake_of_the_program_leaves_no_row_waiting(bench: Bench) -> None:
    await bench.started()
    bench.world.errors["act"] = KeyError("a mistake")
    bench.workspace.actions.act(STOP, bench.row("one"))
    await bench.settled()
    assert (bench.state("one"), bench.snapshot.pending) == ("READY", {})
    assert bench.told() == f"Stop unconfirmed: one: {MISTAKE} Checking…"
    assert [name for name, _ in bench.mistakes] == ["stop a workstation"]
    bench.mistakes.clear()


async def test_a_reply_about_another_workstation_leaves_no_row_waiting(bench: Bench) -> None:
    await bench.started()
    bench.world.answers["act"] = session("three", "READY")
    bench.workspace.actions.act(STOP, bench.row("one"))
    await bench.settled()
    assert bench.snapshot.pending == {}
    assert bench.state("one") == "READY"


async def test_two_at_once_end_in_any_order(bench: Bench) -> None:
    await bench.started()
    bench.calls.hold("act", "rename")
    bench.workspace.actions.act(STOP, bench.row("one"))
    bench.workspace.actions.rename(bench.row("two"), "plates")
    await bench.settled()
    bench.calls.let_go("rename")
    await bench.settled()
    assert (set(bench.snapshot.pending), bench.row("two").title) == ({"one"}, "plates")
    assert bench.state("one") == "STOP_IN_PROGRESS"
    bench.calls.let_go("act")
    await bench.settled()
    assert (bench.snapshot.pending, as_built(bench.snapshot)) == ({}, True)


async def test_a_list_from_before_the_reply_does_not_take_it_back(bench: Bench) -> None:
    await bench.started()
    bench.calls.hold("act", LIST)
    bench.workspace.actions.act(DELETE, bench.row("two"))
    await bench.passes(30)
    bench.world.put(session("two", "STOPPED"))
    bench.calls.let_go("act")
    await bench.settled()
    bench.world.put(session("two", "DELETED"))
    bench.calls.let_go(LIST, count=1)
    await bench.settled()
    assert bench.state("two") == "DELETE_IN_PROGRESS"
    bench.calls.let_go(LIST)
    await bench.settled()
    assert bench.snapshot.row("two") is None


async def test_what_was_not_read_is_read_once_the_studio_answers_about_it(bench: Bench) -> None:
    await bench.started()
    two = bench.world.sessions.pop("two")
    bench.world.partial = True
    await bench.passes(30)
    assert bench.row("two").unread
    bench.world.sessions["two"] = two
    bench.calls.hold(LIST)
    bench.workspace.actions.act(START, bench.row("two"))
    await bench.settled()
    assert (bench.snapshot.unread, bench.row("two").unread) == (frozenset(), False)


async def test_a_name_is_given_and_taken_away_again_where_that_fails(bench: Bench) -> None:
    await bench.started()
    bench.calls.hold("rename")
    bench.world.errors["rename"] = StudioError(ErrorKind.DENIED, "Ask your admin.")
    bench.workspace.actions.rename(bench.row("one"), "plates")
    assert bench.row("one").title == "plates"
    bench.calls.let_go("rename")
    await bench.settled()
    assert (bench.row("one").title, bench.told()) == ("one", "Rename failed: one: Ask your admin.")


# Keeping.


async def test_what_is_kept_is_marked_until_it_was_stopped_again(bench: Bench) -> None:
    await bench.started()
    bench.world.answers["keeping"] = frozenset({"two"})
    bench.world.unsettled = True
    bench.workspace.actions.keep(bench.row("two"))
    assert (bench.row("two").keeping, bench.state("two")) == (True, "START_IN_PROGRESS")
    await bench.settled()
    assert bench.snapshot.keeping == {"two"}
    assert bench.row("two").keeping
    bench.world.answers["keeping"] = frozenset()
    await bench.passes(3)
    assert (bench.snapshot.keeping, bench.row("two").keeping) == (frozenset(), False)
    assert as_built(bench.snapshot)


async def test_what_could_not_be_started_is_not_being_kept(bench: Bench) -> None:
    await bench.started()
    bench.world.errors["keep"] = StudioError(ErrorKind.QUOTA, "No machine is free.")
    bench.workspace.actions.keep(bench.row("two"))
    await bench.settled()
    assert (bench.snapshot.keeping, bench.row("two").keeping) == (frozenset(), False)
    assert bench.told() == "Keep failed: two: No machine is free."


# Starts that were not confirmed.


async def test_a_start_that_was_not_confirmed_is_asked_about_by_the_profile_as_it_is(
    bench: Bench,
) -> None:
    await bench.started()
    asked: list[tuple[SessionRow, PendingAction]] = []
    changed = profile(description="changed")

    def unconfirmed(row: SessionRow, pending: PendingAction) -> bool:
        asked.append((row, pending))
        return True

    bench.workspace.actions.unconfirmed = unconfirmed
    bench.world.errors["act"] = UnconfirmedStartError(changed)
    bench.world.profiles = [changed]
    bench.workspace.actions.act(START, bench.row("two"), backup_id="b-1")
    await bench.settled()
    assert [(row.key, row.launch_profile, pending.backup_id) for row, pending in asked] == [
        ("two", changed, "b-1")
    ]
    assert (bench.notices, bench.state("two")) == ([], "STOPPED")
    assert [row.launch_profile for row in bench.snapshot.rows] == [changed, changed]


async def test_a_start_that_cannot_be_asked_about_is_reported(bench: Bench) -> None:
    await bench.started()
    bench.world.errors["act"] = UnconfirmedStartError(None)
    bench.workspace.actions.act(START, bench.row("two"))
    await bench.settled()
    assert "Confirm this first." in bench.told()
    assert bench.snapshot.pending == {}


# Signing out.


async def test_keys_that_are_refused_sign_out_and_restore_the_row(bench: Bench) -> None:
    await bench.started()
    bench.world.errors |= {"act": NOT_SIGNED_IN, "open": NOT_SIGNED_IN}
    bench.workspace.actions.act(STOP, bench.row("one"))
    await bench.settled()
    assert (bench.snapshot.health.phase, bench.signed_out) == (Phase.SIGNED_OUT, 1)
    assert (bench.state("one"), bench.snapshot.pending) == ("READY", {})
    assert bench.world.count(LIST) == 1


async def test_an_answer_to_old_keys_does_not_sign_out_new_ones() -> None:
    bench = Bench(replace(INFO, aws_profile="farm"))
    await bench.started()
    bench.calls.hold("act")
    bench.world.errors |= {"act": NOT_SIGNED_IN, LIST: NOT_SIGNED_IN}
    bench.workspace.actions.act(STOP, bench.row("one"))
    await bench.passes(30)
    del bench.world.errors[LIST]
    bench.studios.are_keys_changed = True
    await bench.passes(1)
    assert bench.snapshot.health.phase == Phase.LIVE
    bench.calls.let_go("act")
    await bench.settled()
    assert bench.snapshot.health.phase == Phase.LIVE
    assert [one.closed for one in bench.studios.opened] == [1, 0]
    assert (bench.state("one"), bench.snapshot.pending) == ("READY", {})
    await bench.end()


async def test_an_answer_after_closing_is_not_shown(bench: Bench) -> None:
    await bench.started()
    bench.calls.hold("act")
    bench.workspace.actions.act(STOP, bench.row("one"))
    await bench.settled()
    bench.workspace.close()
    bench.changes.clear()
    bench.calls.let_go("act")
    await asyncio.gather(*bench.spawned, return_exceptions=True)
    assert (bench.changes, bench.notices) == ([], [])


# Connecting.


async def test_what_is_waited_for_or_being_opened_is_spared_by_keep(bench: Bench) -> None:
    await bench.started()
    actions = bench.workspace.actions
    actions.connect_when_ready("one")
    actions.connect_when_ready("two")
    actions.connect_when_ready("two", enabled=False)
    assert bench.snapshot.connect_when_ready == {"one"}
    bench.world.unsettled = True
    bench.workspace.polling.refresh()
    await bench.settled()
    assert bench.world.spared == {"one"}
    actions.connecting("one")
    assert bench.snapshot.connecting == {"one"}
    assert not bench.snapshot.connect_when_ready
    bench.workspace.polling.refresh()
    await bench.settled()
    assert bench.world.spared == {"one"}
    actions.connecting()
    assert bench.snapshot.connecting == frozenset()


def test_a_workstation_that_is_not_in_the_list_is_added() -> None:
    from nimble_tui.workspace.rows import replaced

    one, two = StreamingSession("one"), StreamingSession("two")
    newer = StreamingSession("one", state="READY")
    assert replaced((one, two), newer) == (newer, two)
    assert replaced((one,), two) == (one, two)
    assert replaced((), one) == (one,)


async def test_a_workstation_that_is_gone_is_answered_for_all_the_same(bench: Bench) -> None:
    await bench.started()
    bench.calls.hold("act")
    bench.world.errors["act"] = unreachable()
    row = bench.row("two")
    bench.workspace.actions.act(DELETE, row)
    await bench.settled()
    del bench.world.sessions["two"]
    await bench.passes(30)
    assert bench.snapshot.row("two") is None
    bench.calls.let_go("act")
    await bench.settled()
    assert (bench.snapshot.pending, bench.told()) == (
        {},
        "Delete failed: The studio cannot be reached.",
    )
