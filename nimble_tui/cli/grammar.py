"""The words of the command line as data: parsed, told by --help and completed from one table."""

from nimble_tui.cli import arg_types
from nimble_tui.cli.grammar_people import PEOPLE
from nimble_tui.cli.grammar_studio import STUDIO
from nimble_tui.cli.syntax import JSON, YES, Argument, Command

WAIT = Argument("--wait", "return when it is done")
TIMEOUT = Argument(
    "--timeout",
    "wait no longer than this, such as 30m, then end with exit code 6",
    metavar="TIME",
    parse=arg_types.duration,
)
TOKEN = Argument(
    "--token",
    "a word of your own: asked for again under it, nothing is done a second time",
    metavar="WORD",
    parse=arg_types.token,
)
_ANY = "its id, the beginning of it, its last four characters, or its name"
SESSION = Argument("session", _ANY, metavar="SESSION")
ONE = Argument("session", f"only this one: {_ANY}", metavar="SESSION", optional=True)
WHICH_STUDIO = (
    Argument("--demo", "use the demo studio on this computer"),
    Argument(
        "--as",
        "who to be in the demo: admin, operator, or somebody's name; else its artist",
        metavar="WHO",
    ),
    Argument("--studio", "use this studio of your settings", metavar="NAME"),
    Argument(
        "--log",
        "log each call to this file, one JSON object a line",
        metavar="FILE",
        parse=arg_types.file,
    ),
)
VERSION = Argument("--version", "print the version")

_LOOK = (
    Command(
        "sessions",
        "List your workstations.",
        "lists:list_sessions",
        (JSON, Argument("--all", "list deleted ones too")),
    ),
    Command("watch", "Tell each change, one a line, until ctrl+c.", "watch:watch", (JSON,)),
    Command("history", "Tell what you did and what was seen.", "history:show_history", (ONE, JSON)),
    Command(
        "backups", "List the backups of your workstations.", "backups:list_backups", (ONE, JSON)
    ),
    Command("profiles", "List the launch profiles you may use.", "lists:list_profiles", (JSON,)),
)
_DO = (
    Command(
        "launch",
        "Launch a new workstation.",
        "launch:launch",
        (
            Argument(
                "profile",
                "the launch profile: its name, the beginning of it, or its id",
                metavar="PROFILE",
            ),
            Argument(
                "--type",
                "the kind of machine, such as g5.2xlarge; else the first of the profile",
                metavar="TYPE",
            ),
            Argument(
                "--image",
                "what its disk begins as, by name or id; else the first of the profile",
                metavar="IMAGE",
            ),
            Argument("--name", "what to call it", metavar="NAME"),
            TOKEN,
            Argument("--new", "launch another one, though an earlier launch like it is unresolved"),
            Argument(
                "--or-start",
                "start the workstation of this --name where there is one, instead of launching",
            ),
            Argument("--wait", "return when it is READY"),
            TIMEOUT,
            Argument("--connect", "wait, then open its screen"),
            YES,
            JSON,
        ),
    ),
    Command(
        "connect",
        "Open a workstation's screen.",
        "connect:connect",
        (
            SESSION,
            Argument("--start", "start it first where it is stopped"),
            TIMEOUT,
            YES,
            Argument(
                "--show", "print the address instead of opening it; it is a secret for a while"
            ),
        ),
    ),
    Command(
        "start",
        "Start a stopped workstation again.",
        "session_actions:act",
        (
            SESSION,
            Argument(
                "--backup",
                "go back to this backup of it: its id, or latest",
                metavar="BACKUP",
            ),
            WAIT,
            TIMEOUT,
            YES,
            TOKEN,
            JSON,
        ),
        {"action": "start"},
    ),
    Command(
        "stop",
        "Stop a workstation and keep its disk.",
        "session_actions:act",
        (
            SESSION,
            Argument("--delete-disk", "do not keep its disk: what is on it is gone for good"),
            WAIT,
            TIMEOUT,
            YES,
            TOKEN,
            JSON,
        ),
        {"action": "stop"},
    ),
    Command(
        "keep",
        "Put off the deletion of a stopped workstation.",
        "keep:keep",
        (SESSION, Argument("--wait", "return when it is stopped again"), TIMEOUT, JSON),
    ),
    Command(
        "rename",
        "Give a workstation another name.",
        "rename:rename",
        (SESSION, Argument("name", "its new name; '' takes the name away", metavar="NAME"), JSON),
    ),
    Command(
        "delete",
        "Delete a workstation and its disk for good.",
        "session_actions:act",
        (SESSION, WAIT, TIMEOUT, YES, TOKEN, JSON),
        {"action": "delete"},
    ),
)
_STUDIO = (
    Command("login", "Sign in to a studio with your invite.", "sign_in:login"),
    Command("logout", "Forget a studio's keys on this computer.", "sign_in:logout"),
    Command(
        "whoami", "Say which studio, who you are, where your keys are.", "whoami:whoami", (JSON,)
    ),
    Command(
        "eulas",
        "List the licences that images need.",
        "eulas:eulas",
        (
            Argument("--read", "print the text of one, by name or id", metavar="LICENCE"),
            Argument("--accept", "accept what is missing, for the whole studio"),
            YES,
            JSON,
        ),
    ),
    PEOPLE,
)
_PROGRAM = (
    Command("keys", "Show the app's keys, with your own changes.", "keys:show_keys", (JSON,)),
    Command("doctor", "Find out what is wrong, and how to mend it.", "doctor:examine"),
    Command(
        "completion",
        "Print what lets your shell complete words.",
        "completion:print_script",
        (Argument("shell", "which shell you use", choices=("bash", "zsh", "fish")),),
    ),
    Command(
        "demo",
        "Look after the demo studio.",
        parts=(Command("reset", "Start the demo studio from the beginning.", "demo:reset"),),
    ),
    STUDIO,
)

GROUPS: tuple[tuple[str, tuple[Command, ...]], ...] = (
    ("to look", _LOOK),
    ("to work", _DO),
    ("your studio", _STUDIO),
    ("this program", _PROGRAM),
)
COMMANDS = {command.name: command for _, group in GROUPS for command in group}
