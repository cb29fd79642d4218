"""The journal's tables.

Times are seconds since 1970 in UTC. `whose` names a studio and a person in it.
"""

from typing import Final

from nimble_tui.core.sqlite import Mark

# Identifies the file, whatever its name.
MARK: Final = Mark(application_id=0x4E544A4C, version=1)

STATEMENTS: Final = (
    """CREATE TABLE intents (
    number INTEGER PRIMARY KEY,
    whose TEXT NOT NULL,
    client_token TEXT NOT NULL,
    verb TEXT NOT NULL,
    session_id TEXT NOT NULL,
    parameters TEXT NOT NULL,
    state_before TEXT NOT NULL,
    asked_at REAL NOT NULL,
    claimed_until REAL NOT NULL,
    outcome TEXT,
    note TEXT NOT NULL,
    UNIQUE (whose, client_token)
)""",
    "CREATE INDEX open_intents ON intents (whose) WHERE outcome IS NULL",
    "CREATE INDEX intents_by_age ON intents (whose, asked_at)",
    """CREATE TABLE plans (
    whose TEXT NOT NULL,
    session_id TEXT NOT NULL,
    start_token TEXT NOT NULL,
    stop_token TEXT NOT NULL,
    planned_at REAL NOT NULL,
    started_at REAL,
    claimed_until REAL NOT NULL,
    PRIMARY KEY (whose, session_id)
)""",
    """CREATE TABLE seen (
    number INTEGER PRIMARY KEY,
    whose TEXT NOT NULL,
    session_id TEXT NOT NULL,
    at REAL NOT NULL,
    state TEXT NOT NULL,
    launch_profile_id TEXT NOT NULL,
    ec2_instance_type TEXT NOT NULL,
    note TEXT NOT NULL
)""",
    "CREATE INDEX seen_by_session ON seen (whose, session_id, number)",
    "CREATE INDEX seen_by_age ON seen (whose, at)",
    """CREATE TABLE people_plans (
    whose TEXT NOT NULL,
    kind TEXT NOT NULL,
    principal_id TEXT NOT NULL,
    launch_profile_ids TEXT NOT NULL,
    administrator INTEGER NOT NULL,
    ticked TEXT NOT NULL,
    changed_at REAL NOT NULL,
    PRIMARY KEY (whose, kind, principal_id)
)""",
)
