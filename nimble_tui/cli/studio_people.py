"""studio people, invite and revoke: for operators with access to the data file."""

from argparse import Namespace
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from nimble_tui.cli import exit_codes, terminal
from nimble_tui.cli.demo_file import in_use
from nimble_tui.cli.errors import say
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.cli.master_key import master_key_of
from nimble_tui.cli.output import print_json, print_table
from nimble_tui.config.paths import demo_file
from nimble_tui.core.endpoints import endpoint_host, endpoint_problem, is_closed_by_aws
from nimble_tui.core.text import clean, clean_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimble_tui.studio.studio_file import StudioFile

_NEW = "an artist without launch profiles"


@contextmanager
def studio_data(args: Namespace) -> "Iterator[StudioFile]":
    """Yield the data file to use, with its master key; raises Stop where it can't be used."""
    from nimble_tui.studio.config_file import ConfigError
    from nimble_tui.studio.invites import PeopleError
    from nimble_tui.studio.store.errors import StoreError
    from nimble_tui.studio.store.master_key import MasterKeyError
    from nimble_tui.studio.studio import Studio
    from nimble_tui.studio.studio_file import StudioFile

    if not (args.config or args.data or args.demo):
        raise Stop(exit_codes.USAGE, "No studio given. Use --config FILE, --data FILE, or --demo.")
    if args.config and (args.data or args.demo):
        raise Stop(exit_codes.USAGE, "--config names the studio; use it without --data and --demo.")
    try:
        if args.config:
            yield _configured(Path(args.config).absolute())
            return
        data = Path(args.data).absolute() if args.data else demo_file()
        if args.data and not data.exists():
            raise Stop(exit_codes.FAILED, f"No studio in {data}.")
        if data.resolve() != demo_file().resolve():
            yield StudioFile(data)
            return
        with in_use(data):
            if not data.exists():
                Studio.open(data).close()
            yield StudioFile(data)
    except (ConfigError, MasterKeyError, PeopleError, StoreError) as error:
        raise Stop(exit_codes.FAILED, str(error)) from None


def _configured(path: Path) -> "StudioFile":
    """Return the data file that studio.toml names, once it is known to be a studio's own."""
    from nimble_tui.studio.config_file import read_config
    from nimble_tui.studio.configured_store import configured_store
    from nimble_tui.studio.studio_file import StudioFile

    config = read_config(path)
    file = StudioFile(config.store, master_key_of(config))
    with configured_store(config, file.master_key):
        return file


def list_people(args: Namespace) -> int:
    """List a studio's people."""
    from nimble_tui.studio.invites import all_people

    with studio_data(args) as data:
        found = all_people(data)
    if args.json:
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
    print_table(
        ("NAME", "USER NAME", "ROLE", "KEYS", "LAUNCH PROFILES", "ID"),
        rows,
        for_programs={"ID"},
        giving_way=("LAUNCH PROFILES", "USER NAME", "NAME"),
    )
    return exit_codes.DONE


def invite_person(args: Namespace) -> int:
    """Give a person new keys, and print an invite with them."""
    from nimble_tui.studio.invites import answers, invite

    if args.endpoint is not None:
        problem = endpoint_problem(args.endpoint)
        if problem:
            raise Stop(exit_codes.USAGE, f"--endpoint {problem}.")
        if is_closed_by_aws(endpoint_host(args.endpoint)):
            raise Stop(
                exit_codes.USAGE,
                "--endpoint is of AWS's own service, which closed in October 2024. Give the "
                "address of your studio.",
            )
    with studio_data(args) as data:
        issued = invite(
            data,
            args.person,
            name=args.name or "",
            operator=args.operator,
            endpoint_url=args.endpoint,
        )
    name, endpoint_url = issued.invite.display_name, issued.invite.endpoint_url
    runs = "is now an operator" if issued.role != issued.before else ""
    if issued.is_new:
        say(f"Added {name}, {f'who {runs}' if args.operator else _NEW}.")
    else:
        say(f"{name} is already a member.", *([f"{name} {runs}."] if runs else []))
    if issued.replaced:
        say("Their previous access keys are revoked.")
    say(f"Their invite to {endpoint_url}. It signs in as them, so share it with no one else.")
    if args.endpoint is None and not answers(endpoint_url):
        say("No studio is served there at the moment. Serve it at the same address again.")
    print(issued.invite.encode())
    return exit_codes.DONE


def revoke_keys(args: Namespace) -> int:
    """Revoke a person's keys, or only stop them running the studio."""
    from nimble_tui.studio.invites import find, revoke

    with studio_data(args) as data:
        person = find(data, args.person)
        if not args.yes:
            what = f"Remove {person.name}'s operator role?"
            terminal.agree(what if args.operator else f"Revoke {person.name}'s access keys?")
        revoked = revoke(data, person.principal_id, operator=args.operator)
    name = revoked.person.name
    if args.operator:
        say(f"Removed {name}'s operator role. {name} stays an admin, with their access keys.")
    elif revoked.worked:
        ran = " and operator role" if revoked.was_operator else ""
        say(f"Revoked {name}'s access keys{ran}. Their workstations are unchanged.")
    else:
        say(f"{name}'s access keys were already revoked.")
    return exit_codes.DONE


def _keys(*, active: bool) -> str:
    return "work" if active else "revoked"
