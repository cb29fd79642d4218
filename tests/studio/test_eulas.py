"""Licences: who reads them, who accepts them, and what they stand in the way of."""

from typing import Any

import pytest

from nimble_tui.studio.store.records import Kind
from tests.studio.world import INES, MARA, NOW, PAT, STUDIO_ID, World, refused


def needed(world: World) -> list[str]:
    """Return the ids of the licences that the image of Previs names."""
    details = world.mara.get_launch_profile_details(
        studioId=STUDIO_ID, launchProfileId=world.profile_id("Previs")
    )
    (image,) = details["streamingImages"]
    eula_ids: list[str] = image["eulaIds"]
    return eula_ids


def accepted(world: World) -> list[dict[str, Any]]:
    reply = world.mara.list_eula_acceptances(studioId=STUDIO_ID)
    acceptances: list[dict[str, Any]] = reply["eulaAcceptances"]
    return acceptances


def missing(world: World) -> list[str]:
    done = {one["eulaId"] for one in accepted(world)}
    return [one for one in needed(world) if one not in done]


def test_everybody_may_read_what_is_asked(world: World) -> None:
    everything = world.mara.list_eulas()["eulas"]
    assert {one["eulaId"] for one in everything} == set(needed(world))
    for one in everything:
        assert one["name"]
        assert len(one["content"]) > 100
        assert one["createdAt"] <= one["updatedAt"] < NOW
        assert world.mara.get_eula(eulaId=one["eulaId"])["eula"] == one
    some = world.mara.list_eulas(eulaIds=[everything[1]["eulaId"], "unknown"])["eulas"]
    assert some == everything[1:]
    with refused("ResourceNotFoundException") as reply:
        world.mara.get_eula(eulaId="unknown")
    assert reply["context"] == {"resourceId": "unknown"}


def test_lists_come_in_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = world.mara.list_eulas()["eulas"]
    world.admin.accept_eulas(studioId=STUDIO_ID, eulaIds=missing(world))
    acceptances = accepted(world)
    monkeypatch.setattr("nimble_tui.studio.operations.listing.PAGE", 1)
    pages = list(world.mara.get_paginator("list_eulas").paginate())
    assert [one for page in pages for one in page["eulas"]] == everything
    assert len(pages) == 2
    pages = list(world.mara.get_paginator("list_eula_acceptances").paginate(studioId=STUDIO_ID))
    assert [one for page in pages for one in page["eulaAcceptances"]] == acceptances
    assert len(pages) == 2


def test_a_launch_waits_for_all_licences(world: World) -> None:
    eula_ids = missing(world)
    assert 0 < len(eula_ids) < len(needed(world))
    with refused("ValidationException", "EULA_NOT_ACCEPTED") as reply:
        world.create("Previs")
    assert reply["context"] == {"eulaIds": ",".join(eula_ids)}
    name = world.mara.get_eula(eulaId=eula_ids[0])["eula"]["name"]
    assert name in reply["message"]
    assert "Inês Cardoso" in reply["message"]
    world.admin.accept_eulas(studioId=STUDIO_ID, eulaIds=eula_ids)
    world.ready("Previs")


def test_all_that_is_missing_is_named(world: World) -> None:
    document = {"eulaIds": ["b", "a", *needed(world)]}
    with world.studio._store.write() as tx:  # noqa: SLF001 - no operation gives an image licences
        for image in tx.page(Kind.STREAMING_IMAGE, owner="amazon"):
            image.document |= document
            tx.put(image)
    with refused("ValidationException", "EULA_NOT_ACCEPTED") as reply:
        world.create("Previs")
    assert reply["context"]["eulaIds"].split(",") == missing(world)
    assert missing(world)[:2] == ["b", "a"]


def test_one_acceptance_counts_for_the_whole_studio(world: World) -> None:
    eula_ids = missing(world)
    (acceptance,) = world.admin.accept_eulas(studioId=STUDIO_ID, eulaIds=eula_ids)[
        "eulaAcceptances"
    ]
    assert acceptance["accepteeId"] == STUDIO_ID
    assert acceptance["acceptedBy"] == INES
    assert acceptance["acceptedAt"] == NOW
    assert acceptance["eulaId"] == eula_ids[0]
    assert len(acceptance["eulaAcceptanceId"]) == 22
    assert acceptance in accepted(world)
    listed = world.mara.list_eula_acceptances(studioId=STUDIO_ID, eulaIds=[*eula_ids, "unknown"])
    assert listed["eulaAcceptances"] == [acceptance]


def test_accepting_again_keeps_the_first_acceptance(world: World) -> None:
    eula_ids = needed(world)
    first = world.admin.accept_eulas(studioId=STUDIO_ID, eulaIds=eula_ids)["eulaAcceptances"]
    world.advance()
    again = world.operator.accept_eulas(studioId=STUDIO_ID, eulaIds=eula_ids)["eulaAcceptances"]
    assert again == first == accepted(world)
    assert PAT not in {one["acceptedBy"] for one in again}


def test_a_token_that_was_used_is_answered_alike(world: World) -> None:
    names = {"studioId": STUDIO_ID, "clientToken": "t-1"}
    first = world.admin.accept_eulas(eulaIds=missing(world), **names)["eulaAcceptances"]
    eula_ids = [one["eulaId"] for one in first]
    again = world.admin.accept_eulas(eulaIds=eula_ids, **names)["eulaAcceptances"]
    assert again == first
    with refused("ValidationException", "CLIENT_TOKEN_REUSED"):
        world.admin.accept_eulas(eulaIds=needed(world), **names)


def test_an_artist_is_told_whom_to_ask(world: World) -> None:
    before = accepted(world)
    with refused("AccessDeniedException", "ADMINS_ONLY") as reply:
        world.mara.accept_eulas(studioId=STUDIO_ID, eulaIds=missing(world))
    assert "Inês Cardoso" in reply["message"]
    assert accepted(world) == before


@pytest.mark.parametrize("by", [MARA, INES])
def test_an_unknown_licence_leaves_all_as_it_was(world: World, by: str) -> None:
    before = accepted(world)
    with refused("ResourceNotFoundException") as reply:
        world.client(by).accept_eulas(studioId=STUDIO_ID, eulaIds=[*missing(world), "unknown"])
    assert reply["context"] == {"resourceId": "unknown"}
    assert accepted(world) == before


def test_accepting_nothing_is_refused(world: World) -> None:
    with refused("ValidationException") as reply:
        world.admin.accept_eulas(studioId=STUDIO_ID, eulaIds=[])
    assert "eulaIds" in reply["context"]
    with refused("ValidationException"):
        world.admin.accept_eulas(studioId=STUDIO_ID)
