"""Intents: recorded before they are sent, closed by a definite answer."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from nimble_tui.client.intent import LONGEST_TOKEN, Intent, Verb, is_giving_up
from nimble_tui.client.journal.own_rows import Claimable, OwnRows
from nimble_tui.core.structures import read_time
from nimble_tui.core.text import clean

KEPT = timedelta(days=90)
_MOST = 10_000
_LONGEST_TEXT = 4096
LONGEST_PARAMETER = 256 * 1024
"""The longest parameter, in characters: about 7,000 people's ids."""
_LONGEST_PARAMETERS = LONGEST_PARAMETER + _LONGEST_TEXT
_LONGEST_NOTE = 500
_NEEDED = {
    Verb.LAUNCH: frozenset({"launch_profile_id", "ec2_instance_type", "streaming_image_id"}),
    Verb.RENAME: frozenset({"arn"}),
    Verb.ACCEPT: frozenset({"eula_ids"}),
    Verb.ADD_MEMBERS: frozenset({"principal_ids", "launch_profile_id"}),
    Verb.REMOVE_MEMBER: frozenset({"principal_ids", "launch_profile_id"}),
    Verb.SET_PERSONA: frozenset({"principal_ids", "launch_profile_id", "persona"}),
    Verb.ADD_ADMINS: frozenset({"principal_ids"}),
    Verb.REMOVE_ADMIN: frozenset({"principal_ids"}),
    Verb.CREATE_PROFILE: frozenset({"principal_ids"}),
    Verb.SET_STATUS: frozenset({"principal_ids", "status"}),
}
# One of these takes the place of another on the same workstation.
_EXCLUSIVE = (Verb.START, Verb.STOP, Verb.DELETE, Verb.KEEP)

ON_PEOPLE = json.dumps([verb for verb in Verb if verb.is_about_people])
ON_SESSIONS = json.dumps([verb for verb in Verb if not verb.is_about_people])
"""The verbs, as JSON for SQL. A verb of a newer version is in neither: its rows are left alone."""

_FIND = "SELECT * FROM intents WHERE whose = :whose AND client_token = :token"
_PRUNE = (
    "DELETE FROM intents WHERE whose = :whose AND asked_at < :old "
    "AND (outcome IS NOT NULL OR verb NOT IN (SELECT value FROM json_each(:known)))"
)
_GIVE_UP = (
    "UPDATE intents SET outcome = :lost, note = :given_up "
    "WHERE whose = :whose AND session_id = :session_id AND outcome IS NULL "
    "AND client_token <> :token AND verb IN (:start, :stop, :delete, :keep)"
)
_BEGIN = (
    "INSERT INTO intents (whose, client_token, verb, session_id, parameters, "
    "state_before, asked_at, claimed_until, outcome, note) VALUES (:whose, :token, :verb, "
    ":session_id, :parameters, :state_before, :now, :until, NULL, '') "
    "ON CONFLICT (whose, client_token) DO UPDATE SET state_before = excluded.state_before, "
    "asked_at = excluded.asked_at, claimed_until = excluded.claimed_until, "
    "outcome = NULL, note = ''"
)
_CLOSE = (
    "UPDATE intents SET outcome = :outcome, note = :note, session_id = :session_id "
    "WHERE whose = :whose AND client_token = :token"
)
_MADE = (
    "UPDATE intents SET session_id = :session_id, claimed_until = :until "
    "WHERE whose = :whose AND client_token = :token AND outcome IS NULL"
)
_HOLD = "UPDATE intents SET claimed_until = :until WHERE whose = :whose AND client_token = :token"
_UNRESOLVED = (
    "SELECT * FROM intents WHERE whose = :whose AND asked_at >= :since AND verb = :verb "
    "AND (outcome IS NULL OR outcome = :lost) ORDER BY asked_at DESC, number DESC LIMIT :most"
)
_SINCE = (
    "SELECT * FROM intents WHERE whose = :whose AND asked_at >= :since "
    "ORDER BY asked_at DESC, number DESC LIMIT :most"
)
_OPEN_ON_PEOPLE = (
    "SELECT * FROM intents WHERE whose = :whose AND outcome IS NULL "
    "AND verb IN (SELECT value FROM json_each(:verbs)) ORDER BY number LIMIT :most"
)
_CLAIM = "UPDATE intents SET claimed_until = ? WHERE number = ?"
_REMOVE = "DELETE FROM intents WHERE number = ?"
_UNCLAIMED = (
    "SELECT * FROM intents WHERE whose = :whose AND outcome IS NULL "
    "AND verb IN (SELECT value FROM json_each(:verbs)) "
    "AND (claimed_until <= :now OR claimed_until > :longest) ORDER BY number LIMIT :most"
)
_ON_SESSIONS = Claimable(_UNCLAIMED, _CLAIM, _REMOVE, ON_SESSIONS)
_ON_PEOPLE = Claimable(_UNCLAIMED, _CLAIM, _REMOVE, ON_PEOPLE)


class Outcome(StrEnum):
    """The outcome of an intent: done, refused, or lost when it was reported."""

    DONE = "done"
    REFUSED = "refused"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Record:
    """An intent as it is written down; `outcome` is None for as long as it is open."""

    intent: Intent
    state_before: str
    requested_at: datetime
    outcome: Outcome | None = None
    note: str = ""

    @property
    def gives_up(self) -> bool:
        """True for a delete that was to give up a step, and to delete nothing."""
        return is_giving_up(self.intent.verb, self.state_before)

    @property
    def is_open(self) -> bool:
        """True if the outcome is unknown, or not yet reported."""
        return self.outcome is None

    @property
    def is_done(self) -> bool | None:
        """True if it was done; None if that is unknown."""
        if self.outcome is None and self.intent.verb == Verb.LAUNCH and self.intent.session_id:
            return True
        return {Outcome.DONE: True, Outcome.REFUSED: False}.get(self.outcome or Outcome.LOST)


