"""A membership, or a key, that ends while it is used."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, current_thread
from typing import Any

from botocore.exceptions import ClientError

from nimble_tui.core.clock import ManualClock
from nimble_tui.studio import invites
from nimble_tui.studio.sample.facts import IDENTITY_STORE_ID
from nimble_tui.studio.settings import Settings
from tests.studio.memberships import STUDIO, users
from tests.studio.world import NOW, THEO, open_world, refused


class Meanwhile(ManualClock):
    """A clock that lets something else happen once a call was let in and before it is done."""

    happen: Callable[[], object] | None = None

    def now(self) -> Any:
        if self.happen and current_thread().name == "studio-connection":
            happen, self.happen = self.happen, None
            happen()
        return super().now()


def test_a_member_removed_while_they_launch(tmp_path: Path) -> None:
    path, clock = tmp_path / "studio.db", Meanwhile(NOW)
    with open_world(path, clock) as world, open_world(path, ManualClock(NOW)) as other:
        profile_id = world.profile_id("Animation")
        before = world.mine(THEO)
        clock.happen = lambda: other.admin.delete_launch_profile_member(
            **STUDIO, launchProfileId=profile_id, principalId=THEO
        )
        with refused("AccessDeniedException", "NOT_A_MEMBER"):
            world.client(THEO).create_streaming_session(**STUDIO, launchProfileId=profile_id)
        assert clock.happen is None
        assert world.mine(THEO) == before


def test_a_key_revoked_while_it_is_used(tmp_path: Path) -> None:
    path, clock = tmp_path / "studio.db", Meanwhile(NOW)
    with open_world(path, clock) as world:
        profile_id = world.profile_id("Animation")
        before = world.studio.people()
        clock.happen = lambda: invites.revoke(path, "theo.lindqvist")
        with refused("UnrecognizedClientException"):
            world.client(THEO).create_streaming_session(**STUDIO, launchProfileId=profile_id)
        assert len(before) == len(world.studio.people())


def test_launches_and_removals_at_once_come_in_one_order(tmp_path: Path) -> None:
    path = tmp_path / "studio.db"
    with (
        open_world(path, ManualClock(NOW)) as world,
        open_world(path, ManualClock(NOW)) as other,
        ThreadPoolExecutor(2) as pool,
    ):
        world.studio.set_quotas(Settings(sessions_per_person=100))
        profile = {**STUDIO, "launchProfileId": world.profile_id("Animation")}
        theo, admin = world.client(THEO), other.admin
        for _ in range(8):
            together = Barrier(2)

            def launch(together: Barrier = together) -> str:
                together.wait()
                try:
                    theo.create_streaming_session(**profile)
                except ClientError as error:
                    reply: Any = error.response
                    return str(reply["code"])
                return "launched"

            def remove(together: Barrier = together) -> None:
                together.wait()
                admin.delete_launch_profile_member(**profile, principalId=THEO)

            count = len(world.mine(THEO))
            launched, removed = pool.submit(launch), pool.submit(remove)
            removed.result()
            ended = launched.result()
            assert ended in {"launched", "NOT_A_MEMBER"}
            assert len(world.mine(THEO)) - count == (ended == "launched")
            with refused("AccessDeniedException", "NOT_A_MEMBER"):
                theo.create_streaming_session(**profile)
            admin.put_launch_profile_members(
                **profile, identityStoreId=IDENTITY_STORE_ID, members=users(THEO)
            )
