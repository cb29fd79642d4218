"""people: members, roles and access."""

import shlex
import shutil
from argparse import Namespace

from nimble_tui.cli import exit_codes
from nimble_tui.cli.context import again, opened
from nimble_tui.cli.errors import say
from nimble_tui.cli.output import Cell, cut, is_for_people, print_json, print_table, width_of
from nimble_tui.cli.people.choosing import look
from nimble_tui.core.people.model import People, Person, Role
from nimble_tui.core.people.plans import Plan
from nimble_tui.core.text import clean_id
from nimble_tui.view.labels import StateLabel
from nimble_tui.view.people.person_rows import names_of, role_of, status_of

_GAP = 2
_NARROWEST = 12
_WIDEST_NAME = 24
_EVERY = "(all)"


def list_people(args: Namespace) -> int:
    """Print the people visible to the user, and notices about what is missing."""
    with opened(args) as (_, service):
        people = look(service)
        plans = () if people.role == Role.ARTIST else service.people.open_plans(people)
    if args.json:
        print_json(
            {
                "role": people.role,
                "people": [_plain(people, one) for one in people.everyone],
            }
        )
    else:
        _print(people)
    say(*people.notices)
    if people.role == Role.ARTIST and people.admins and not args.json:
        names = ", ".join(one.label for one in people.admins)
        say(f"Launch profiles are managed by the admins: {names}.")
    say(*(_begun(args, one) for one in plans))
    # An artist sees a part only.
    whole = people.complete and people.admins_known and not people.unread_profile_ids
    return exit_codes.DONE if whole or people.role == Role.ARTIST else exit_codes.FAILED


def _begun(args: Namespace, plan: Plan) -> str:
    command = f"people {plan.kind} {shlex.quote(plan.principal_id)}"
    what = f"{plan.kind.capitalize()} {plan.name}"
    if plan.left_to_me:
        return f"{what}: not finished. Resume: {again(args, command)}"
    done = again(args, f"{command} --operator-done")
    return f"{what}: only the operator's steps are left. When they are done: {done}"


def _print(people: People) -> None:
    heads = ["NAME", "ROLE", "RUN", "STOP", "DATAZONE", "ID", "LAUNCH PROFILES"]
    table = [(one, _row(people, one)) for one in people.everyone]
    # In a terminal a name is enough, and leaves room for the rest.
    left_out = {"ID"} if is_for_people() else set()
    if people.user_profiles is None:
        left_out.add("DATAZONE")
    columns = [number for number, head in enumerate(heads) if head not in left_out]
    rows = [[row[number] for number in columns] for _, row in table]
    shown = [heads[number] for number in columns]
    print_table(shown, _fitted(shown, rows) if is_for_people() else rows)


def _row(people: People, person: Person) -> list[Cell]:
    you = " (you)" if person.is_me else ""
    status = status_of(people, person)
    return [
        f"{person.label}{you}",
        cell_of(role_of(people, person)),
        str(person.running or ""),
        str(person.stopped or ""),
        cell_of(status) if status else "",
        clean_id(person.principal_id),
        _EVERY if person.is_admin else names_of(people, person.launch_profile_ids),
    ]


def cell_of(look: StateLabel) -> Cell:
    """Return the word of a role or a status, in its colour where it has one."""
    return look.text, look.style if look.style in {"ready", "moving", "failed"} else ""


def _fitted(heads: list[str], rows: list[list[Cell]]) -> list[list[Cell]]:
    """Return the rows with names and launch profiles cut so that a terminal shows a line each."""
    for row in rows:
        row[0] = cut(_text(row[0]), _WIDEST_NAME)
    widths = [
        max([width_of(head), *(width_of(_text(row[number])) for row in rows)])
        for number, head in enumerate(heads[:-1])
    ]
    left = shutil.get_terminal_size().columns - sum(widths) - _GAP * len(widths)
    return [[*row[:-1], cut(_text(row[-1]), max(left, _NARROWEST))] for row in rows]


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell[0]


def _plain(people: People, person: Person) -> dict[str, object]:
    profile = person.user_profile
    return {
        "principalId": person.principal_id,
        "name": person.name,
        "userName": person.user_name,
        "email": person.email,
        "isAdmin": person.is_admin,
        "isMe": person.is_me,
        "launchProfiles": [
            {"launchProfileId": one, "name": names_of(people, [one])}
            for one in person.launch_profile_ids
        ],
        "running": person.running,
        "stopped": person.stopped,
        "sessions": [{"sessionId": one.session_id, "state": one.state} for one in person.sessions],
        "userProfile": profile
        and {"id": profile.user_id, "type": profile.type, "status": profile.status},
    }