class Intents:
    """The intents of one person in one studio."""

    def __init__(self, rows: OwnRows) -> None:
        self._rows = rows

    def find(self, client_token: str) -> Record | None:
        """Return the intent with a token."""
        rows = self._rows.execute(_FIND, token=client_token)
        return _read(rows[0]) if rows else None

    def begin(
        self, intent: Intent, now: datetime, lease: timedelta, state_before: str = ""
    ) -> Record:
        """Record an intent, or reopen the earlier one with its token.

        Older open ones that would change the same workstation are given up for it.
        """
        give_up = (_GIVE_UP,) if intent.verb in _EXCLUSIVE else ()
        (written,) = self._rows.execute(
            *(_PRUNE, *give_up, _BEGIN, _FIND),
            token=intent.client_token,
            verb=intent.verb,
            session_id=intent.session_id,
            parameters=json.dumps(dict(intent.parameters), sort_keys=True),
            state_before=state_before,
            now=now.timestamp(),
            until=(now + lease).timestamp(),
            old=(now - KEPT).timestamp(),
            lost=Outcome.LOST,
            **{str(verb): verb for verb in _EXCLUSIVE},
            known=json.dumps([*Verb]),
            given_up=f"Replaced by a {intent.verb}.",
        )
        return _read(written) or Record(intent, state_before, now)

    def close(
        self, intent: Intent, outcome: Outcome, note: str = "", session_id: str | None = None
    ) -> None:
        """Record the outcome of an intent; a launch gets its workstation's id."""
        note, session_id = clean(note, _LONGEST_NOTE), session_id or intent.session_id
        token = intent.client_token
        self._rows.execute(_CLOSE, outcome=outcome, note=note, session_id=session_id, token=token)

    def made(self, intent: Intent, session_id: str, until: datetime) -> None:
        """Record the id of a launched workstation; the intent stays open until it is reported."""
        token, at = intent.client_token, until.timestamp()
        self._rows.execute(_MADE, session_id=session_id, until=at, token=token)

    def unresolved(self, verb: Verb, since: datetime) -> tuple[Record, ...]:
        """Return the unresolved requests since a time, newest first."""
        at = since.timestamp()
        rows = self._rows.execute(_UNRESOLVED, since=at, verb=verb, lost=Outcome.LOST, most=_MOST)
        return tuple(one for one in map(_read, rows) if one)

    def hold(self, intent: Intent, until: datetime) -> None:
        """Keep an open intent in one's hands until a time; let it go where that is over."""
        self._rows.execute(_HOLD, until=until.timestamp(), token=intent.client_token)

    def claim(self, now: datetime, lease: timedelta) -> tuple[Record, ...]:
        """Claim the open intents about workstations that no process works on, oldest first."""
        return self._rows.claim(_ON_SESSIONS, now, lease, _read)

    def claim_on_people(self, now: datetime, lease: timedelta) -> tuple[Record, ...]:
        """Claim the open intents about people that no process works on, oldest first."""
        return self._rows.claim(_ON_PEOPLE, now, lease, _read)

    def open_on_people(self) -> tuple[Record, ...]:
        """Return the open intents about people, oldest first, even if claimed."""
        rows = self._rows.execute(_OPEN_ON_PEOPLE, verbs=ON_PEOPLE, most=_MOST)
        return tuple(one for one in map(_read, rows) if one)

    def since(self, at: datetime) -> tuple[Record, ...]:
        """Return the requests since a time, oldest first."""
        rows = self._rows.execute(_SINCE, since=at.timestamp(), most=_MOST)
        return tuple(one for one in map(_read, reversed(rows)) if one)


def _read(row: sqlite3.Row) -> Record | None:
    """Parse a row; None if malformed."""
    texts = [row[name] for name in ("client_token", "session_id", "state_before", "note")]
    if not all(isinstance(one, str) and len(one) <= _LONGEST_TEXT for one in texts):
        return None
    token, session_id, before, note = texts
    requested_at, named = read_time(row["asked_at"]), _read_parameters(row["parameters"])
    if requested_at is None or named is None or not 1 <= len(token) <= LONGEST_TOKEN:
        return None
    try:
        verb = Verb(row["verb"])
        outcome = None if row["outcome"] is None else Outcome(row["outcome"])
    except ValueError:
        return None
    if not named.keys() >= _NEEDED.get(verb, frozenset()):
        return None
    intent = Intent(verb, session_id, named, token)
    if verb.is_about_people and not intent.principal_ids:
        return None
    return Record(intent, clean(before), requested_at, outcome, clean(note, _LONGEST_NOTE))


def _read_parameters(value: object) -> dict[str, str] | None:
    if not isinstance(value, str) or len(value) > _LONGEST_PARAMETERS:
        return None
    try:
        parameters = json.loads(value)
    except (ValueError, RecursionError):
        return None
    if not isinstance(parameters, dict):
        return None
    longest = LONGEST_PARAMETER
    if not all(isinstance(one, str) and clean(one, longest) == one for one in parameters.values()):
        return None
    return parameters
