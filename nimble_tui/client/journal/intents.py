"""What was asked, written down before it is sent, and closed by a definite answer.

An open intent is in somebody's hands until `claimed_until`: until then nobody else touches it. It
is told by time, not by process, since the file may be on a drive that several computers share.
"""

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from nimble_tui.client.intent import LONGEST_TOKEN, Intent, Verb
from nimble_tui.client.journal.claims import Claimable, claim
from nimble_tui.client.journal.database import Database
from nimble_tui.core.structures import read_time
from nimble_tui.core.text import clean

KEPT = timedelta(days=90)
_MOST = 10_000
_LONGEST_TEXT = 4096
_LONGEST_NOTE = 500
_NEEDED = {
    Verb.LAUNCH: frozenset({"launch_profile_id", "ec2_instance_type", "streaming_image_id"}),
    Verb.RENAME: frozenset({"arn"}),
    Verb.ACCEPT: frozenset({"eula_ids"}),
}
# One of these takes the place of another on the same workstation.
_EXCLUSIVE = (Verb.START, Verb.STOP, Verb.DELETE, Verb.KEEP)

_FIND = "SELECT * FROM intents WHERE whose = ? AND client_token = ?"
_PRUNE = "DELETE FROM intents WHERE whose = ? AND asked_at < ? AND outcome IS NOT NULL"
_GIVE_UP = (
    "UPDATE intents SET outcome = ?, note = ? WHERE whose = ? AND session_id = ? "
    "AND outcome IS NULL AND client_token <> ? AND verb IN (?, ?, ?, ?)"
)
_BEGIN = (
    "INSERT INTO intents (whose, client_token, verb, session_id, parameters, "
    "state_before, asked_at, claimed_until, outcome, note) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, '') "
    "ON CONFLICT (whose, client_token) DO UPDATE SET state_before = excluded.state_before, "
    "asked_at = excluded.asked_at, claimed_until = excluded.claimed_until, "
    "outcome = NULL, note = ''"
)
_OPEN = Claimable(
    "SELECT * FROM intents WHERE whose = ? AND outcome IS NULL "
    "AND (claimed_until <= ? OR claimed_until > ?) ORDER BY number LIMIT ?",
    "UPDATE intents SET claimed_until = ? WHERE number = ?",
    "DELETE FROM intents WHERE number = ?",
)


class Outcome(StrEnum):
    """How an intent ended: done, refused or not done, or not known when it was reported."""

    DONE = "done"
    REFUSED = "refused"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Record:
    """An intent as it is written down; `outcome` is None for as long as it is open."""

    intent: Intent
    state_before: str
    asked_at: datetime
    outcome: Outcome | None = None
    note: str = ""

    @property
    def is_open(self) -> bool:
        """Whether its outcome is unknown, or known and not reported yet."""
        return self.outcome is None

    @property
    def is_done(self) -> bool | None:
        """Whether it was done; None when that is not known."""
        if self.outcome is None and self.intent.verb == Verb.LAUNCH and self.intent.session_id:
            return True
        return {Outcome.DONE: True, Outcome.REFUSED: False}.get(self.outcome or Outcome.LOST)


