"""The Nimble Studio API for botocore and boto3: loader and sessions."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from botocore.loaders import Loader
from botocore.session import Session as BotocoreSession

if TYPE_CHECKING:
    import boto3

SERVICE: Final = "nimble"
API_VERSION: Final = "2020-08-01"
DATA: Final = Path(__file__).parent / "data"

# What endpoint look-up needs for a service named in no list: a host pattern and any region.
_ENDPOINTS: Final[dict[str, Any]] = {
    "version": 3,
    "partitions": [
        {
            "partition": "aws",
            "dnsSuffix": "amazonaws.com",
            "regionRegex": r"^[a-z]+(-[a-z]+)+-\d+$",
            "defaults": {
                "hostname": "{service}.{region}.{dnsSuffix}",
                "protocols": ["https"],
                "signatureVersions": ["v4"],
            },
            "regions": {},
            "services": {},
        }
    ],
}


class NimbleLoader(Loader):
    """A loader that knows the Nimble Studio API alone, and so need not list all of AWS."""

    def __init__(self) -> None:
        paths = [str(DATA), self.BUILTIN_DATA_PATH]
        super().__init__(extra_search_paths=paths, include_default_search_paths=False)

    def list_available_services(self, type_name: str) -> list[str]:
        """Return the one service where it has a file of this type, such as `waiters-2`."""
        known = (DATA / SERVICE / API_VERSION / f"{type_name}.json").is_file()
        return [SERVICE] if known else []

    def load_data_with_path(self, name: str) -> tuple[dict[str, Any], str]:
        """Return the data called `name` and the file it is from."""
        if name == "endpoints":
            return _ENDPOINTS, str(DATA)
        return super().load_data_with_path(name)


def register(session: "boto3.Session | BotocoreSession") -> None:
    """Make `session.client("nimble")` work, paginators and waiters included.

    Takes a boto3 session, or the botocore session that one can be built on. Other services stay
    as they were. Clients that the session made before are not touched.
    """
    # boto3 offers no other access to its botocore session.
    core = session if isinstance(session, BotocoreSession) else session._session  # noqa: SLF001
    known: Loader = core.get_component("data_loader")
    if str(DATA) in known.search_paths:
        return
    # A loader remembers the services it once listed, so the session gets a new one.
    paths = [str(DATA), *known.search_paths]
    loader = Loader(extra_search_paths=paths, include_default_search_paths=False)
    core.register_component("data_loader", loader)


def new_botocore_session(profile: str | None = None) -> BotocoreSession:
    """Return a session that knows the service, quick to make a client with.

    Without `profile` it reads neither `~/.aws` nor `AWS_PROFILE`, and knows no other service.
    With it, it is an ordinary session of that AWS profile, which may need other services to
    sign in; a profile that does not exist raises `botocore.exceptions.ProfileNotFound` once the
    session is used.
    """
    if profile is not None:
        session = BotocoreSession(profile=profile)
        register(session)
        return session
    session = BotocoreSession(
        session_vars={
            "profile": (None, None, None, None),
            "config_file": (None, None, os.devnull, None),
            "credentials_file": (None, None, os.devnull, None),
        }
    )
    session.register_component("data_loader", NimbleLoader())
    return session
