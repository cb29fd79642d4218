"""The Amazon Nimble Studio API, version 2020-08-01, as data that botocore and boto3 understand."""

import json
from functools import cache

from botocore.loaders import Loader
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
    "aws_service_model",
    "new_botocore_session",
    "register",
    "service_model",
]


@cache
def service_model() -> ServiceModel:
    """Return the API's operations and shapes, read once."""
    text = (DATA / SERVICE / API_VERSION / "service-2.json").read_text(encoding="utf-8")
    return ServiceModel(json.loads(text), SERVICE)


def aws_service_model(service: str) -> ServiceModel:
    """Return botocore's own model of another service of AWS's."""
    paths = [Loader.BUILTIN_DATA_PATH]
    loader = Loader(extra_search_paths=paths, include_default_search_paths=False)
    return ServiceModel(loader.load_service_model(service, "service-2"), service)
