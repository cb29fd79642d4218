"""eulas: the licences that the images of a studio need, and accepting them."""

from argparse import Namespace
from collections.abc import Iterable, Mapping, Sequence

from nimble_tui.cli import exit_codes, terminal
from nimble_tui.cli.choosing import look, resolve
from nimble_tui.cli.context import again, opened
from nimble_tui.cli.errors import say
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.cli.finding import stopping
from nimble_tui.cli.naming import names_of, whom_to_ask
from nimble_tui.cli.output import Cell, print_json, print_table
from nimble_tui.config.plain import iso
from nimble_tui.core.eulas import Eula, EulaAcceptance
from nimble_tui.core.listing import Listing
from nimble_tui.core.lookup import Naming
from nimble_tui.core.model import StreamingImage
from nimble_tui.core.rules import READ_ONLY
from nimble_tui.core.service import ErrorKind, StudioError, StudioService
from nimble_tui.core.text import clean_id

_LONGEST_TEXT = 2000
_EULAS: Naming[Eula] = Naming(
    "licences",
    ids=lambda one: (one.eula_id,),
    names=lambda one: (_name(one),),
    line=lambda one: (one.eula_id, _name(one), ""),
    none="No image that you may use needs a licence {}.".format,
    offer="They need:",
)


def eulas(words: Namespace) -> int:
    """Print the licences, accepted and missing; with --accept accept what is missing."""
    if words.read:
        return _read(words)
    with opened(words) as (_, service):
        if words.accept and service.is_unsettled():
            resolve(service, look(service))
        images, complete = _images(service)
        every, listed = _needed(service, images)
        acceptances = service.list_eula_acceptances()
        known = acceptances.complete
        complete = complete and known and listed
        say(*([acceptances.problem] if acceptances.problem else []))
        accepted = _by_id(acceptances.items)
        lacking = [one for one in every if one.eula_id not in accepted]
        if words.accept and lacking:
            accepted |= _by_id(_accept(words, service, lacking))
            lacking = [one for one in every if one.eula_id not in accepted]
        by = [accepted[one.eula_id].accepted_by for one in every if one.eula_id in accepted]
        people = {} if words.json else names_of(service, by)
        tells = known and lacking and not words.accept
        who_accepts = whom_to_ask(service) if tells else ""
    if words.json:
        found = [_plain(one, accepted.get(one.eula_id), known=known) for one in every]
        print_json({"eulas": found})
    elif every:
        rows = [_row(one, accepted.get(one.eula_id), images, people, known=known) for one in every]
        heads = ("LICENCE", "ID", "ACCEPTED", "BY", "NEEDED BY")
        print_table(heads, rows, for_programs={"ID"}, giving_way=("NEEDED BY", "LICENCE"))
    if not every:
        say("No image that you may use needs a licence.")
    elif who_accepts:
        say(f"{who_accepts} what is missing with: {again(words, 'eulas --accept')}")
    elif words.accept:
        say("What is missing could not all be accepted." if lacking else "All are accepted.")
    return exit_codes.DONE if complete and not (words.accept and lacking) else exit_codes.FAILED


def _read(words: Namespace) -> int:
    """Print the text of the licence that --read names."""
    if words.accept:
        raise Stop(exit_codes.USAGE, "Read it first, then accept it: leave out --read or --accept.")
    with opened(words) as (_, service):
        with stopping():
            named = _EULAS.one(words.read, _needed(service, _images(service)[0])[0])
        eula = service.get_eula(named.eula_id)
        acceptances = service.list_eula_acceptances()
        acceptance = _by_id(acceptances.items).get(eula.eula_id)
    if words.json:
        print_json(_plain(eula, acceptance, known=acceptances.complete))
    elif eula.content:
        print(eula.content)
    else:
        raise Stop(exit_codes.FAILED, "The studio does not tell its text; ask your admin for it.")
    return exit_codes.DONE


def _needed(service: StudioService, images: Iterable[StreamingImage]) -> tuple[list[Eula], bool]:
    """Return the licences that images need, and whether all could be read.

    One that could not be read has an id and nothing else.
    """
    needed = tuple(dict.fromkeys(one for image in images for one in image.eula_ids))
    listing = service.list_eulas(needed) if needed else Listing(())
    say(*([listing.problem] if listing.problem else []))
    known = {one.eula_id: one for one in listing.items}
    return [known.get(one, Eula(one)) for one in needed], listing.complete


def _images(service: StudioService) -> tuple[list[StreamingImage], bool]:
    """Return the images of all launch profiles, and whether none is missing."""
    profiles = service.list_launch_profiles()
    found: dict[str, StreamingImage] = {}
    complete = profiles.complete
    say(*([profiles.problem] if profiles.problem else []))
    for profile in profiles.items:
        try:
            details = service.get_launch_profile_details(profile.launch_profile_id)
        except StudioError as error:
            if error.kind in {ErrorKind.UNREACHABLE, ErrorKind.NOT_SIGNED_IN}:
                raise
            say(f"{profile.title}: {error.message}")
            complete = False
        else:
            found |= {one.streaming_image_id: one for one in details.streaming_images}
            if details.unread_images:
                say(f"{profile.title}: {details.unread_images} of its images could not be read.")
                complete = False
    return list(found.values()), complete


def _by_id(acceptances: Iterable[EulaAcceptance]) -> dict[str, EulaAcceptance]:
    return {one.eula_id: one for one in acceptances}


def _accept(
    words: Namespace, service: StudioService, lacking: Sequence[Eula]
) -> tuple[EulaAcceptance, ...]:
    if service.info.read_only:
        raise Stop(exit_codes.REFUSED, READ_ONLY.reason)
    if not words.yes:
        terminal.need_terminal("add --yes if you have read the licences.")
        for one in lacking:
            say(f"{_name(one)}:", f"  {(one.content or 'its text is not told')[:_LONGEST_TEXT]}")
        say("They are accepted for everybody in the studio.")
        if terminal.ask("Accept them? [y/N] ").casefold() not in {"y", "yes"}:
            raise Stop(exit_codes.FAILED, "Nothing was changed.")
    try:
        return service.accept_eulas([one.eula_id for one in lacking])
    except StudioError as error:
        if error.kind != ErrorKind.DENIED:
            raise
        names = (f"  {_name(one)}" for one in lacking)
        raise Stop(exit_codes.FAILED, error.message, "It is about:", *names) from None


def _name(eula: Eula) -> str:
    return eula.name or clean_id(eula.eula_id)


def _row(
    eula: Eula,
    acceptance: EulaAcceptance | None,
    images: Iterable[StreamingImage],
    people: Mapping[str, str],
    *,
    known: bool,
) -> tuple[Cell, ...]:
    needed = [one.name or one.streaming_image_id for one in images if eula.eula_id in one.eula_ids]
    state: Cell = ("missing", "failed") if known else "not known"
    if acceptance:
        at = acceptance.accepted_at
        state = (f"{at.astimezone():%Y-%m-%d}" if at else "yes", "ready")
    who = people.get(acceptance.accepted_by or "", "") if acceptance else ""
    return _name(eula), clean_id(eula.eula_id), state, who, ", ".join(needed)


def _plain(eula: Eula, acceptance: EulaAcceptance | None, *, known: bool) -> dict[str, object]:
    at = acceptance.accepted_at if acceptance else None
    return {
        "eulaId": eula.eula_id,
        "name": eula.name,
        "content": eula.content,
        "accepted": True if acceptance else False if known else None,
        "acceptedAt": iso(at) if at else None,
        "acceptedBy": acceptance.accepted_by if acceptance else None,
    }
