"""people find and people profile, over the wire, seen by boto3 as well."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nimble_tui.cli import exit_codes
from nimble_tui.client.people.aws_service import AwsService
from nimble_tui.client.people.user_profiles import UserProfiles
from nimble_tui.core.people.model import UserSearchType, read_user_profile
from nimble_tui.core.service import ErrorKind, StudioError
from nimble_tui.studio.demo import Demo
from nimble_tui.studio.sample.data import INES, RAVI, THEO, ZOFIA
from nimble_tui.studio.sample.facts import DOMAIN_ID
from tests.cli.running import Person, Run, completions
from tests.studio.world import client_of

pytestmark = pytest.mark.usefixtures("staff")

ADMIN = ("--studio", "admin")
ROLE = "arn:aws:iam::123456789012:role/northwind-render"
NEW_ROLE = "arn:aws:iam::123456789012:role/night"


class Domain:
    """The domain, as the admin sees it with boto3's own client."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def profile(self, user_id: str) -> dict[str, Any]:
        found = self.client.get_user_profile(domainIdentifier=DOMAIN_ID, userIdentifier=user_id)
        return without_metadata(found)

    def has(self, user_id: str) -> bool:
        try:
            self.profile(user_id)
        except self.client.exceptions.ResourceNotFoundException:
            return False
        return True

    def set(self, user_id: str, status: str) -> None:
        self.client.update_user_profile(
            domainIdentifier=DOMAIN_ID, userIdentifier=user_id, status=status
        )

    def search(self, text: str, user_type: str) -> list[dict[str, Any]]:
        pages = self.client.get_paginator("search_user_profiles").paginate(
            domainIdentifier=DOMAIN_ID, userType=user_type, searchText=text
        )
        return [one for page in pages for one in page["items"]]


def without_metadata(reply: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in reply.items() if name != "ResponseMetadata"}


@pytest.fixture
def domain(staff: Demo) -> Iterator[Domain]:
    keys = next(one.keys for _, one in staff.others if one.principal_id == INES)
    client = client_of(staff.endpoint_url, keys.access_key_id, keys.secret_access_key, "datazone")
    yield Domain(client)
    client.close()


def test_sso_and_iam_users_are_found_apart(run: Run, domain: Domain) -> None:
    told = run("people", "find", "north", *ADMIN)
    assert (told.code, told.err) == (exit_codes.DONE, "")
    sso, iam = told.out.split("\n\n")
    assert sso.splitlines()[0].split()[:3] == ["SSO", "USER", "STATUS"]
    assert RAVI in sso
    assert ZOFIA not in sso
    assert iam.splitlines()[0].split()[:3] == ["IAM", "USER", "STATUS"]
    assert f"iam: {ROLE}" in iam
    found = json.loads(run("people", "find", "north", "--json", *ADMIN).out)["items"]
    assert found == [
        *domain.search("north", "DATAZONE_SSO_USER"),
        *domain.search("north", "DATAZONE_IAM_USER"),
    ]


def test_all_finds_people_without_a_profile_too(run: Run, domain: Domain) -> None:
    told = run("people", "find", "zofia", *ADMIN)
    assert (told.code, told.out) == (exit_codes.DONE, "")
    assert "No user of the DataZone domain matches zofia. --all includes people" in told.err
    told = run("people", "find", "zofia", "--all", "--json", *ADMIN)
    assert json.loads(told.out)["items"] == domain.search("zofia", "SSO_USER")
    assert ZOFIA in told.out


