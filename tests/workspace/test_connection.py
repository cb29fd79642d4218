"""The studio's service: opened, closed, and opened again where its settings changed."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from nimble_tui.core.model import SessionAction
from nimble_tui.core.service import ErrorKind, StudioError
from nimble_tui.view.health import Phase
from tests.tables import table
from tests.workspace.bench import Bench
from tests.workspace.fake_studio import INFO, unreachable

NOT_SIGNED_IN = StudioError(ErrorKind.NOT_SIGNED_IN, "You are not signed in.")


async def test_opening_tells_who_and_where_and_what_it_is_called(bench: Bench) -> None:
    assert (bench.workspace.service, bench.snapshot.is_open) == (None, False)
    await bench.started()
    assert bench.workspace.service is not None
    assert (bench.snapshot.is_open, bench.snapshot.studio_name) == (True, "Northwind")
    assert bench.context.ui_state.state.studio == INFO.name


async def test_the_demo_is_not_what_the_next_start_opens() -> None:
    bench = Bench(replace(INFO, name="demo", demo=True))
    await bench.started()
    assert bench.context.ui_state.state.studio == ""
    await bench.end()


async def test_a_studio_without_a_name_of_its_own_hides_no_list(bench: Bench) -> None:
    bench.world.errors["get_studio"] = StudioError(ErrorKind.DENIED, "Not for you.")
    await bench.started()
    assert (bench.snapshot.studio_name, bench.snapshot.health.phase) == ("", Phase.LIVE)
    assert bench.notices == []


async def test_the_name_may_arrive_after_the_lists(bench: Bench) -> None:
    bench.calls.hold("get_studio")
    await bench.started()
    assert bench.snapshot.studio_name == ""
    bench.calls.let_go("get_studio")
    await bench.settled()
    assert bench.snapshot.studio_name == "Northwind"


async def test_the_name_of_a_connection_that_was_given_up_is_not_shown(bench: Bench) -> None:
    bench.calls.hold("get_studio")
    await bench.started()
    bench.sign_in_with(host="other.example")
    bench.workspace.settings_changed(bench.settings)
    bench.world.errors["get_studio"] = unreachable()
    bench.workspace.check_clock()
    bench.calls.let_go("get_studio")
    await bench.settled()
    assert len(bench.studios.opened) == 2
    assert bench.snapshot.studio_name == ""


async def test_closing_closes_the_service_once_and_shows_that(bench: Bench) -> None:
    await bench.started()
    bench.workspace.connection.close()
    bench.workspace.connection.close()
    assert [one.closed for one in bench.studios.opened] == [1]
    assert (bench.workspace.service, bench.snapshot.is_open) == (None, False)


async def test_a_service_that_is_opened_after_it_was_left_is_closed(bench: Bench) -> None:
    waits: list[Bench] = []

    def leave_meanwhile(_: str) -> None:
        bench.workspace.close()
        waits.append(bench)

    opens = bench.studios.open

    def slow(name: str) -> object:
        service = opens(name)
        leave_meanwhile(name)
        return service

    bench.studios.open = slow  # type: ignore[method-assign, assignment]
    bench.workspace.start()
    await bench.settled()
    assert waits == [bench]
    assert [one.closed for one in bench.studios.opened] == [1]
    assert bench.world.count("list_streaming_sessions") == 0


async def test_leaving_while_the_answer_to_opening_is_held_closes_it(bench: Bench) -> None:
    bench.calls.hold("open")
    bench.workspace.start()
    await bench.settled()
    bench.workspace.close()
    bench.calls.let_go("open")
    await bench.settled()
    assert [one.closed for one in bench.studios.opened] == [1]
    assert bench.world.operations == ["open"]


async def test_a_connection_that_was_closed_while_it_was_opened_is_opened_again(
    bench: Bench,
) -> None:
    bench.calls.hold("open")
    bench.workspace.start()
    await bench.settled()
    bench.workspace.connection.close()
    bench.calls.let_go("open")
    await bench.settled()
    assert [one.closed for one in bench.studios.opened] == [1, 0]
    assert bench.snapshot.health.phase == Phase.LIVE


async def test_signing_out_forgets_the_keys_and_says_where_that_fails(bench: Bench) -> None:
    await bench.started()
    await bench.workspace.connection.sign_out()
    bench.world.errors["sign_out"] = unreachable("The keyring is locked.")
    with pytest.raises(StudioError, match="The keyring is locked"):
        await bench.workspace.connection.sign_out()
    assert bench.world.count("sign_out") == 2


REACH = [
    ({"host": "other.example"}, True),
    ({"region": "eu-west-1"}, True),
    ({"principal_id": "p-2"}, True),
    ({"read_only": True}, True),
    ({"aws_profile": "farm"}, True),
    ({"stream_hosts": ("*.example",)}, True),
    ({"display_name": "M. Vos"}, False),
    ({"accent": "red"}, False),
    ({}, False),
]


@table(REACH)
def test_settings_that_change_the_reach_open_it_again(
    changes: dict[str, object], is_opened_again: bool
) -> None:
    async def run() -> None:
        bench = Bench()
        await bench.started()
        bench.sign_in_with(**changes)
        bench.workspace.settings_changed(bench.settings)
        assert bench.snapshot.info == bench.studios.infos[INFO.name]
        bench.workspace.check_clock()
        bench.workspace.check_clock()
        await bench.settled()
        assert len(bench.studios.opened) == 1 + is_opened_again
        assert bench.studios.opened[0].closed == is_opened_again
        await bench.end()

    asyncio.run(run())


async def test_it_is_opened_again_only_once_every_answer_is_there(bench: Bench) -> None:
    await bench.started()
    bench.calls.hold("act")
    bench.workspace.actions.act(SessionAction.STOP, bench.row("one"))
    await bench.settled()
    bench.sign_in_with(host="other.example")
    bench.workspace.settings_changed(bench.settings)
    bench.workspace.check_clock()
    await bench.settled()
    assert (bench.workspace.is_busy, len(bench.studios.opened)) == (True, 1)
    bench.calls.let_go("act")
    await bench.settled()
    bench.workspace.check_clock()
    await bench.settled()
    assert len(bench.studios.opened) == 2


async def test_it_is_not_opened_again_in_the_middle_of_a_refresh(bench: Bench) -> None:
    await bench.started()
    bench.calls.hold("list_streaming_sessions")
    bench.workspace.polling.refresh()
    await bench.settled()
    bench.sign_in_with(host="other.example")
    bench.workspace.settings_changed(bench.settings)
    bench.workspace.check_clock()
    await bench.settled()
    assert bench.studios.opened[0].closed == 0
    bench.calls.let_go("list_streaming_sessions")
    await bench.settled()
    bench.workspace.check_clock()
    await bench.settled()
    assert [one.closed for one in bench.studios.opened] == [1, 0]


async def test_a_studio_that_the_settings_name_no_more_stays_as_it_is(bench: Bench) -> None:
    await bench.started()
    bench.studios.infos.clear()
    bench.workspace.settings_changed(bench.settings)
    bench.workspace.check_clock()
    await bench.settled()
    assert (bench.snapshot.info, bench.studios.opened[0].closed) == (INFO, 0)


async def test_the_demo_goes_by_no_settings() -> None:
    info = replace(INFO, name="demo", demo=True)
    bench = Bench(info)
    await bench.started()
    bench.sign_in_with(host="other.example")
    bench.workspace.settings_changed(bench.settings)
    assert bench.snapshot.info == info
    await bench.end()


async def test_settings_that_change_while_it_is_opened_are_not_lost(bench: Bench) -> None:
    bench.calls.hold("open")
    bench.workspace.start()
    await bench.settled()
    bench.sign_in_with(host="other.example")
    bench.workspace.settings_changed(bench.settings)
    bench.calls.let_go("open")
    await bench.settled()
    bench.workspace.check_clock()
    await bench.settled()
    assert bench.snapshot.info.host == "other.example"
    assert [one.closed for one in bench.studios.opened] == [1, 0]


async def test_a_name_that_changes_while_it_is_opened_is_shown(bench: Bench) -> None:
    bench.calls.hold("open")
    bench.workspace.start()
    await bench.settled()
    bench.sign_in_with(display_name="M. Vos")
    bench.workspace.settings_changed(bench.settings)
    bench.calls.let_go("open")
    await bench.settled()
    assert bench.snapshot.info.display_name == "M. Vos"
