"""The grammar of `studio` and its subcommands."""

from nimble_tui.cli import arg_types
from nimble_tui.cli.grammar_studio_offers import OFFERS
from nimble_tui.cli.syntax import CONFIG, DATA, DEMO, JSON, WHERE, YES, Argument, Command

_PERSON = Argument(
    "person",
    "Person: name, user name, e-mail address or id",
    metavar="PERSON",
)
_SERVE = Command(
    "serve",
    "Serve a studio until ctrl+c; with --demo, the demo studio.",
    "serve:serve",
    (
        CONFIG,
        DATA._replace(
            help="Data file, instead of --config; with --demo, in place of the demo's data file"
        ),
        Argument("--ephemeral", "Keep the demo studio in memory, for this run only"),
        Argument(
            "--host",
            "Address of this computer to listen on (default: 127.0.0.1); not with --config",
            metavar="HOST",
            parse=arg_types.loopback,
            default="127.0.0.1",
        ),
        Argument(
            "--host-name",
            "Additional host name to answer to, such as that of a proxy; can be repeated",
            metavar="NAME",
            parse=arg_types.host_name,
            many=True,
        ),
        Argument(
            "--port",
            "Port (default: 0, any free port); not with --config",
            metavar="PORT",
            parse=arg_types.port,
            default=0,
        ),
        Argument(
            "--speed",
            "Speed factor of simulated machines, such as 10",
            metavar="X",
            parse=arg_types.speed,
            default=1.0,
        ),
        Argument(
            "--sessions",
            "With --demo: number of sample workstations",
            metavar="N",
            parse=arg_types.count,
        ),
    ),
)
_PEOPLE = Command(
    "people", "List the people who have access keys.", "studio_people:list_people", (*WHERE, JSON)
)
_INVITE = Command(
    "invite",
    "Add a person, or replace a person's access keys, and print the invite.",
    "studio_people:invite_person",
    (
        _PERSON._replace(
            help="Person in the studio, or a new one, by full name, user name, e-mail address or id"
        ),
        Argument(
            "--name",
            "Full name of a new person, if PERSON is not their full name",
            metavar="NAME",
        ),
        Argument("--operator", "Also make them an operator, who runs the studio's service"),
        Argument(
            "--endpoint",
            "Endpoint URL in the invite (default: the studio's own)",
            metavar="URL",
        ),
        *WHERE,
    ),
)
_REVOKE = Command(
    "revoke",
    "Revoke a person's access keys.",
    "studio_people:revoke_keys",
    (
        _PERSON,
        Argument(
            "--operator",
            "Remove the operator role only; they stay an admin, with their access keys",
        ),
        YES,
        *WHERE,
    ),
)
_CLOCK = Command(
    "clock",
    "Show whether this computer's clock has jumped, and what is on hold because of that.",
    "studio_clock:show_clock",
    (Argument("--accept", "Confirm that the clock is right, and accept the jump"), *WHERE, JSON),
)
_CERTIFICATE = Command(
    "certificate",
    "Create the studio's own certificate authority, and a certificate signed by it.",
    "certificate:make_certificate",
    (
        Argument("folder", "Folder for the files", metavar="FOLDER"),
        Argument(
            "--name",
            "Host name or IP address by which artists reach the studio; can be repeated",
            metavar="NAME",
            parse=arg_types.host_name,
            many=True,
            required=True,
        ),
        Argument("--renew", "Replace the certificate; keep the authority"),
    ),
    common=(),
)
_INIT = Command(
    "init",
    "Set up a studio in a new folder; prompts for options you leave out.",
    "studio_init:init",
    (
        Argument("folder", "Folder for the studio", metavar="FOLDER"),
        Argument("--name", "Name of the studio, as artists see it", metavar="NAME"),
        Argument(
            "--operator",
            "Name or e-mail address of its first operator, who runs it",
            metavar="PERSON",
        ),
        Argument(
            "--listen",
            "Address and port to listen on (default: 0.0.0.0:8443)",
            metavar="ADDRESS",
        ),
        Argument("--public-url", "Address at which artists reach it", metavar="URL"),
        Argument(
            "--tls",
            "own: a certificate authority of its own (default); files: your certificate; none: a "
            "proxy handles TLS, or only this computer is served",
            choices=("own", "files", "none"),
        ),
        Argument("--certificate", "With --tls files: file of the certificate", metavar="FILE"),
        Argument("--key", "With --tls files: file of its key", metavar="FILE"),
        Argument(
            "--proxy",
            "With --tls none: IP address of the proxy in front; can be repeated",
            metavar="IP",
            many=True,
        ),
        Argument(
            "--compute",
            "Where workstations run: simulated (default), or local (on this computer)",
            metavar="KIND",
        ),
        Argument(
            "--master-key",
            "Where the key that encrypts access keys is stored (default: file)",
            choices=("file", "keyring"),
        ),
        Argument(
            "--region",
            "AWS region that clients name in their requests (default: us-west-2)",
            metavar="REGION",
            default="us-west-2",
        ),
    ),
    common=(),
)
_CHECK = Command(
    "check",
    "Check a studio's clock, certificate, data, machines and port.",
    "studio_check:check",
    (CONFIG._replace(required=True), JSON),
    common=(),
)
_AUDIT = Command(
    "audit",
    "Show who did what, when and from where, deleted workstations included.",
    "studio_audit:show_audit",
    (
        Argument("--person", "Only what this person did", metavar="PERSON"),
        Argument("--session", "Only this workstation: its id, or the end of its id", metavar="ID"),
        Argument(
            "--limit",
            "Number of entries (default: 50)",
            metavar="N",
            parse=arg_types.limit,
            default=50,
        ),
        Argument("--before", "Only entries older than entry N", metavar="N", parse=arg_types.limit),
        *WHERE,
        JSON,
    ),
)
_BACKUP = Command(
    "backup",
    "Back up a studio's data to a new file, even while the studio is served.",
    "studio_backup:back_up",
    (Argument("file", "New file for the backup", metavar="FILE"), *WHERE),
    common=(),
)
_RESTORE = Command(
    "restore",
    "Restore a studio from a backup; an existing data file is never overwritten.",
    "studio_restore:restore",
    (Argument("file", "Backup to restore", metavar="FILE"), CONFIG._replace(required=True)),
    common=(),
)
_TAKEOVER = Command(
    "takeover",
    "Put a restored or copied studio in charge of its workstations.",
    "studio_takeover:take_over",
    (YES, *WHERE),
    common=(),
)
STUDIO_COMMAND = Command(
    "studio",
    "Run a studio on this computer, and manage its people.",
    parts=(
        *(_INIT, _SERVE, _CHECK, *OFFERS, _PEOPLE, _INVITE, _REVOKE, _AUDIT),
        *(_BACKUP, _RESTORE, _TAKEOVER, _CERTIFICATE, _CLOCK),
    ),
    common=(DEMO,),
)
