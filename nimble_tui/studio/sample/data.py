"""The contents of the sample studio, from `data.json`, which uses the API's member names.

There, an age is how long ago something was, and everything is named by a short name of its own.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from importlib.resources import files
from typing import Any, Final

DATA: Final[dict[str, Any]] = json.loads(files(__package__).joinpath("data.json").read_bytes())

ACCOUNT: Final[str] = DATA["account"]
PRINCIPAL_IDS: Final[Mapping[str, str]] = {
    name: one["principalId"] for name, one in DATA["people"].items()
}
MARA, THEO, AIKO, SAMIR, INES, PAT, NOOR, CALLUM, BRUNO, LENA, RAVI, ZOFIA = PRINCIPAL_IDS.values()
GONE: Final[str] = DATA["unknownMember"]
"""A member of a launch profile who is no longer in any directory."""


def age(value: Mapping[str, int]) -> timedelta:
    """Return an age, such as 3 hours and 12 minutes."""
    return timedelta(**value)


def principal_id(name: str) -> str:
    """Return the id of a person by their short name, also of the one who is unknown."""
    return GONE if name == "gone" else PRINCIPAL_IDS[name]
