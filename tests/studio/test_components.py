"""Studio components, and what a machine learns from them."""

from typing import Any

import pytest

from tests.studio.world import MARA, NOW, PAT, STUDIO_ID, World, refused

SCRIPTS = [
    {
        "launchProfileProtocolVersion": "2021-03-31",
        "platform": platform,
        "runContext": context,
        "script": f"echo {platform} {context}\n",
    }
    for platform in ("LINUX", "WINDOWS")
    for context in ("SYSTEM_INITIALIZATION", "USER_INITIALIZATION")
]
WHOLE = {
    "name": "Caches",
    "description": "Scratch space",
    "type": "SHARED_FILE_SYSTEM",
    "subtype": "AMAZON_FSX_FOR_LUSTRE",
    "configuration": {
        "sharedFileSystemConfiguration": {
            "endpoint": "fs-1.example",
            "fileSystemId": "fs-1",
            "shareName": "caches",
            "linuxMountPoint": "/mnt/caches",
            "windowsMountDrive": "C",
        }
    },
    "ec2SecurityGroupIds": ["sg-1", "sg-2"],
    "initializationScripts": SCRIPTS,
    "scriptParameters": [{"key": "SIZE", "value": "12"}],
    "runtimeRoleArn": "arn:aws:iam::123456789012:role/runtime",
    "secureInitializationRoleArn": "arn:aws:iam::123456789012:role/secure",
}


def make(world: World, **members: Any) -> str:
    made = world.operator.create_studio_component(studioId=STUDIO_ID, **members)
    world.advance()
    component_id: str = made["studioComponent"]["studioComponentId"]
    return component_id


def component(world: World, component_id: str) -> dict[str, Any]:
    reply = world.operator.get_studio_component(studioId=STUDIO_ID, studioComponentId=component_id)
    found: dict[str, Any] = reply["studioComponent"]
    return found


def listed(world: World, **filters: Any) -> list[str]:
    reply = world.admin.list_studio_components(studioId=STUDIO_ID, **filters)
    return [one["name"] for one in reply["studioComponents"]]


def give(world: World, profile: str, component_ids: list[str]) -> None:
    """Let a launch profile have these components."""
    world.operator.update_launch_profile(
        studioId=STUDIO_ID,
        launchProfileId=world.profile_id(profile),
        studioComponentIds=component_ids,
    )
    world.advance()


def test_one_is_made_changed_and_deleted(world: World) -> None:
    made = world.operator.create_studio_component(
        studioId=STUDIO_ID, tags={"show": "otter"}, **WHOLE
    )["studioComponent"]
    assert (made["state"], made["statusCode"]) == (
        "CREATE_IN_PROGRESS",
        "STUDIO_COMPONENT_CREATE_IN_PROGRESS",
    )
    assert (made["createdAt"], made["createdBy"]) == (NOW, PAT)
    assert made["tags"] == {"show": "otter"}
    component_id = made["studioComponentId"]
    names = {"studioId": STUDIO_ID, "studioComponentId": component_id}
    with refused("ConflictException"):
        world.operator.delete_studio_component(**names)
    world.advance()
    ready = component(world, component_id)
    assert (ready["state"], ready["statusCode"]) == ("READY", "STUDIO_COMPONENT_CREATED")
    assert {name: ready[name] for name in WHOLE} == WHOLE
    assert ready["arn"].endswith(f":studio-component/{component_id}")

    world.operator.update_studio_component(**names, name="Caches 2", initializationScripts=[])
    world.advance()
    changed = component(world, component_id)
    assert (changed["state"], changed["statusCode"]) == ("READY", "STUDIO_COMPONENT_UPDATED")
    new = {"name": "Caches 2", "initializationScripts": []}
    assert {name: changed[name] for name in WHOLE} == WHOLE | new

    world.operator.delete_studio_component(**names)
    world.advance()
    deleted = component(world, component_id)
    assert (deleted["state"], deleted["statusCode"]) == ("DELETED", "STUDIO_COMPONENT_DELETED")
    with refused("ValidationException", "INVALID_STATE"):
        world.operator.update_studio_component(**names, name="x")
    world.advance(3600)
    with refused("ResourceNotFoundException"):
        component(world, component_id)


@pytest.mark.parametrize(
    ("kind", "members", "named"),
    [
        ("CUSTOM", {"configuration": {"licenseServiceConfiguration": {}}}, {"configuration"}),
        ("COMPUTE_FARM", {"configuration": {"licenseServiceConfiguration": {}}}, {"configuration"}),
        ("CUSTOM", {"subtype": "AMAZON_FSX_FOR_LUSTRE"}, {"subtype"}),
        (
            "LICENSE_SERVICE",
            {
                "subtype": "AWS_MANAGED_MICROSOFT_AD",
                "configuration": {"computeFarmConfiguration": {}},
            },
            {"configuration", "subtype"},
        ),
    ],
)
def test_what_it_says_belongs_to_its_type(
    world: World, kind: str, members: dict[str, Any], named: set[str]
) -> None:
    with refused("ValidationException", "INVALID_REQUEST") as reply:
        world.operator.create_studio_component(studioId=STUDIO_ID, name="Odd", type=kind, **members)
    assert reply["context"].keys() == named


