"""The words of `people` and of the commands below it."""

from nimble_tui.cli.syntax import JSON, YES, Argument, Command

_PERSON = Argument(
    "person",
    "whom: their name, the beginning of it, their user name, e-mail address or id",
    metavar="PERSON",
    many=True,
)
_ONE_PERSON = Argument(
    "person",
    "whom: their name, the beginning of it, their user name, e-mail address or id",
    metavar="PERSON",
)
_ON_PROFILE = Argument(
    "--profile",
    "a launch profile, by name or id; may be given more than once",
    metavar="PROFILE",
    many=True,
)
_PLAN = Argument("--plan", "only show the plan")
_SKIP = Argument(
    "--skip",
    "leave a step out that cannot succeed, as named when it failed; may be given more than once",
    metavar="STEP",
    many=True,
)
_STOP = Argument("--stop", "stop their running workstations first")
_OPERATOR_DONE = Argument("--operator-done", "the operator has done what the plan leaves to them")
_PARTS = (
    Command(
        "add",
        "Put people on launch profiles.",
        "people.changes:change",
        (_PERSON, _ON_PROFILE),
        {"change": "add"},
    ),
    Command(
        "remove",
        "Take people off launch profiles.",
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
                "Take people's admin rights away.",
                "people.changes:change",
                (_PERSON, YES),
                {"change": "demote"},
            ),
        ),
    ),
    Command(
        "onboard",
        "Let people into the studio, step by step.",
        "people.plans:run_plans",
        (
            _PERSON,
            _ON_PROFILE,
            Argument("--admin", "make them admins too"),
            _PLAN,
            YES,
            _SKIP,
            _OPERATOR_DONE,
        ),
        {"plan_kind": "onboard"},
    ),
    Command(
        "offboard",
        "Take people out of the studio, step by step; their workstations stay.",
        "people.plans:run_plans",
        (_PERSON, _STOP, _PLAN, YES, _SKIP, _OPERATOR_DONE),
        {"plan_kind": "offboard"},
    ),
    Command(
        "activate",
        "Let people use the studio's DataZone domain.",
        "people.changes:change",
        (_PERSON,),
        {"change": "activate"},
    ),
    Command(
        "deactivate",
        "Let people use the studio's DataZone domain no more.",
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
            Argument("--profile", "the launch profile, by name or id", metavar="PROFILE"),
            Argument(
                "--set",
                "set this persona, one of those that the API has; without it, they are shown",
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
            Argument("--all", "people of the directory too who have no profile in the domain"),
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
                "whom: their name, the beginning of it, their user name, e-mail address or id; or "
                "the ARN of an IAM user or role",
                metavar="PERSON",
            ),
            Argument("--create", "create a profile where they have none"),
            Argument(
                "--status",
                "set ASSIGNED, NOT_ASSIGNED, ACTIVATED or DEACTIVATED; without it, which of them "
                "can follow is shown, and why the others cannot",
                metavar="STATUS",
            ),
            YES,
            JSON,
        ),
    ),
)
PEOPLE = Command(
    "people",
    "List who is in the studio; change who may do what.",
    "people.listing:list_people",
    (JSON,),
    parts=_PARTS,
)
