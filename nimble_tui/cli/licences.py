"""licences: the licences that images need, and accepting them."""

from argparse import Namespace
from collections.abc import Mapping, Sequence

from nimble_tui.cli import exit_codes, terminal
from nimble_tui.cli.context import again, opened
from nimble_tui.cli.errors import say
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.cli.fetched_lists import fetch_lists, resolve
from nimble_tui.cli.lookup import stop_unless_one
from nimble_tui.cli.output import Cell, print_json, print_table
from nimble_tui.cli.person_names import own_names
from nimble_tui.config.plain import iso
from nimble_tui.core.eulas import Eula, EulaAcceptance
from nimble_tui.core.licences import Images, Licences, read_eulas, read_images, read_licences
from nimble_tui.core.lookup import Naming
from nimble_tui.core.rules import READ_ONLY
from nimble_tui.core.service import ErrorKind, StudioError, StudioService
from nimble_tui.core.text import clean_id
from nimble_tui.view.licences import title, who_accepts

_LONGEST_TEXT = 2000
_NO_TEXT = "The studio provides no text"
_EULAS: Naming[Eula] = Naming(
    "licences",
    ids=lambda one: (one.eula_id,),
    names=lambda one: (title(one),),
    line=lambda one: (one.eula_id, title(one), ""),
    none="None of your images needs a licence named {}.".format,
    offer="Licences that they need:",
)


def licences(args: Namespace) -> int:
    """Print the licences, accepted and missing; with --accept, accept the missing ones."""
    if args.read:
        return _read(args)
    with opened(args) as (_, service):
        if args.accept and service.has_unresolved():
            resolve(service, fetch_lists(service))
        found = read_licences(service, *_images(service))
        say(*found.problems)
        if args.accept and found.missing:
            found = found.with_acceptances(_accept(args, service, found.missing))
        people = {**found.names, **own_names(service.info)}
    if args.json:
        plain = [_plain(one, found.accepted, is_known=found.is_known) for one in found.eulas]
        print_json({"eulas": plain})
    elif found.eulas:
        rows = [_row(one, found, people) for one in found.eulas]
        heads = ("LICENCE", "ID", "ACCEPTED", "BY", "NEEDED BY")
        print_table(heads, rows, for_programs={"ID"}, giving_way=("NEEDED BY", "LICENCE"))
    if not found.eulas:
        say("None of your images needs a licence.")
    elif args.accept:
        not_all = "Some licences could not be accepted."
        say(not_all if found.missing else "All licences are accepted.")
    elif found.is_known and found.missing:
        who = who_accepts(found.to_ask)
        say(f"{who} the licences not accepted yet with: {again(args, 'licences --accept')}")
    lacks = args.accept and found.missing
    return exit_codes.FAILED if lacks or found.problems else exit_codes.DONE


def _read(args: Namespace) -> int:
    """Print the text of the licence that --read names."""
    if args.accept:
        raise Stop(exit_codes.USAGE, "Use --read or --accept, not both. Read a licence first.")
    with opened(args) as (_, service):
        images, problems = _images(service)
        listed = read_eulas(service, images)
        say(*problems, *([listed.problem] if listed.problem else []))
        with stop_unless_one():
            named = _EULAS.one(args.read, listed.items)
        eula = service.get_eula(named.eula_id)
        acceptances = service.list_eula_acceptances()
        accepted = {one.eula_id: one for one in acceptances.items}
    if args.json:
        print_json(_plain(eula, accepted, is_known=acceptances.complete))
    elif eula.content:
        print(eula.content)
    else:
        raise Stop(exit_codes.FAILED, f"{_NO_TEXT}; ask your admin.")
    return exit_codes.DONE


def _images(service: StudioService) -> Images:
    """Return the images of all launch profiles."""
    profiles = service.list_launch_profiles()
    images, problems = read_images(service, profiles.items)
    return Images(images, ((profiles.problem,) if profiles.problem else ()) + problems)


def _accept(
    args: Namespace, service: StudioService, lacking: Sequence[Eula]
) -> tuple[EulaAcceptance, ...]:
    if service.info.read_only:
        raise Stop(exit_codes.REFUSED, READ_ONLY.reason)
    if not args.yes:
        terminal.need_terminal("add --yes if you have read the licences.")
        for one in lacking:
            say(f"{title(one)}:", f"  {(one.content or _NO_TEXT)[:_LONGEST_TEXT]}")
        say("You accept for the whole studio. You can't undo this here.")
        if terminal.ask("Accept these licences? [y/N] ").casefold() not in {"y", "yes"}:
            raise Stop(exit_codes.FAILED, "No changes made.")
    try:
        return service.accept_eulas([one.eula_id for one in lacking])
    except StudioError as error:
        if error.kind != ErrorKind.DENIED:
            raise
        names = (f"  {title(one)}" for one in lacking)
        raise Stop(exit_codes.FAILED, error.message, "Licences:", *names) from None


def _row(eula: Eula, found: Licences, people: Mapping[str, str]) -> tuple[Cell, ...]:
    acceptance = found.accepted.get(eula.eula_id)
    state: Cell = ("not yet", "failed") if found.is_known else "unknown"
    who = ""
    if acceptance:
        at = acceptance.accepted_at
        state = (f"{at.astimezone():%Y-%m-%d}" if at else "yes", "ready")
        by = acceptance.accepted_by or ""
        who = people.get(by) or (clean_id(by) if by else "")
    return title(eula), clean_id(eula.eula_id), state, who, ", ".join(found.needed_by(eula.eula_id))


def _plain(
    eula: Eula, accepted: Mapping[str, EulaAcceptance], *, is_known: bool
) -> dict[str, object]:
    acceptance = accepted.get(eula.eula_id)
    at = acceptance.accepted_at if acceptance else None
    return {
        "eulaId": eula.eula_id,
        "name": eula.name,
        "content": eula.content,
        "accepted": True if acceptance else False if is_known else None,
        "acceptedAt": iso(at) if at else None,
        "acceptedBy": acceptance.accepted_by if acceptance else None,
    }
