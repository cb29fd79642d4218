"""Members, identities and user profiles read from replies, believing nothing.

As with everything that is read: what has no id raises ValueError.
"""

from nimble_tui.core import fields
from nimble_tui.core.people.model import Identity, Member, UserProfile
from nimble_tui.core.text import clean

# What botocore puts in place of a union's member that its model does not know.
_UNKNOWN = "SDK_UNKNOWN_MEMBER"


def read_member(value: object) -> Member:
    """Read a StudioMembership or a LaunchProfileMembership; ValueError without a principalId."""
    m = fields.structure(value)
    return Member(
        principal_id=fields.an_id(m, "principalId"),
        identity_store_id=fields.raw(m, "identityStoreId"),
        persona=fields.text(m, "persona"),
        sid=fields.text(m, "sid"),
    )


def read_identity(value: object) -> Identity:
    """Read a User of an identity store; ValueError without a UserId."""
    m = fields.structure(value)
    name = fields.inner(m, "Name")
    parts = (fields.text(name, "GivenName"), fields.text(name, "FamilyName"))
    whole = " ".join(one for one in parts if one)
    return Identity(
        principal_id=fields.an_id(m, "UserId"),
        name=fields.text(m, "DisplayName") or fields.text(name, "Formatted") or whole or None,
        user_name=fields.text(m, "UserName"),
        email=_email(m),
    )


def read_user_profile(value: object) -> UserProfile:
    """Read a user profile of DataZone; ValueError without an id."""
    m = fields.structure(value)
    details = fields.inner(m, "details")
    sso, iam = fields.inner(details, "sso"), fields.inner(details, "iam")
    parts = (fields.text(sso, "firstName"), fields.text(sso, "lastName"))
    arn = fields.text(iam, "arn")
    return UserProfile(
        user_id=fields.an_id(m, "id"),
        domain_id=fields.raw(m, "domainId"),
        type=fields.text(m, "type"),
        status=fields.text(m, "status"),
        kind=_kind(details),
        name=" ".join(one for one in parts if one) or (arn and arn.rpartition("/")[2]) or None,
        user_name=fields.text(sso, "username"),
        arn=arn,
        principal_id=fields.raw(iam, "principalId"),
    )


def _email(m: fields.Members) -> str | None:
    mails = [one for one in fields.entries(m, "Emails") if isinstance(one, dict)]
    mails.sort(key=lambda one: one.get("Primary") is not True)
    return next((mail for one in mails if (mail := fields.text(one, "Value"))), None)


def _kind(details: fields.Members) -> str | None:
    unknown = fields.inner(details, _UNKNOWN).get("name")
    named = unknown if isinstance(unknown, str) else next(iter(details), None)
    return clean(named) if isinstance(named, str) else None
