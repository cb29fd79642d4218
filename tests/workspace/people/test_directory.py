"""The people of a workspace: read when it is shown, once more after a change, never undone."""

from nimble_tui.core.people.changes import ChangeKind, PersonChange
from nimble_tui.core.service import ErrorKind, StudioError
from nimble_tui.view.people.person_rows import rows_of
from nimble_tui.workspace.permissions import UNANSWERED
from nimble_tui.workspace.tasks import MISTAKE
from tests.workspace.people.bench import NOW, TROUBLE, PeopleBench, play, until


def adding(bench: PeopleBench, key: str = "zofia", profile: str = "comp") -> PersonChange:
    return PersonChange(ChangeKind.ADD, bench.person(key), profile, profile.title())


def test_everyone_is_read_with_rows_plans_and_the_time() -> None:
    async def scenario(bench: PeopleBench) -> None:
        snapshot = bench.snapshot
        assert [row.key for row in snapshot.rows] == ["theo", "zofia", "admin"]
        assert bench.row("theo").profiles == "Comp, Fx, Lighting"
        assert (snapshot.updated_at, snapshot.problem, snapshot.plans) == (NOW, "", ())

    play(scenario)


def test_nothing_is_read_before_the_studio_is_open() -> None:
    async def scenario(bench: PeopleBench) -> None:
        bench.workspace.people.refresh()
        assert not bench.workspace.people.is_refreshing
        assert bench.studio.calls == []
        assert bench.snapshot.people is None

    play(scenario, is_open=False)


def test_wanted_again_while_it_is_read_it_is_read_once_more() -> None:
    async def scenario(bench: PeopleBench) -> None:
        held = bench.calls.hold()
        bench.workspace.people.refresh()
        await until(lambda: bench.calls.held)
        for _ in range(3):
            bench.workspace.people.refresh()
        assert bench.workspace.people.is_refreshing
        held.set()
        await bench.settled()
        assert bench.studio.calls == ["look", "plans"] * 2
        assert not bench.workspace.people.is_refreshing

    play(scenario)


def test_fresh_names_wanted_while_people_are_read_come_with_the_next_reading() -> None:
    async def scenario(bench: PeopleBench) -> None:
        held = bench.calls.hold()
        bench.workspace.people.refresh()
        await until(lambda: bench.calls.held)
        bench.workspace.people.refresh(fresh=True)
        bench.workspace.people.refresh()
        held.set()
        await bench.settled()
        await bench.refreshed()
        assert bench.studio.calls == ["look", "plans", "look fresh", "plans", "look", "plans"]

    play(scenario)


def test_a_problem_is_a_sentence_and_what_was_known_stays() -> None:
    async def scenario(bench: PeopleBench) -> None:
        before = bench.snapshot
        bench.clock.advance(60)
        bench.studio.fail("look", TROUBLE)
        await bench.refreshed()
        assert bench.snapshot == before._replace(problem=TROUBLE.message)
        await bench.refreshed()
        assert bench.snapshot.problem == ""
        assert bench.snapshot.updated_at == bench.clock.now()

    play(scenario)


def test_plans_that_cannot_be_read_are_a_problem_of_the_whole_reading() -> None:
    async def scenario(bench: PeopleBench) -> None:
        bench.studio.members["zofia"].add("comp")
        bench.studio.fail("plans", TROUBLE)
        await bench.refreshed()
        assert bench.snapshot.problem == TROUBLE.message
        assert bench.person("zofia").launch_profile_ids == ()

    play(scenario)


def test_a_refresh_wanted_meanwhile_follows_one_that_failed() -> None:
    async def scenario(bench: PeopleBench) -> None:
        bench.studio.fail("look", TROUBLE)
        held = bench.calls.hold()
        bench.workspace.people.refresh()
        await until(lambda: bench.calls.held)
        bench.workspace.people.refresh()
        held.set()
        await bench.settled()
        assert bench.studio.calls == ["look", "look", "plans"]
        assert bench.snapshot.problem == ""

    play(scenario)


