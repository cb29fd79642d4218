"""The words of the command line as data: parsed, told by --help and completed from one table."""

from nimble_tui.cli import words
from nimble_tui.cli.grammar_people import PEOPLE
from nimble_tui.cli.grammar_studio import STUDIO
from nimble_tui.cli.syntax import JSON, YES, Command, Word

WAIT = Word("--wait", "return when it is done")
TIMEOUT = Word(
    "--timeout",
    "wait no longer than this, such as 30m, then end with exit code 6",
    metavar="TIME",
    parse=words.duration,
)
TOKEN = Word(
    "--token",
    "a word of your own: asked for again under it, nothing is done a second time",
    metavar="WORD",
    parse=words.token,
)
_ANY = "its id, the beginning of it, its last four characters, or its name"
SESSION = Word("session", _ANY, metavar="SESSION")
ONE = Word("session", f"only this one: {_ANY}", metavar="SESSION", optional=True)
WHICH_STUDIO = (
    Word("--demo", "use the demo studio on this computer"),
    Word(
        "--as",
        "who to be in the demo: admin, operator, or somebody's name; else its artist",
        metavar="WHO",
    ),
    Word("--studio", "use this studio of your settings", metavar="NAME"),
    Word(
        "--log",
        "log each call to this file, one JSON object a line",
        metavar="FILE",
        parse=words.file,
    ),
)
VERSION = Word("--version", "print the version")

_LOOK = (
    Command(
        "sessions",
        "List your workstations.",
        "lists:list_sessions",
        (JSON, Word("--all", "list deleted ones too")),
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
            Word(
                "profile",
                "the launch profile: its name, the beginning of it, or its id",
                metavar="PROFILE",
            ),
            Word(
                "--type",
                "the kind of machine, such as g5.2xlarge; else the first of the profile",
                metavar="TYPE",
            ),
            Word(
                "--image",
                "what its disk begins as, by name or id; else the first of the profile",
                metavar="IMAGE",
            ),
            Word("--name", "what to call it", metavar="NAME"),
            TOKEN,
            Word("--new", "launch another one, though an earlier launch like it is unresolved"),
            Word(
                "--or-start",
                "start the workstation of this --name where there is one, instead of launching",
            ),
            Word("--wait", "return when it is READY"),
            TIMEOUT,
            Word("--connect", "wait, then open its screen"),
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
            Word("--start", "start it first where it is stopped"),
            TIMEOUT,
            YES,
            Word("--show", "print the address instead of opening it; it is a secret for a while"),
        ),
    ),
    Command(
        "start",
        "Start a stopped workstation again.",
        "session_actions:act",
        (
            SESSION,
            Word(
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
            Word("--delete-disk", "do not keep its disk: what is on it is gone for good"),
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
        (SESSION, Word("--wait", "return when it is stopped again"), TIMEOUT, JSON),
    ),
    Command(
        "rename",
        "Give a workstation another name.",
        "rename:rename",
        (SESSION, Word("name", "its new name; '' takes the name away", metavar="NAME"), JSON),
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
            Word("--read", "print the text of one, by name or id", metavar="LICENCE"),
            Word("--accept", "accept what is missing, for the whole studio"),
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
        (Word("shell", "which shell you use", choices=("bash", "zsh", "fish")),),
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