def test_a_long_list_comes_page_by_page(
    run: Run, domain: Domain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nimble_tui.client.people.user_profiles._MOST_IN_A_PAGE", 2)
    found = json.loads(run("people", "find", "north", "--json", *ADMIN).out)["items"]
    assert len(found) > 4
    assert found == [
        *domain.search("north", "DATAZONE_SSO_USER"),
        *domain.search("north", "DATAZONE_IAM_USER"),
    ]


def test_one_search_that_fails_leaves_the_other(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    real = UserProfiles.search_user_profiles

    def broken(self: UserProfiles, text: str, user_type: UserSearchType) -> Any:
        if user_type == UserSearchType.DATAZONE_SSO_USER:
            raise StudioError(ErrorKind.INVALID, "SSO is off.")
        return real(self, text, user_type)

    monkeypatch.setattr(UserProfiles, "search_user_profiles", broken)
    told = run("people", "find", "north", *ADMIN)
    assert told.code == exit_codes.FAILED
    assert told.err == "SSO users could not be searched. SSO is off.\n"
    assert "northwind-render" in told.out


@pytest.mark.parametrize(
    ("text", "code", "sentence"),
    [
        ("", exit_codes.USAGE, "No search text given"),
        ("  ", exit_codes.USAGE, "No search text given"),
        ("x" * 1025, exit_codes.FAILED, "at most 1024 characters"),
        ("\x1b[2Jnobody", exit_codes.DONE, "No user of the DataZone domain matches"),
    ],
)
def test_what_is_looked_for_must_be_a_text(run: Run, text: str, code: int, sentence: str) -> None:
    told = run("people", "find", text, *ADMIN)
    assert (told.code, told.out) == (code, "")
    assert sentence in told.err
    assert "\x1b" not in told.err


def test_a_profile_is_shown_with_what_may_follow_and_why_not(run: Run, domain: Domain) -> None:
    told = run("people", "profile", "ravi", *ADMIN)
    assert (told.code, told.err) == (exit_codes.DONE, "")
    facts, can, cannot = told.out.split("\n\n")
    assert "DEACTIVATED: They can no longer use DataZone." in facts
    assert "sso: ravi.subramaniam, Ravi Subramaniam" in facts
    assert [line.split()[0] for line in can.splitlines()[1:]] == ["ACTIVATED"]
    assert [line.split()[0] for line in cannot.splitlines()[1:]] == ["ASSIGNED", "NOT_ASSIGNED"]
    assert "Set ACTIVATED to give them access again." in cannot
    plain = json.loads(run("people", "profile", "ravi", "--json", *ADMIN).out)
    assert plain == domain.profile(RAVI)


def test_a_profile_is_created_once_and_the_sdk_sees_it(run: Run, domain: Domain) -> None:
    told = run("people", "profile", "Zofia", *ADMIN)
    assert (told.code, told.out) == (exit_codes.FAILED, "")
    assert told.err.startswith("Zofia Kowalska has no DataZone profile. Create: nimble-tui ")
    assert not domain.has(ZOFIA)
    again = told.err.partition("Create: nimble-tui ")[2].split()
    told = run(*again, "--json")
    assert told.code == exit_codes.DONE
    assert told.err == "Zofia Kowalska now has a DataZone profile.\n"
    assert json.loads(told.out) == domain.profile(ZOFIA)
    assert domain.profile(ZOFIA)["status"] == "ASSIGNED"
    told = run(*again)
    assert (told.code, told.err) == (
        exit_codes.DONE,
        "Zofia Kowalska already has a DataZone profile.\n",
    )


def test_each_status_that_may_follow_is_set_and_seen_by_the_sdk(run: Run, domain: Domain) -> None:
    for status in ("ACTIVATED", "deactivated", "Activated"):
        told = run("people", "profile", "ravi", "--status", status, "--yes", "--json", *ADMIN)
        assert told.code == exit_codes.DONE, told.err
        assert told.err == f"Ravi Subramaniam's DataZone profile is now {status.upper()}.\n"
        assert json.loads(told.out) == domain.profile(RAVI)
        assert domain.profile(RAVI)["status"] == status.upper()
    for status in ("NOT_ASSIGNED", "assigned", "not-assigned"):
        told = run("people", "profile", "noor", "--status", status, "--yes", "--json", *ADMIN)
        assert told.code == exit_codes.DONE, told.err
        plain = json.loads(told.out)
        assert plain == domain.profile(plain["id"])
        assert plain["status"] == status.upper().replace("-", "_")


def test_what_the_sdk_changed_is_shown_and_not_done_again(
    run: Run, domain: Domain, tmp_path: Path
) -> None:
    domain.set(THEO, "DEACTIVATED")
    log = tmp_path / "calls.log"
    told = run("people", "profile", "theo", "--status", "DEACTIVATED", *ADMIN, "--log", str(log))
    assert (told.code, told.err) == (
        exit_codes.DONE,
        "Theo Lindqvist's DataZone profile is already DEACTIVATED.\n",
    )
    assert "UpdateUserProfile" not in log.read_text()
    assert json.loads(run("people", "profile", "theo", "--json", *ADMIN).out) == domain.profile(
        THEO
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("ravi", "--status", "ASSIGNED"), "Set ACTIVATED to give them access again."),
        (("theo", "--status", "NOT_ASSIGNED", "--yes"), "Set DEACTIVATED to end their access"),
        (("noor", "--status", "ACTIVATED"), "automatically when they first sign in to DataZone"),
        (("zofia", "--create", "--status", "ACTIVATED"), "No profile was created."),
    ],
)
def test_what_may_not_follow_is_refused_and_nothing_is_sent(
    run: Run, domain: Domain, tmp_path: Path, words: tuple[str, ...], sentence: str
) -> None:
    log = tmp_path / "calls.log"
    told = run("people", "profile", *words, *ADMIN, "--log", str(log))
    assert (told.code, told.out) == (exit_codes.REFUSED, "")
    assert sentence in told.err
    assert "UpdateUserProfile" not in log.read_text()
    assert "CreateUserProfile" not in log.read_text()
    assert not domain.has(ZOFIA)


