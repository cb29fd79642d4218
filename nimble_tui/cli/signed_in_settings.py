"""The settings of a studio that a person signs in to with an invite."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from nimble_tui.config.settings import Settings, SettingsError, StudioSettings
from nimble_tui.core.service import DEMO, ErrorKind, StudioError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimble_tui.core.invite import Invite
    from nimble_tui.core.model import Studio

# A person's own choices in a studio's settings, which signing in does not change.
_CHOICES = (
    "display_name",
    "read_only",
    "accent",
    "stream_hosts",
    "people_profile",
    "people_region",
)
# The same, but an invite fills in those that are not set.
_FROM_INVITE = ("identity_store_id", "domain_id")
_FILLED = (*_FROM_INVITE, "ca_file")
_PLACE = re.compile(r"^.*?\[studios\.[^\]]*\]:? ")


def draft_of(invite: Invite, name: str) -> StudioSettings:
    """Return an invite as settings; StudioError if it is not valid."""
    from nimble_tui.config.reading import studio_from

    members = {
        "studio_id": invite.studio_id,
        "region": invite.region,
        "principal_id": invite.principal_id,
        "endpoint_url": invite.endpoint_url,
        "display_name": invite.display_name,
    }
    members |= {name: getattr(invite, name) for name in _FROM_INVITE if getattr(invite, name)}
    try:
        return studio_from(name, members)
    except SettingsError as error:
        problems = (_PLACE.sub("Its ", one).replace(": ", " ", 1) for one in error.problems)
        raise StudioError(
            ErrorKind.SETTINGS,
            " ".join(["The invite is not valid.", *problems, "Ask for a new one."]),
        ) from None


@contextmanager
def trusting(invite: Invite, host: str) -> Iterator[str]:
    """Store the authority that an invite brings; yield its file, "" where it brings none.

    Where what is done with it fails, a file that was not there before is removed again.
    """
    from nimble_tui.config.authorities import AuthorityError, store_authority

    if not invite.ca:
        yield ""
        return
    try:
        path, is_new = store_authority(host, invite.ca_pem)
    except AuthorityError as error:
        raise StudioError(ErrorKind.SETTINGS, str(error)) from None
    try:
        yield str(path)
    except BaseException:
        if is_new:
            path.unlink(missing_ok=True)
        raise


def ca_file_of(settings: Settings, draft: StudioSettings) -> str:
    """Return the authority that the settings name for this studio already; "" for none."""
    same = (one for one in settings.studios if one.host == draft.host)
    return next((one.ca_file for one in same if one.studio_id == draft.studio_id), "")


def with_studio(settings: Settings, kept: StudioSettings) -> Settings:
    """Return the settings with a studio as it was signed in to, even if the file differs.

    What is a person's own choice stays.
    """

    def merged(one: StudioSettings) -> StudioSettings:
        if one.name != kept.name:
            return one
        chosen = {choice: getattr(one, choice) for choice in _CHOICES}
        filled = {name: getattr(one, name) or getattr(kept, name) for name in _FILLED}
        return replace(kept, **chosen, **filled)

    return replace(settings, studios=tuple(merged(one) for one in settings.studios))


def name_for(draft: StudioSettings, studio: Studio, settings: Settings) -> str:
    """Return a name for a studio: its present one, else a new one."""
    who = (draft.studio_id, draft.principal_id)
    for known in settings.studios:
        if (known.studio_id, known.principal_id) == who:
            return known.name
    own = studio.studio_name or studio.display_name or ""
    base = re.sub(r"[^a-z0-9]+", "-", own.lower()).strip("-")[:28].strip("-")
    base = base if base and base != DEMO else "studio"
    taken = {known.name for known in settings.studios}
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return next(name for name in (base, *numbered) if name not in taken)
