"""The command line's grammar as data, for the parser, the help and completion."""

from nimble_tui.cli import arg_types
from nimble_tui.cli.grammar_people import PEOPLE
from nimble_tui.cli.grammar_studio import STUDIO_COMMAND
from nimble_tui.cli.syntax import DEMO, JSON, STUDIO, YES, Argument, Command

WAIT = Argument("--wait", "Wait until the action has finished")
TIMEOUT = Argument(
    "--timeout",
    "Stop waiting after this time, such as 30m (exit code 6)",
    metavar="TIME",
    parse=arg_types.duration,
)
TOKEN = Argument(
    "--token",
    "Any text of yours; repeating a command with it has no further effect (idempotency token)",
    metavar="TOKEN",
    parse=arg_types.token,
)
_NAMED_BY = (
    "name or id; also the start of a word in the name, the start of the id, or its last four "
    "characters"
)
SESSION = Argument("session", _NAMED_BY.capitalize(), metavar="WORKSTATION")
ONE = Argument(
    "session", f"Only this workstation: {_NAMED_BY}", metavar="WORKSTATION", optional=True
)
LOG = Argument(
    "--log",
    "File for a log of all requests to the studio, one JSON object per line",
    metavar="FILE",
    parse=arg_types.file,
)
COMMON = (
    DEMO,
    Argument(
        "--as",
        "Demo user: admin (manages people), operator (runs the service), or a member's name "
        "(default: Mara Vos, an artist)",
        metavar="USER",
    ),
    STUDIO,
    LOG,
)
VERSION = Argument("--version", "Print the version")

_LOOK = (
    Command(
        "sessions",
        "List your workstations.",
        "lists:list_sessions",
        (JSON, Argument("--all", "Include deleted workstations")),
    ),
    Command(
        "watch",
        "Print changes to your workstations, one per line, until ctrl+c.",
        "watch:watch",
        (JSON,),
    ),
    Command(
        "history",
        "Show your actions, and when workstations changed state.",
        "history:show_history",
        (ONE, JSON),
    ),
    Command(
        "backups", "List the backups of your workstations.", "backups:list_backups", (ONE, JSON)
    ),
    Command("profiles", "List the launch profiles you can use.", "lists:list_profiles", (JSON,)),
)
_DO = (
    Command(
        "launch",
        "Launch a new workstation.",
        "launch:launch",
        (
            Argument(
                "profile",
                "Launch profile: name or id, or the start of a word in the name",
                metavar="PROFILE",
            ),
            Argument(
                "--type",
                "Instance type, such as g5.2xlarge (default: the launch profile's first)",
                metavar="TYPE",
            ),
            Argument(
                "--image",
                "Image, by name or id (default: the launch profile's first)",
                metavar="IMAGE",
            ),
            Argument("--name", "Name of the workstation", metavar="NAME"),
            TOKEN,
            Argument(
                "--new",
                "Launch even if an identical earlier launch may have worked, as after an "
                "interruption",
            ),
            Argument(
                "--or-start",
                "Start the workstation with this --name if it exists, instead of launching one",
            ),
            Argument("--wait", "Wait until the workstation is READY"),
            TIMEOUT,
            Argument("--connect", "Wait, then open the workstation's desktop"),
            YES._replace(help="With --or-start: don't ask for confirmation"),
            JSON,
        ),
    ),
    Command(
        "connect",
        "Open a workstation's desktop.",
        "connect:connect",
        (
            SESSION,
            Argument("--start", "Start the workstation first if it is stopped"),
            TIMEOUT,
            YES._replace(help="With --start: don't ask for confirmation"),
            Argument(
                "--show",
                "Print the address instead of opening it; anyone who has it can use the desktop",
            ),
        ),
    ),
    Command(
        "start",
        "Start a stopped workstation.",
        "session_actions:act",
        (
            SESSION,
            Argument(
                "--backup",
                'Restore this backup: an id, or "latest"',
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
            Argument("--delete-disk", "Delete its disk permanently instead of keeping it"),
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
        "Postpone a deletion: start the workstation, then stop it.",
        "keep:keep",
        (SESSION, WAIT, TIMEOUT, JSON),
        more="Without --wait, this only starts the workstation. The app stops the workstation once "
        "you open the app; until then the workstation runs, at its price.",
    ),
    Command(
        "rename",
        "Rename a workstation.",
        "rename:rename",
        (SESSION, Argument("name", "New name; '' removes it", metavar="NAME"), JSON),
    ),
    Command(
        "delete",
        "Delete a workstation and its disk permanently.",
        "session_actions:act",
        (SESSION, WAIT, TIMEOUT, YES, TOKEN, JSON),
        {"action": "delete"},
    ),
)
_STUDIO = (
    Command(
        "login",
        "Sign in with an invite, the long string from your studio.",
        "sign_in:login",
        (Argument("--stdin", "Read the invite from a pipe instead of prompting for it"),),
        common=(STUDIO._replace(help="Name for this studio in your settings"), LOG),
    ),
    Command(
        "logout",
        "Remove a studio's access keys from this computer.",
        "sign_in:logout",
        common=(STUDIO,),
    ),
    Command(
        "whoami",
        "Show the studio, your user, and where your access keys are.",
        "whoami:whoami",
        (JSON,),
    ),
    Command(
        "licences",
        "List the licences that workstation images need.",
        "licences:licences",
        (
            Argument("--read", "Print the text of a licence, by name or id", metavar="LICENCE"),
            Argument("--accept", "Accept all that are not accepted yet, for the whole studio"),
            YES,
            JSON,
        ),
    ),
    PEOPLE,
)
_PROGRAM = (
    Command(
        "keys",
        "Show the app's keyboard shortcuts, including your changes.",
        "keys:show_keys",
        (JSON,),
        common=(),
    ),
    Command("doctor", "Check the setup and suggest fixes.", "doctor:examine"),
    Command(
        "completion",
        "Print a shell completion script.",
        "completion:print_script",
        (Argument("shell", "Your shell", choices=("bash", "zsh", "fish")),),
        common=(),
    ),
    Command(
        "demo",
        "Manage the demo studio.",
        parts=(Command("reset", "Reset the demo studio to its first state.", "demo:reset"),),
        common=(),
    ),
    STUDIO_COMMAND,
)

GROUPS: tuple[tuple[str, tuple[Command, ...]], ...] = (
    ("View", _LOOK),
    ("Workstations", _DO),
    ("Studio and people", _STUDIO),
    ("Setup", _PROGRAM),
)
COMMANDS = {command.name: command for _, group in GROUPS for command in group}
