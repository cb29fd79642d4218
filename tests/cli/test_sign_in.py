import io
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import keyring
import pytest

from nimble_tui.cli import exit_codes, terminal
from nimble_tui.cli.studios import ConfiguredStudios
from nimble_tui.config import cache
from nimble_tui.config.editing import append_studio
from nimble_tui.config.loading import load
from nimble_tui.config.paths import config_file
from nimble_tui.config.settings import Settings
from nimble_tui.core.invite import Invite
from nimble_tui.core.keys import Keys
from nimble_tui.core.service import DEMO, ErrorKind, StudioError
from nimble_tui.studio.demo import Demo
from tests.cli.running import Run, settings_of
from tests.config.keyrings import FakeKeyring


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What the person at the terminal answers, in order."""
    prepared: list[str] = []

    def ask(_question: str) -> str:
        return prepared.pop(0)

    monkeypatch.setattr(terminal, "can_ask", lambda: True)
    monkeypatch.setattr(terminal, "ask", ask)
    monkeypatch.setattr(terminal, "ask_hidden", ask)
    yield prepared
    assert prepared == []


def fields_of(invite: Invite) -> list[str]:
    return [
        invite.endpoint_url,
        invite.region,
        invite.studio_id,
        invite.principal_id,
        invite.display_name,
        invite.access_key_id,
        invite.secret_access_key,
    ]


def test_with_an_invite(
    run: Run, answers: list[str], remote: Demo, config: Path, backend: FakeKeyring
) -> None:
    answers += [remote.invite.encode()]
    told = run("login")
    assert (told.code, told.out) == (exit_codes.DONE, "")
    assert "Signed in to" in told.err
    (studio,) = load(config).studios
    assert studio == settings_of(remote.invite, studio.name)
    assert remote.invite.secret_access_key not in config.read_text()
    assert remote.invite.secret_access_key in str(backend.kept)
    assert run("sessions").code == exit_codes.DONE


def test_with_what_an_invite_holds_one_by_one(
    run: Run, answers: list[str], remote: Demo, config: Path, backend: FakeKeyring
) -> None:
    answers += ["", *fields_of(remote.invite)]
    assert run("login", "--studio", "mine").code == exit_codes.DONE
    typed = replace(remote.invite, identity_store_id="", domain_id="")
    assert load(config).studios == (settings_of(typed, "mine"),)
    assert backend.kept


def test_an_invite_brings_names_and_profiles_to_whoever_signed_in_before(
    run: Run, answers: list[str], remote: Demo, config: Path, backend: FakeKeyring
) -> None:
    _, admin = next(one for one in remote.others if one[0] == "admin")
    before = replace(admin, identity_store_id="", domain_id="")
    answers += [before.encode(), admin.encode()]
    assert run("login", "--studio", "work").code == exit_codes.DONE
    assert "DATAZONE" not in run("people").out
    told = run("login", "--studio", "work")
    assert "Signed in to work" in told.err
    assert load(config).studios == (settings_of(admin, "work"),)
    assert "ACTIVATED" in run("people").out
    assert backend.kept


def test_once_more_changes_nothing(
    run: Run, answers: list[str], signed_in: Demo, config: Path
) -> None:
    before = config.read_bytes()
    answers += [signed_in.invite.encode()]
    assert run("login").code == exit_codes.DONE
    assert config.read_bytes() == before


def test_another_person_of_the_same_studio_gets_a_name_of_their_own(
    run: Run, answers: list[str], remote: Demo, config: Path, backend: FakeKeyring
) -> None:
    _, other = next(one for one in remote.others)
    answers += [remote.invite.encode(), other.encode()]
    assert run("login").code == exit_codes.DONE
    assert run("login").code == exit_codes.DONE
    first, second = load(config).studios
    assert second.name == f"{first.name}-2"
    assert len(backend.kept) == 2


def test_a_studio_that_moved_is_told_by_the_line_to_change(
    run: Run, answers: list[str], remote: Demo, config: Path, backend: FakeKeyring
) -> None:
    old = replace(settings_of(remote.invite), endpoint_url="https://old.example")
    append_studio(config, old)
    before = config.read_bytes()
    answers += [remote.invite.encode()]
    told = run("login")
    assert told.code == exit_codes.DONE
    assert f'line 6: change endpoint_url to "{remote.invite.endpoint_url}".' in told.err
    assert config.read_bytes() == before
    assert backend.kept
    told = run("sessions")
    assert told.code == exit_codes.NOT_SIGNED_IN
    assert "a different address" in told.err


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("hello", "not an invite"),
        ("nimble1_!!!", "damaged"),
        ("nimble1_e30", "incomplete"),
        ("nimble1_" + "A" * 9_000, "too long"),
    ],
)
def test_what_is_no_invite_is_said_to_be_none(
    run: Run, answers: list[str], config: Path, pasted: str, said: str
) -> None:
    answers += [pasted]
    told = run("login")
    assert told.code == exit_codes.FAILED
    assert said in told.err
    assert pasted not in told.err
    assert not config.exists()


def changed(invite: Invite, **change: str) -> Invite:
    known = {name: getattr(invite, name) for name in invite.__slots__}
    return Invite(**{**known, **change})


@pytest.mark.usefixtures("backend")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"secret_access_key": "wrong"}, exit_codes.NOT_SIGNED_IN),
        ({"access_key_id": "AKNOBODY"}, exit_codes.NOT_SIGNED_IN),
        ({"principal_id": "somebody-else"}, exit_codes.FAILED),
        ({"endpoint_url": "http://127.0.0.1:9"}, exit_codes.UNREACHABLE),
        ({"endpoint_url": "http://elsewhere.example"}, exit_codes.USAGE),
        ({"region": 'x"\n[keys]'}, exit_codes.USAGE),
        ({"studio_id": "a b"}, exit_codes.USAGE),
        ({"domain_id": 'dzd-x"\n[keys]'}, exit_codes.USAGE),
        ({"identity_store_id": "\x1b[2J"}, exit_codes.USAGE),
    ],
)
def test_what_the_studio_does_not_take_is_not_kept(
    run: Run, answers: list[str], remote: Demo, change: dict[str, str], code: int
) -> None:
    answers += [changed(remote.invite, **change).encode()]
    told = run("login")
    assert told.code == code
    assert told.err.strip()
    assert not config_file().exists()
    assert not getattr(keyring.get_keyring(), "kept", None)


def test_without_a_keyring_keys_are_asked_for_each_time(
    run: Run, answers: list[str], remote: Demo, config: Path
) -> None:
    answers += [remote.invite.encode()]
    told = run("login")
    assert told.code == exit_codes.NOT_SIGNED_IN
    assert "no keyring" in told.err
    assert load(config).studios
    answers += [remote.invite.encode()]
    assert run("sessions").code == exit_codes.DONE
    answers += [remote.invite.access_key_id, remote.invite.secret_access_key]
    assert run("profiles").code == exit_codes.DONE
    answers += [changed(remote.invite, endpoint_url="https://elsewhere.example").encode()]
    told = run("sessions")
    assert told.code == exit_codes.FAILED
    assert "nothing was sent" in told.err


def test_without_keyring_and_terminal_the_aws_profile_way_is_named(
    run: Run, remote: Demo, config: Path
) -> None:
    append_studio(config, settings_of(remote.invite))
    told = run("sessions")
    assert told.code == exit_codes.NOT_SIGNED_IN
    assert "AWS profile" in told.err
    assert 'credentials = "NAME" under [studios.north]' in told.err


def test_an_aws_profile_signs_where_the_settings_name_it(
    run: Run, signed_in: Demo, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text(config.read_text().replace('"keyring"', '"work"'))
    credentials = Path.home() / "credentials"
    credentials.write_text(
        f"[work]\naws_access_key_id = {signed_in.invite.access_key_id}\n"
        f"aws_secret_access_key = {signed_in.invite.secret_access_key}\n"
    )
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(credentials))
    assert run("sessions").code == exit_codes.DONE
    assert "AWS profile work" in run("whoami").out
    told = run("logout")
    assert told.code == exit_codes.USAGE
    assert "aws sso logout" in told.err


def test_logout_leaves_neither_keys_nor_lists(
    run: Run, signed_in: Demo, config: Path, backend: FakeKeyring
) -> None:
    from nimble_tui.core.clock import SystemClock

    info = settings_of(signed_in.invite).info
    cache.write(info, [], [], SystemClock().now())
    assert run("logout").code == exit_codes.DONE
    assert not backend.kept
    assert cache.read(info) is None
    told = run("sessions")
    assert told.code == exit_codes.NOT_SIGNED_IN
    assert "You are not signed in to north" in told.err
    assert load(config).studios
    assert run("logout").code == exit_codes.DONE
    assert run("logout", "--demo").code == exit_codes.USAGE


def test_whoami(run: Run, signed_in: Demo, backend: FakeKeyring) -> None:
    told = run("whoami", "--json")
    assert (told.code, told.err) == (exit_codes.DONE, "")
    invite = signed_in.invite
    assert json.loads(told.out) == {
        "studio": "north",
        "studioId": invite.studio_id,
        "region": invite.region,
        "endpointUrl": invite.endpoint_url,
        "principalId": invite.principal_id,
        "displayName": invite.display_name,
        "readOnly": False,
        "keys": "keyring (Secret Service)",
    }
    shown = run("whoami").out
    assert f"You      {invite.display_name} ({invite.principal_id})" in shown
    backend.kept.clear()
    told = run("whoami", "--json")
    assert told.code == exit_codes.NOT_SIGNED_IN
    assert json.loads(told.out)["keys"] is None
    assert json.loads(run("whoami", "--demo", "--json").out)["studio"] == "demo"


def test_in_the_app_keys_stay_in_memory_where_there_is_no_keyring(
    remote: Demo, config: Path
) -> None:
    studios = ConfiguredStudios(Settings())
    done = studios.sign_in(remote.invite)
    assert "no keyring" in done.notes[0]
    assert list(studios.names()) == [done.name] == [one.name for one in load(config).studios]
    service = studios.open(done.name)
    assert service.list_streaming_sessions().items
    service.close()
    studios.sign_out(done.name)
    with pytest.raises(StudioError) as failed:
        studios.open(done.name)
    assert failed.value.kind == ErrorKind.NOT_SIGNED_IN
    with pytest.raises(StudioError) as failed:
        studios.sign_out(done.name)
    assert failed.value.kind == ErrorKind.TROUBLE
    studios.close()


def test_new_keys_take_the_place_of_those_in_memory(
    remote: Demo, config: Path, backend: FakeKeyring
) -> None:
    studio = settings_of(remote.invite)
    append_studio(config, studio)
    studios = ConfiguredStudios(load(config))
    studios.store_in_memory(studio, Keys("AKOLD", "old"))
    studios.sign_in(remote.invite)
    assert backend.kept
    service = studios.open("north")
    assert service.list_streaming_sessions().items
    service.close()
    studios.close()


def test_in_the_app_a_studio_that_moved_is_open_at_once(
    remote: Demo, config: Path, backend: FakeKeyring
) -> None:
    append_studio(config, replace(settings_of(remote.invite), endpoint_url="https://old.example"))
    config.write_text(config.read_text() + 'read_only = true\naccent = "#fff"\n')
    studios = ConfiguredStudios(load(config))
    done = studios.sign_in(remote.invite)
    assert "change endpoint_url" in done.notes[0]
    assert backend.kept
    service = studios.open(done.name)
    assert service.list_streaming_sessions().items
    assert (service.info.read_only, service.info.accent) == (True, "#fff")
    service.close()
    studios.close()


def test_the_demo_is_there_without_settings() -> None:
    studios = ConfiguredStudios(Settings())
    assert studios.names() == []
    before = studios.info(DEMO)
    assert before.demo
    first, second = studios.open(DEMO), studios.open(DEMO)
    assert studios.info(DEMO) == first.info == second.info
    assert first.info.demo
    assert first.list_streaming_sessions().items == second.list_streaming_sessions().items
    first.close()
    second.close()
    studios.close()
    studios.close()
    with pytest.raises(StudioError, match="No studio named nowhere"):
        studios.info("nowhere")


def piped(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content), encoding="utf-8"))


def test_an_invite_comes_through_a_pipe(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    remote: Demo,
    config: Path,
    backend: FakeKeyring,
) -> None:
    piped(monkeypatch, f"Your invite: {remote.invite.encode()}\n".encode())
    ran = run("login", "--stdin")
    assert (ran.code, ran.out) == (exit_codes.DONE, "")
    assert remote.invite.secret_access_key not in ran.err
    (studio,) = load(config).studios
    assert studio == settings_of(remote.invite, studio.name)
    assert backend.kept


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "This is not an invite"),
        (b"hello\n", "an invite begins with nimble1_"),
        (b"\xff\xfe\x00", "it is not text"),
        (b"nimble1_" + b"A" * 200_000, "too long"),
        (b"nimble1_e30", "incomplete"),
    ],
    ids=["nothing", "words", "no text", "long", "cut"],
)
def test_what_is_no_invite_in_a_pipe_is_a_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch, content: bytes, says: str
) -> None:
    piped(monkeypatch, content)
    ran = run("login", "--stdin")
    assert (ran.code, ran.out, ran.err.count("\n")) == (exit_codes.FAILED, "", 1)
    assert says in ran.err


def test_an_invite_with_a_wrong_address_is_refused_with_the_reason(
    run: Run, monkeypatch: pytest.MonkeyPatch, remote: Demo
) -> None:
    invite = changed(remote.invite, endpoint_url="http://studio.example", region="somewhere")
    piped(monkeypatch, invite.encode().encode())
    assert run("login", "--stdin").err.splitlines()[-1] == (
        'The invite is not valid. Its region must be a region such as "us-west-2". '
        "Its endpoint_url must begin with https:// (http:// is only for a studio on this "
        "computer). Ask for a new one."
    )


def test_a_terminal_is_no_pipe(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    piped(monkeypatch, b"")
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    ran = run("login", "--stdin")
    assert (ran.code, ran.out) == (exit_codes.USAGE, "")
    assert "--stdin reads the invite from a pipe" in ran.err
