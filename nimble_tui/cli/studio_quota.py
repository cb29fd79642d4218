"""studio quota: how many workstations people can have, and of which types."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from nimble_tui.cli import exit_codes
from nimble_tui.cli.errors import say
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.cli.output import print_json, print_pairs, print_table
from nimble_tui.cli.studio_people import studio_data
from nimble_tui.core.instance_types import INSTANCE_TYPES
from nimble_tui.core.text import clean
from nimble_tui.core.toml_reader import nearest

if TYPE_CHECKING:
    from argparse import Namespace

    from nimble_tui.studio.settings import Settings
    from nimble_tui.studio.store.records import Person
    from nimble_tui.studio.store.transaction import Transaction


def quota(args: Namespace) -> int:
    """Show the quotas; with options, set them first."""
    from nimble_tui.studio.invites import opened
    from nimble_tui.studio.settings import Settings
    from nimble_tui.studio.store.records import Kind

    _check(args)
    changes = args.any_type or any(
        value is not None for value in (args.granted, args.per_person, args.type)
    )
    with (
        studio_data(args) as data,
        opened(data) as store,
        store.write() if changes else store.read() as tx,
    ):
        people = _changed(tx, args)
        settings = Settings.load(tx)
        live = {
            one.principal_id: tx.count_live(Kind.STREAMING_SESSION, one.principal_id)
            for one in people
        }
    if args.json:
        print_json(_facts(settings, people, live))
        return exit_codes.DONE
    types = settings.instance_types
    print_pairs(
        [
            ("Workstations per person", str(settings.sessions_per_person)),
            ("Instance types", "any" if types is None else ", ".join(types)),
        ]
    )
    rows = [
        (
            clean(one.name),
            str(live[one.principal_id]),
            f"+{one.granted_sessions}" if one.granted_sessions else "",
            str(settings.sessions_per_person + one.granted_sessions),
        )
        for one in people
    ]
    print_table(("NAME", "IN USE", "GRANTED", "LIMIT"), rows)
    return exit_codes.DONE


def _check(args: Namespace) -> None:
    if args.granted is not None and not args.person:
        raise Stop(exit_codes.USAGE, "--granted is for one person; name them: PERSON --granted N.")
    if args.type and args.any_type:
        raise Stop(exit_codes.USAGE, "Use --type or --any-type, not both.")
    for one in args.type or ():
        if one not in INSTANCE_TYPES:
            raise Stop(
                exit_codes.USAGE,
                f"There is no instance type “{clean(one, 64)}”{nearest(one, INSTANCE_TYPES)}",
            )


def _changed(tx: Transaction, args: Namespace) -> list[Person]:
    """Set what the options say; return the people to show."""
    from nimble_tui.studio.audit import record_command
    from nimble_tui.studio.invites import named
    from nimble_tui.studio.settings import Settings

    settings = before = Settings.load(tx)
    if args.per_person is not None:
        settings = replace(settings, sessions_per_person=args.per_person)
    if args.type or args.any_type:
        types = tuple(dict.fromkeys(args.type)) if args.type else None
        settings = replace(settings, instance_types=types)
    if settings != before:
        settings.save(tx)
        record_command(tx, "SetQuotas", datetime.now(UTC), changed=_changes(before, settings))
        say("Changed the studio's quotas; existing workstations are unchanged.")
    people = tx.people()
    if not args.person:
        return people
    person = named(people, args.person)
    if args.granted is not None:
        tx.grant_sessions(person.principal_id, args.granted - person.granted_sessions)
        about = {"principalId": person.principal_id, "person": person.name}
        record_command(tx, "GrantWorkstations", datetime.now(UTC), granted=args.granted, **about)
        person = replace(person, granted_sessions=args.granted)
    return [person]


def _changes(before: Settings, settings: Settings) -> list[str]:
    names = (one.name for one in fields(settings))
    return [one for one in names if getattr(before, one) != getattr(settings, one)]


def _facts(settings: Settings, people: list[Person], live: dict[str, int]) -> dict[str, object]:
    return {
        "sessionsPerPerson": settings.sessions_per_person,
        "instanceTypes": settings.instance_types,
        "people": [
            {
                "principalId": one.principal_id,
                "name": one.name,
                "live": live[one.principal_id],
                "granted": one.granted_sessions,
                "limit": settings.sessions_per_person + one.granted_sessions,
            }
            for one in people
        ],
    }
