"""Members as calls name them, and as lists hold them."""

from pathlib import Path
from typing import Any

import botocore.session
from botocore.config import Config

from nimble_tui.api.loader import DATA
from nimble_tui.studio.sample.facts import IDENTITY_STORE_ID, REGION
from tests.studio.world import PAT, STUDIO_ID, World

STUDIO = {"studioId": STUDIO_ID}
IN_STORE = {**STUDIO, "identityStoreId": IDENTITY_STORE_ID}
Member = dict[str, Any]


def admins(*principal_ids: str) -> list[Member]:
    return [{"persona": "ADMINISTRATOR", "principalId": one} for one in principal_ids]


def users(*principal_ids: str) -> list[Member]:
    return [{"persona": "USER", "principalId": one} for one in principal_ids]


def listed(client: Any, launch_profile_id: str | None = None, **options: Any) -> list[list[str]]:
    """Return the principal ids of members, page by page."""
    name, where = "list_studio_members", STUDIO
    if launch_profile_id:
        name, where = (
            "list_launch_profile_members",
            {**STUDIO, "launchProfileId": launch_profile_id},
        )
    pages = client.get_paginator(name).paginate(**where, **options)
    return [[one["principalId"] for one in page["members"]] for page in pages]


def unchecked_operator(world: World, data: Path = DATA) -> Any:
    """Return a client of the operator's that checks nothing before it sends it.

    `data` is where its model of the service is.
    """
    operator = next(one for one in world.studio.people() if one.principal_id == PAT)
    core: Any = botocore.session.Session()
    core.get_component("data_loader").search_paths.insert(0, str(data))
    return core.create_client(
        "nimble",
        region_name=REGION,
        endpoint_url=world.url,
        aws_access_key_id=operator.access_key_id,
        aws_secret_access_key=operator.secret_access_key,
        config=Config(parameter_validation=False, retries={"total_max_attempts": 1}),
    )
