"""The words of `studio` and of the commands below it."""

from nimble_tui.cli import arg_types
from nimble_tui.cli.syntax import JSON, YES, Argument, Command

_DATA = Argument("--data", "the studio's data file; with --demo the demo's own", metavar="FILE")
_PERSON = Argument(
    "person",
    "a person: their name, the beginning of it, their user name, e-mail address or id",
    metavar="PERSON",
)
_SERVE = Command(
    "serve",
    "Serve a studio until ctrl+c; with --demo the demo studio.",
    "serve:serve",
    (
        _DATA,
        Argument("--ephemeral", "keep the demo studio in memory, for this run alone"),
        Argument("--host", "the address to listen on", metavar="HOST", default="127.0.0.1"),
        Argument(
            "--host-name",
            "answer under this name too, such as that of a proxy; may be given more than once",
            metavar="NAME",
            parse=arg_types.host_name,
            many=True,
        ),
        Argument(
            "--port",
            "the port; 0: any that is free",
            metavar="PORT",
            parse=arg_types.port,
            default=0,
        ),
        Argument(
            "--speed",
            "how much faster machines start and stop",
            metavar="X",
            parse=arg_types.speed,
            default=1.0,
        ),
        Argument(
            "--sessions",
            "give the demo's artist N workstations",
            metavar="N",
            parse=arg_types.count,
        ),
    ),
)
_PEOPLE = Command("people", "List who has keys.", "studio_people:list_people", (_DATA, JSON))
_INVITE = Command(
    "invite",
    "Print an invite: new keys for a person, in place of any before.",
    "studio_people:invite_person",
    (
        _PERSON._replace(help="a person: a name, user name, e-mail address or id, in full"),
        Argument("--name", "the name of a new person", metavar="NAME"),
        Argument("--operator", "let them run the studio too"),
        Argument(
            "--endpoint",
            "the address in the invite; else where the studio is served",
            metavar="URL",
        ),
        _DATA,
    ),
)
_REVOKE = Command(
    "revoke",
    "Revoke a person's keys.",
    "studio_people:revoke_keys",
    (
        _PERSON,
        Argument("--operator", "only stop them running the studio; they stay an admin"),
        YES,
        _DATA,
    ),
)
_CLOCK = Command(
    "clock",
    "Show whether this computer's clock jumped, and what is held back until that counts.",
    "studio_clock:show_clock",
    (Argument("--accept", "the clock is right: let the jump count"), _DATA, JSON),
)
STUDIO = Command(
    "studio",
    "Run a studio on this computer, and look after its people.",
    parts=(_SERVE, _PEOPLE, _INVITE, _REVOKE, _CLOCK),
)
