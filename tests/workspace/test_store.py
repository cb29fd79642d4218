"""One snapshot, replaced and never changed; its listeners hear of each that differs."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest

from nimble_tui.view.health import Health
from nimble_tui.workspace.store import Snapshot, Store
from tests.view.workstations import session
from tests.workspace.fake_studio import INFO

REPORTED: list[str] = []


@pytest.fixture
def store() -> Store:
    REPORTED.clear()
    return Store(Snapshot(INFO), lambda name, error: REPORTED.append(f"{name}: {error}"))


def test_a_listener_that_breaks_is_reported_and_keeps_nothing_from_the_others(
    store: Store,
) -> None:
    heard: list[bool] = []

    def breaks() -> None:
        raise ValueError("a mistake")

    store.subscribe(breaks)
    store.subscribe(lambda: heard.append(store.snapshot.is_open))
    store.change(is_open=True)
    assert (heard, REPORTED) == ([True], ["show what changed: a mistake"])


def test_a_change_is_heard_once_and_replaces_the_snapshot(store: Store) -> None:
    heard: list[str] = []
    store.subscribe(lambda: heard.append(store.snapshot.studio_name))
    before = store.snapshot
    store.change(studio_name="Northwind", is_open=True)
    assert heard == ["Northwind"]
    assert before.studio_name == ""


def test_the_very_same_values_are_no_change(store: Store) -> None:
    store.change(sessions=(session("one", "READY"),))
    heard: list[Snapshot] = []
    store.subscribe(lambda: heard.append(store.snapshot))
    before = store.snapshot
    store.change(sessions=before.sessions, pending=before.pending, is_live=False)
    store.replace(replace(before))
    assert heard == []
    assert store.snapshot is before


def test_an_equal_list_that_is_another_is_a_change(store: Store) -> None:
    store.change(sessions=(session("one", "READY"),))
    heard: list[Snapshot] = []
    store.subscribe(lambda: heard.append(store.snapshot))
    store.change(sessions=(*store.snapshot.sessions,))
    assert len(heard) == 1


def test_a_snapshot_cannot_be_changed(store: Store) -> None:
    with pytest.raises(FrozenInstanceError):
        store.snapshot.is_live = True  # type: ignore[misc]
    with pytest.raises(TypeError):
        store.snapshot.pending["one"] = None  # type: ignore[index]


def test_who_unsubscribed_hears_no_more(store: Store) -> None:
    heard: list[str] = []
    end = store.subscribe(lambda: heard.append("first"))
    store.subscribe(lambda: heard.append("second"))
    end()
    end()  # twice does no harm
    store.change(is_open=True)
    assert heard == ["second"]


def test_the_same_listener_may_subscribe_twice_and_leave_once(store: Store) -> None:
    heard: list[str] = []

    def listener() -> None:
        heard.append("called")

    end = store.subscribe(listener)
    store.subscribe(listener)
    end()
    store.change(is_open=True)
    assert heard == ["called"]


def test_who_is_unsubscribed_by_another_listener_is_not_called_any_more(store: Store) -> None:
    heard: list[str] = []
    store.subscribe(lambda: end())  # noqa: PLW0108 - it is known only below
    end = store.subscribe(lambda: heard.append("gone"))
    store.change(is_open=True)
    assert heard == []


def test_a_listener_may_leave_while_it_is_called(store: Store) -> None:
    heard: list[str] = []

    def once() -> None:
        heard.append("once")
        end()

    end = store.subscribe(once)
    store.subscribe(lambda: heard.append("other"))
    store.change(is_open=True)
    store.change(is_open=False)
    assert heard == ["once", "other", "other"]


def test_who_subscribes_while_others_are_called_hears_of_the_next(store: Store) -> None:
    heard: list[bool] = []
    ends = [store.subscribe(lambda: ends.append(store.subscribe(hear)) if not heard else None)]

    def hear() -> None:
        heard.append(store.snapshot.is_open)

    store.change(is_open=True)
    assert heard == []
    store.change(is_open=False)
    assert heard == [False]


def test_a_change_made_by_a_listener_reaches_the_others_last_and_never_backwards(
    store: Store,
) -> None:
    seen: list[str] = []

    def changes() -> None:
        if store.snapshot.studio_name == "first":
            store.change(studio_name="second")

    store.subscribe(lambda: seen.append(f"before {store.snapshot.studio_name}"))
    store.subscribe(changes)
    store.subscribe(lambda: seen.append(f"after {store.snapshot.studio_name}"))
    store.change(studio_name="first")
    assert seen == ["before first", "before second", "after second"]


def test_lists_are_looked_up_by_id() -> None:
    one, two = session("one", "READY"), session("two", "STOPPED")
    snapshot = Snapshot(INFO, sessions=(one, two))
    assert snapshot.session("two") is two
    assert snapshot.session("three") is None
    assert snapshot.row("one") is None


def test_a_snapshot_is_fresher_where_its_health_alone_differs(store: Store) -> None:
    before = store.snapshot
    store.change(health=Health(notice="Some could not be read."))
    assert store.snapshot.is_fresher(before)
    assert before.is_fresher(before)
    store.change(sessions=(session("one", "READY"),))
    assert not store.snapshot.is_fresher(before)
