"""The settings of the people of a studio; quick to import."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PeopleSettings:
    """The settings of the directory of people; "" where a setting is missing.

    `aws_profile` signs at AWS's own Identity Store and DataZone; without it the studio's own
    endpoint is asked. `region` is theirs where it is not the studio's.
    """

    identity_store_id: str = ""
    domain_id: str = ""
    aws_profile: str = ""
    region: str = ""