def test_a_type_changes_only_with_what_belongs_to_it(world: World) -> None:
    farm = {"computeFarmConfiguration": {"endpoint": "farm.example"}}
    component_id = make(world, name="Farm", type="COMPUTE_FARM", configuration=farm)
    names = {"studioId": STUDIO_ID, "studioComponentId": component_id}
    with refused("ValidationException", "INVALID_REQUEST"):
        world.operator.update_studio_component(**names, type="LICENSE_SERVICE")
    assert component(world, component_id)["state"] == "READY"
    licences = {"licenseServiceConfiguration": {"endpoint": "licences.example"}}
    world.operator.update_studio_component(**names, type="LICENSE_SERVICE", configuration=licences)
    world.advance()
    changed = component(world, component_id)
    assert (changed["type"], changed["configuration"]) == ("LICENSE_SERVICE", licences)


def test_they_are_listed_by_type_and_state(world: World) -> None:
    everything = listed(world)
    assert everything == ["northwind.internal", "Projects", "Licence server", "Deadline farm"]
    by_type = listed(world, types=["COMPUTE_FARM", "SHARED_FILE_SYSTEM"])
    assert by_type == ["Projects", "Deadline farm"]
    world.operator.create_studio_component(studioId=STUDIO_ID, name="New", type="CUSTOM")
    assert listed(world, states=["CREATE_IN_PROGRESS", "DELETED"]) == ["New"]
    assert listed(world, states=["READY"], types=["CUSTOM"]) == []


def test_a_page_holds_as_many_as_asked_and_fifty_at_most(world: World) -> None:
    for number in range(48):
        world.operator.create_studio_component(
            studioId=STUDIO_ID, name=f"number {number}", type="CUSTOM"
        )
    for size, counts in ((100, [50, 2]), (30, [30, 22])):
        pages = world.admin.get_paginator("list_studio_components").paginate(
            studioId=STUDIO_ID, PaginationConfig={"PageSize": size}
        )
        assert [len(page["studioComponents"]) for page in pages] == counts


def test_one_that_a_launch_profile_has_is_not_deleted(world: World) -> None:
    component_id = make(world, name="Hooks", type="CUSTOM")
    give(world, "Comp", [component_id])
    names = {"studioId": STUDIO_ID, "studioComponentId": component_id}
    with refused("ConflictException", "STUDIO_COMPONENT_IN_USE") as reply:
        world.operator.delete_studio_component(**names)
    assert reply["context"]["launchProfileIds"] == world.profile_id("Comp")
    assert "Comp" in reply["message"]
    assert component(world, component_id)["state"] == "READY"
    give(world, "Comp", [make(world, name="Other hooks", type="CUSTOM")])
    world.operator.delete_studio_component(**names)
    world.advance()
    assert component(world, component_id)["state"] == "DELETED"
    with refused("ResourceNotFoundException") as reply:
        give(world, "Comp", [component_id])
    assert reply["context"] == {"resourceId": component_id}


def test_a_studio_has_one_active_directory(world: World) -> None:
    second = component(world, make(world, name="other.internal", type="ACTIVE_DIRECTORY"))
    assert (second["state"], second["statusCode"]) == (
        "CREATE_FAILED",
        "ACTIVE_DIRECTORY_ALREADY_EXISTS",
    )
    plain = make(world, name="Plain", type="CUSTOM")
    world.operator.update_studio_component(
        studioId=STUDIO_ID, studioComponentId=plain, type="ACTIVE_DIRECTORY"
    )
    world.advance()
    failed = component(world, plain)
    assert (failed["state"], failed["type"]) == ("UPDATE_FAILED", "CUSTOM")


def test_one_token_makes_one(world: World) -> None:
    names = {"studioId": STUDIO_ID, "name": "New", "type": "CUSTOM", "clientToken": "t-1"}
    first = world.operator.create_studio_component(**names)["studioComponent"]
    assert world.operator.create_studio_component(**names)["studioComponent"] == first
    assert listed(world).count("New") == 1


def initialization(world: World, profile: str, by: str = MARA, **members: Any) -> dict[str, Any]:
    reply = world.client(by).get_launch_profile_initialization(
        **{
            "studioId": STUDIO_ID,
            "launchProfileId": world.profile_id(profile),
            "launchProfileProtocolVersions": ["2021-03-31"],
            "launchPurpose": "WORKSTATION",
            "platform": "LINUX",
            **members,
        }
    )
    found: dict[str, Any] = reply["launchProfileInitialization"]
    return found


