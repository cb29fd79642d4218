"""The grammar of what a studio offers: launch profiles, images, quotas and machines."""

from nimble_tui.cli import arg_types
from nimble_tui.cli.syntax import JSON, WHERE, Argument, Command

_SWITCH = ("on", "off")
_TYPE = Argument(
    "--type", "Instance type, such as g5.2xlarge; can be repeated", metavar="TYPE", many=True
)
_OF_A_PROFILE = (
    Argument("--image", "Image, by name or id; can be repeated", metavar="IMAGE", many=True),
    _TYPE,
    Argument("--description", "Description for artists", metavar="TEXT"),
    Argument(
        "--persistence",
        "Whether workstations can be stopped and started again (default: on)",
        choices=_SWITCH,
    ),
    Argument(
        "--max-session",
        "Longest run, such as 12h (default: 690m); after it a workstation is stopped (deleted "
        "with --persistence off)",
        metavar="TIME",
        parse=arg_types.minutes,
    ),
    Argument(
        "--max-stopped",
        "How long to keep a stopped workstation, such as 4d; 'none' for no time limit",
        metavar="TIME",
        parse=arg_types.minutes,
    ),
    Argument(
        "--backups",
        "Backups to keep of each workstation, at most 10; 0 for none",
        metavar="N",
        parse=arg_types.count,
    ),
    Argument(
        "--clipboard",
        "Whether desktops share the clipboard of the artist's computer",
        choices=_SWITCH,
    ),
    Argument(
        "--component",
        "Studio component, such as a file system, by name or id; can be repeated",
        metavar="NAME",
        many=True,
    ),
    Argument(
        "--member", "Member to add, who can launch from it; can be repeated", "PERSON", many=True
    ),
)
_OF_AN_EDIT = {
    "--image": "Image, by name or id, instead of the present ones; can be repeated",
    "--type": "Instance type, such as g5.2xlarge, instead of the present ones; can be repeated",
    "--persistence": "Whether workstations can be stopped and started again",
    "--max-session": "Longest run, such as 12h; after it a workstation is stopped (deleted with "
    "--persistence off)",
    "--component": "Studio component, such as a file system, by name or id, instead of the present "
    "ones; can be repeated",
}
"""The help of options that add nothing to what a launch profile has: they replace it."""
_PROFILE = Command(
    "profile",
    "List, add and change launch profiles.",
    parts=(
        Command(
            "list", "List the launch profiles.", "studio_profiles:list_profiles", (*WHERE, JSON)
        ),
        Command(
            "add",
            "Add a launch profile, and print its id.",
            "studio_profiles:add_profile",
            (
                Argument("profile", "Name of the launch profile", metavar="NAME"),
                *_OF_A_PROFILE,
                *WHERE,
                JSON,
            ),
        ),
        Command(
            "edit",
            "Change a launch profile; options you leave out change nothing.",
            "studio_profiles:edit_profile",
            (
                Argument("profile", "Launch profile, by name or id", metavar="PROFILE"),
                Argument("--name", "New name", metavar="NAME"),
                *(one._replace(help=_OF_AN_EDIT.get(one.name, one.help)) for one in _OF_A_PROFILE),
                Argument(
                    "--remove-member",
                    "Member to remove; can be repeated",
                    metavar="PERSON",
                    many=True,
                ),
                *WHERE,
                JSON,
            ),
        ),
    ),
)
_IMAGE = Command(
    "image",
    "List and add images.",
    parts=(
        Command("list", "List the images.", "studio_images:list_images", (*WHERE, JSON)),
        Command(
            "add",
            "Add an image, and print its id.",
            "studio_images:add_image",
            (
                Argument("image", "Name of the image", metavar="NAME"),
                Argument(
                    "--ami",
                    "Id of its machine image (AMI), such as ami-0abc (default: ami-local, which "
                    "stands for none)",
                    metavar="AMI",
                    default="ami-local",
                ),
                Argument("--platform", "Operating system", choices=("linux", "windows")),
                Argument("--description", "Description for artists", metavar="TEXT"),
                *WHERE,
                JSON,
            ),
        ),
    ),
)
_QUOTA = Command(
    "quota",
    "Show or set how many workstations people can have.",
    "studio_quota:quota",
    (
        Argument(
            "person",
            "Only this person: name, user name, e-mail address or id",
            metavar="PERSON",
            optional=True,
        ),
        Argument(
            "--granted",
            "Extra workstations for this person, above the limit for everyone",
            metavar="N",
            parse=arg_types.count,
        ),
        Argument(
            "--per-person",
            "Set how many each person can have, for everyone",
            metavar="N",
            parse=arg_types.count,
        ),
        _TYPE._replace(help="Allow only this instance type, for everyone; can be repeated"),
        Argument("--any-type", "Allow every instance type, for everyone"),
        *WHERE,
        JSON,
    ),
)
_MACHINES = Command(
    "machines",
    "List workstations with the machines that they run on.",
    "studio_machines:list_machines",
    (*WHERE, JSON),
)
OFFERS = (_PROFILE, _IMAGE, _QUOTA, _MACHINES)
