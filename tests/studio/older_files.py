"""Data files as earlier versions made them."""

import sqlite3
from contextlib import closing
from pathlib import Path

_INDEXES = {"resources_by_owner", "resources_by_kind", "resources_by_ending", "tokens_by_age"}


def to_version_3(path: Path) -> None:
    """Give a data file the layout of version 3."""
    with closing(sqlite3.connect(path)) as connection:
        new = connection.execute(
            "SELECT type, name FROM sqlite_schema WHERE type = 'trigger' OR name IN "
            "('component_users', 'live_counts') OR type = 'index' AND sql IS NOT NULL"
        ).fetchall()
        for kind, name in new:
            if name not in _INDEXES:
                connection.execute(f"DROP {kind} IF EXISTS {name}")
        connection.executescript(
            """
            ALTER TABLE people DROP COLUMN user_name_key;
            ALTER TABLE resources DROP COLUMN set_aside;
            CREATE INDEX resources_by_due ON resources (due_at, number) WHERE due_at IS NOT NULL;
            CREATE INDEX resources_by_session
                ON resources (kind, json_extract(document, '$.sessionId'));
            PRAGMA user_version = 3;
            """
        )
