"""A way to a service: a client that signs, over a transport that reaches one endpoint alone."""

from typing import Any

from nimble_tui.client.calls import Calls
from nimble_tui.client.endpoint import Endpoint
from nimble_tui.client.faults import Peer, unusable
from nimble_tui.client.session import new_client_of
from nimble_tui.client.transport import Limits, Transport
from nimble_tui.client.wire import Wire
from nimble_tui.core.clock import Clock
from nimble_tui.core.keys import Keys


def open_wire(
    service: str,
    region: str,
    endpoint_url: str | None,
    *,
    keys: Keys | None,
    aws_profile: str | None,
    profile_setting: str = "credentials",
    read_only: bool,
    limits: Limits,
    clock: Clock,
) -> Wire:
    """Return the wire to a service at an endpoint, None being AWS's own; asks nothing of it yet.

    `keys` sign, or else the AWS profile of that name does, which `profile_setting` names. Raises
    StudioError: SETTINGS when the address, a proxy or the profile cannot be used, NOT_SIGNED_IN
    when the profile gives no keys.
    """
    if endpoint_url is not None:
        Endpoint.parse(endpoint_url)
    signer = Peer(
        f"AWS profile {aws_profile}",
        aws_profile=None if keys else aws_profile,
        profile_setting=profile_setting,
    )

    def sign_in() -> Any:
        try:
            return new_client_of(service, region, endpoint_url, keys, aws_profile)
        except Exception as error:  # noqa: BLE001 - an AWS config can break botocore in any way
            raise unusable(error, signer) from None

    # An AWS profile may ask a program or a server for keys.
    client = sign_in() if keys else Calls(signer, clock).run(sign_in, limits.sign_in)
    endpoint = Endpoint.parse(client.meta.endpoint_url)
    proxy = endpoint.proxy()
    peer = Peer(
        endpoint.host,
        proxy.setting if proxy else None,
        signer.aws_profile,
        profile_setting,
    )
    transport = Transport(endpoint, proxy, limits)
    return Wire(client, transport, peer, read_only=read_only, limits=limits, clock=clock)
