"""A way to a service: a client that signs, over a transport that reaches one endpoint alone."""

from dataclasses import dataclass, field
from typing import Any

from nimble_tui.client.calls import Calls
from nimble_tui.client.endpoint import Endpoint
from nimble_tui.client.faults import Peer, unusable
from nimble_tui.client.session import new_client
from nimble_tui.client.transport import Limits, Transport
from nimble_tui.client.wire import Wire
from nimble_tui.core.clock import Clock
from nimble_tui.core.keys import Keys
from nimble_tui.core.service import ErrorKind, StudioError


@dataclass(frozen=True, slots=True)
class Signer:
    """What signs requests: keys, or the AWS profile that a setting names."""

    keys: Keys | None = field(default=None, repr=False)
    aws_profile: str | None = None
    setting: str = "credentials"


@dataclass(frozen=True, slots=True)
class Manner:
    """How services are asked."""

    read_only: bool
    limits: Limits
    clock: Clock


def open_wire(
    service: str, region: str, endpoint_url: str | None, signer: Signer, manner: Manner
) -> Wire:
    """Return the wire to a service at an endpoint, None being AWS's own; asks nothing of it yet.

    Raises StudioError: SETTINGS when the address, a proxy or the profile cannot be used,
    NOT_SIGNED_IN when there is nothing to sign with.
    """
    if endpoint_url is not None:
        endpoint_url = Endpoint.parse(endpoint_url).url
    keys, aws_profile = signer.keys, None if signer.keys else signer.aws_profile
    if keys is None and aws_profile is None:
        raise StudioError(
            ErrorKind.NOT_SIGNED_IN, "There are no keys for this studio; sign in first."
        )
    there = Peer(f"AWS profile {aws_profile}", None, aws_profile, signer.setting)

    def sign_in() -> Any:
        try:
            return new_client(service, region, endpoint_url, keys, aws_profile)
        except Exception as error:  # noqa: BLE001 - an AWS config can break botocore in any way
            raise unusable(error, there) from None

    # An AWS profile may ask a program or a server for keys.
    client = sign_in() if keys else Calls(there, manner.clock).run(sign_in, manner.limits.sign_in)
    endpoint = Endpoint.parse(client.meta.endpoint_url)
    proxy = endpoint.proxy()
    peer = Peer(endpoint.host, proxy.setting if proxy else None, aws_profile, signer.setting)
    transport = Transport(endpoint, proxy, manner.limits)
    return Wire(
        client,
        transport,
        peer,
        read_only=manner.read_only,
        limits=manner.limits,
        clock=manner.clock,
    )
