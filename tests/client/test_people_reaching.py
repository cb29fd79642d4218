"""Where names and profiles are asked for, whatever the environment and `~/.aws` say."""

import os
import threading
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from pathlib import Path

import pytest

from nimble_tui.client.nimble import connect
from nimble_tui.client.people.service import NimblePeople
from nimble_tui.client.transport import Limits
from nimble_tui.core.keys import Keys
from nimble_tui.core.people.settings import PeopleSettings
from nimble_tui.core.service import ErrorKind, StudioError, StudioInfo
from tests.cli.aws import CODE, role_profile, token_service
from tests.client.conftest import Connect, PeopleFor, returned
from tests.client.listeners import port_of, silent_peer, visited
from tests.client.people_peer import DOMAIN, STORE, PeoplePeer, person_id
from tests.faults.faulty_studio import silence, slow_body

ENDPOINTS = (
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_IDENTITYSTORE",
    "AWS_ENDPOINT_URL_DATAZONE",
)
THEIRS = PeopleSettings(STORE, DOMAIN, "people", "eu-west-1")


def aws_files(config: str) -> None:
    folder = Path(os.environ["HOME"]) / ".aws"
    folder.mkdir(exist_ok=True)
    (folder / "config").write_text(config)


def test_the_studio_is_asked_whatever_the_environment_says(
    people: NimblePeople, people_peer: PeoplePeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    people_peer.users = {person_id(1): {"DisplayName": "Mara"}}
    with silent_peer() as thief:
        there = f"http://127.0.0.1:{port_of(thief)}"
        for name in (*ENDPOINTS, "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, there)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDSTALE")
        monkeypatch.setenv("AWS_SESSION_TOKEN", "stale")
        aws_files(f"[default]\nendpoint_url = {there}\n")
        seen = people.look()
        assert not visited(thief)
    assert (seen.notices, seen.user_profiles) == ((), True)
    for request in people_peer.requests:
        assert "Credential=AKIDEXAMPLE/" in request.headers["authorization"]
        assert "x-amz-security-token" not in request.headers


@pytest.mark.parametrize(
    ("ask", "host"),
    [
        (lambda people: people.identities(), "identitystore.eu-west-1.amazonaws.com"),
        (lambda people: people.user_profiles.search_user_profiles(), "datazone.eu-west-1.api.aws"),
    ],
)
def test_a_named_profile_asks_aws_itself(
    people_for: PeopleFor,
    people_peer: PeoplePeer,
    monkeypatch: pytest.MonkeyPatch,
    ask: Callable[[NimblePeople], object],
    host: str,
) -> None:
    """Seen at the proxy, which is told where a protected connection is to go."""
    asked: list[bytes] = []

    def serve() -> None:
        with suppress(TimeoutError), proxy.accept()[0] as sock:
            asked.append(sock.recv(4096))
            sock.sendall(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n")

    with silent_peer() as proxy, silent_peer() as thief:
        there = f"http://127.0.0.1:{port_of(thief)}"
        for name in ENDPOINTS:
            monkeypatch.setenv(name, there)
        aws_files(
            "[profile people]\naws_access_key_id = AKIDPEOPLE\naws_secret_access_key = s\n"
            f"endpoint_url = {there}\nservices = mine\n"
            f"[services mine]\nidentitystore =\n  endpoint_url = {there}\n"
            f"datazone =\n  endpoint_url = {there}\n"
        )
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{port_of(proxy)}")
        proxy.settimeout(30)
        thread = threading.Thread(target=serve)
        thread.start()
        people = people_for(THEIRS)
        with suppress(StudioError):
            returned(lambda: ask(people))
        thread.join()
        assert not visited(thief)
    assert asked[0].startswith(f"CONNECT {host}:443 ".encode())
    assert people_peer.requests == []


@pytest.mark.parametrize(
    ("config", "kind", "message"),
    [
        ("", ErrorKind.SETTINGS, "No AWS profile named people; correct people_profile in"),
        (
            "[profile people]\nregion = x\n",
            ErrorKind.DENIED,
            "The AWS profile people has no keys",
        ),
        ("[profile people\n", ErrorKind.SETTINGS, "The AWS file ~/.aws/config cannot be read"),
    ],
)
def test_a_named_profile_that_does_not_work(
    people_for: PeopleFor, people_peer: PeoplePeer, config: str, kind: ErrorKind, message: str
) -> None:
    aws_files(config)
    people = people_for(THEIRS)
    with pytest.raises(StudioError) as error:
        people.user_profiles.activate(person_id(1))
    assert error.value.kind == kind
    assert error.value.message.startswith(message)
    people_peer.members["lp-1"] = [person_id(1)]
    seen = people.look()
    assert (seen.directory_known, seen.user_profiles) == (False, False)
    assert len(seen.notices) == 2
    assert seen.person(person_id(1)) is not None


class Patient:
    """A person who gives the code, once it is sure that no call waits for it."""

    def __init__(self, answer: str = CODE) -> None:
        self.questions: list[str] = []
        self._answer = answer

    def code(self, question: str) -> str:
        assert threading.current_thread() is threading.main_thread()
        assert not [one for one in threading.enumerate() if one.name == "studio call"]
        self.questions.append(question)
        return self._answer

    def run(self, program: Sequence[str]) -> tuple[int, bytes]:
        raise AssertionError(program)


def test_a_named_profile_that_needs_a_code_gets_it_once(
    people_peer: PeoplePeer, service_for: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the main thread alone, and outside of every time limit; both services share the keys."""
    aws_files(role_profile("people"))
    people_peer.members["lp-1"] = [person_id(1)]
    prompt = Patient()
    with token_service() as (url, requests), silent_peer() as closed:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", url)
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{port_of(closed)}")
        closed.close()
        people = service_for(endpoint_url=people_peer.url, people=THEIRS, prompt=prompt).people
        seen = returned(people.look)
        assert (prompt.questions, requests) == ([], [])
        assert [one for one in seen.notices if "AWS profile people needs a code" in one]
        seen = people.look(fresh=True)
    assert len(prompt.questions) == len(requests) == 1
    assert not [one for one in seen.notices if "code" in one]


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345x", "１２３４５６"])
def test_what_is_no_code_is_not_sent(
    people_peer: PeoplePeer, service_for: Connect, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    aws_files(role_profile("people"))
    with token_service() as (url, requests):
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", url)
        more = {"people": THEIRS, "prompt": Patient(typed)}
        people = service_for(endpoint_url=people_peer.url, **more).people
        with pytest.raises(StudioError, match="A code has six digits"):
            people.user_profiles.get_user_profile(person_id(1))
    assert requests == []


def test_a_directory_that_dawdles_is_given_up(
    people_peer: PeoplePeer, info: StudioInfo, keys: Keys
) -> None:
    faults = {"ListUsers": silence, "SearchUserProfiles": slow_body}
    people_peer.plan = lambda operation, _: (
        (faults[operation], True) if operation in faults else None
    )
    # Long enough for a busy machine to answer all else within.
    limits = Limits(call=2.0, attempt=2.0, connect=2.0, attempts=1)
    with closing(
        connect(
            info,
            endpoint_url=people_peer.url,
            keys=keys,
            limits=limits,
            people=PeopleSettings(STORE, DOMAIN),
        )
    ) as service:
        seen = returned(service.people.look)
    assert len(seen.notices) == 2
    assert all("did not respond in time" in one for one in seen.notices)


def test_a_region_that_is_none_is_told(people_for: PeopleFor) -> None:
    aws_files("[profile people]\naws_access_key_id = A\naws_secret_access_key = s\n")
    people = people_for(PeopleSettings(STORE, DOMAIN, "people", "not a region"))
    with pytest.raises(StudioError) as error:
        people.user_profiles.get_user_profile(person_id(1))
    assert error.value.kind == ErrorKind.SETTINGS
