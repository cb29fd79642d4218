"""The settings as the rest of the app sees them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from nimble_tui.core.cadence import Intervals
from nimble_tui.core.endpoints import endpoint_host
from nimble_tui.core.people.settings import PeopleSettings
from nimble_tui.core.prices import Prices
from nimble_tui.core.service import StudioInfo

KEYRING = "keyring"
THEMES: Mapping[str, str] = MappingProxyType(
    {"dark": "nimble-dark", "light": "nimble-light", "high-contrast": "nimble-high-contrast"}
)
NOTIFY = ("off", "osc9", "osc99", "osc777")
NO_KEYS: Mapping[str, str] = MappingProxyType({})


class SettingsError(Exception):
    """The settings cannot be used; each problem is one sentence that says where it is."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class StudioSettings:
    """One `[studios.NAME]` table.

    `credentials` is `keyring` or the name of an AWS profile; `display_name` the person's own
    name as shown; `accent` a colour as `#rrggbb`. `ca_file` names the file of the
    authority that vouches for the studio's address, where that is no public one. The four before it
    say where people are looked up.
    """

    name: str
    studio_id: str
    region: str
    principal_id: str
    endpoint_url: str
    display_name: str = ""
    credentials: str = KEYRING
    read_only: bool = False
    accent: str | None = None
    stream_hosts: tuple[str, ...] = ()
    identity_store_id: str = ""
    domain_id: str = ""
    people_profile: str = ""
    people_region: str = ""
    ca_file: str = ""

    @property
    def people(self) -> PeopleSettings:
        """The source of people's names and DataZone profiles."""
        return PeopleSettings(
            self.identity_store_id, self.domain_id, self.people_profile, self.people_region
        )

    @property
    def host(self) -> str:
        """Its endpoint, the only place that its keys are sent to."""
        return endpoint_host(self.endpoint_url)

    @property
    def aws_profile(self) -> str | None:
        """The AWS profile that signs for it; None when the keyring does."""
        return None if self.credentials == KEYRING else self.credentials

    @property
    def info(self) -> StudioInfo:
        """Its facts for the screens, without a request."""
        return StudioInfo(
            name=self.name,
            studio_id=self.studio_id,
            region=self.region,
            principal_id=self.principal_id,
            display_name=self.display_name,
            host=self.host,
            read_only=self.read_only,
            accent=self.accent,
            stream_hosts=self.stream_hosts,
            aws_profile=self.aws_profile or "",
        )


@dataclass(frozen=True, slots=True)
class Settings:
    """All of config.toml.

    `keys` maps an action's id to its keys where those were changed, several set apart by commas,
    the way Textual's keymap takes them. `notify` is how the terminal notifies of deadlines:
    `off`, `osc9`, `osc99` or `osc777`; `log` the file that calls are logged to, empty for none.
    Without `mouse` the terminal has the mouse for itself.
    """

    theme: str = THEMES["dark"]
    refresh: Intervals = field(default_factory=Intervals)
    keys: Mapping[str, str] = field(default_factory=lambda: NO_KEYS, hash=False)
    studios: tuple[StudioSettings, ...] = ()
    notify: str = "off"
    log: str = ""
    mouse: bool = True
    prices: Prices = field(default_factory=Prices)

    def studio(self, name: str) -> StudioSettings | None:
        """Return the studio of that name."""
        return next((one for one in self.studios if one.name == name), None)
