"""Addresses of AWS's own, closed service: one sentence everywhere, and nobody is called."""

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from nimble_tui.cli import exit_codes
from nimble_tui.cli.studios import ConfiguredStudios
from nimble_tui.config.loading import load
from nimble_tui.core.endpoints import is_closed_by_aws
from nimble_tui.core.invite import Invite
from nimble_tui.tui.app import NimbleApp
from tests.cli.running import Person, Run
from tests.tui.bench import seen, until

SENTENCE = "AWS closed Nimble Studio in October 2024. Ask your admin for your studio's own address."
INVITE = Invite(
    "https://nimble.us-west-2.amazonaws.com", "us-west-2", "stid-1", "mara", "AKIDEXAMPLE", "secret"
)


@pytest.fixture(autouse=True)
def calls(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test that looks a name up or connects to anything."""
    made: list[object] = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *where, **_: made.append(where))
    monkeypatch.setattr(socket.socket, "connect", lambda _, where: made.append(where))
    yield
    assert made == []


@pytest.fixture
def old(config: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings from before October 2024, and an AWS profile that signs."""
    config.write_text(
        '[studios.old]\nstudio_id = "stid-1"\nregion = "us-west-2"\nprincipal_id = "mara"\n'
        f'endpoint_url = "{INVITE.endpoint_url}"\ncredentials = "artist"\n'
    )
    keys = config.parent / "credentials"
    keys.write_text("[artist]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = secret\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(keys))
    return config


@pytest.mark.usefixtures("old")
def test_a_command_and_doctor_say_so(run: Run) -> None:
    told = run("sessions")
    assert (told.code, told.err) == (exit_codes.USAGE, f"{SENTENCE}\n")
    told = run("doctor")
    assert f"WRONG  Address of old: {SENTENCE}" in told.out
    assert "VPN" not in told.out


@pytest.mark.parametrize("typed", [False, True])
def test_login_says_so(run: Run, person: Person, config: Path, typed: bool) -> None:
    fields = ["", INVITE.endpoint_url, INVITE.region, "stid-1", "mara", "", "AKIDEXAMPLE", "secret"]
    person.answers += fields if typed else [INVITE.encode()]
    told = run("login")
    assert told.code == exit_codes.USAGE
    assert told.err.splitlines()[-1] == SENTENCE
    assert not config.exists()


def test_the_app_says_so(old: Path) -> None:
    async def fetch_lists() -> None:
        settings = load(old)
        studios = ConfiguredStudios(settings, path=old)
        app = NimbleApp(studios, settings, "old")
        async with app.run_test(size=(120, 30)) as pilot:
            await until(pilot, lambda: SENTENCE in seen(app))
            assert "Next try" not in seen(app)
        studios.close()

    asyncio.run(fetch_lists())


@pytest.mark.parametrize(
    "host",
    [
        "nimble.us-west-2.amazonaws.com",
        "NIMBLE.EU-WEST-2.AMAZONAWS.COM.",
        "nimble.us-gov-west-1.amazonaws.com",
        "nimble.cn-north-1.amazonaws.com.cn",
        "nimble-fips.us-east-1.amazonaws.com",
        "nimble.us-west-2.api.aws",
        "nimble.us-iso-east-1.c2s.ic.gov",
        "nimble.eusc-de-east-1.amazonaws.eu",
        "vpce-0a1b-2c3d.nimble.us-west-2.vpce.amazonaws.com",
        "northwind.nimblestudio.us-west-2.amazonaws.com",
        "nimble.amazonaws.com",
    ],
)
def test_hosts_of_the_closed_service(host: str) -> None:
    assert is_closed_by_aws(host)
    assert not is_closed_by_aws(f"{host.rstrip('.')}.example")


@pytest.mark.parametrize(
    "host",
    [
        "nimble-12345.us-west-2.elb.amazonaws.com",
        "nimble.example.amazonaws.com.example",
        "nimble.us-west-2.elb.amazonaws.com",
        "abc.execute-api.us-west-2.amazonaws.com",
        "ec2-1-2-3-4.us-west-2.compute.amazonaws.com",
        "animble.us-west-2.amazonaws.com",
        "nimble.northwind.example",
        "",
    ],
)
def test_hosts_of_studios_that_run_on_aws(host: str) -> None:
    assert not is_closed_by_aws(host)


def test_an_address_with_a_port_or_a_path_is_the_same() -> None:
    for url in (f"{INVITE.endpoint_url}:443", f"{INVITE.endpoint_url}/2020-08-01"):
        with pytest.raises(Exception, match="AWS closed"):
            ConfiguredStudios(load(Path("nowhere"))).sign_in(replace(INVITE, endpoint_url=url))
