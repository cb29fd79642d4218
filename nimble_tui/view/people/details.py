"""The details of a person and the actions on them, for the detail pane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimble_tui.core.people.model import People, Person, Role
from nimble_tui.core.people.plans import Plan, PlanKind
from nimble_tui.view.choices import Piece
from nimble_tui.view.details import Detail, Option
from nimble_tui.view.facts import Fact, known
from nimble_tui.view.labels import ask_for
from nimble_tui.view.people import person_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nimble_tui.core.model import LaunchProfile
    from nimble_tui.view.labels import StateLabel

NOTHING = Detail("")
_DOING = {PlanKind.ONBOARD: "onboarding", PlanKind.OFFBOARD: "offboarding"}


def of_person(
    found: People, person: Person, refusals: Mapping[str, str | None], copy_key: str
) -> Detail:
    """Return the details of a person; `refusals` say why an action would be refused."""
    role, status = person_rows.role_of(found, person), person_rows.status_of(found, person)
    named = person_rows.names_of(found, person.launch_profile_ids)
    profiles = named or ("none; can use all, as an admin" if person.is_admin else "none")
    if found.role == Role.ARTIST and not (person.is_me or person.is_admin):
        profiles = f"{named or 'none'} (of your launch profiles)"
    is_counted = found.sessions_known or person.is_me
    facts = known(
        Fact("Member of", profiles),
        _looks("Role", role),
        Fact("Workstations", person_rows.counted(person) if is_counted else ""),
        *([_looks("DataZone", status)] if status else []),
        Fact("User", person.user_name or ""),
        Fact("Id", f"{person.short_id} ({copy_key}: copy)"),
    )
    # On the edge there is room for all of an address.
    title = f"{person.label} · {person.email}" if person.email else person.label
    return Detail(title, facts, _options(found, person, refusals), _notes(found))


def of_cell(
    found: People,
    person: Person,
    launch_profile: LaunchProfile,
    refusal: str | None,
    shortened: str,
) -> Detail:
    """Return what a cell of the matrix means, and what space does there.

    `shortened` says what the shortened heads of columns stand for.
    """
    name, title = person.label, launch_profile.title
    is_on = launch_profile.launch_profile_id in person.launch_profile_ids
    if launch_profile.launch_profile_id in found.unread_profile_ids and not is_on:
        means = "Unknown: its members could not be listed."
    elif is_on:
        means = "Member: can launch from it."
    elif person.is_admin:
        means = "Admin: can launch from it without being a member."
    else:
        means = "Not a member: can't see it or launch from it."
    does = (
        f"Removes {name} from {title} after you confirm." if is_on else f"Adds {name} to {title}."
    )
    notes = (shortened,) if shortened else ()
    option = Option("choose", "Remove" if is_on else "Add", not refusal, refusal or does)
    return Detail(f"{name} · {title}", (Fact("Now", means),), (option,), notes)


def offer(plans: Sequence[Plan], key: str) -> tuple[Piece, ...]:
    """Return the line that offers to resume an unfinished plan."""
    first, *more = plans
    done = sum(one.is_done for one in first.steps)
    others = f" And {len(more)} more." if more else ""
    return (
        Piece("◑ ", "bold $near"),
        Piece(key, "bold $accent"),
        Piece(f" resumes {_DOING[first.kind]} "),
        Piece(first.name, "bold"),
        Piece(f": {done} of {len(first.steps)} steps done.{others}"),
    )


def _options(
    found: People, person: Person, refusals: Mapping[str, str | None]
) -> tuple[Option, ...]:
    if found.role == Role.ARTIST:
        return ()
    does = "Removes their admin role" if person.is_admin else "Makes them an admin"
    # Not every studio lets its admins do it, which only the request shows.
    unsure = "" if found.changes_admins else " Some studios let only operators do it."
    options = [("admin", "Admin", f"{does} after you confirm.{unsure}")]
    if person.takes_part:
        plans = "Shows a plan first; it deletes no workstation."
        options.append(("offboard", "Offboard", plans))
    else:
        options.append(("onboard", "Onboard", "Shows a plan first, then runs it."))
    allowed = {"admin": True if found.changes_admins else None}
    return tuple(
        Option(action, label, False, reason)
        if (reason := refusals.get(action))
        else Option(action, label, allowed.get(action, True), does)
        for action, label, does in options
    )


def _notes(found: People) -> tuple[str, ...]:
    if found.role != Role.ARTIST:
        return ()
    admins = [one.label for one in found.admins]
    whom = f" {ask_for(admins)}." if admins else ""
    return (f"Only admins can change roles and access.{whom}",)


def _looks(label: str, look: StateLabel) -> Fact:
    style = "" if look.style in {"foreground", "muted"} else look.style
    return Fact(label, f"{look.symbol} {look.text}", style)
