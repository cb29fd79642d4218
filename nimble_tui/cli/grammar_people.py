"""The grammar of `people` and its subcommands."""

from nimble_tui.cli.syntax import JSON, YES, Argument, Command

_PERSON = Argument(
    "person",
    "person: name, start of the name, user name, e-mail address or id",
    metavar="PERSON",
    many=True,
)
_ONE_PERSON = Argument(
    "person",
    "person: name, start of the name, user name, e-mail address or id",
    metavar="PERSON",
)
_ON_PROFILE = Argument(
    "--profile",
    "launch profile, by name or id; can be repeated",
    metavar="PROFILE",
    many=True,
)
_PLAN = Argument("--plan", "show the plan without running it")
_SKIP = Argument(
    "--skip",
    "skip a step that cannot succeed, by the name shown when it failed; can be repeated",
    metavar="STEP",
    many=True,
)
_STOP = Argument("--stop", "stop their running workstations first")
_OPERATOR_DONE = Argument("--operator-done", "mark the operator's steps as done")
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
        "Change who is an admin.",
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
        "Onboard people, step by step.",
        "people.plans:run_plans",
        (
            _PERSON,
            _ON_PROFILE,
            Argument("--admin", "also make them admins"),
            _PLAN,
            YES,
            _SKIP,
            _OPERATOR_DONE,
        ),
        {"plan_kind": "onboard"},
    ),
    Command(
        "offboard",
        "Offboard people, step by step; their workstations stay.",
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
        "Show a person's persona on a launch profile, or set it.",
        "people.persona:persona",
        (
            _ONE_PERSON,
            Argument("--profile", "launch profile, by name or id", metavar="PROFILE"),
            Argument(
                "--set",
                "persona to set; without it, the current and the possible ones are shown",
                metavar="PERSONA",
            ),
            JSON,
        ),
    ),
    Command(
        "find",
        "Find users of the studio's DataZone domain, SSO and IAM users apart.",
        "people.user_profiles:find",
        (
            Argument(
                "text",
                "part of a name, a user name, an e-mail address or an ARN",
                metavar="TEXT",
            ),
            Argument("--all", "include people of the directory without a profile in the domain"),
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
                "person: name, start of the name, user name, e-mail address or id, or the ARN of "
                "an IAM user or role",
                metavar="PERSON",
            ),
            Argument("--create", "create a profile if there is none"),
            Argument(
                "--status",
                "status to set: ASSIGNED, NOT_ASSIGNED, ACTIVATED or DEACTIVATED; without it, the "
                "possible ones are shown, with the reason for the others",
                metavar="STATUS",
            ),
            YES,
            JSON,
        ),
    ),
)
PEOPLE = Command(
    "people",
    "List members; change their roles and launch profiles.",
    "people.listing:list_people",
    (JSON,),
    parts=_PARTS,
)