def test_a_profile_of_iam_takes_each_status(run: Run, domain: Domain) -> None:
    for status in ("ASSIGNED", "NOT_ASSIGNED", "DEACTIVATED", "ACTIVATED"):
        told = run("people", "profile", ROLE, "--status", status, "--yes", *ADMIN)
        assert told.code == exit_codes.DONE, told.err
        assert domain.profile(ROLE)["status"] == status
    told = run("people", "profile", NEW_ROLE, "--create", "--json", *ADMIN)
    assert told.code == exit_codes.DONE, told.err
    assert json.loads(told.out) == domain.profile(NEW_ROLE)
    profile_id = domain.profile(NEW_ROLE)["id"]
    assert f"iam: {NEW_ROLE}" in run("people", "profile", profile_id, *ADMIN).out


def test_shutting_out_takes_a_yes_before_anything_is_done(
    run: Run, domain: Domain, person: Person
) -> None:
    person.answers = ["n", "", "y"]
    create = ("people", "profile", "zofia", "--create", "--status", "DEACTIVATED", *ADMIN)
    told = run(*create)
    assert (told.code, told.err) == (exit_codes.FAILED, "No changes made.\n")
    assert not domain.has(ZOFIA)
    assert run("people", "profile", "theo", "--status", "DEACTIVATED", *ADMIN).code == (
        exit_codes.FAILED
    )
    assert domain.profile(THEO)["status"] == "ACTIVATED"
    assert run(*create).code == exit_codes.DONE
    assert domain.profile(ZOFIA)["status"] == "DEACTIVATED"
    assert person.asked[0] == "Set Zofia Kowalska's DataZone profile to DEACTIVATED? [y/N] "


def test_without_a_terminal_shutting_out_needs_the_yes_in_the_command(
    run: Run, domain: Domain
) -> None:
    told = run("people", "profile", "theo", "--status", "DEACTIVATED", *ADMIN)
    assert told.code == exit_codes.USAGE
    assert "add --yes" in told.err
    assert domain.profile(THEO)["status"] == "ACTIVATED"


