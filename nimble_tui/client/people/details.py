"""DataZone's answers made fit for botocore, which takes one odd union for a broken answer.

Source: the DataZone API reference, UserProfileDetails: a union, of which one member is set.
"""

import json

from nimble_tui.client.people.words import USER_PROFILES

_DETAILS = "details"
_OF_BOTOCORE = "__type"


def fit(body: bytes, operation: str) -> bytes:
    """Return the body of a reply that was checked, without details that cannot be.

    What stands in the place of a profile and is none becomes null, which lists pass over.
    """
    if operation not in USER_PROFILES:
        return body
    values = json.loads(body)
    changed = False
    if operation == "SearchUserProfiles":
        profiles = values["items"]
        for at, one in enumerate(profiles):
            if one is not None and not isinstance(one, dict):
                profiles[at] = None
                changed = True
    else:
        profiles = [values]
    for one in profiles:
        if one is not None and not _is_union(one.get(_DETAILS)):
            del one[_DETAILS]
            changed = True
    return json.dumps(values).encode() if changed else body


def _is_union(value: object) -> bool:
    if value is None:
        return True
    if not isinstance(value, dict):
        return False
    members = [one for name, one in value.items() if name != _OF_BOTOCORE and one is not None]
    return len(members) == 1 and isinstance(members[0], dict)
