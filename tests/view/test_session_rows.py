"""Rows sorted and filtered every way there is."""

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from nimble_tui.core.model import LaunchProfile, SessionAction, SessionState, StreamingSession
from nimble_tui.core.people.model import People, Person
from nimble_tui.view import session_rows, sorting
from nimble_tui.view.people import person_rows
from nimble_tui.view.session_rows import PendingAction, PendingName, SessionRow
from tests.tables import column, table

NOW = datetime(2026, 11, 21, 13, 26, tzinfo=UTC)
HOUR = timedelta(hours=1)


def session(name: str, state: str = "READY", **members: object) -> StreamingSession:
    made = StreamingSession(f"id-{name}", state=state, tags={"Name": name})
    return replace(made, **members)  # type: ignore[arg-type]


def build(*sessions: StreamingSession, **more: object) -> tuple[SessionRow, ...]:
    profile = LaunchProfile("lp", name="Lighting")
    return session_rows.build(sessions, [profile], NOW, **more)  # type: ignore[arg-type]


def titles(found: tuple[SessionRow, ...]) -> list[str]:
    return [row.title for row in found]


SOME = (
    session("sq042", "STOPPED", ec2_instance_type="g5.2xlarge", terminate_at=NOW + 5 * HOUR),
    session("sq9", created_at=NOW - HOUR, ec2_instance_type="g5.16xlarge"),
    session("Sq10", created_at=NOW - 3 * HOUR, started_at=NOW - HOUR / 2, stop_at=NOW + 9 * HOUR),
    session("sq1", created_at=NOW - 2 * HOUR, ec2_instance_type="g4dn.xlarge"),
    session("a new type", "START_FAILED", ec2_instance_type="g9.huge"),
    session("b", "STOP_IN_PROGRESS", ec2_instance_type="g5.2xlarge"),
)


@table(
    [
        ("name", ["a new type", "b", "sq1", "sq9", "Sq10", "sq042"]),
        ("state", ["b", "sq1", "sq9", "Sq10", "a new type", "sq042"]),
        ("type", ["sq1", "b", "sq042", "sq9", "Sq10", "a new type"]),
        ("longest", ["sq1", "sq9", "Sq10", "a new type", "b", "sq042"]),
        ("newest", ["sq9", "sq1", "Sq10", "a new type", "b", "sq042"]),
        ("ending", ["sq042", "Sq10", "a new type", "b", "sq1", "sq9"]),
    ]
)
def test_orders(order: str, wanted: list[str]) -> None:
    assert titles(build(*SOME, order=sorting.named(order))) == wanted
    assert titles(build(*reversed(SOME), order=sorting.named(order))) == wanted


def test_every_order_comes_round_and_an_unknown_one_is_the_usual_one() -> None:
    order, met = sorting.NEEDS, []
    for _ in sorting.ORDERS:
        met.append(order.id)
        order = sorting.following(order)
    assert order is sorting.NEEDS
    assert len(set(met)) == len(sorting.ORDERS)
    assert sorting.named("by moonlight") is sorting.NEEDS


def test_what_did_not_change_stays_the_same_object_in_every_order() -> None:
    first = build(*SOME, order=sorting.named("name"))
    again = build(*reversed(SOME), known=first, order=sorting.named("name"))
    assert all(a is b for a, b in zip(first, again, strict=True))


IMAGES = {"img-1": "rocky 9, maya"}
ONE = session(
    "plates",
    "STOP_IN_PROGRESS",
    ec2_instance_type="g5.4xlarge",
    launch_profile_id="lp",
    streaming_image_id="img-1",
    tags={"Name": "plates", "Show": "Otter", "nimble-tui:launch": "hidden"},
)


@table(
    column(
        [
            "PLATES",
            "stopping",
            "stop_in_progress",
            "g5.4x",
            "lighting",
            "maya",
            "rocky stopping",
            "id-plates",
            "shutting down",
            "show=otter",
            "otter",
        ]
    )
)
def test_a_filter_finds_what_every_column_says(words: str) -> None:
    found = session_rows.matching(build(ONE, session("other")), words, IMAGES)
    assert titles(found) == ["plates"]


@table(column(["hidden", "nimble-tui:launch", "starting", "windows"]))
def test_a_filter_finds_nothing_that_is_not_shown(words: str) -> None:
    assert session_rows.matching(build(ONE), words, IMAGES) == ()


