"""studio init: a studio of one's own in a new folder."""

import os
import socket
import stat
from pathlib import Path

import pytest

from nimble_tui.cli import exit_codes, studio_init
from nimble_tui.core.invite import Invite
from nimble_tui.studio.compute.local.settings import total_memory
from nimble_tui.studio.config_file import Listen, read_config
from nimble_tui.studio.invites import all_people, opened
from nimble_tui.studio.sample.facts import SAMPLE
from nimble_tui.studio.store.master_key import read_master_key
from nimble_tui.studio.store.records import Kind, Role
from nimble_tui.studio.studio_file import StudioFile
from tests.cli.own_studio import OwnStudio, init
from tests.cli.running import Person, Run
from tests.config.keyrings import FakeKeyring

URL = "https://studio.northwind.example:8443"


def files(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in folder.iterdir()}


def test_options_answer_every_question(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "studio"
    words = ("--tls", "own", "--listen", "0.0.0.0:8443", "--public-url", URL)
    made = init(run, folder, *words, "--region", "eu-west-1", "--compute", "simulated")
    assert made.code == exit_codes.DONE, made.err
    config = read_config(folder / "studio.toml")
    assert (config.name, config.region, config.compute) == ("Northwind", "eu-west-1", "simulated")
    assert (config.listen, config.public_url) == (Listen("0.0.0.0", 8443), URL)  # noqa: S104
    assert config.certificate == folder / "server.pem"
    invite = Invite.decode(made.out)
    assert made.out.count("\n") == 1
    assert invite.secret_access_key not in made.err
    assert (invite.endpoint_url, invite.region) == (URL, "eu-west-1")
    assert invite.ca_pem == (folder / "ca.pem").read_text()
    file = StudioFile(config.store, read_master_key(folder / "master.key"))
    (pat,) = all_people(file)
    assert (pat.person.name, pat.person.role, pat.person.active) == ("Pat Doe", Role.OPERATOR, True)
    assert pat.person.principal_id == invite.principal_id
    with opened(file) as store, store.read() as tx:
        assert not tx.fact(SAMPLE)
        (studio,) = tx.page(Kind.STUDIO)
        assert len(tx.everything()) == 1
    assert (studio.id, studio.document["displayName"]) == (invite.studio_id, "Northwind")
    assert f"studio serve --config {folder}/studio.toml" in made.err
    if os.name == "posix":
        modes = {stat.S_IMODE(one.stat().st_mode) for one in folder.iterdir()}
        assert modes == {0o600}
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_its_access_keys_are_encrypted_with_a_key_of_their_own(run: Run, tmp_path: Path) -> None:
    studio = OwnStudio(run, tmp_path / "new")
    assert read_config(studio.config).master_key == studio.folder / "master.key"
    assert studio.invite.secret_access_key.encode() not in studio.store.read_bytes()
    assert studio.done("people")
    (studio.folder / "master.key").unlink()
    refused = studio.run("people")
    assert (refused.code, refused.out, refused.err.count("\n")) == (exit_codes.FAILED, "", 1)


def test_the_master_key_can_be_in_the_keyring(
    run: Run, tmp_path: Path, backend: FakeKeyring
) -> None:
    studio = OwnStudio(run, tmp_path / "new", "--master-key", "keyring")
    assert set(files(studio.folder)) == {"studio.toml", "studio.sqlite3"}
    assert backend.kept
    assert studio.done("people")


def test_without_a_safe_keyring_it_makes_nothing(run: Run, tmp_path: Path) -> None:
    refused = init(run, tmp_path / "new", "--master-key", "keyring")
    assert (refused.code, refused.out) == (exit_codes.FAILED, "")
    assert "Leave out --master-key keyring" in refused.err
    assert not (tmp_path / "new").exists()


def test_two_studios_have_nothing_in_common(run: Run, tmp_path: Path) -> None:
    one, other = (OwnStudio(run, tmp_path / name).invite for name in ("one", "other"))
    assert one.studio_id != other.studio_id
    assert one.identity_store_id != other.identity_store_id
    assert one.secret_access_key != other.secret_access_key


def test_it_asks_for_what_no_option_says(
    run: Run, tmp_path: Path, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getfqdn", lambda: "host.example")
    monkeypatch.setattr(studio_init, "runs_here", lambda: "")
    person.answers = ["", "Northwind", "pat@northwind.example", "", "everywhere", "", "", ""]
    made = run("studio", "init", str(tmp_path / "new"))
    assert made.code == exit_codes.DONE, made.err
    assert [one.splitlines()[-1] for one in person.asked] == [
        "Name of the studio: ",
        "Name of the studio: ",
        "Your name or e-mail address, as its first operator: ",
        "TLS [own]: ",
        "Address and port to listen on [0.0.0.0:8443]: ",
        "Address and port to listen on [0.0.0.0:8443]: ",
        "Address at which artists reach it [https://host.example:8443]: ",
        "What runs the workstations (simulated or local) [simulated]: ",
    ]
    assert "The answer must be an address and a port" in made.err
    config = read_config(tmp_path / "new" / "studio.toml")
    assert (config.name, config.public_url) == ("Northwind", "https://host.example:8443")


HERE = ("--tls", "none", "--listen", "127.0.0.1:1", "--public-url", "http://127.0.0.1:1")
LOCAL = ("--compute", "local")


def test_workstations_on_this_computer_have_limits_from_the_start(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(studio_init, "runs_here", lambda: "")
    assert init(run, tmp_path / "new", *HERE, *LOCAL).code == exit_codes.DONE
    local = read_config(tmp_path / "new" / "studio.toml").local
    assert local is not None
    limits = local.limits("g5.xlarge")
    assert limits is not None
    assert limits.cpus * 4 <= max(os.cpu_count() or 1, 4)
    assert limits.memory * 4 <= total_memory()


def test_workstations_on_this_computer_are_offered_only_where_they_can_run(
    run: Run, tmp_path: Path, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(studio_init, "runs_here", lambda: "Packages are missing: this one")
    refused = init(run, tmp_path / "new", *HERE, *LOCAL)
    assert (refused.code, refused.out) == (exit_codes.USAGE, "")
    assert refused.err == "--compute local: Packages are missing: this one\n"
    made = init(run, tmp_path / "new", *HERE)
    assert made.code == exit_codes.DONE
    assert not any("What runs" in one for one in person.asked)
    assert read_config(tmp_path / "new" / "studio.toml").local is None


def test_without_a_terminal_it_names_the_options_that_are_missing(run: Run, tmp_path: Path) -> None:
    refused = run("studio", "init", str(tmp_path / "new"), "--tls", "files")
    assert (refused.code, refused.out) == (exit_codes.USAGE, "")
    assert refused.err == (
        "Without a terminal for prompts, studio init needs --name and --operator and --public-url "
        "and --certificate and --key.\n"
    )
    assert not (tmp_path / "new").exists()


def test_a_certificate_in_files_is_checked_first_and_named(run: Run, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    host = "studio.northwind.example"
    assert run("studio", "certificate", str(theirs), "--name", host).code == exit_codes.DONE
    given = ("--certificate", str(theirs / "server.pem"), "--key")
    words = ("--tls", "files", "--listen", "0.0.0.0:8443", "--public-url", URL, *given)
    wrong = init(run, tmp_path / "new", *words, str(theirs / "ca.key"))
    assert (wrong.code, wrong.out) == (exit_codes.FAILED, "")
    assert "does not fit the key" in wrong.err
    assert "Nothing was left behind." in wrong.err
    assert not (tmp_path / "new").exists()
    studio = OwnStudio(run, tmp_path / "new", *words, str(theirs / "server.key"))
    config = read_config(studio.config)
    assert (config.certificate, config.key) == (theirs / "server.pem", theirs / "server.key")
    assert set(files(studio.folder)) == {"studio.toml", "studio.sqlite3", "master.key"}
    assert studio.invite.ca_pem == (theirs / "ca.pem").read_text()


def test_behind_a_proxy_on_the_same_computer_it_believes_that(run: Run, tmp_path: Path) -> None:
    studio = OwnStudio(run, tmp_path / "new", "--public-url", "https://studio.example")
    assert read_config(studio.config).trusted_proxies == ("127.0.0.1", "::1")
    elsewhere = ("--public-url", "https://studio.example", "--listen", "0.0.0.0:8080")
    studio = OwnStudio(run, tmp_path / "other", *elsewhere, "--proxy", "10.0.0.5")
    assert read_config(studio.config).trusted_proxies == ("10.0.0.5",)


WRONG = {
    "a name": (("--name", "\x1b[2J"), "--name must be a name"),
    "an operator": (("--operator", " "), "--operator must be a name"),
    "an address": (("--listen", "8443"), "--listen must be an address and a port"),
    "a url": (("--public-url", "http://studio.example"), "--public-url must begin with https://"),
    "a proxy": (("--proxy", "*"), "--proxy can contain only IP addresses"),
    "a region": (("--region", "here"), "--region must be a region"),
    "a compute": (("--compute", "simluated"), "--compute must be"),
    "files without tls": (("--key", "a.key"), "--certificate and --key are for --tls files"),
    "no tls for others": (
        ("--listen", "0.0.0.0:8080", "--public-url", "http://127.0.0.1:8080"),
        "so it needs certificate and key",
    ),
    "plain and tls": (
        ("--tls", "own", "--public-url", "http://127.0.0.1:8080"),
        "must begin with https://, because there is a certificate",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_wrong_answers_make_nothing(run: Run, tmp_path: Path, what: str) -> None:
    words, says = WRONG[what]
    refused = init(run, tmp_path / "new", *words)
    assert (refused.code, refused.out) == (exit_codes.USAGE, "")
    assert says in refused.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name", ["studio.sqlite3", "studio.sqlite3-wal", "ca.key", "server.pem", "master.key"]
)
def test_nothing_is_overwritten(run: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / name).symlink_to("nowhere")
    refused = init(run, tmp_path)
    assert (refused.code, refused.out) == (exit_codes.FAILED, "")
    assert f"already contains {name}, and nothing is overwritten" in refused.err
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_a_studio_is_never_set_up_again(run: Run, tmp_path: Path) -> None:
    studio = OwnStudio(run, tmp_path / "new")
    before = files(studio.folder)
    refused = init(run, studio.folder)
    assert (refused.code, refused.out) == (exit_codes.FAILED, "")
    assert "already contains a studio" in refused.err
    assert files(studio.folder) == before
    assert "is not a folder" in init(run, studio.config).err


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_did_not_finish_leaves_only_what_was_there(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    (tmp_path / "mine.txt").write_text("mine")

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(studio_init, "write_file", fail)
    for folder in (tmp_path, tmp_path / "new" / "studio"):
        failed = init(run, folder, "--tls", "own", "--public-url", URL)
        assert failed.code in {exit_codes.FAILED, exit_codes.INTERRUPTED}
        assert failed.out == ""
        assert [one.name for one in tmp_path.iterdir()] == ["mine.txt"]
