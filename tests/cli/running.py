"""The command line, run by a test."""

from collections.abc import Callable
from dataclasses import dataclass

from nimble_tui.config.settings import StudioSettings
from nimble_tui.core.invite import Invite


@dataclass(frozen=True)
class Ran:
    """What a command left: its exit code, stdout and stderr."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


def settings_of(invite: Invite, name: str = "north") -> StudioSettings:
    """Return what the settings say of a studio after signing in with an invite."""
    return StudioSettings(
        name=name,
        studio_id=invite.studio_id,
        region=invite.region,
        principal_id=invite.principal_id,
        endpoint_url=invite.endpoint_url,
        display_name=invite.display_name,
    )
