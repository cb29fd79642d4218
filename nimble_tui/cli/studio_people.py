"""studio people, invite and revoke: for whoever has a studio's data file."""

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nimble_tui.cli import exit_codes
from nimble_tui.cli.demo_file import in_use
from nimble_tui.cli.errors import say
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.cli.output import print_json, print_table
from nimble_tui.config.paths import demo_file
from nimble_tui.core.endpoints import endpoint_problem
from nimble_tui.core.text import clean, clean_id

_NEW = "an artist on no launch profile yet"


def look_after_people(words: Namespace) -> int:
    """List a studio's people, invite one or revoke the keys of one."""
    from nimble_tui.studio.invites import PeopleError
    from nimble_tui.studio.store.database import StoreError

    if words.what != "people" and not words.person:
        raise Stop(exit_codes.USAGE, f"Say whom: nimble-tui studio {words.what} PERSON.")
    if words.what == "people" and words.operator:
        raise Stop(exit_codes.USAGE, "Only invite and revoke take --operator; say it without.")
    try:
        with _data(words) as data:
            return {"people": _list, "invite": _invite, "revoke": _revoke}[words.what](words, data)
    except (PeopleError, StoreError) as error:
        raise Stop(exit_codes.FAILED, str(error)) from None


@contextmanager
def _data(words: Namespace) -> Iterator[Path]:
    if not words.data and not words.demo:
        raise Stop(exit_codes.USAGE, "Say which studio: its --data FILE, or --demo.")
    data = Path(words.data).absolute() if words.data else demo_file()
    if not data.exists():
        hint = "" if words.data else " Open the demo once: nimble-tui --demo."
        raise Stop(exit_codes.FAILED, f"There is no studio in {data}.{hint}")
    if data.resolve() != demo_file().resolve():
        yield data
        return
    with in_use(data):
        yield data


def _list(words: Namespace, data: Path) -> int:
    from nimble_tui.studio.invites import everybody

    found = everybody(data)
    if words.json:
        people = [
            {
                "principalId": one.person.principal_id,
                "name": one.person.name,
                "userName": one.person.user_name,
                "email": one.person.email,
                "role": one.person.role,
                "keys": _keys(active=one.person.active),
                "launchProfiles": one.launch_profiles,
            }
            for one in found
        ]
        print_json({"people": people})
        return exit_codes.DONE
    rows = [
        (
            clean(one.person.name),
            clean(one.person.user_name),
            str(one.person.role),
            (_keys(active=one.person.active), "" if one.person.active else "failed"),
            clean(", ".join(one.launch_profiles)),
            clean_id(one.person.principal_id),
        )
        for one in found
    ]
    print_table(("NAME", "USER NAME", "ROLE", "KEYS", "LAUNCH PROFILES", "ID"), rows)
    return exit_codes.DONE


def _invite(words: Namespace, data: Path) -> int:
    from nimble_tui.studio.invites import answers, invite

    if words.endpoint is not None:
        problem = endpoint_problem(words.endpoint)
        if problem:
            raise Stop(exit_codes.USAGE, f"--endpoint {problem}.")
    issued = invite(
        data,
        words.person,
        name=words.name or "",
        operator=words.operator,
        endpoint_url=words.endpoint,
    )
    name, endpoint_url = issued.invite.display_name, issued.invite.endpoint_url
    runs = "runs this studio too from now on" if issued.role != issued.before else ""
    if issued.is_new:
        say(f"{name} is new here, {f'and {runs}' if words.operator else _NEW}.")
    else:
        say(f"{name} was known here already.", *([f"{name} {runs}."] if runs else []))
    if issued.replaced:
        say("Their earlier keys do not work any more.")
    say(f"This is their invite to {endpoint_url}. Whoever has it is them: give it to nobody else.")
    if words.endpoint is None and not answers(endpoint_url):
        say("Nothing answers there now; the studio must be served at the same address again.")
    print(issued.invite.encode())
    return exit_codes.DONE


def _revoke(words: Namespace, data: Path) -> int:
    from nimble_tui.studio.invites import revoke

    revoked = revoke(data, words.person, operator=words.operator)
    name = revoked.person.name
    if words.operator:
        say(f"{name} does not run this studio any more; they stay an admin, with their keys.")
    elif revoked.worked:
        ran = ", nor do they run this studio" if revoked.was_operator else ""
        say(f"The keys of {name} do not work any more{ran}. Their workstations are as they were.")
    else:
        say(f"The keys of {name} did not work any more already.")
    return exit_codes.DONE


def _keys(*, active: bool) -> str:
    return "work" if active else "revoked"
