"""studio audit: who did what in a studio, when and from where."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from nimble_tui.cli import exit_codes
from nimble_tui.cli.errors import say
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.cli.output import print_json, print_table
from nimble_tui.cli.studio_people import studio_data
from nimble_tui.core.text import clean, clean_id

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping

    from nimble_tui.studio.store.audit import AuditEntry
    from nimble_tui.studio.store.transaction import Transaction

_SHORTEST_ENDING = 4
_AS_NAME = ("person", "name", "displayName")
_IDS = (
    *("studioComponentId", "streamingImageId", "launchProfileId", "backupId", "principalId"),
    *("userIdentifier", "resourceArn"),
)


def show_audit(args: Namespace) -> int:
    """Print the latest entries of the audit log, the newest first."""
    from nimble_tui.studio.invites import opened

    if args.session and len(args.session) < _SHORTEST_ENDING:
        raise Stop(exit_codes.USAGE, "--session takes an id, or at least its last four characters.")
    with studio_data(args) as data, opened(data) as store, store.read() as tx:
        found = tx.audit.page(
            before=args.before,
            limit=args.limit + 1,
            session=args.session,
            **(_person(tx, args.person) if args.person else {}),
        )
    entries, more = found[: args.limit], len(found) > args.limit
    if args.json:
        following = entries[-1].number if more else None
        print_json({"entries": [_facts(one) for one in entries], "before": following})
        return exit_codes.DONE
    if not entries:
        say("No matching entries in the audit log.")
        return exit_codes.DONE
    print_table(
        ("TIME (UTC)", "WHO", "WHAT", "ABOUT", "FROM"),
        [_cells(one) for one in entries],
        giving_way=("ABOUT", "WHO", "FROM"),
    )
    if more:
        say(f"For older entries: --before {entries[-1].number}")
    return exit_codes.DONE


def _person(tx: Transaction, word: str) -> dict[str, str]:
    """Return the filter for a person; who is none of the studio's is looked for by that name."""
    from nimble_tui.studio.invites import PeopleError, named

    try:
        return {"principal_id": named(tx.people(), word).principal_id}
    except PeopleError:
        return {"name": word}


def _facts(entry: AuditEntry) -> dict[str, object]:
    return {
        "number": entry.number,
        "at": entry.at.isoformat(),
        "principalId": entry.principal_id or None,
        "name": entry.name,
        "action": entry.action,
        "sessionId": entry.session_id or None,
        "about": dict(entry.about),
        "from": entry.source,
    }


def _cells(entry: AuditEntry) -> tuple[str, ...]:
    return (
        f"{entry.at:%Y-%m-%d %H:%M:%S}",
        clean(entry.name),
        clean_id(entry.action),
        _about(entry),
        clean(entry.source),
    )


def _about(entry: AuditEntry) -> str:
    """Return what was changed: a workstation by its last four characters, a name, or an id."""
    parts = [clean_id(entry.session_id[-4:])] if entry.session_id else []
    parts += [clean(str(entry.about[one])) for one in _AS_NAME if entry.about.get(one)][:1]
    if not parts:
        parts = [clean_id(str(entry.about[one])) for one in _IDS if entry.about.get(one)][:1]
    return " ".join([*parts, *_details(entry.about)])


def _details(about: Mapping[str, Any]) -> list[str]:
    shown = {name: about[name] for name in ("role", "granted", "changed", "file") if name in about}
    return [f"{name}: {clean(_text(value))}" for name, value in shown.items()]


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else json.dumps(value).strip('"')
