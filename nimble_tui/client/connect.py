"""Opens API clients: signed requests over a transport that reaches one endpoint only."""

import os
from dataclasses import dataclass, field, replace
from typing import Any

from nimble_tui.client.api_client import ApiClient
from nimble_tui.client.aws_profile import AwsProfile
from nimble_tui.client.call_log import CallLog
from nimble_tui.client.certificates import Authorities, named_authorities
from nimble_tui.client.deadlines import CallRunner
from nimble_tui.client.endpoint import Endpoint
from nimble_tui.client.errors import Peer, unusable
from nimble_tui.client.session import new_client
from nimble_tui.client.transport import Limits, Transport
from nimble_tui.core.clock import Clock
from nimble_tui.core.keys import Keys
from nimble_tui.core.service import ErrorKind, StudioError


@dataclass(frozen=True, slots=True)
class Signer:
    """The credentials that sign requests: keys, or else an AWS profile."""

    keys: Keys | None = field(default=None, repr=False)
    profile: AwsProfile | None = None


@dataclass(frozen=True, slots=True)
class ClientOptions:
    """Options of all API clients of a studio; `authority` is for the studio's own address only."""

    read_only: bool
    limits: Limits
    clock: Clock
    log: CallLog
    authority: Authorities | None = None


def open_api_client(
    service: str, region: str, endpoint_url: str | None, signer: Signer, options: ClientOptions
) -> ApiClient:
    """Return the API client of a service at an endpoint (None: AWS's own); sends no request.

    Raises StudioError: SETTINGS when the address, a proxy or the profile cannot be used,
    NOT_SIGNED_IN when there is nothing to sign with.
    """
    own = options.authority if endpoint_url is not None else None
    if endpoint_url is not None:
        endpoint_url = Endpoint.parse(endpoint_url).url
    keys, profile = signer.keys, None if signer.keys else signer.profile
    if keys is None and profile is None:
        raise StudioError(ErrorKind.NOT_SIGNED_IN, "No access keys for this studio; sign in first.")
    there = profile.peer if profile else Peer("the settings")

    def sign_in() -> Any:
        try:
            if profile is not None:
                profile.need_keys()
            return new_client(service, region, endpoint_url, keys, profile)
        except Exception as error:  # noqa: BLE001 - an AWS config can break botocore in any way
            raise unusable(error, there) from None

    if profile is None:
        client = sign_in()
    else:
        # It may ask a program or a server for keys.
        runner = CallRunner(there, options.clock)
        client = profile.with_answers(lambda: runner.run(sign_in, options.limits.sign_in))
    endpoint = Endpoint.parse(client.meta.endpoint_url)
    proxy = endpoint.proxy()
    authorities = named_authorities(os.environ)
    peer = replace(
        there,
        host=endpoint.host,
        proxy=proxy.setting if proxy else None,
        authorities=own or authorities,
    )
    transport = Transport(endpoint, proxy, options.limits, authorities, own)
    return ApiClient(
        client,
        transport,
        peer,
        profile,
        read_only=options.read_only,
        limits=options.limits,
        clock=options.clock,
        log=options.log,
    )
