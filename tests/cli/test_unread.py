"""Lists with entries that cannot be read: commands print the others, say so, and end with 1."""

import io
import json
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nimble_tui.cli.completion_names import beginning
from nimble_tui.cli.watch import Watcher
from nimble_tui.client.nimble import connect
from nimble_tui.config import cache
from nimble_tui.config.credentials import KeyringVault
from nimble_tui.config.editing import append_studio
from nimble_tui.config.loading import load
from nimble_tui.core.cadence import Intervals
from nimble_tui.core.model import read_streaming_session
from nimble_tui.core.service import StudioInfo
from nimble_tui.studio.demo import Demo
from nimble_tui.studio.sample.data import INES
from tests.cli.running import Run, settings_of
from tests.faults.proxy import FaultProxy, faults_before
from tests.faults.replies import with_entries
from tests.tui.bench import NOW

AT = ("--studio", "odd")
SURROGATE = "\ud800"


@pytest.fixture
def proxy(signed_in: Demo, config: Path) -> Iterator[FaultProxy]:
    """The same studio behind faults, in the settings as odd, and as admin for its admin."""
    with faults_before(signed_in) as opened_proxy:
        invites = {one.principal_id: one for _, one in signed_in.others}
        for name, invite in (("odd", signed_in.invite), ("admin", invites[INES])):
            studio = settings_of(replace(invite, endpoint_url=opened_proxy.url), name)
            append_studio(config, studio)
            KeyringVault().store(studio, invite.keys)
        yield opened_proxy


def break_last(count: int) -> Callable[[Sequence[Any]], Sequence[Any]]:
    return lambda rows: [*rows[:-count], *([None] * count)]


def break_all(rows: Sequence[Any]) -> Sequence[Any]:
    return [{**one, "sessionId": 7} if isinstance(one, dict) else None for one in rows]


def info_of(config: Path) -> StudioInfo:
    return next(one for one in load(config).studios if one.name == "odd").info


def test_sessions_that_cannot_be_read_are_not_none(run: Run, proxy: FaultProxy) -> None:
    proxy.strike(with_entries("sessions", break_all), on=["ListStreamingSessions"], before=False)
    ran = run("sessions", *AT)
    assert ran.code == 1
    assert "You have no workstations" not in ran.out + ran.err
    assert "entries of the list could not be read" in ran.err
    assert ran.out == ""


def test_as_json_the_readable_ones_are_printed(run: Run, proxy: FaultProxy) -> None:
    whole = json.loads(run("sessions", *AT, "--json").out)["sessions"]
    proxy.strike(
        with_entries("sessions", break_last(2)), on=["ListStreamingSessions"], before=False
    )
    ran = run("sessions", *AT, "--json")
    listed = json.loads(ran.out)["sessions"]
    assert ran.code == 1
    assert listed == [one for one in whole if one["sessionId"] in {o["sessionId"] for o in listed}]
    assert 0 < len(listed) < len(whole)
    assert "2 entries of the list could not be read" in ran.err


@pytest.mark.parametrize(
    ("words", "operation", "name"),
    [
        (("profiles",), "ListLaunchProfiles", "launchProfiles"),
        (("profiles", "--json"), "ListLaunchProfiles", "launchProfiles"),
        (("sessions",), "ListLaunchProfiles", "launchProfiles"),
        (("backups",), "ListStreamingSessionBackups", "streamingSessionBackups"),
        (("backups", "--json"), "ListStreamingSessionBackups", "streamingSessionBackups"),
        (("licences",), "ListEulaAcceptances", "eulaAcceptances"),
        (("licences", "--json"), "ListEulaAcceptances", "eulaAcceptances"),
        (("licences",), "ListEulas", "eulas"),
        (("licences",), "ListLaunchProfiles", "launchProfiles"),
        (("licences",), "GetLaunchProfileDetails", "streamingImages"),
    ],
)
def test_every_list_says_what_could_not_be_read(
    run: Run, proxy: FaultProxy, words: tuple[str, ...], operation: str, name: str
) -> None:
    assert run(*words, *AT).code == 0
    broken = with_entries(name, lambda rows: [None for _ in rows] or [None])
    proxy.strike(broken, on=[operation], before=False)
    ran = run(*words, *AT)
    assert ran.code == 1
    assert "could not be read" in ran.err
    for nothing in ("You have no", "There is no launch profile"):
        assert nothing not in ran.out + ran.err
    assert operation != "ListEulaAcceptances" or "not yet" not in ran.out + ran.err