@table(
    [
        ({"terminate_at": NOW + 5 * HOUR}, "deleted 19:26"),
        ({"terminate_at": NOW + 5 * HOUR}, "sat 21 nov"),
        ({"terminate_at": datetime.max.replace(tzinfo=UTC)}, "deleted"),
        ({"state": "READY", "stop_at": NOW + HOUR}, "stops 15:26"),
        ({}, "kept until"),
        ({"state": "START_FAILED", "status_message": "No luck."}, "no luck"),
    ]
)
def test_a_filter_finds_what_happens_next(members: dict[str, object], words: str) -> None:
    one = replace(session("one", "STOPPED"), **members)  # type: ignore[arg-type]
    built = build(one, tz=timezone(HOUR))
    assert titles(session_rows.matching(built, words)) == ["one"]


def test_what_was_asked_for_is_found_by_what_the_row_says() -> None:
    pending = {"id-plates": PendingName("roto"), "id-b": PendingAction(SessionAction.DELETE, NOW)}
    built = build(ONE, session("b"), pending=pending)
    assert titles(session_rows.matching(built, "roto")) == ["roto"]
    assert titles(session_rows.matching(built, "deleting…")) == ["b"]
    assert session_rows.matching(built, "plates stopping show=otter")[0].key == "id-plates"


def test_only_what_is_on_its_way_counts_as_being_kept() -> None:
    rows = (session("a", "START_IN_PROGRESS"), session("b"), session("c", "STOPPED"), session("d"))
    built = build(*rows, keeping={"id-a", "id-b", "id-c"})
    assert {row.title for row in built if row.keeping} == {"a", "b"}
    assert titles(session_rows.matching(built, "keeping")) == ["a", "b"]
    again = build(*rows, known=built, keeping={"id-b"})
    assert {row.title for row in again if row.keeping} == {"b"}


COMPOSED = unicodedata.normalize("NFC", "Café Plage")
APART = unicodedata.normalize("NFD", COMPOSED)


@table([(COMPOSED, APART), (APART, COMPOSED)])
def test_the_filter_finds_an_accent_however_it_is_written(name: str, wanted: str) -> None:
    session = StreamingSession("a1b2c3d4e5f6", "READY", tags={"Name": name})
    row = SessionRow.of(session, None)
    assert session_rows.matching((row,), wanted) == (row,)
    assert row.title == name
    person = Person("p1", label=name, short_id="p1")
    found = person_rows.rows_of(People(everyone=(person,)))
    assert person_rows.matching(found, wanted) == found


def test_what_is_deleted_soonest_comes_first_then_what_changes_runs_failed_sleeps() -> None:
    built = build(
        session("gone", "DELETED"),
        session("sleeps", "STOPPED", terminate_at=NOW + 48 * HOUR),
        session("odd", "HIBERNATING"),
        session("failed", "START_FAILED"),
        session("runs long", "READY", stop_at=NOW + 9 * HOUR),
        session("runs", "READY", stop_at=NOW + HOUR / 2),
        session("changes", "STOP_IN_PROGRESS"),
        session("ends", "STOPPED", terminate_at=NOW + HOUR / 2),
        session("ends first", "READY", terminate_at=NOW + HOUR / 3),
    )
    assert [row.title for row in built] == [
        "ends first",
        "ends",
        "changes",
        "runs",
        "runs long",
        "failed",
        "sleeps",
        "odd",
    ]


def test_what_did_not_change_is_the_same_entry_again() -> None:
    one = session("one", "READY")
    first = build(one, session("two", "STOPPED"))
    again = build(one, session("two", "READY"), known=first)
    by_title = {row.title: row for row in again}
    assert by_title["one"] is next(row for row in first if row.title == "one")
    assert by_title["two"].session.state == "READY"


def test_an_action_asked_for_shows_before_the_studio_knows() -> None:
    pending = {"id-one": PendingAction(SessionAction.DELETE, NOW)}
    (row,) = build(session("one", "READY"), pending=pending)
    assert row.session.state == SessionState.DELETE_IN_PROGRESS
    assert row.session.updated_at == NOW


def test_a_session_listed_twice_is_one_row() -> None:
    assert len(build(session("one", "READY"), session("one", "READY"))) == 1
