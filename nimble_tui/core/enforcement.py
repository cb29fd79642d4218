"""The party that enforces a workstation's deadline, as a studio says it in a statusMessage.

The API has no member for it; a studio that says nothing enforces its deadlines itself.
"""

import re
from typing import Final

_SAID: Final = re.compile(r" ?Its deadline is enforced (by [a-z ]{1,40})\.")


def with_enforcement(message: str, by: str) -> str:
    """Return a status message that says who enforces the deadline, where `by` is not ""."""
    plain = _SAID.sub("", message).strip()
    return f"{plain} Its deadline is enforced {by}.".strip() if by else plain


def enforced_by(message: str | None) -> str:
    """Return who enforces the deadline, as in "by the workstation itself"; "" if it is not said."""
    said = _SAID.search((message or "")[-400:])
    return said[1] if said else ""
