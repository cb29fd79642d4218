"""The rules for tags, as everywhere in AWS."""

from collections.abc import Mapping
from typing import Final

from nimble_tui.studio.http.errors import validation

MOST: Final = 50
LONGEST_KEY: Final = 128
LONGEST_VALUE: Final = 256


def check_tags(tags: Mapping[str, str]) -> None:
    """Refuse what is too much, too long, without a name, or AWS's own."""
    problem = None
    if len(tags) > MOST:
        problem = f"There can be at most {MOST} tags."
    elif any(not 1 <= len(key) <= LONGEST_KEY for key in tags):
        problem = f"A tag's key must have 1 to {LONGEST_KEY} characters."
    elif any(len(value) > LONGEST_VALUE for value in tags.values()):
        problem = f"A tag's value can have at most {LONGEST_VALUE} characters."
    elif any(key.lower().startswith("aws:") for key in tags):
        problem = "Tags that begin with aws: are reserved."
    if problem:
        raise validation(problem, "INVALID_TAGS", {"tags": problem})
