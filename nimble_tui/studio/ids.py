"""New ids of the forms that the API knows, and the ARNs made of them."""

import base64
import random
import re
from collections.abc import Callable
from typing import Final

from nimble_tui.studio.store.records import Kind

# Letters and digits that are not mistaken for each other, read out or typed.
PLAIN: Final = "23456789abcdefghjkmnpqrstuvwxyz"
_TRIES: Final = 64
_ARN: Final = re.compile(r"arn:aws:nimble:[a-z0-9-]+:\d{12}:([a-z-]+)/(.+)")


def new_id(chance: random.Random) -> str:
    """Return an id for a launch profile, a streaming image or a studio component.

    Source: the AWS API reference, LaunchProfileId: at most 22 of letters, digits, `-` and `_`. It
    begins with neither of the last two: on a command line it would look like an option.
    """
    while True:
        text = base64.urlsafe_b64encode(chance.randbytes(16)).decode().rstrip("=")
        if text[0].isalnum():
            return text


def new_session_id(chance: random.Random, taken: Callable[[str], bool]) -> str:
    """Return an id for a streaming session, with exactly one dot.

    Its last four characters are what people call it by, so they are plain ones that `taken` does
    not know yet, as long as there are any.
    """
    for _ in range(_TRIES):
        ending = "".join(chance.choices(PLAIN, k=4))
        if not taken(ending):
            break
    return f"{new_id(chance)}.{''.join(chance.choices(PLAIN, k=12))}{ending}"


def arn(region: str, account: str, kind: Kind, resource_id: str) -> str:
    """Return the ARN of a resource; a studio's id already begins with its region."""
    plain_id = resource_id.removeprefix(f"{region}:")
    return f"arn:aws:nimble:{region}:{account}:{kind}/{plain_id}"


def parse_arn(text: str) -> tuple[Kind, str] | None:
    """Return the kind and the id at the end of an ARN, or None where it is none of ours."""
    found = _ARN.fullmatch(text)
    if found is None or found[1] not in set(Kind):
        return None
    return Kind(found[1]), found[2]
