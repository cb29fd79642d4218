"""Access, DataZone profiles and the search for users, from the People screen by key."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from textual.pilot import Pilot

from nimble_tui.studio.sample.data import THEO, ZOFIA
from tests.tui import acts, people_bench
from tests.tui.bench import (
    Bench,
    Step,
    play,
    seen,
    settled,
    until,
    until_on,
    until_seen,
    until_told,
)
from tests.tui.people_bench import ADMIN, go_to, known, page, press, tell

ROLE = "northwind-render"
NEW_ROLE = "arn:aws:iam::123456789012:role/night"
_CHANGES = (b"UpdateLaunchProfileMember", b"PATCH ", b"PUT ", b"POST /2020", b"POST /v2/domains")


def changes(bench: Bench) -> list[bytes]:
    """Return the requests that changed a membership or a profile."""
    lines = [one for one in bench.gate.calls if one.startswith(_CHANGES)]
    return [one for one in lines if b"/search" not in one]


def lines(pilot: Pilot[None]) -> str:
    """Return what is on the screen, each run of blanks as one."""
    return "\n".join(" ".join(line.split()) for line in seen(pilot.app).splitlines())


async def until_line(pilot: Pilot[None], text: str) -> None:
    await until(pilot, lambda: text in lines(pilot))


def test_access_shows_each_persona_and_sets_one_with_a_token(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        opened = await page(pilot)
        go_to(pilot, "Noor Rahimi")
        await press(pilot, bench, "a", "enter")  # Comp, so that its date is known
        await until_told(pilot, "Noor Rahimi can now launch from Comp.")
        await acts.refreshed_people(pilot)
        pilot.app.clear_notifications()
        await press(pilot, bench, "v")
        assert acts.is_open(pilot, people_bench.ACCESS)
        await until_line(pilot, f"Comp USER since {bench.clock.now():%H:%M}")
        assert "Lighting USER date unknown" in lines(pilot)
        assert "FX – not a member" in lines(pilot)
        assert "USER is the only persona that the API has." in lines(pilot)
        await press(pilot, bench, "enter", "enter")
        await until_told(pilot, "Noor Rahimi has the persona USER on Lighting.")
        assert changes(bench)[-1].startswith(b"PATCH /2020-08-01/studios/")
        assert acts.is_open(pilot, people_bench.ACCESS)
        await press(pilot, bench, "home", "end", "enter")
        assert "They are not a member of Previs. Add them first (a on People)." in lines(pilot)
        assert len(changes(bench)) == 2
        await press(pilot, bench, "escape")
        await until_on(pilot, opened)

    play(bench, scenario)


def test_a_profile_is_created_and_its_status_set(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        await page(pilot)
        go_to(pilot, "Zofia Kowalska")
        await press(pilot, bench, "z")
        await until_line(pilot, "✓ Create Lets them use DataZone.")
        await press(pilot, bench, "enter")
        await until_line(pilot, "Status ASSIGNED: They can use DataZone")
        assert people_bench.one(pilot, "Zofia Kowalska").user_profile_status == "ASSIGNED"
        assert "– ACTIVATED It becomes ACTIVATED automatically when they" in lines(pilot)
        await press(pilot, bench, "home", "down", "enter")
        await until_told(pilot, "It becomes ACTIVATED automatically")
        await press(pilot, bench, "end", "enter")
        assert acts.is_open(pilot, "Set the DataZone profile to DEACTIVATED?")
        await press(pilot, bench, "enter")  # Cancel has the focus
        assert acts.is_open(pilot, people_bench.PROFILE)
        assert len(changes(bench)) == 1
        await press(pilot, bench, "end", "enter", "right", "enter")
        await until_line(pilot, "Status DEACTIVATED: They can no longer use DataZone.")
        await press(pilot, bench, "end", "enter")  # ACTIVATED takes nothing away
        await until_line(pilot, "Status ACTIVATED: They can use DataZone")

    play(bench, scenario)
    service = bench.service()
    assert service.people.user_profiles.get_user_profile(ZOFIA).status == "ACTIVATED"


def test_users_are_found_apart_page_by_page_and_opened(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.name = ADMIN
    monkeypatch.setattr("nimble_tui.client.people.user_profiles._MOST_IN_A_PAGE", 2)

    async def scenario(pilot: Pilot[None]) -> None:
        await page(pilot)
        await press(pilot, bench, "f", *"north", "enter")
        await until_seen(pilot, ROLE)
        text = lines(pilot)
        assert text.index("SSO users") < text.index("↓ more") < text.index("IAM users")
        assert text.index("IAM users") < text.index(ROLE)
        assert "Ravi Subramaniam" not in text
        for _ in range(5):
            if "↓ more" in lines(pilot):
                await press(pilot, bench, "home", *["up"] * 2, "enter")
                await settled(pilot)
        await until_seen(pilot, "Ravi Subramaniam")
        await press(pilot, bench, "end", "enter")
        await until_line(pilot, "Details iam: arn:aws:iam::123456789012:role/northwind-render")
        assert "✓ DEACTIVATED Ends their access" in lines(pilot)
        await press(pilot, bench, "escape", "shift+tab", "shift+tab")
        await pilot.press("ctrl+u", *NEW_ROLE)
        await press(pilot, bench, "enter")
        await until_seen(pilot, "has no DataZone profile; enter")
        await press(pilot, bench, "enter")
        await until_line(pilot, "✓ Create Lets them use DataZone.")
        await press(pilot, bench, "enter")
        await until_line(pilot, "Status ACTIVATED")
        assert "Type IAM" in lines(pilot)

    play(bench, scenario)


def test_a_studio_that_is_read_only_shows_everything_and_changes_nothing(bench: Bench) -> None:
    bench.name = ADMIN
    bench.studios.read_only = True

    async def scenario(pilot: Pilot[None]) -> None:
        await page(pilot)
        go_to(pilot, "Theo Lindqvist")
        for keys in (("v", "enter", "enter"), ("z", "enter")):
            pilot.app.clear_notifications()
            await press(pilot, bench, keys[0])
            await until_seen(pilot, "read_only")
            await press(pilot, bench, *keys[1:], "escape")
        await press(pilot, bench, "f", *"theo", "enter")
        await until_seen(pilot, "theo.lindqvist")
        assert not changes(bench)

    play(bench, scenario)


def _without_domain(pilot: Pilot[None]) -> Step:
    async def step(_: Pilot[None]) -> None:
        await tell(pilot, replace(known(pilot), user_profiles=None))

    return step


@pytest.mark.parametrize(
    ("name", "prepare", "sentence"),
    [
        ("", None, "Only admins can see DataZone profiles."),
        (ADMIN, _without_domain, "No DataZone domain is set for this studio."),
    ],
    ids=["as an artist", "without a domain"],
)
def test_the_domain_is_refused_with_the_reason(
    bench: Bench, name: str, prepare: Callable[[Pilot[None]], Step] | None, sentence: str
) -> None:
    bench.name = name

    async def scenario(pilot: Pilot[None]) -> None:
        opened = await page(pilot)
        if prepare is not None:
            await prepare(pilot)(pilot)
        for key in "zf":
            pilot.app.clear_notifications()
            await press(pilot, bench, key)
            await until_told(pilot, sentence)
            await until_on(pilot, opened)
        pilot.app.clear_notifications()
        if not name:
            go_to(pilot, "Noor Rahimi")
            await press(pilot, bench, "v", "enter", "enter")
            assert "Only admins can change the members of launch profiles." in lines(pilot)
            assert not changes(bench)

    play(bench, scenario)


def test_what_cannot_be_reached_is_said_in_the_dialog(bench: Bench) -> None:
    """The identity store is away, so that people show by their ids; then DataZone is."""
    bench.name = ADMIN
    bench.gate.lose(b"POST / ")

    async def scenario(pilot: Pilot[None]) -> None:
        await page(pilot)
        people_bench.rows(pilot).select(THEO)
        bench.gate.lose(b"GET /v2/domains/")
        await press(pilot, bench, "z")
        await until_seen(pilot, "The DataZone profile could not be read.")
        assert "✓" not in lines(pilot).split("DataZone profile")[1].split("Close")[0]
        await press(pilot, bench, "escape")
        bench.gate.lose(b"/search")
        await press(pilot, bench, "f", *"theo", "enter")
        await until_seen(pilot, "✕")
        await press(pilot, bench, "escape", "v")
        await until_line(pilot, "of 7 launch profiles")

    play(bench, scenario)


def test_a_person_who_left_meanwhile_closes_the_dialog(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        opened = await page(pilot)
        before = known(pilot)
        rest = tuple(one for one in before.everyone if one.name != "Theo Lindqvist")
        for key in "vz":
            go_to(pilot, "Theo Lindqvist")
            await press(pilot, bench, key)
            await tell(pilot, replace(before, everyone=rest))
            await until_told(pilot, "Theo Lindqvist is no longer a member.")
            await until_on(pilot, opened)
            pilot.app.clear_notifications()
            bench.clock.advance(2)
            await tell(pilot, before)
        assert not changes(bench)

    play(bench, scenario)


def test_a_persona_that_the_studio_refuses_ends_in_a_sentence(bench: Bench) -> None:
    """Noor was taken off meanwhile, which this app has not read yet."""
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        await page(pilot)
        noor = go_to(pilot, "Noor Rahimi")
        await press(pilot, bench, "v")
        service = bench.service(ADMIN)
        service.people.membership.delete_launch_profile_member(
            noor.launch_profile_ids[0], noor.principal_id
        )
        await press(pilot, bench, "enter", "enter")
        await until_told(pilot, "Set Noor Rahimi's persona on Lighting to USER")
        await until_line(pilot, "Lighting – not a member")

    play(bench, scenario)