class Intents:
    """The intents of one person in one studio."""

    def __init__(self, database: Database, whose: str) -> None:
        self._database = database
        self._whose = whose

    def find(self, client_token: str) -> Record | None:
        """Return what was asked under a token."""
        rows = self._database.execute(_FIND, self._whose, client_token)
        return _read(rows[0]) if rows else None

    def begin(
        self, intent: Intent, now: datetime, lease: timedelta, state_before: str = ""
    ) -> Record:
        """Write an intent down, or open again what was asked under its token before.

        Older open ones that would change the same workstation are given up for it.
        """
        whose, token = self._whose, intent.client_token
        parameters = json.dumps(dict(intent.parameters), sort_keys=True)
        times = (now.timestamp(), (now + lease).timestamp())
        given_up = f"Given up: {intent.verb} was asked for instead."

        def work(connection: sqlite3.Connection) -> list[sqlite3.Row]:
            connection.execute(_PRUNE, (whose, (now - KEPT).timestamp()))
            if intent.verb in _EXCLUSIVE:
                connection.execute(
                    _GIVE_UP, (Outcome.LOST, given_up, whose, intent.session_id, token, *_EXCLUSIVE)
                )
            row = (whose, token, intent.verb, intent.session_id, parameters, state_before, *times)
            connection.execute(_BEGIN, row)
            return connection.execute(_FIND, (whose, token)).fetchall()

        (written,) = self._database.change(work)
        return _read(written) or Record(intent, state_before, now)

    def close(
        self, intent: Intent, outcome: Outcome, note: str = "", session_id: str | None = None
    ) -> None:
        """Write down what came of an intent; a launch gets the id of what it made."""
        self._database.execute(
            "UPDATE intents SET outcome = ?, note = ?, session_id = ? "
            "WHERE whose = ? AND client_token = ?",
            outcome,
            clean(note, _LONGEST_NOTE),
            session_id or intent.session_id,
            self._whose,
            intent.client_token,
        )

    def made(self, intent: Intent, session_id: str, until: datetime) -> None:
        """Write down which workstation a launch made; it stays open until that is reported."""
        self._database.execute(
            "UPDATE intents SET session_id = ?, claimed_until = ? "
            "WHERE whose = ? AND client_token = ? AND outcome IS NULL",
            session_id,
            until.timestamp(),
            self._whose,
            intent.client_token,
        )

    def unresolved(self, verb: Verb, since: datetime) -> tuple[Record, ...]:
        """Return what was requested since a time and never reported as done, the newest first."""
        rows = self._database.execute(
            "SELECT * FROM intents WHERE whose = ? AND asked_at >= ? AND verb = ? "
            "AND (outcome IS NULL OR outcome = ?) ORDER BY asked_at DESC, number DESC LIMIT ?",
            self._whose,
            since.timestamp(),
            verb,
            Outcome.LOST,
            _MOST,
        )
        return tuple(one for one in map(_read, rows) if one)

    def hold(self, intent: Intent, until: datetime) -> None:
        """Keep an open intent in one's hands until a time; let it go where that is over."""
        self._database.execute(
            "UPDATE intents SET claimed_until = ? WHERE whose = ? AND client_token = ?",
            until.timestamp(),
            self._whose,
            intent.client_token,
        )

    def claim(self, now: datetime, lease: timedelta) -> tuple[Record, ...]:
        """Return the open intents that are in nobody's hands, the oldest first; now in ours."""
        return claim(self._database, _OPEN, self._whose, now, lease, read=_read)

    def since(self, at: datetime) -> tuple[Record, ...]:
        """Return what was asked since a time, the oldest first."""
        rows = self._database.execute(
            "SELECT * FROM intents WHERE whose = ? AND asked_at >= ? "
            "ORDER BY asked_at DESC, number DESC LIMIT ?",
            self._whose,
            at.timestamp(),
            _MOST,
        )
        return tuple(one for one in map(_read, reversed(rows)) if one)


def _read(row: sqlite3.Row) -> Record | None:
    """Read a row, believing nothing; None when it is not one that we wrote."""
    texts = [row[name] for name in ("client_token", "session_id", "state_before", "note")]
    if not all(isinstance(one, str) and len(one) <= _LONGEST_TEXT for one in texts):
        return None
    token, session_id, before, note = texts
    asked_at, named = read_time(row["asked_at"]), _read_parameters(row["parameters"])
    if asked_at is None or named is None or not 1 <= len(token) <= LONGEST_TOKEN:
        return None
    try:
        verb = Verb(row["verb"])
        outcome = None if row["outcome"] is None else Outcome(row["outcome"])
    except ValueError:
        return None
    if not named.keys() >= _NEEDED.get(verb, frozenset()):
        return None
    intent = Intent(verb, session_id, named, token)
    return Record(intent, clean(before), asked_at, outcome, clean(note, _LONGEST_NOTE))


def _read_parameters(value: object) -> dict[str, str] | None:
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
        return None
    try:
        parameters = json.loads(value)
    except (ValueError, RecursionError):
        return None
    if not isinstance(parameters, dict):
        return None
    if not all(isinstance(one, str) and clean(one) == one for one in parameters.values()):
        return None
    return parameters
