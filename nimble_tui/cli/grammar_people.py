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
        (_PERSON, _ON_PROFILE),
        {"change": "add"},
    ),
    Command(
        "remove",
        "Remove people from launch profiles.",
        "people.changes:change",
        (_PERSON, _ON_PROFILE, _STOP, YES),
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
    ),
    Command(
        "onboard",
        "Onboard people: review a plan, then run it.",
        "people.plans:run_plans",
        (
            _PERSON,
            _ON_PROFILE,
            Argument("--admin", "Also make them admins"),
            _PLAN,
            YES,
            _SKIP,
            _OPERATOR_DONE,
        ),
        {"plan_kind": "onboard"},
    ),
    Command(
        "offboard",
        "Offboard people: review a plan, then run it; their workstations stay.",
        "people.plans:run_plans",
        (_PERSON, _STOP, _PLAN, YES, _SKIP, _OPERATOR_DONE),
        {"plan_kind": "offboard"},
    ),
    Command(
        "activate",
        "Activate people's DataZone profiles.",
        "people.changes:change",
        (_PERSON,),
        {"change": "activate"},
    ),
    Command(
        "deactivate",
        "Deactivate people's DataZone profiles.",
        "people.changes:change",
        (_PERSON, YES),
        {"change": "deactivate"},
    ),
    Command(
        "persona",
        "Show or set a member's persona on a launch profile.",
        "people.persona:persona",
        (
            _ONE_PERSON,
            Argument("--profile", "Launch profile, by name or id", metavar="PROFILE"),
            Argument(
                "--set",
                "Persona to set (the only one is USER); without it, show the current one",
                metavar="PERSONA",
            ),
            JSON,
        ),
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
    ),
)
PEOPLE = Command(
    "people",
    "List people and their access, or change it.",
    "people.listing:list_people",
    (JSON,),
    parts=_PARTS,
)