def test_what_fails_half_way_says_what_was_done(
    run: Run, domain: Domain, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise StudioError(ErrorKind.NOT_FOUND, "This person has no DataZone profile.")

    words = ("people", "profile", "zofia", "--create", "--status", "NOT_ASSIGNED", "--yes", *ADMIN)
    with monkeypatch.context() as patch:
        patch.setattr(UserProfiles, "update_user_profile", broken)
        told = run(*words)
    assert told.code == exit_codes.FAILED
    assert told.err.splitlines() == [
        "Zofia Kowalska now has a DataZone profile.",
        "This person has no DataZone profile.",
        "Finished steps are not repeated. Run the same command to continue.",
    ]
    assert domain.profile(ZOFIA)["status"] == "ASSIGNED"
    assert run(*words).code == exit_codes.DONE
    assert domain.profile(ZOFIA)["status"] == "NOT_ASSIGNED"


def test_a_status_and_a_details_member_that_are_new_show_as_they_came(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply = {
        "id": THEO,
        "domainId": DOMAIN_ID,
        "type": "SAML",
        "status": "PENDING",
        "details": {"SDK_UNKNOWN_MEMBER": {"name": "saml"}},
    }
    monkeypatch.setattr(UserProfiles, "get_user_profile", lambda *_: read_user_profile(reply))
    told = run("people", "profile", "theo", *ADMIN)
    assert told.code == exit_codes.DONE
    assert "PENDING: this version does not know what that means" in told.out
    assert "saml, which this version does not know" in told.out
    assert "Possible statuses:" not in told.out
    plain = json.loads(run("people", "profile", "theo", "--json", *ADMIN).out)
    assert plain == {**reply, "details": {"saml": None}}
    told = run("people", "profile", "theo", "--status", "ACTIVATED", *ADMIN)
    assert told.code == exit_codes.REFUSED
    assert "does not know the status PENDING" in told.err


def test_a_status_that_the_service_refuses(
    run: Run, domain: Domain, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = AwsService.ask

    def old(self: AwsService, operation: str, *args: Any, **members: Any) -> Any:
        if operation == "update_user_profile":
            members["status"] = "GONE"
        return real(self, operation, *args, **members)

    monkeypatch.setattr(AwsService, "ask", old)
    told = run("people", "profile", "ravi", "--status", "ACTIVATED", *ADMIN)
    assert (told.code, told.out) == (exit_codes.FAILED, "")
    assert told.err.startswith("Amazon DataZone rejected the request")
    assert "status" in told.err
    assert "domain_id" not in told.err
    assert domain.profile(RAVI)["status"] == "DEACTIVATED"


@pytest.mark.parametrize("word", ["", "GONE", "\x1b[2J"])
def test_a_status_that_there_is_not(run: Run, word: str) -> None:
    told = run("people", "profile", "theo", "--status", word, *ADMIN)
    assert (told.code, told.out) == (exit_codes.USAGE, "")
    assert "choose one of ASSIGNED, NOT_ASSIGNED, ACTIVATED, DEACTIVATED." in told.err
    assert "\x1b" not in told.err


ARTIST = ("--studio", "theo")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("find", "theo"), "ask your admin for datazone:SearchUserProfiles"),
        (("profile", "noor"), "ask your admin for datazone:GetUserProfile"),
        (("profile", "theo", "--status", "DEACTIVATED", "--yes"), "Only admins can change"),
        (("profile", "noor", "--create"), "Only admins can change"),
    ],
)
def test_an_artist_is_told_whom_to_ask(run: Run, words: tuple[str, ...], sentence: str) -> None:
    told = run("people", *words, *ARTIST)
    assert (told.code, told.out) == (exit_codes.REFUSED, "")
    assert sentence in told.err


def test_an_artist_sees_their_own_profile(run: Run, domain: Domain) -> None:
    told = run("people", "profile", "theo", *ARTIST)
    assert told.code == exit_codes.DONE
    assert "ACTIVATED" in told.out
    assert "It can become" not in told.out
    assert "Only admins can change" in told.err
    plain = json.loads(run("people", "profile", "theo", "--json", *ARTIST).out)
    assert plain == domain.profile(THEO)


