"""A journal that a newer version wrote too: what this one does not know, it leaves alone."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from nimble_tui.client.intent import Intent, Verb
from nimble_tui.client.journal.intents import KEPT
from nimble_tui.client.journal.journal import Journal
from tests.client.test_people_journal import INFO, LATER, NOW, THEO

NEW = ("people rename", "teleport")


def write(path: Path, *, at: float) -> None:
    """Write open rows of kinds that are new to this version, as a newer one does."""
    with closing(sqlite3.connect(path)) as file, file:
        for number, verb in enumerate(NEW):
            file.execute(
                "INSERT INTO intents SELECT number + 10 + ?, whose, ?, ?, session_id, parameters, "
                "state_before, ?, 0, NULL, '' FROM intents WHERE number = 1",
                (number, f"newer-{number}", verb, at),
            )


def verbs(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as file:
        return {verb for (verb,) in file.execute("SELECT verb FROM intents")}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "journal"
    with closing(Journal(path)) as journal:
        parameters = {"principal_ids": THEO, "launch_profile_id": "lp-1"}
        intent = Intent(Verb.ADD_MEMBERS, "", parameters)
        journal.of(INFO).intents.begin(intent, NOW, timedelta())
    return path


def test_unresolved_rows_of_a_newer_version_stay_and_are_not_waited_for(path: Path) -> None:
    write(path, at=NOW.timestamp())
    with closing(Journal(path)) as journal:
        pages = journal.of(INFO)
        assert tuple(pages.unresolved()) == (False, True)
        assert pages.intents.claim(LATER, timedelta(minutes=1)) == ()
        (mine,) = pages.intents.claim_on_people(LATER, timedelta(minutes=1))
        assert mine.intent.verb == Verb.ADD_MEMBERS
        assert len(pages.intents.open_on_people()) == 1
    assert verbs(path) == {*NEW, Verb.ADD_MEMBERS}


def test_they_are_removed_as_late_as_any_other(path: Path) -> None:
    write(path, at=NOW.timestamp())
    with closing(Journal(path)) as journal:
        intents = journal.of(INFO).intents
        later = Intent(Verb.STOP, "session-1")
        intents.begin(later, NOW + KEPT - timedelta(days=1), timedelta())
        assert verbs(path) >= set(NEW)
        intents.begin(Intent(Verb.STOP, "session-2"), NOW + KEPT + timedelta(days=1), timedelta())
    assert verbs(path).isdisjoint(NEW)
