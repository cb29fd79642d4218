"""The grammar of `people` and its subcommands."""

from nimble_tui.cli.syntax import JSON, YES, Command, Word

_PERSON = Word(
    "person",
    "person: name, start of the name, user name, e-mail address or id",
    metavar="PERSON",
    many=True,
)
_ONE_PERSON = Word(
    "person",
    "person: name, start of the name, user name, e-mail address or id",
    metavar="PERSON",
)
_ON_PROFILE = Word(
    "--profile",
    "launch profile, by name or id; can be repeated",
    metavar="PROFILE",
    many=True,
)
_PLAN = Word("--plan", "show the plan without running it")
_SKIP = Word(
    "--skip",
    "skip a step that cannot succeed, by the name shown when it failed; can be repeated",
    metavar="STEP",
    many=True,
)
_STOP = Word("--stop", "stop their running workstations first")
_OPERATOR_DONE = Word("--operator-done", "mark the operator's steps as done")
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
            Word("--admin", "also make them admins"),
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
            Word("--profile", "launch profile, by name or id", metavar="PROFILE"),
            Word(
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
            Word(
                "text",
                "part of a name, a user name, an e-mail address or an ARN",
                metavar="TEXT",
            ),
            Word("--all", "include people of the directory without a profile in the domain"),
            JSON,
        ),
    ),
    Command(
        "profile",
        "Show a person's DataZone profile, create it, or set its status.",
        "people.user_profiles:profile",
        (
            Word(
                "person",
                "person: name, start of the name, user name, e-mail address or id, or the ARN of "
                "an IAM user or role",
                metavar="PERSON",
            ),
            Word("--create", "create a profile if there is none"),
            Word(
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