def test_a_machine_learns_what_its_launch_profile_is_made_of(world: World) -> None:
    found = initialization(world, "Lighting")
    assert found["launchProfileId"] == world.profile_id("Lighting")
    assert found["name"] == "Lighting"
    assert found["launchProfileProtocolVersion"] == "2021-03-31"
    assert (found["platform"], found["launchPurpose"]) == ("LINUX", "WORKSTATION")
    directory = found["activeDirectory"]
    assert directory["directoryName"] == "northwind.internal"
    assert directory["directoryId"].startswith("d-")
    assert directory["organizationalUnitDistinguishedName"].startswith("OU=")
    assert directory["studioComponentName"] == "northwind.internal"
    groups = found["ec2SecurityGroupIds"]
    assert len(groups) == len(set(groups)) > 2
    (mount,) = found["systemInitializationScripts"]
    assert mount["studioComponentName"] == "Projects"
    assert "mount -t lustre" in mount["script"]


def test_scripts_are_those_of_the_platform_in_the_components_order(world: World) -> None:
    anywhere = {"runContext": "USER_INITIALIZATION", "script": "echo anywhere"}
    last = make(world, **WHOLE)
    first = make(
        world, name="First", type="CUSTOM", initializationScripts=[anywhere, {"platform": "LINUX"}]
    )
    give(world, "Comp", [first, last])
    found = initialization(world, "Comp", platform="WINDOWS")
    assert "activeDirectory" not in found
    assert found["ec2SecurityGroupIds"] == ["sg-1", "sg-2"]
    (system,) = found["systemInitializationScripts"]
    assert system == {
        "script": "echo WINDOWS SYSTEM_INITIALIZATION\n",
        "studioComponentId": last,
        "studioComponentName": "Caches",
        "runtimeRoleArn": WHOLE["runtimeRoleArn"],
        "secureInitializationRoleArn": WHOLE["secureInitializationRoleArn"],
    }
    assert [one["script"] for one in found["userInitializationScripts"]] == [
        "echo anywhere",
        "echo WINDOWS USER_INITIALIZATION\n",
    ]


def test_a_launch_profile_of_bare_components_has_little_to_say(world: World) -> None:
    give(world, "Comp", [make(world, name="Bare", type="CUSTOM")])
    found = initialization(world, "Comp")
    assert not {"activeDirectory", "ec2SecurityGroupIds"} & found.keys()
    assert found["systemInitializationScripts"] == found["userInitializationScripts"] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("launchProfileProtocolVersions", ["2020-01-01"]),
        ("platform", "BEOS"),
        ("launchPurpose", "work station"),
        ("launchPurpose", "A" * 65),
    ],
)
def test_what_a_machine_may_not_ask(world: World, name: str, value: Any) -> None:
    with refused("ValidationException") as reply:
        initialization(world, "Lighting", **{name: value})
    assert reply["context"].keys() == {name}


def test_a_machine_asks_for_members_alone(world: World) -> None:
    with refused("AccessDeniedException", "NOT_A_MEMBER"):
        initialization(world, "Animation")
    initialization(world, "Animation", by=PAT)
    initialization(world, "RenderWorker-Default", launchPurpose="RENDER_WORKER")


def test_a_deleted_launch_profile_tells_nothing(world: World) -> None:
    profile_id = world.new_profile()
    world.operator.delete_launch_profile(studioId=STUDIO_ID, launchProfileId=profile_id)
    world.advance()
    with refused("ValidationException", "INVALID_STATE"):
        initialization(world, "Review", by=PAT, launchProfileId=profile_id)


@pytest.mark.parametrize(
    ("kind", "subtype"),
    [
        ("CUSTOM", "CUSTOM"),
        ("COMPUTE_FARM", "CUSTOM"),
        ("LICENSE_SERVICE", "CUSTOM"),
        ("SHARED_FILE_SYSTEM", "CUSTOM"),
    ],
)
def test_a_component_without_a_subtype_has_the_one_of_its_type(
    world: World, kind: str, subtype: str
) -> None:
    component_id = make(world, name="Bare", type=kind)
    assert component(world, component_id)["subtype"] == subtype
    own = make(world, name="Own", type="SHARED_FILE_SYSTEM", subtype="AMAZON_FSX_FOR_WINDOWS")
    assert component(world, own)["subtype"] == "AMAZON_FSX_FOR_WINDOWS"


def test_a_directory_without_a_subtype_is_a_managed_one(world: World) -> None:
    made = world.operator.create_studio_component(
        studioId=STUDIO_ID,
        name="Second domain",
        type="ACTIVE_DIRECTORY",
        configuration={"activeDirectoryConfiguration": {"directoryId": "d-1"}},
    )["studioComponent"]
    assert made["subtype"] == "AWS_MANAGED_MICROSOFT_AD"


def test_another_type_brings_its_own_subtype(world: World) -> None:
    component_id = make(world, **WHOLE)
    world.operator.update_studio_component(
        studioId=STUDIO_ID,
        studioComponentId=component_id,
        type="COMPUTE_FARM",
        configuration={"computeFarmConfiguration": {"endpoint": "farm.example"}},
    )
    world.advance()
    assert component(world, component_id)["subtype"] == "CUSTOM"
