"""A studio to keep things for."""

import pytest

from nimble_tui.config.settings import StudioSettings


@pytest.fixture
def studio() -> StudioSettings:
    return StudioSettings(
        name="northwind",
        studio_id="us-west-2:stid-4xw7mqpd2nkf6yzb",
        region="us-west-2",
        principal_id="92677b4b19-0c2d5a1e-7f36-4b8a-9d41-5e6f70a1b2c3",
        endpoint_url="https://nimble.northwind.example",
        display_name="Mara Vos",
    )
