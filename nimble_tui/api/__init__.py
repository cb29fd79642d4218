"""The Amazon Nimble Studio API, version 2020-08-01, as data that botocore and boto3 understand."""

import json
from functools import cache

from botocore.model import ServiceModel

from nimble_tui.api.loader import (
    API_VERSION,
    DATA,
    SERVICE,
    NimbleLoader,
    new_botocore_session,
    register,
)

__all__ = [
    "API_VERSION",
    "SERVICE",
    "NimbleLoader",
    "new_botocore_session",
    "register",
    "service_model",
]


@cache
def service_model() -> ServiceModel:
    """Return the API's operations and shapes, read once."""
    text = (DATA / SERVICE / API_VERSION / "service-2.json").read_text(encoding="utf-8")
    return ServiceModel(json.loads(text), SERVICE)
