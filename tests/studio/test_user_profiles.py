"""User profiles: Amazon DataZone as the studio serves it, through boto3's own client."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from nimble_tui.core.clock import ManualClock
from nimble_tui.studio.sample.data import CALLUM, GONE, RAVI, ZOFIA
from nimble_tui.studio.sample.facts import DOMAIN_ID
from tests.studio.world import INES, MARA, NOW, PAT, THEO, World, open_world, refused

DOMAIN = {"domainIdentifier": DOMAIN_ID}
ROLE = "arn:aws:iam::123456789012:role/northwind-render"
OTHER_ROLE = "arn:aws:iam::123456789012:role/path/with%2Fall ä"


def domain(world: World, principal_id: str = INES) -> Any:
    return world.client(principal_id, "datazone")


def without_metadata(reply: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in reply.items() if name != "ResponseMetadata"}


def statuses(world: World, user_type: str, **options: Any) -> dict[str, str]:
    pages = domain(world).get_paginator("search_user_profiles")
    found = pages.paginate(**DOMAIN, userType=user_type, **options)
    return {one["id"]: one["status"] for page in found for one in page["items"]}


def test_a_person_s_profile(world: World) -> None:
    reply = domain(world).get_user_profile(**DOMAIN, userIdentifier=RAVI)
    assert without_metadata(reply) == {
        "domainId": DOMAIN_ID,
        "id": RAVI,
        "type": "SSO",
        "status": "DEACTIVATED",
        "details": {
            "sso": {
                "username": "ravi.subramaniam",
                "firstName": "Ravi",
                "lastName": "Subramaniam",
            }
        },
    }
    for identifier in ("ravi.subramaniam", "Ravi.Subramaniam"):
        again = domain(world).get_user_profile(**DOMAIN, userIdentifier=identifier, type="SSO")
        assert without_metadata(again) == without_metadata(reply)


def test_a_role_s_profile(world: World) -> None:
    reply = domain(world).get_user_profile(**DOMAIN, userIdentifier=ROLE)
    assert (reply["type"], reply["status"]) == ("IAM", "ACTIVATED")
    assert reply["details"] == {"iam": {"arn": ROLE}}
    by_id = domain(world).get_user_profile(**DOMAIN, userIdentifier=reply["id"], type="IAM")
    assert without_metadata(by_id) == without_metadata(reply)
    with refused("ResourceNotFoundException"):
        domain(world).get_user_profile(**DOMAIN, userIdentifier=ROLE, type="SSO")


@pytest.mark.parametrize("status", ["ASSIGNED", "NOT_ASSIGNED", "ACTIVATED", "DEACTIVATED"])
def test_a_status_is_changed_and_kept(tmp_path: Path, status: str) -> None:
    path = tmp_path / "studio.db"
    with open_world(path, ManualClock(NOW)) as world:
        changed = domain(world).update_user_profile(
            **DOMAIN, userIdentifier=RAVI, status=status, type="SSO"
        )
        assert (changed["id"], changed["status"]) == (RAVI, status)
        assert changed["details"]["sso"]["firstName"] == "Ravi"
    with open_world(path, ManualClock(NOW)) as world:
        kept = domain(world).get_user_profile(**DOMAIN, userIdentifier=RAVI)
        assert kept["status"] == status
        assert domain(world).get_user_profile(**DOMAIN, userIdentifier=THEO)["status"] == (
            "ACTIVATED"
        )


def test_a_profile_is_made_once(world: World) -> None:
    with refused("ResourceNotFoundException"):
        domain(world).update_user_profile(**DOMAIN, userIdentifier=ZOFIA, status="ACTIVATED")
    create = {**DOMAIN, "userIdentifier": "zofia.kowalska", "userType": "SSO_USER"}
    made = domain(world).create_user_profile(**create, clientToken="t-1")
    assert made["ResponseMetadata"]["HTTPStatusCode"] == 201
    assert (made["id"], made["type"], made["status"]) == (ZOFIA, "SSO", "ASSIGNED")
    domain(world).update_user_profile(**DOMAIN, userIdentifier=ZOFIA, status="ACTIVATED")
    again = domain(world).create_user_profile(**create, clientToken="t-1")
    assert (again["id"], again["status"]) == (ZOFIA, "ACTIVATED")
    with refused("ValidationException"):
        domain(world).create_user_profile(**create)
    with refused("ValidationException"):
        domain(world).create_user_profile(**DOMAIN, userIdentifier=OTHER_ROLE, clientToken="t-1")


def test_a_profile_for_a_role_and_for_a_session_of_it(world: World) -> None:
    role = domain(world).create_user_profile(
        **DOMAIN, userIdentifier=OTHER_ROLE, userType="IAM_ROLE"
    )
    assert (role["type"], role["status"]) == ("IAM", "ACTIVATED")
    session = domain(world).create_user_profile(
        **DOMAIN, userIdentifier=OTHER_ROLE, userType="IAM_ROLE_SESSION", sessionName="night"
    )
    assert session["id"] != role["id"]
    assert session["details"] == {"iam": {"arn": OTHER_ROLE, "sessionName": "night"}}
    off = domain(world).update_user_profile(
        **DOMAIN, userIdentifier=OTHER_ROLE, sessionName="night", status="DEACTIVATED"
    )
    assert off["id"] == session["id"]
    on = domain(world).get_user_profile(**DOMAIN, userIdentifier=OTHER_ROLE)
    assert without_metadata(on) == without_metadata(role)


@pytest.mark.parametrize(
    ("identifier", "others"),
    [
        (ROLE, {"userType": "SSO_USER"}),
        (THEO, {"userType": "IAM_USER"}),
        (ROLE, {"userType": "IAM_ROLE_SESSION"}),
        (ROLE, {"sessionName": "night"}),
        ("bad name!", {}),
        (THEO, {"userType": "GROUP"}),
        (THEO, {"sessionName": "n" * 65}),
    ],
)
def test_a_profile_that_cannot_be_is_refused(
    world: World, identifier: str, others: dict[str, str]
) -> None:
    with refused("ValidationException"):
        domain(world).create_user_profile(**DOMAIN, userIdentifier=identifier, **others)


def test_search(world: World) -> None:
    of_people = statuses(world, "DATAZONE_SSO_USER")
    assert of_people[RAVI] == "DEACTIVATED"
    assert of_people[CALLUM] == "NOT_ASSIGNED"
    assert ZOFIA not in of_people
    of_iam = statuses(world, "DATAZONE_IAM_USER")
    assert len(of_iam) == 1
    assert statuses(world, "DATAZONE_USER") == of_people | of_iam
    assert statuses(world, "SSO_USER") == of_people | {ZOFIA: "NOT_ASSIGNED"}
    for text in ("kowal", "ZOFIA", "zofia.kowalska", ZOFIA):
        assert statuses(world, "SSO_USER", searchText=text) == {ZOFIA: "NOT_ASSIGNED"}
    assert statuses(world, "DATAZONE_USER", searchText="northwind-render") == of_iam
    assert statuses(world, "DATAZONE_USER", searchText="[/oops]%_*") == {}
    assert statuses(world, "SSO_USER", searchText="") == statuses(world, "SSO_USER")


@pytest.mark.parametrize("user_type", ["SSO_USER", "DATAZONE_USER"])
def test_search_comes_in_pages(world: World, user_type: str) -> None:
    first = domain(world).search_user_profiles(**DOMAIN, userType=user_type, maxResults=5)
    assert len(first["items"]) == 5
    pages = list(
        domain(world)
        .get_paginator("search_user_profiles")
        .paginate(**DOMAIN, userType=user_type, PaginationConfig={"PageSize": 5})
    )
    assert [len(page["items"]) for page in pages] == [5, 5, 2]
    ids = [one["id"] for page in pages for one in page["items"]]
    assert len(set(ids)) == 12
    with refused("ValidationException"):
        domain(world).search_user_profiles(
            **DOMAIN, userType="DATAZONE_SSO_USER", nextToken=first["nextToken"]
        )
    with refused("ValidationException"):
        domain(world).search_user_profiles(**DOMAIN, userType=user_type, maxResults=51)


def test_an_artist_sees_their_own_profile_and_no_more(world: World) -> None:
    mine = domain(world, MARA).get_user_profile(**DOMAIN, userIdentifier="mara.vos")
    assert mine["id"] == MARA
    artist = domain(world, MARA)
    with refused("AccessDeniedException"):
        artist.get_user_profile(**DOMAIN, userIdentifier=THEO)
    with refused("AccessDeniedException"):
        artist.get_user_profile(**DOMAIN, userIdentifier=ROLE)
    with refused("AccessDeniedException"):
        artist.search_user_profiles(**DOMAIN, userType="SSO_USER")
    with refused("AccessDeniedException"):
        artist.update_user_profile(**DOMAIN, userIdentifier=MARA, status="ACTIVATED")
    with refused("AccessDeniedException"):
        artist.create_user_profile(**DOMAIN, userIdentifier=ZOFIA)
    assert statuses(world, "SSO_USER")[ZOFIA] == "NOT_ASSIGNED"


def test_an_operator_may_do_all_of_it(world: World) -> None:
    operator = domain(world, PAT)
    operator.create_user_profile(**DOMAIN, userIdentifier=ZOFIA)
    operator.update_user_profile(**DOMAIN, userIdentifier=ZOFIA, status="ACTIVATED")
    assert operator.get_user_profile(**DOMAIN, userIdentifier=ZOFIA)["status"] == "ACTIVATED"
    assert operator.search_user_profiles(**DOMAIN, userType="SSO_USER", searchText="zofia")["items"]


def test_what_is_not_there(world: World) -> None:
    elsewhere = {"domainIdentifier": "dzd-elsewhere"}
    with refused("ResourceNotFoundException"):
        domain(world).get_user_profile(**elsewhere, userIdentifier=THEO)
    with refused("ResourceNotFoundException"):
        domain(world).search_user_profiles(**elsewhere, userType="SSO_USER")
    with refused("ResourceNotFoundException"):
        domain(world).create_user_profile(**elsewhere, userIdentifier=THEO)
    with refused("ResourceNotFoundException"):
        domain(world).update_user_profile(**elsewhere, userIdentifier=THEO, status="ACTIVATED")
    for nobody in (GONE, "nobody", "arn:aws:iam::123456789012:user/nobody"):
        with refused("ResourceNotFoundException"):
            domain(world).get_user_profile(**DOMAIN, userIdentifier=nobody)
    with refused("ResourceNotFoundException"):
        domain(world).create_user_profile(**DOMAIN, userIdentifier=GONE)


@pytest.mark.parametrize(
    "params",
    [
        {"userIdentifier": THEO, "status": "GONE"},
        {"userIdentifier": THEO, "status": "ACTIVATED", "type": "LDAP"},
        {"userIdentifier": "two words", "status": "ACTIVATED"},
        {"userIdentifier": THEO, "status": "ACTIVATED", "domainIdentifier": "no domain"},
    ],
)
def test_what_the_model_does_not_allow_is_refused(world: World, params: dict[str, str]) -> None:
    with refused("ValidationException") as reply:
        domain(world).update_user_profile(**{**DOMAIN, **params})
    assert " must " in reply["Error"]["Message"]


def test_a_studio_without_a_domain_knows_none(tmp_path: Path) -> None:
    path = tmp_path / "studio.db"
    with open_world(path):
        pass
    connection = sqlite3.connect(path)
    connection.execute("DELETE FROM facts WHERE name = 'domain_id'")
    connection.commit()
    connection.close()
    with open_world(path) as world, refused("ResourceNotFoundException"):
        domain(world).get_user_profile(**DOMAIN, userIdentifier=THEO)


def test_hostile_names_come_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "studio.db"
    hostile = "[/oops]\x1b[2J \u202egnp.exe"
    with open_world(path, ManualClock(NOW)) as world:
        connection = sqlite3.connect(path)
        connection.execute("UPDATE people SET name = ? WHERE principal_id = ?", (hostile, THEO))
        connection.commit()
        connection.close()
        found = domain(world).get_user_profile(**DOMAIN, userIdentifier=THEO)["details"]["sso"]
        assert f"{found['firstName']} {found['lastName']}" == hostile
