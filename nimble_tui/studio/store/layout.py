"""The layout of the data file."""

from typing import Final

from nimble_tui.core.sqlite import Mark

# Identifies the file, whatever its name.
MARK: Final = Mark(application_id=0x4E544949, version=7)


def member_of(name: str) -> str:
    """Return the SQL for a member of a resource's document; NULL where that is no JSON.

    The indexes hold the very same text. Without the check one bad document would end every query
    of its kind, and no such index could be made.
    """
    return f"CASE WHEN json_valid(document) THEN json_extract(document, '$.{name}') END"


MACHINES: Final = """
CREATE TABLE machines (
    id TEXT PRIMARY KEY,
    session_id TEXT NOT NULL,
    about TEXT NOT NULL,
    handle TEXT NOT NULL DEFAULT '',
    address TEXT NOT NULL DEFAULT '',
    last_request INTEGER NOT NULL DEFAULT 0,
    requested_at INTEGER,
    look_at INTEGER,
    gone INTEGER NOT NULL DEFAULT 0,
    missing_since INTEGER,
    missing_looks INTEGER NOT NULL DEFAULT 0,
    deadline_version INTEGER NOT NULL DEFAULT 0,
    enforced_version INTEGER NOT NULL DEFAULT 0,
    enforced_by TEXT NOT NULL DEFAULT '',
    enforce_at INTEGER NOT NULL DEFAULT 0,
    ended_at INTEGER,
    set_aside INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX machines_by_session ON machines (session_id) WHERE ended_at IS NULL;
CREATE INDEX machines_by_look ON machines (look_at)
    WHERE look_at IS NOT NULL AND set_aside = 0;
CREATE INDEX machines_by_end ON machines (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX machines_to_enforce ON machines (enforce_at)
    WHERE deadline_version != enforced_version;
CREATE TABLE requests (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    machine_id TEXT NOT NULL UNIQUE,
    session_id TEXT NOT NULL,
    verb TEXT NOT NULL,
    parameters TEXT NOT NULL,
    issued_at INTEGER NOT NULL,
    next_try_at INTEGER NOT NULL,
    accepted_at INTEGER,
    claimed_by TEXT NOT NULL DEFAULT '',
    claimed_until INTEGER,
    tries INTEGER NOT NULL DEFAULT 0,
    unclear_since INTEGER
);
CREATE INDEX requests_to_send ON requests (next_try_at) WHERE accepted_at IS NULL;
"""

STORE_ID: Final = "store_id"
"""The fact that tells a store, and all its copies, from any other."""
STREAM_SECRET: Final = "stream_secret"  # noqa: S105 - a name
"""The fact that the tokens of streams are made from where there is no master key."""
_OWN_FACTS: Final = f"""
INSERT OR IGNORE INTO facts VALUES ('{STORE_ID}', lower(hex(randomblob(16))));
INSERT OR IGNORE INTO facts VALUES ('{STREAM_SECRET}', lower(hex(randomblob(32))));
"""  # noqa: S608 - constants
_SINCE_6: Final = f"""
ALTER TABLE requests ADD COLUMN read_back INTEGER NOT NULL DEFAULT 0;
CREATE TABLE audit (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    principal_id TEXT NOT NULL,
    name TEXT NOT NULL,
    action TEXT NOT NULL,
    session_id TEXT NOT NULL,
    about TEXT NOT NULL,
    source TEXT NOT NULL
);
CREATE INDEX audit_by_person ON audit (principal_id, number);
CREATE INDEX audit_by_name ON audit (name, number);
CREATE INDEX audit_by_session ON audit (substr(session_id, -4), number);
CREATE INDEX audit_by_time ON audit (at);
{_OWN_FACTS}"""

