"""The services that the studio answers for, by the name that a request is signed for."""

from functools import cache
from typing import Final

from nimble_tui.api import SERVICE, aws_service_model, service_model
from nimble_tui.studio.http.codec import Codec, RestJson
from nimble_tui.studio.http.json11 import Json11

IDENTITY_STORE: Final = "identitystore"
DATAZONE: Final = "datazone"
SERVICES: Final = (SERVICE, IDENTITY_STORE, DATAZONE)
"""The signing names of the services; their models but the studio's own are read on first use."""

_OF_IDENTITY_STORE: Final = ("ListUsers", "DescribeUser")
_OF_DATAZONE: Final = (
    "GetUserProfile",
    "SearchUserProfiles",
    "CreateUserProfile",
    "UpdateUserProfile",
)


def codec_of(service: str) -> Codec:
    """Return what speaks a service's protocol; that of the studio's own for any other name."""
    return _codec(service if service in SERVICES else SERVICE)


@cache
def _codec(service: str) -> Codec:
    if service == IDENTITY_STORE:
        return Json11(aws_service_model(service), _OF_IDENTITY_STORE)
    if service == DATAZONE:
        return RestJson(aws_service_model(service), _OF_DATAZONE)
    return RestJson(service_model())