def without(config: Path, setting: str) -> None:
    lines = config.read_text().splitlines()
    config.write_text("\n".join(one for one in lines if not one.startswith(setting)))


@pytest.mark.parametrize("words", [("find", "theo"), ("profile", "theo")], ids=" ".join)
def test_a_domain_that_is_not_configured(run: Run, config: Path, words: tuple[str, ...]) -> None:
    without(config, "domain_id")
    told = run("people", *words, *ADMIN)
    assert (told.code, told.out) == (exit_codes.USAGE, "")
    assert told.err == (
        "No DataZone domain is set for this studio. Set domain_id in its settings.\n"
    )


def test_a_domain_that_there_is_not_is_named(run: Run, config: Path) -> None:
    without(config, "domain_id")
    text = config.read_text()
    other = 'domain_id = "dzd-another"\n'
    config.write_text(text.replace("[studios.admin]\n", f"[studios.admin]\n{other}"))
    for words in (("find", "theo"), ("profile", "theo"), ("profile", "zofia", "--create")):
        told = run("people", *words, *ADMIN)
        assert (told.code, told.out) == (exit_codes.FAILED, "")
        assert "check domain_id in the settings" in told.err


def test_a_status_needs_a_profile(run: Run, domain: Domain) -> None:
    told = run("people", "profile", "zofia", "--status", "ASSIGNED", *ADMIN)
    assert (told.code, told.out) == (exit_codes.FAILED, "")
    assert "Zofia Kowalska has no DataZone profile. Create: nimble-tui" in told.err
    assert not domain.has(ZOFIA)


@pytest.mark.parametrize(
    "words", [("find", "theo"), ("profile", THEO), ("profile", THEO, "--create")], ids=" ".join
)
def test_a_domain_that_is_not_reachable(
    run: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    def down(*_: object, **__: object) -> None:
        raise StudioError(ErrorKind.UNREACHABLE, "It is away.")

    monkeypatch.setattr(AwsService, "ask", down)
    told = run("people", *words, *ADMIN)
    assert (told.code, told.out) == (exit_codes.UNREACHABLE, "")
    assert told.err.startswith("It is away.\n")


def test_an_identity_store_that_is_not_reachable_leaves_ids(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = AwsService.ask

    def without_names(self: AwsService, operation: str, *args: Any, **members: Any) -> Any:
        if operation in {"list_users", "describe_user"}:
            raise StudioError(ErrorKind.UNREACHABLE, "It is away.")
        return real(self, operation, *args, **members)

    monkeypatch.setattr(AwsService, "ask", without_names)
    told = run("people", "profile", "Zofia", "--create", *ADMIN)
    assert told.code == exit_codes.FAILED
    assert "Names are unavailable" in told.err
    told = run("people", "profile", ZOFIA, "--create", *ADMIN)
    assert (told.code, told.err) == (exit_codes.DONE, f"{ZOFIA} now has a DataZone profile.\n")


def test_a_person_that_the_domain_does_not_know(run: Run) -> None:
    stranger = "9267a41c58-00000000-71e4-4c59-a2d6-8b5e0f91c374"
    told = run("people", "profile", stranger, "--create", *ADMIN)
    assert (told.code, told.out) == (exit_codes.FAILED, "")
    assert "Amazon DataZone has no such person" in told.err


def test_the_statuses_are_completed_with_what_they_mean(run: Run) -> None:
    offered = completions(run, "nimble-tui people profile theo --status ")
    assert [one.partition("\t")[0] for one in offered] == [
        *("ASSIGNED", "NOT_ASSIGNED", "ACTIVATED", "DEACTIVATED")
    ]
    assert "DEACTIVATED\tThey can no longer use DataZone." in offered
