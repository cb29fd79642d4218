"""whoami: the studio, the user, and the place of the keys."""

from argparse import Namespace
from contextlib import closing

from nimble_tui.cli import exit_codes
from nimble_tui.cli.context import need_studio, settings_for, studios_for
from nimble_tui.cli.output import print_json, print_pairs
from nimble_tui.core.service import StudioError, is_demo
from nimble_tui.core.text import clean_id


def whoami(args: Namespace) -> int:
    """Print the studio, the user and the place of the keys; sends no request."""
    settings = settings_for(args)
    name = need_studio(args, settings)
    keys: str | None = None
    problem: StudioError | None = None
    with closing(studios_for(args, settings)) as studios:
        if is_demo(name):
            with closing(studios.open(name)) as service:
                info, address, keys = service.info, "this computer", "created for the demo"
        else:
            studio = studios.settings_of(name)
            info, address = studio.info, studio.endpoint_url
            try:
                keys = studios.where_keys_are(studio)
            except StudioError as error:
                problem = error
    if args.json:
        print_json(
            {
                "studio": name,
                "studioId": info.studio_id,
                "region": info.region,
                "endpointUrl": None if info.demo else address,
                "principalId": info.principal_id,
                "displayName": info.display_name,
                "readOnly": info.read_only,
                "keys": keys,
            }
        )
    else:
        person = f"{info.display_name} ({clean_id(info.principal_id)})"
        print_pairs(
            [
                ("Studio", f"{name} ({clean_id(info.studio_id)})"),
                ("Region", info.region),
                ("Address", address),
                ("You", person if info.display_name else clean_id(info.principal_id)),
                ("Keys", keys or "none"),
            ]
        )
    if problem is not None:
        raise problem
    return exit_codes.DONE
