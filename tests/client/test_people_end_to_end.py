"""People against the project's own studio: each of the thirteen operations, and the roles."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest

from nimble_tui.client.nimble import NimbleService, connect
from nimble_tui.client.people.service import NimblePeople
from nimble_tui.core.launching import LaunchRequest
from nimble_tui.core.lookup import matches
from nimble_tui.core.model import LaunchProfile
from nimble_tui.core.people.model import People, Person, Role, UserProfileStatus
from nimble_tui.core.people.plans import Plan, StepKind, Who, plan_offboard, plan_onboard
from nimble_tui.core.people.settings import PeopleSettings
from nimble_tui.core.service import ErrorKind, StudioError, StudioInfo
from nimble_tui.studio.demo import Demo, open_demo
from nimble_tui.studio.sample import facts as sample_facts

SETTINGS = PeopleSettings(domain_id=sample_facts.DOMAIN_ID)
As = Callable[[str], NimbleService]


@pytest.fixture
def demo() -> Iterator[Demo]:
    with open_demo(None, speed=1000) as demo:
        yield demo


@pytest.fixture
def as_(demo: Demo) -> Iterator[As]:
    """Open the studio as somebody of the sample, by name."""
    everybody = [demo.invite, *(invite for _, invite in demo.others)]
    invites = {one.display_name: one for one in everybody}
    with ExitStack() as services:

        def opened(name: str) -> NimbleService:
            invite = invites[name]
            info = StudioInfo("demo", invite.studio_id, invite.region, invite.principal_id)
            service = connect(
                info, endpoint_url=invite.endpoint_url, keys=invite.keys, people=SETTINGS
            )
            services.enter_context(closing(service))
            return service

        yield opened


def named(people: People, name: str) -> Person:
    (person,) = matches(name, people.everyone, ids=lambda _: (), names=lambda one: (one.name,))
    return person


def profile(people: People, name: str) -> LaunchProfile:
    return next(one for one in people.launch_profiles if one.name == name)


def kind_of(call: Callable[[], object]) -> ErrorKind:
    with pytest.raises(StudioError) as error:
        call()
    return error.value.kind


def test_an_admin_sees_everybody(as_: As) -> None:
    people = as_("Inês Cardoso").people.look()
    assert people.notices == ()
    assert (people.role, people.changes_admins) == (Role.ADMIN, None)
    assert {"Inês Cardoso", "Lena Hoffmann"} <= {one.name for one in people.admins}
    mara = named(people, "mara vos")
    assert mara.email == "mara.vos@northwind.example"
    assert mara.user_profile_status == "ACTIVATED"
    assert mara.running
    assert mara.stopped
    assert profile(people, "Lighting").launch_profile_id in mara.launch_profile_ids
    zofia = named(people, "Zofia Kowalska")
    assert (zofia.takes_part, zofia.user_profile) == (False, None)
    nobody = [one for one in people.everyone if one.name == one.short_id]
    assert len(nobody) == 1


def test_an_artist_sees_whom_they_work_with_and_whom_to_ask(as_: As) -> None:
    service = as_("Bruno Ferreira")
    people = service.people.look()
    assert people.notices == ()
    assert people.role == Role.ARTIST
    assert not people.sessions_known
    assert people.user_profiles is None
    assert {"Inês Cardoso", "Lena Hoffmann"} <= {one.name for one in people.admins}
    names = {one.name for one in people.everyone}
    assert {"Bruno Ferreira", "Theo Lindqvist"} <= names
    assert "Zofia Kowalska" not in names
    calls: list[Callable[[], object]] = [
        service.people.user_profiles.search_user_profiles,
        lambda: service.people.membership.put_studio_members([service.info.principal_id]),
        lambda: service.people.membership.put_launch_profile_members(
            people.launch_profiles[0].launch_profile_id, [service.info.principal_id]
        ),
        lambda: service.people.user_profiles.deactivate(service.info.principal_id),
    ]
    for call in calls:
        assert kind_of(call) == ErrorKind.DENIED


def test_membership_counts_at_once(as_: As) -> None:
    """Somebody is found by name, given a launch profile, launches, and is let out again."""
    admin, zofia = as_("Inês Cardoso").people, as_("Zofia Kowalska")
    people = admin.look()
    who = named(people, "zofia")
    lighting = profile(people, "Lighting")
    where = lighting.launch_profile_id
    chosen = LaunchRequest(
        where,
        lighting.stream_configuration.ec2_instance_types[0],
        lighting.stream_configuration.streaming_image_ids[0],
    )
    assert zofia.list_launch_profiles().items == ()
    assert kind_of(lambda: zofia.launch(chosen)) == ErrorKind.DENIED

    plan = plan_onboard(people, who.principal_id, [where])
    assert isinstance(plan, Plan)
    assert [one.kind for one in admin.run(plan).steps if not one.is_done] == [StepKind.INVITE]
    assert [one.name for one in zofia.list_launch_profiles().items] == ["Lighting"]
    session = zofia.launch(chosen)
    after = named(admin.look(), "zofia")
    assert after.user_profile_status == "ASSIGNED"
    assert [one.session_id for one in after.sessions] == [session.session_id]

    plan = plan_offboard(admin.look(), who.principal_id)
    assert isinstance(plan, Plan)
    assert [one.session_id for one in plan.sessions] == [session.session_id]
    left = [one for one in admin.run(plan).steps if not one.is_done]
    assert [(one.kind, one.who) for one in left] == [(StepKind.REVOKE, Who.OPERATOR)]
    assert zofia.list_launch_profiles().items == ()
    assert kind_of(lambda: zofia.launch(chosen)) == ErrorKind.DENIED
    gone = named(admin.look(), "zofia")
    assert (gone.launch_profile_ids, gone.user_profile_status) == ((), "DEACTIVATED")
    assert [one.session_id for one in gone.sessions] == [session.session_id]


def test_each_membership_operation(as_: As) -> None:
    people = as_("Inês Cardoso").people
    seen = people.look()
    noor, where = named(seen, "noor").principal_id, profile(seen, "Comp").launch_profile_id
    assert (
        kind_of(lambda: people.membership.get_launch_profile_member(where, noor))
        == ErrorKind.NOT_FOUND
    )
    assert people.membership.put_launch_profile_members(where, [noor, noor]).members == (noor,)
    member = people.membership.get_launch_profile_member(where, noor)
    assert (member.persona, member.sid) == (
        "USER",
        "S-1-5-21-2917460835-1403862197-3308172466-1121",
    )
    assert people.membership.update_launch_profile_member(where, noor) == member
    assert noor in {
        one.principal_id for one in people.membership.list_launch_profile_members(where).items
    }
    people.membership.delete_launch_profile_member(where, noor)
    assert (
        kind_of(lambda: people.membership.delete_launch_profile_member(where, noor))
        == ErrorKind.NOT_FOUND
    )
    assert (
        kind_of(lambda: people.membership.list_launch_profile_members("nowhere"))
        == ErrorKind.NOT_FOUND
    )
    unknown = "9267a41c58-00000000-0000-4000-8000-000000000000"
    assert (
        kind_of(lambda: people.membership.put_launch_profile_members(where, [noor, unknown]))
        == ErrorKind.NOT_FOUND
    )


def test_only_operators_change_who_is_an_admin(as_: As) -> None:
    admin, operator = as_("Inês Cardoso").people, as_("Pat Okafor").people
    theo = named(admin.look(), "theo").principal_id
    assert kind_of(lambda: admin.membership.put_studio_members([theo])) == ErrorKind.DENIED
    assert admin.look().changes_admins is False
    assert operator.membership.put_studio_members([theo]).members == (theo,)
    assert operator.look().role == Role.OPERATOR
    assert admin.membership.get_studio_member(theo).persona == "ADMINISTRATOR"
    assert kind_of(lambda: admin.membership.delete_studio_member(theo)) == ErrorKind.DENIED
    operator.membership.delete_studio_member(theo)
    assert kind_of(lambda: operator.membership.delete_studio_member(theo)) == ErrorKind.NOT_FOUND


def test_the_studio_keeps_its_last_admin_too(as_: As) -> None:
    operator = as_("Pat Okafor").people
    ines, lena = (named(operator.look(), name).principal_id for name in ("inês", "lena"))
    operator.membership.delete_studio_member(lena)
    with pytest.raises(StudioError, match="last admin") as error:
        operator.membership.delete_studio_member(ines)
    assert error.value.kind == ErrorKind.REFUSED
    assert operator.membership.get_studio_member(ines).principal_id == ines


def test_an_admin_is_let_out_by_admin_and_operator(as_: As) -> None:
    admin, operator = as_("Inês Cardoso").people, as_("Pat Okafor").people
    plan = plan_offboard(admin.look(), named(admin.look(), "lena").principal_id)
    assert isinstance(plan, Plan)
    after = admin.run(plan)
    assert [(one.kind, one.who) for one in after.steps if not one.is_done] == [
        (StepKind.DEMOTE, Who.OPERATOR),
        (StepKind.REVOKE, Who.OPERATOR),
    ]
    operator.membership.delete_studio_member(plan.principal_id)
    (again,) = admin.open_plans(admin.look())
    assert [one.kind for one in again.steps if not one.is_done] == [StepKind.REVOKE]


def profiles_of(people: NimblePeople, text: str) -> list[str | None]:
    return [one.status for one in people.user_profiles.search_user_profiles(text).items]


def test_each_operation_on_user_profiles(as_: As) -> None:
    people = as_("Inês Cardoso").people
    seen = people.look()
    zofia, ravi = (named(seen, name).principal_id for name in ("zofia", "ravi"))
    assert kind_of(lambda: people.user_profiles.get_user_profile(zofia)) == ErrorKind.NOT_FOUND
    assert people.user_profiles.create_user_profile(zofia).status == "ASSIGNED"
    assert people.user_profiles.get_user_profile(zofia).name == "Zofia Kowalska"
    for status in UserProfileStatus:
        assert people.user_profiles.update_user_profile(zofia, status).status == status
    assert profiles_of(people, "zofia") == ["DEACTIVATED"]
    assert people.user_profiles.activate(ravi).status == "ACTIVATED"
    assert people.user_profiles.deactivate(ravi).status == "DEACTIVATED"
    assert len({one.type for one in people.user_profiles.search_user_profiles().items}) == 2


def test_names_are_looked_up_by_id(as_: As) -> None:
    people = as_("Mara Vos").people
    everybody = people.identities()
    assert everybody.problem is None
    assert len(everybody.items) >= 12
    anew = as_("Theo Lindqvist").people
    one, unknown = everybody.items[0], "9267a41c58-00000000-0000-4000-8000-000000000000"
    assert anew.identities([one.principal_id, unknown]).items == (one,)
