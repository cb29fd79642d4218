"""Changes of people by key, seen by AWS's own old SDK, and the other way round."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from nimble_tui.studio.sample.data import INES, NOOR, RAVI, ZOFIA
from nimble_tui.studio.sample.facts import DOMAIN_ID
from tests import aws_sdk
from tests.aws_sdk import AwsSdk
from tests.tui import acts, people_bench
from tests.tui.bench import Bench, play, until, until_told
from tests.tui.people_bench import ADMIN, go_to, one, page, press

pytestmark = pytest.mark.slow


def status(sdk: AwsSdk, user_id: str) -> str:
    reply = sdk.call(
        "datazone", "get_user_profile", domainIdentifier=DOMAIN_ID, userIdentifier=user_id
    )
    found: str = reply["status"]
    return found


def test_each_sees_the_changes_of_the_other(bench: Bench, aws_python: Path) -> None:
    bench.name = ADMIN
    keys = bench.invite.keys
    studio_id = bench.invite.studio_id

    async def scenario(pilot: Pilot[None], sdk: AwsSdk) -> None:
        await page(pilot)
        noor = go_to(pilot, "Noor Rahimi")
        comp = next(
            profile.launch_profile_id
            for profile in people_bench.known(pilot).launch_profiles
            if profile.title == "Comp"
        )
        where = {"studioId": studio_id, "launchProfileId": comp}

        # By key, seen by the SDK.
        await press(pilot, bench, "a", "enter")
        await until_told(pilot, "Noor Rahimi can now launch from Comp.")
        await press(pilot, bench, "v", "home", "enter", "enter")
        await until_told(pilot, "Noor Rahimi has the persona USER on")
        member = sdk.call("nimble", "get_launch_profile_member", **where, principalId=NOOR)
        assert member["member"]["persona"] == "USER"
        await press(pilot, bench, "escape")
        go_to(pilot, "Zofia Kowalska")
        await press(pilot, bench, "z")
        await until(pilot, lambda: ZOFIA in acts.people(pilot).profiles)
        await press(pilot, bench, "enter")
        await until_told(pilot, "Zofia Kowalska now has a DataZone profile.")
        assert status(sdk, ZOFIA) == "ASSIGNED"
        await press(pilot, bench, "end", "enter", "right", "enter")
        await until_told(pilot, "Zofia Kowalska's DataZone profile is now DEACTIVATED.")
        assert status(sdk, ZOFIA) == "DEACTIVATED"
        await press(pilot, bench, "escape")

        # By the SDK, seen on the screen.
        sdk.call(
            "nimble", "update_launch_profile_member", **where, principalId=NOOR, persona="USER"
        )
        sdk.call("nimble", "delete_launch_profile_member", **where, principalId=NOOR)
        for one_status in ("ASSIGNED", "NOT_ASSIGNED", "ACTIVATED"):
            sdk.call(
                "datazone",
                "update_user_profile",
                domainIdentifier=DOMAIN_ID,
                userIdentifier=RAVI,
                status=one_status,
            )
            acts.start_refresh_of_people(pilot)
            await until(
                pilot,
                lambda: one(pilot, "Ravi Subramaniam").user_profile_status == one_status,  # noqa: B023
            )
        assert set(one(pilot, "Noor Rahimi").launch_profile_ids) == set(noor.launch_profile_ids)

    with aws_sdk.aws_sdk(
        aws_python,
        endpoint_url=bench.demo.endpoint_url,
        key=keys.access_key_id,
        secret=keys.secret_access_key,
    ) as sdk:
        play(bench, lambda pilot: scenario(pilot, sdk))
        admins = sdk.call("nimble", "list_studio_members", studioId=studio_id)["members"]
        assert INES in {member["principalId"] for member in admins}