LAYOUT: Final = f"""
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE people (
    principal_id TEXT PRIMARY KEY,
    role TEXT NOT NULL,
    name TEXT NOT NULL,
    access_key_id TEXT NOT NULL UNIQUE,
    secret_access_key TEXT NOT NULL,
    granted_sessions INTEGER NOT NULL,
    user_name TEXT NOT NULL DEFAULT '',
    email TEXT NOT NULL DEFAULT '',
    sid TEXT,
    active INTEGER NOT NULL DEFAULT 1,
    user_name_key TEXT NOT NULL DEFAULT ''
);
CREATE INDEX people_by_user_name ON people (user_name_key);
CREATE INDEX people_by_role ON people (role);
CREATE TABLE members (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    launch_profile_id TEXT NOT NULL,
    principal_id TEXT NOT NULL,
    UNIQUE (launch_profile_id, principal_id)
);
CREATE TABLE resources (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    state TEXT NOT NULL,
    owned_by TEXT,
    launch_profile_id TEXT,
    document TEXT NOT NULL,
    failure TEXT,
    step_due_at INTEGER,
    due_at INTEGER,
    set_aside INTEGER NOT NULL DEFAULT 0,
    UNIQUE (kind, id)
);
CREATE INDEX members_by_principal ON members (principal_id);
CREATE INDEX resources_by_owner ON resources (kind, owned_by, number);
CREATE INDEX resources_by_kind ON resources (kind, number);
CREATE INDEX resources_by_ending ON resources (kind, substr(id, -4));
CREATE INDEX resources_by_due ON resources (due_at, number)
    WHERE due_at IS NOT NULL AND set_aside = 0;
CREATE INDEX resources_live_by_profile ON resources (kind, launch_profile_id)
    WHERE state != 'DELETED';
CREATE TABLE tokens (
    principal_id TEXT NOT NULL,
    token TEXT NOT NULL,
    request TEXT NOT NULL,
    kind TEXT NOT NULL,
    resource_id TEXT NOT NULL,
    used_at INTEGER NOT NULL,
    PRIMARY KEY (principal_id, token)
) WITHOUT ROWID;
CREATE INDEX tokens_by_age ON tokens (used_at);
CREATE INDEX resources_by_session ON resources (kind, {member_of("sessionId")});
CREATE INDEX resources_by_creator ON resources (kind, {member_of("createdBy")});
CREATE INDEX resources_by_type ON resources (kind, {member_of("type")});
CREATE TABLE component_users (
    studio_component_id TEXT NOT NULL,
    launch_profile_id TEXT NOT NULL,
    PRIMARY KEY (studio_component_id, launch_profile_id)
) WITHOUT ROWID;
CREATE INDEX component_users_by_profile ON component_users (launch_profile_id);
CREATE TABLE live_counts (
    kind TEXT NOT NULL,
    owned_by TEXT NOT NULL,
    live INTEGER NOT NULL,
    PRIMARY KEY (kind, owned_by)
) WITHOUT ROWID;
CREATE TRIGGER count_added AFTER INSERT ON resources
    WHEN new.state != 'DELETED' AND new.owned_by IS NOT NULL
    BEGIN INSERT INTO live_counts VALUES (new.kind, new.owned_by, 1)
    ON CONFLICT (kind, owned_by) DO UPDATE SET live = live + 1; END;
CREATE TRIGGER count_removed AFTER DELETE ON resources
    WHEN old.state != 'DELETED' AND old.owned_by IS NOT NULL
    BEGIN UPDATE live_counts SET live = live - 1
    WHERE kind = old.kind AND owned_by = old.owned_by; END;
CREATE TRIGGER count_ended AFTER UPDATE OF state ON resources
    WHEN old.state != 'DELETED' AND new.state = 'DELETED' AND new.owned_by IS NOT NULL
    BEGIN UPDATE live_counts SET live = live - 1
    WHERE kind = new.kind AND owned_by = new.owned_by; END;
CREATE TRIGGER count_revived AFTER UPDATE OF state ON resources
    WHEN old.state = 'DELETED' AND new.state != 'DELETED' AND new.owned_by IS NOT NULL
    BEGIN INSERT INTO live_counts VALUES (new.kind, new.owned_by, 1)
    ON CONFLICT (kind, owned_by) DO UPDATE SET live = live + 1; END;
{MACHINES}{_SINCE_6}"""  # noqa: S608 - constants

_FROM_6: Final = f"""
UPDATE resources SET document = json_remove(document, '$.authToken')
    WHERE kind = 'streaming-session-stream' AND json_valid(document);
{_SINCE_6}"""  # noqa: S608 - constants

UPGRADES: Final = {5: MACHINES, 6: _FROM_6}
"""The statements that bring a layout of a version to the next one."""
