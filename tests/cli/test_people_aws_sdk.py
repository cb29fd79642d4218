"""Changes of people by command, seen by AWS's own old SDK, and the other way round."""

import json
from pathlib import Path
from typing import Any

import pytest

from nimble_tui.studio.demo import Demo
from nimble_tui.studio.sample.data import INES, RAVI, THEO, ZOFIA
from nimble_tui.studio.sample.facts import DOMAIN_ID
from tests import aws_sdk
from tests.cli.running import Run

pytestmark = pytest.mark.slow


def test_each_sees_the_changes_of_the_other(run: Run, staff: Demo, aws_python: Path) -> None:
    invite = next(one for _, one in staff.others if one.principal_id == INES)

    def told(*words: str) -> Any:
        return json.loads(run("people", *words, "--json", "--studio", "admin").out)

    with aws_sdk.aws_sdk(
        aws_python,
        endpoint_url=staff.endpoint_url,
        key=invite.keys.access_key_id,
        secret=invite.keys.secret_access_key,
    ) as sdk:
        profiles = sdk.call("nimble", "list_launch_profiles", studioId=invite.studio_id)
        comp = next(
            one["launchProfileId"] for one in profiles["launchProfiles"] if one["name"] == "Comp"
        )
        where = {"studioId": invite.studio_id, "launchProfileId": comp, "principalId": THEO}

        def profile(user_id: str) -> Any:
            return sdk.call(
                "datazone", "get_user_profile", domainIdentifier=DOMAIN_ID, userIdentifier=user_id
            )

        run("people", "add", "theo", "--profile", "Comp", "--studio", "admin")
        member = told("persona", "theo", "--profile", "Comp", "--set", "USER")
        assert member == sdk.call("nimble", "get_launch_profile_member", **where)
        changed = sdk.call("nimble", "update_launch_profile_member", **where, persona="USER")
        assert changed == told("persona", "theo", "--profile", "Comp")
        assert told("profile", "zofia", "--create") == profile(ZOFIA)
        for status in ("NOT_ASSIGNED", "ASSIGNED", "DEACTIVATED", "ACTIVATED"):
            set_here = told("profile", "zofia", "--status", status, "--yes")
            assert set_here == profile(ZOFIA)
            assert set_here["status"] == status
        for status in ("ASSIGNED", "NOT_ASSIGNED", "ACTIVATED", "DEACTIVATED"):
            about = {"domainIdentifier": DOMAIN_ID, "userIdentifier": RAVI, "status": status}
            sdk.call("datazone", "update_user_profile", **about)
            assert told("profile", "ravi") == profile(RAVI)
        found = [
            item
            for user_type in ("DATAZONE_SSO_USER", "DATAZONE_IAM_USER")
            for item in sdk.call(
                "datazone",
                "search_user_profiles",
                domainIdentifier=DOMAIN_ID,
                userType=user_type,
                searchText="north",
            )["items"]
        ]
        assert told("find", "north")["items"] == found
