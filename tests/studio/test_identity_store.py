"""What people are called: Identity Store as the studio serves it, through boto3's own client."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from nimble_tui.core.clock import ManualClock
from nimble_tui.studio import invites
from nimble_tui.studio.sample.data import GONE
from nimble_tui.studio.sample.facts import IDENTITY_STORE_ID
from tests.studio.world import INES, MARA, NOW, PAT, THEO, World, open_world, refused

STORE = {"IdentityStoreId": IDENTITY_STORE_ID}


def directory(world: World, principal_id: str = MARA) -> Any:
    return world.client(principal_id, "identitystore")


@pytest.mark.parametrize("principal_id", [MARA, INES, PAT])
def test_everybody_may_look_people_up(world: World, principal_id: str) -> None:
    user = directory(world, principal_id).describe_user(**STORE, UserId=INES)
    del user["ResponseMetadata"]
    assert user == {
        "IdentityStoreId": IDENTITY_STORE_ID,
        "UserId": INES,
        "UserArn": f"arn:aws:identitystore:::user/{INES}",
        "Revision": "1",
        "UserName": "ines.cardoso",
        "DisplayName": "Inês Cardoso",
        "Name": {"Formatted": "Inês Cardoso", "GivenName": "Inês", "FamilyName": "Cardoso"},
        "Emails": [{"Value": "ines.cardoso@northwind.example", "Type": "work", "Primary": True}],
        "UserStatus": "ENABLED",
    }
    assert user in directory(world, principal_id).list_users(**STORE)["Users"]


def test_a_store_and_a_user_may_come_as_an_arn(world: World) -> None:
    store = f"arn:aws:identitystore::123456789012:identitystore/{IDENTITY_STORE_ID}"
    user = directory(world).describe_user(
        IdentityStoreId=store, UserId=f"arn:aws:identitystore:::user/{THEO}"
    )
    assert user["UserId"] == THEO


def test_pages(world: World) -> None:
    everybody = directory(world).list_users(**STORE)
    assert "NextToken" not in everybody
    pages = list(
        directory(world)
        .get_paginator("list_users")
        .paginate(**STORE, PaginationConfig={"PageSize": 5})
    )
    assert [len(page["Users"]) for page in pages] == [5, 5, 2]
    assert [user for page in pages for user in page["Users"]] == everybody["Users"]
    with refused("ValidationException"):
        directory(world).list_users(**STORE, NextToken="AAAA")


def test_one_user_by_name(world: World) -> None:
    def found(path: str, value: str) -> list[str]:
        filters = [{"AttributePath": path, "AttributeValue": value}]
        users = directory(world).list_users(**STORE, Filters=filters)["Users"]
        return [one["UserId"] for one in users]

    assert found("UserName", "theo.lindqvist") == [THEO]
    assert found("UserName", "Theo.Lindqvist") == [THEO]
    assert found("UserName", "theo") == []
    assert found("UserName", "[/oops]\N{SNOWMAN}") == []
    with refused("ValidationException"):
        found("DisplayName", "Theo Lindqvist")
    assert len(directory(world).list_users(**STORE, Filters=[])["Users"]) == 12


def test_nobody_of_that_id(world: World) -> None:
    with refused("ResourceNotFoundException") as reply:
        directory(world).describe_user(**STORE, UserId=GONE)
    assert (reply["ResourceType"], reply["ResourceId"]) == ("USER", GONE)
    assert reply["ResponseMetadata"]["HTTPStatusCode"] == 404
    elsewhere = {"IdentityStoreId": "d-0000000000"}
    with refused("ResourceNotFoundException") as reply:
        directory(world).describe_user(**elsewhere, UserId=THEO)
    assert (reply["ResourceType"], reply["ResourceId"]) == ("IDENTITY_STORE", "d-0000000000")
    with refused("ResourceNotFoundException") as reply:
        directory(world).list_users(**elsewhere)
    assert reply["ResourceType"] == "IDENTITY_STORE"


@pytest.mark.parametrize(
    ("operation", "params", "names"),
    [
        ("describe_user", {"UserId": "not an id"}, "UserId"),
        ("list_users", {"IdentityStoreId": "x" * 8}, "IdentityStoreId"),
        ("list_users", {"MaxResults": 101}, "MaxResults"),
        ("list_users", {"Filters": [{"AttributePath": "a", "AttributeValue": "b"}] * 2}, "Filters"),
    ],
)
def test_what_the_model_does_not_allow_is_refused(
    world: World, operation: str, params: dict[str, Any], names: str
) -> None:
    with refused("ValidationException") as reply:
        getattr(directory(world), operation)(**{**STORE, **params})
    assert reply["Error"]["Message"].startswith(names)


def test_who_has_left_is_still_known(tmp_path: Path) -> None:
    path = tmp_path / "studio.db"
    with open_world(path, ManualClock(NOW)) as world:
        invites.revoke(path, "theo.lindqvist")
        user = directory(world).describe_user(**STORE, UserId=THEO)
        assert (user["DisplayName"], user["UserStatus"]) == ("Theo Lindqvist", "DISABLED")
        with refused("UnrecognizedClientException") as reply:
            directory(world, THEO).list_users(**STORE)
        assert reply["ResponseMetadata"]["HTTPStatusCode"] == 403


HOSTILE = "[bold]\x1b[2J\u202eevil\u200b\N{PILE OF POO}\n" * 20


def test_hostile_names_come_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "studio.db"
    with open_world(path, ManualClock(NOW)) as world:
        connection = sqlite3.connect(path)
        connection.execute(
            "UPDATE people SET name = ?, user_name = ?, email = '' WHERE principal_id = ?",
            (HOSTILE, HOSTILE, THEO),
        )
        connection.commit()
        connection.close()
        user = directory(world).describe_user(**STORE, UserId=THEO)
        assert (user["DisplayName"], user["UserName"]) == (HOSTILE, HOSTILE)
        assert "Emails" not in user
        assert len(directory(world).list_users(**STORE)["Users"]) == 12


def test_a_studio_that_named_no_store_has_one(tmp_path: Path) -> None:
    path = tmp_path / "studio.db"
    with open_world(path):
        pass
    connection = sqlite3.connect(path)
    connection.execute("DELETE FROM facts WHERE name IN ('identity_store_id', 'sample')")
    connection.commit()
    connection.close()
    with open_world(path) as world:
        (store,) = {
            one["identityStoreId"]
            for one in world.mara.list_studio_members(studioId=world.studio.about.studio_id)[
                "members"
            ]
        }
        assert store != IDENTITY_STORE_ID
        assert len(directory(world).list_users(IdentityStoreId=store)["Users"]) == 12
