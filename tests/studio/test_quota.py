"""How many workstations there may be, and of which types."""

from nimble_tui.studio.settings import Settings
from tests.studio.world import AIKO, INES, MARA, STUDIO_ID, World, open_world, refused


def test_ten_more_than_the_sample_has(world: World) -> None:
    seeded = len(world.mine())
    made = [world.create() for _ in range(10)]
    with refused("ServiceQuotaExceededException", "STREAMING_SESSION_QUOTA_EXCEEDED") as reply:
        world.create()
    assert reply["ResponseMetadata"]["HTTPStatusCode"] == 402
    assert reply["context"] == {
        "limit": str(seeded + 10),
        "live": str(seeded + 10),
        "ownedBy": MARA,
    }
    world.advance()
    world.mara.delete_streaming_session(studioId=STUDIO_ID, sessionId=made[0])
    with refused("ServiceQuotaExceededException"):
        world.create()
    world.advance()
    assert world.state(made[0]) == "DELETED"
    world.create()


def test_the_owner_counts_and_not_who_launches(world: World) -> None:
    world.studio.set_quotas(Settings(sessions_per_person=0))
    with refused("ServiceQuotaExceededException"):
        world.create("Lighting", INES, ownedBy=AIKO)


def test_a_top_up_does_not_count() -> None:
    with open_world(sessions=40) as world:
        assert len(world.mine()) == 40
        for _ in range(10):
            world.create()
        with refused("ServiceQuotaExceededException"):
            world.create()


def test_types_can_be_withheld(world: World) -> None:
    world.studio.set_quotas(Settings(instance_types=("g4dn.xlarge",)))
    with refused("ServiceQuotaExceededException", "INSTANCE_TYPE_QUOTA_EXCEEDED") as reply:
        world.create("Lighting", ec2InstanceType="g5.xlarge")
    assert reply["context"] == {"ec2InstanceType": "g5.xlarge", "allowed": "g4dn.xlarge"}
    world.create("Review", ec2InstanceType="g4dn.xlarge")


def test_a_quota_is_the_last_thing_looked_at(world: World) -> None:
    world.studio.set_quotas(Settings(sessions_per_person=0, instance_types=()))
    with refused("ValidationException"):
        world.create("FX")
    with refused("AccessDeniedException"):
        world.create("Animation")