def test_a_mistake_is_reported_and_the_next_refresh_works() -> None:
    async def scenario(bench: PeopleBench) -> None:
        mistake = ZeroDivisionError()
        bench.studio.fail("look", mistake)
        await bench.refreshed()
        assert bench.snapshot.problem == MISTAKE
        assert bench.mistakes == [("read the people", mistake)]
        assert not bench.workspace.people.is_refreshing
        await bench.refreshed()
        assert bench.snapshot.problem == ""

    play(scenario)


def test_what_was_read_before_something_was_done_is_read_again() -> None:
    async def scenario(bench: PeopleBench) -> None:
        held = bench.calls.hold()
        bench.workspace.people.refresh()
        await until(lambda: bench.calls.held)
        bench.studio.members["zofia"].add("fx")
        bench.workspace.tasks.touch()
        held.set()
        await bench.settled()
        assert bench.studio.calls == ["look", "plans"] * 2
        assert [one.people for one in bench.changes] == [bench.people]
        assert bench.person("zofia").launch_profile_ids == ("fx",)

    play(scenario)


def test_a_late_answer_does_not_undo_a_change() -> None:
    async def scenario(bench: PeopleBench) -> None:
        people = bench.workspace.people
        held = bench.calls.hold()
        people.refresh()
        await until(lambda: bench.calls.held)
        bench.calls.hold_no_others()
        people.send(adding(bench))
        await until(lambda: bench.texts)
        assert bench.row("zofia").profiles == "Comp"
        held.set()
        await bench.settled()
        assert {
            one.people.person("zofia").launch_profile_ids  # type: ignore[union-attr]
            for one in bench.changes
            if one.people and not one.pending
        } == {("comp",)}

    play(scenario)


def test_a_late_answer_of_a_studio_that_was_closed_is_dropped() -> None:
    async def scenario(bench: PeopleBench) -> None:
        before = bench.snapshot
        bench.studio.members["zofia"].add("fx")
        held = bench.calls.hold()
        bench.workspace.people.refresh()
        await until(lambda: bench.calls.held)
        bench.workspace.connection.close()
        held.set()
        await bench.settled()
        assert bench.snapshot is before
        await bench.workspace.connection.open()
        await bench.refreshed()
        assert bench.snapshot.people is not before.people

    play(scenario)


def test_a_late_problem_of_a_studio_that_was_closed_is_dropped() -> None:
    async def scenario(bench: PeopleBench) -> None:
        bench.studio.fail("look", TROUBLE)
        held = bench.calls.hold()
        bench.workspace.people.refresh()
        await until(lambda: bench.calls.held)
        bench.calls.hold_no_others()
        await bench.reopen()
        held.set()
        await bench.settled()
        assert bench.snapshot.problem == ""

    play(scenario)


def test_after_the_workspace_is_closed_nothing_changes() -> None:
    async def scenario(bench: PeopleBench) -> None:
        held = bench.calls.hold()
        bench.workspace.people.refresh()
        bench.workspace.people.send(adding(bench))
        await until(lambda: bench.calls.held == 2)
        bench.workspace.close()
        before = bench.workspace.snapshot
        held.set()
        await bench.settled()
        assert bench.workspace.snapshot is before
        assert bench.notices == []

    play(scenario)


def test_a_change_shows_as_pending_at_once_and_as_done_with_its_answer() -> None:
    async def scenario(bench: PeopleBench) -> None:
        change = adding(bench)
        held = bench.calls.hold()
        bench.workspace.people.send(change)
        assert bench.row("zofia").pending == {"comp"}
        assert bench.snapshot.pending == {change.about}
        assert bench.workspace.is_busy
        held.set()
        await until(lambda: bench.notices)
        done = next(one for one in bench.changes if not one.pending)
        assert done.people is not None
        assert done.rows == rows_of(done.people)
        assert done.people.person("zofia") == bench.person("zofia")
        await bench.settled()
        assert bench.texts == ["Zofia can now launch from Comp."]
        assert bench.row("zofia").profiles == "Comp"
        assert not bench.workspace.is_busy
        assert bench.studio.calls == ["put comp zofia", "look", "plans"]

    play(scenario)