def test_a_licence_whose_acceptance_could_not_be_read_is_not_missing(
    run: Run, proxy: FaultProxy
) -> None:
    proxy.strike(
        with_entries("eulaAcceptances", lambda _: [None]), on=["ListEulaAcceptances"], before=False
    )
    eulas = json.loads(run("licences", *AT, "--json").out)["eulas"]
    assert {one["accepted"] for one in eulas} == {None}


@pytest.mark.parametrize(
    ("operation", "name"),
    [
        ("ListStudioMembers", "members"),
        ("ListLaunchProfileMembers", "members"),
        ("ListStreamingSessions", "sessions"),
        ("ListLaunchProfiles", "launchProfiles"),
        ("ListUsers", "Users"),
    ],
)
def test_people_who_cannot_be_read_are_not_nobody(
    run: Run, proxy: FaultProxy, operation: str, name: str
) -> None:
    at = ("--studio", "admin")
    assert run("people", *at).code == 0
    proxy.strike(with_entries(name, break_last(1)), on=[operation], before=False)
    ran = run("people", *at)
    assert ran.code == 1
    assert "1 entry of the list could not be read" in ran.err


def test_profiles_of_people_that_cannot_be_read_show_as_unknown(
    run: Run, proxy: FaultProxy
) -> None:
    proxy.operation_of = lambda request, known=proxy.operation_of: (  # type: ignore[method-assign,misc]
        "SearchUserProfiles" if "search-user-profiles" in request.target else known(request)
    )
    proxy.strike(with_entries("items", break_last(1)), on=["SearchUserProfiles"], before=False)
    ran = run("people", "--studio", "admin")
    assert ran.code == 1
    assert "unknown" in ran.out
    assert "no profile" not in ran.out


def test_a_command_about_what_could_not_be_read_says_so(run: Run, proxy: FaultProxy) -> None:
    names = [one["sessionId"] for one in json.loads(run("sessions", *AT, "--json").out)["sessions"]]
    proxy.strike(
        with_entries("sessions", lambda rows: [rows[0], *([None] * (len(rows) - 1))]),
        on=["ListStreamingSessions"],
        before=False,
    )
    ran = run("rename", names[-1][:9], "other", *AT)
    assert ran.code == 1
    assert "could not be read" in ran.err


def test_what_is_stored_is_not_replaced_by_a_shorter_list(
    run: Run, proxy: FaultProxy, config: Path
) -> None:
    run("sessions", *AT)
    before = cache.read(info_of(config))
    assert before is not None
    for operation, name in (
        ("ListStreamingSessions", "sessions"),
        ("ListLaunchProfiles", "launchProfiles"),
    ):
        proxy.strike(with_entries(name, break_last(2)), on=[operation], before=False)
        assert run("sessions", *AT).code == 1
    after = cache.read(info_of(config))
    assert after is not None
    assert (after.sessions, after.launch_profiles) == (before.sessions, before.launch_profiles)


def test_watch_calls_nothing_gone_that_could_not_be_read(proxy: FaultProxy, config: Path) -> None:
    invite_info = info_of(config)
    studio = next(one for one in load(config).studios if one.name == "odd")
    keys = KeyringVault().load(studio)
    assert keys is not None
    service = connect(invite_info, endpoint_url=proxy.url, keys=keys)
    try:
        watch = Watcher(service, Intervals())
        first = {one.row.key for one in watch.poll()}
        proxy.strike(
            with_entries("sessions", break_all), on=["ListStreamingSessions"], before=False
        )
        assert watch.poll() == []
        proxy.plan = lambda _operation, _request: None
        assert {one.row.key for one in watch.poll()} <= first
    finally:
        service.close()


@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_completion_survives_ids_and_names_that_no_terminal_can_write(
    run: Run, proxy: FaultProxy, config: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    def odd(rows: Sequence[Any]) -> Sequence[Any]:
        twin = {**rows[0], "tags": {"Name": "light"}}
        return [
            twin,
            {**twin, "sessionId": f"{SURROGATE}x"},
            {**twin, "sessionId": "second"},
            {**rows[0], "sessionId": "third", "tags": {"Name": "Größe 灯"}},
            {**rows[0], "sessionId": "fourth", "tags": {"Name": SURROGATE}},
        ]

    proxy.strike(with_entries("sessions", odd), on=["ListStreamingSessions"], before=False)
    assert run("sessions", *AT).code == 1
    cached = json.loads(run("sessions", *AT, "--json").out)["sessions"]
    sessions = [read_streaming_session(one) for one in cached]
    assert cache.write(info_of(config), (), sessions, NOW)
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding=encoding))
    words = Namespace(demo=False, studio="odd")
    found = beginning("", "session", words)
    assert found["second"] == "light"
    assert all(name.encode(encoding) for name in found)
