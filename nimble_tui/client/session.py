"""boto3 clients for one studio, independent of the environment."""

import logging
import re
import threading
from contextlib import nullcontext
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES
from botocore.loaders import Loader

from nimble_tui.api import SERVICE, new_botocore_session
from nimble_tui.client.aws_profile import AwsProfile
from nimble_tui.client.errors import CallError
from nimble_tui.client.parsing import ReplyParsers
from nimble_tui.core.keys import Keys
from nimble_tui.core.service import ErrorKind

if TYPE_CHECKING:
    from botocore.session import Session

# The published types do not know all of them.
_OPTIONS: Any = {
    # Each try is ours to make: only the call knows how much time it has left, whether a resend is
    # safe and how long the studio asked to wait.
    "retries": {"mode": "standard", "total_max_attempts": 1},
    # A proxy is the transport's business.
    "proxies": {},
    # Keys go to the address of the settings, or to AWS, regardless of the environment.
    "ignore_configured_endpoint_urls": True,
    "user_agent_extra": "nimble-tui",
}
_CONFIG = Config(**_OPTIONS)
# Clients may be used in any thread, but a shared session makes them one by one.
_ONE_AT_A_TIME = threading.Lock()


def new_client(
    service: str,
    region: str,
    endpoint_url: str | None,
    keys: Keys | None,
    profile: AwsProfile | None,
) -> Any:
    """Return a boto3 client of a service for one endpoint; None means AWS's own.

    With `keys`, neither `~/.aws` nor an AWS variable of the environment is read; otherwise the AWS
    profile signs, and has no other say in how a studio is asked. Raises CallError for a region or
    keys that cannot be any, else what botocore raises.
    """
    if not re.fullmatch(r"[A-Za-z0-9-]{1,63}", region):
        raise CallError(
            ErrorKind.SETTINGS,
            "The studio's region is not a region such as us-west-2; correct it in the settings.",
        )
    if keys and not all(_can_be_a_key(one) for one in (keys.access_key_id, keys.secret_access_key)):
        raise CallError(
            ErrorKind.NOT_SIGNED_IN, "The keys of this studio are damaged; sign in again."
        )
    session: Any = _own_session(service) if profile is None else _session(service, profile)
    # A session of a profile is no other client's, and may wait for what gives it keys.
    with _ONE_AT_A_TIME if profile is None else nullcontext():
        client = session.client(
            service,
            region_name=region,
            endpoint_url=endpoint_url,
            aws_access_key_id=keys.access_key_id if keys else None,
            aws_secret_access_key=keys.secret_access_key if keys else None,
            config=_CONFIG,
            verify=True,
        )
    _keep_requests_out_of_logs()
    return client


@cache
def _own_session(service: str) -> boto3.Session:
    """Return the shared session for clients with keys, which is slow to create."""
    return _session(service, None)


def _session(service: str, profile: AwsProfile | None) -> boto3.Session:
    if profile is not None and service != SERVICE:
        core = new_botocore_session(profile.name)
    else:
        # A session that knows all of AWS, as a profile's own does, takes its time to make a client.
        core = new_botocore_session()
        _leave_out_environment(core)
        if service != SERVICE:
            core.register_component("data_loader", _aws_loader())
    if profile is not None:
        profile.sign_for(core)
    core.register_component("response_parser_factory", ReplyParsers())
    return boto3.Session(botocore_session=core)


@cache
def _aws_loader() -> Loader:
    """Return the loader of botocore's own models alone, which are read once and then shared."""
    paths = [Loader.BUILTIN_DATA_PATH]
    return Loader(extra_search_paths=paths, include_default_search_paths=False)


def _can_be_a_key(value: str) -> bool:
    return value.isascii() and value.isprintable() and value != "" and " " not in value


def _leave_out_environment(core: "Session") -> None:
    known = core.get_component("config_store")
    for name, (_, _, default, _) in BOTOCORE_DEFAUT_SESSION_VARIABLES.items():
        if name not in {"profile", "config_file", "credentials_file", "region"}:
            known.set_config_variable(name, default)


class _NoRequests(logging.Filter):
    """Suppresses the libraries' DEBUG messages, which hold signed requests."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno > logging.DEBUG


_NO_REQUESTS = _NoRequests()


def _keep_requests_out_of_logs() -> None:
    # A logger's filter does not see the messages of its children, so each logger gets it.
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in {"boto3", "botocore", "urllib3"}:
            logging.getLogger(name).addFilter(_NO_REQUESTS)