def test_a_change_touches_one_row_alone() -> None:
    async def scenario(bench: PeopleBench) -> None:
        before = bench.snapshot.rows
        bench.workspace.people.send(adding(bench))
        assert [old is new for old, new in zip(before, bench.snapshot.rows, strict=True)] == [
            *(True, False, True)
        ]
        await bench.settled()

    play(scenario)


def test_a_change_that_is_pending_is_not_sent_again() -> None:
    async def scenario(bench: PeopleBench) -> None:
        held = bench.calls.hold()
        for profile in ("comp", "comp", "fx"):
            bench.workspace.people.send(adding(bench, profile=profile))
        assert bench.texts == ["A change is already in progress. Try again in a moment."]
        assert bench.row("zofia").pending == {"comp", "fx"}
        held.set()
        await bench.settled()
        sent = [call for call in bench.studio.calls if call.startswith("put")]
        assert sorted(sent) == ["put comp zofia", "put fx zofia"]

    play(scenario)


def test_nothing_is_sent_while_the_studio_is_closed() -> None:
    async def scenario(bench: PeopleBench) -> None:
        bench.workspace.connection.close()
        bench.workspace.people.send(adding(bench))
        assert bench.texts == [UNANSWERED]
        assert bench.row("zofia").pending == frozenset()

    play(scenario)


def test_a_change_that_fails_says_why_leaves_everything_and_looks_again() -> None:
    async def scenario(bench: PeopleBench) -> None:
        before = bench.snapshot.people
        bench.studio.fail("put", StudioError(ErrorKind.DENIED, "Only an admin may do that."))
        bench.workspace.people.send(adding(bench))
        await bench.settled()
        assert bench.texts == ["Add Zofia to Comp: Only an admin may do that."]
        assert bench.notices[0].severity == "error"
        assert bench.snapshot.people == before
        assert bench.row("zofia").pending == frozenset()
        assert bench.studio.calls == ["put comp zofia", "look", "plans"]

    play(scenario)


def test_a_mistake_while_a_change_is_sent_ends_it_as_a_failure() -> None:
    async def scenario(bench: PeopleBench) -> None:
        bench.studio.fail("put", ZeroDivisionError())
        bench.workspace.people.send(adding(bench))
        await bench.settled()
        assert bench.texts == [f"Add Zofia to Comp: {MISTAKE}"]
        assert [name for name, _ in bench.mistakes] == ["change a person"]
        assert bench.snapshot.pending == frozenset()

    play(scenario)


def test_the_answer_to_a_change_of_a_studio_that_was_closed_ends_its_mark_alone() -> None:
    async def scenario(bench: PeopleBench) -> None:
        held = bench.calls.hold()
        bench.workspace.people.send(adding(bench))
        await until(lambda: bench.calls.held)
        bench.workspace.connection.close()
        held.set()
        await bench.settled()
        assert bench.row("zofia").pending == frozenset()
        assert bench.person("zofia").launch_profile_ids == ()
        assert bench.notices == []

    play(scenario)


def test_a_mark_that_comes_while_people_are_read_stays_on_the_row() -> None:
    async def scenario(bench: PeopleBench) -> None:
        held = bench.calls.hold()
        bench.workspace.people.refresh()
        await until(lambda: bench.calls.held)
        bench.studio.running.clear()
        bench.workspace.people.send(adding(bench))
        held.set()
        await until(lambda: not bench.workspace.people.is_refreshing)
        assert bench.row("zofia").pending == {"comp"}
        bench.studio.running.set()
        await bench.settled()
        assert bench.row("zofia").pending == frozenset()

    play(scenario)


def test_what_runs_is_stopped_before_somebody_is_taken_off() -> None:
    async def scenario(bench: PeopleBench) -> None:
        theo = bench.person("theo")
        change = PersonChange(ChangeKind.REMOVE, theo, "comp", "Comp", to_stop=("session-1",))
        bench.workspace.people.send(change)
        await bench.settled()
        assert bench.studio.calls[:2] == ["stop session-1", "remove comp theo"]
        assert bench.person("theo").launch_profile_ids == ("fx", "lighting")

    play(scenario)
