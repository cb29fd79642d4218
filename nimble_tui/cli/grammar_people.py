"""The grammar of `people` and its subcommands."""

from nimble_tui.cli.syntax import JSON, YES, Argument, Command

_PERSON = Argument(
    "person",
    "Name, user name, e-mail address or id",
    metavar="PERSON",
    many=True,
)
_ONE_PERSON = Argument(
    "person",
    "Name, user name, e-mail address or id",
    metavar="PERSON",
)
_ON_PROFILE = Argument(
    "--profile",
    "Launch profile, by name or id; can be repeated",
    metavar="PROFILE",
    many=True,
)
_NEEDED_PROFILE = _ON_PROFILE._replace(required=True)
_DATAZONE = (
    "DataZone is AWS's service for sharing data; most studios don't use it. A person's DataZone "
    "profile is their access to the studio's domain there."
)
_USERS = (
    "SSO users sign in with their organisation's account, IAM users and roles with access keys of "
    "an AWS account. An ARN is AWS's full name of a user or role."
)
_PERSONA = "A persona is a member's role on a launch profile."
_STEPS = "Some steps are for an operator, a person who runs the studio's service."
_PLAN = Argument("--plan", "Only show the plan")
_SKIP = Argument(
    "--skip",
    "Skip this step, by the name shown when it failed; can be repeated",
    metavar="STEP",
    many=True,
)
_STOP = Argument("--stop", "Stop their running workstations first")
_OPERATOR_DONE = Argument("--operator-done", "Mark the operator's steps as done")
_PARTS = (
    Command(
        "add",
        "Add people to launch profiles.",
        "people.changes:change",
        (_PERSON, _NEEDED_PROFILE),
        {"change": "add"},
    ),
    Command(
        "remove",
        "Remove people from launch profiles.",
        "people.changes:change",
        (
            _PERSON,
            _NEEDED_PROFILE,
            _STOP._replace(
                help="First stop their running workstations that were launched from these profiles"
            ),
            YES,
        ),
        {"change": "remove"},
    ),
    Command(
        "admin",
        "Grant or remove the admin role.",
        parts=(
            Command(
                "add",
                "Make people admins.",
                "people.changes:change",
                (_PERSON,),
                {"change": "promote"},
            ),
            Command(
                "remove",
                "Remove people's admin role.",
                "people.changes:change",
                (_PERSON, YES),
                {"change": "demote"},
            ),
        ),
        more="Only an operator, a person who runs the studio's service, can do this.",
    ),
    Command(
        "onboard",
        "Onboard people: review a plan, then run it.",
        "people.plans:run_plans",
        (
            _PERSON,
            _ON_PROFILE._replace(
                help="Launch profile, by name or id; can be repeated; not needed with --admin, "
                "or to resume an earlier plan"
            ),
            Argument("--admin", "Also make them admins"),
            _PLAN,
            YES,
            _SKIP,
            _OPERATOR_DONE,
        ),
        {"plan_kind": "onboard"},
        more=_STEPS,
    ),
    Command(
        "offboard",
        "Offboard people: review a plan, then run it; it deletes no workstation.",
        "people.plans:run_plans",
        (_PERSON, _STOP, _PLAN, YES, _SKIP, _OPERATOR_DONE),
        {"plan_kind": "offboard"},
        more=_STEPS,
    ),
    Command(
        "activate",
        "Activate people's DataZone profiles.",
        "people.changes:change",
        (_PERSON,),
        {"change": "activate"},
        more=_DATAZONE,
    ),
    Command(
        "deactivate",
        "Deactivate people's DataZone profiles.",
        "people.changes:change",
        (_PERSON, YES),
        {"change": "deactivate"},
        more=_DATAZONE,
    ),
    Command(
        "persona",
        "Show or set a member's persona on a launch profile.",
        "people.persona:persona",
        (
            _ONE_PERSON,
            _NEEDED_PROFILE._replace(help="Launch profile, by name or id", many=False),
            Argument(
                "--set",
                "Persona to set (the only one is USER); without it, show the current one",
                metavar="PERSONA",
            ),
            JSON,
        ),
        more=_PERSONA,
    ),
    Command(
        "find",
        "Find SSO and IAM users of the studio's DataZone domain.",
        "people.user_profiles:find",
        (
            Argument(
                "text",
                "Part of a name, a user name, an e-mail address or an ARN",
                metavar="TEXT",
            ),
            Argument("--all", "Include people in the directory who have no DataZone profile"),
            JSON,
        ),
        more=f"{_DATAZONE} {_USERS}",
    ),
    Command(
        "profile",
        "Show a person's DataZone profile, create it, or set its status.",
        "people.user_profiles:profile",
        (
            Argument(
                "person",
                "Name, user name, e-mail address or id, or the ARN of an IAM user or role",
                metavar="PERSON",
            ),
            Argument("--create", "Create the DataZone profile of a person who has none"),
            Argument(
                "--status",
                "Status to set: ASSIGNED, NOT_ASSIGNED, ACTIVATED or DEACTIVATED; without it, show "
                "which are possible, and why the others are not",
                metavar="STATUS",
            ),
            YES,
            JSON,
        ),
        more=f"{_DATAZONE} {_USERS}",
    ),
)
PEOPLE = Command(
    "people",
    "List people and their access, or change it.",
    "people.listing:list_people",
    (JSON,),
    parts=_PARTS,
    more=f"{_PERSONA} {_DATAZONE}",
)
