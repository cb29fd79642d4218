"""The journal as a whole, and the part of it that is one person's in one studio."""

from pathlib import Path
from typing import NamedTuple

from nimble_tui.client.journal.database import Database
from nimble_tui.client.journal.intents import ON_PEOPLE, ON_SESSIONS, Intents
from nimble_tui.client.journal.keep_plans import KeepPlans
from nimble_tui.client.journal.observed_states import ObservedStates
from nimble_tui.client.journal.own_rows import OwnRows
from nimble_tui.client.journal.people_plans import PeoplePlans
from nimble_tui.core.service import DEMO, DEMO_AS, StudioInfo

_FORGET = (
    "DELETE FROM intents WHERE whose = :whose OR whose GLOB :others",
    "DELETE FROM plans WHERE whose = :whose OR whose GLOB :others",
    "DELETE FROM people_plans WHERE whose = :whose OR whose GLOB :others",
    "DELETE FROM seen WHERE whose = :whose OR whose GLOB :others",
)


class Unresolved(NamedTuple):
    """Flags: unresolved requests about workstations, and about people."""

    sessions: bool
    people: bool


class Pages:
    """One person's part of the journal, in one studio."""

    def __init__(self, database: Database, whose: str) -> None:
        self._database = database
        self._rows = OwnRows(database, whose)
        self.intents = Intents(self._rows)
        self.keep_plans = KeepPlans(self._rows)
        self.people_plans = PeoplePlans(self._rows)
        self.observed = ObservedStates(self._rows)

    def unresolved(self) -> Unresolved:
        """Return the flags of unresolved work; plans and problems count as workstations."""
        rows = self._rows.execute(
            "SELECT EXISTS (SELECT 1 FROM intents WHERE whose = :whose AND outcome IS NULL "
            "AND verb IN (SELECT value FROM json_each(:on_sessions))) "
            "OR EXISTS (SELECT 1 FROM plans WHERE whose = :whose), "
            "EXISTS (SELECT 1 FROM intents WHERE whose = :whose AND outcome IS NULL "
            "AND verb IN (SELECT value FROM json_each(:on_people)))",
            on_sessions=ON_SESSIONS,
            on_people=ON_PEOPLE,
        )
        sessions, people = map(bool, rows[0])
        return Unresolved(sessions or self._database.has_problem, people)

    @property
    def lacking(self) -> str | None:
        """Why nothing is written to the disk, as a clause; None where it is."""
        return self._database.lacking

    def take_problem(self) -> str | None:
        """Return the journal's problem as a sentence, once."""
        return self._database.take_problem()


class Journal:
    """The requests to all studios and the observed states; thread-safe."""

    def __init__(self, path: Path | None = None) -> None:
        """Open the file at `path`, or memory where that is None or the file cannot be used."""
        self._database = Database(path)

    def of(self, info: StudioInfo) -> Pages:
        """Return the part of the person and the studio that `info` names."""
        return Pages(self._database, _whose(info))

    def forget(self, info: StudioInfo) -> None:
        """Remove all rows of the person and studio of `info`."""
        whose = _whose(info)
        # The demo's rows of other demo users are removed too; no host contains a space.
        others = f"{DEMO_AS}*" if whose == DEMO else whose
        self._database.execute(*_FORGET, whose=whose, others=others)

    def close(self) -> None:
        """Close the file."""
        self._database.close()


def _whose(info: StudioInfo) -> str:
    # The demo is identified by its name: its artist is known only once it runs.
    whose = (info.name,) if info.demo else (info.host, info.studio_id, info.principal_id)
    return "\n".join(whose)
