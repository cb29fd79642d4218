"""A studio served under a private authority, from its certificate to its artist's last command."""

import json
import os
import signal
import socket
import ssl
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect as websocket
from websockets.typing import Origin, Subprotocol

from nimble_tui.cli import exit_codes
from nimble_tui.client.certificates import VARIABLES
from nimble_tui.config.loading import load
from nimble_tui.config.paths import authorities_dir
from nimble_tui.core.invite import Invite
from nimble_tui.studio.http.screen_gate import CloseCode
from nimble_tui.studio.http.screen_handshake import SUBPROTOCOLS
from nimble_tui.studio.invites import opened
from nimble_tui.studio.sample.facts import SAMPLE
from nimble_tui.studio.store.records import Kind
from nimble_tui.studio.studio import Studio
from tests.cli.running import Person, Run
from tests.config.keyrings import FakeKeyring
from tests.studio.backends import BOTH, LOCAL, SIMULATED

HOST = "nimble.northwind.example"
SECONDS = 30


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port: int = listener.getsockname()[1]
    return port


@pytest.fixture
def private_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """HOST is a name of this computer, for this process."""
    look_up = socket.getaddrinfo

    def getaddrinfo(host: Any, *rest: Any, **options: Any) -> Any:
        return look_up("127.0.0.1" if host == HOST else host, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


class Folder:
    """A studio's folder: its store, its certificate and its settings."""

    def __init__(self, path: Path, run: Run) -> None:
        self.path = path
        self.store = path / "studio.sqlite3"
        self.config = path / "studio.toml"
        self.port = free_port()
        self.compute = SIMULATED
        self.url = f"https://{HOST}:{self.port}"
        Studio.open(self.store).close()
        with opened(self.store) as store, store.write() as tx:
            tx.note(SAMPLE, "")  # the sample's people and workstations, in a studio of one's own
        made = run("studio", "certificate", str(path), "--name", HOST)
        assert (made.code, made.out) == (exit_codes.DONE, "")
        self.write()

    def write(self, more: str = "") -> None:
        self.config.write_text(
            f'[studio]\nname = "Private"\nregion = "us-west-2"\nstore = "{self.store.name}"\n'
            f'compute = "{self.compute}"\n'
            f'[serve]\nlisten = "127.0.0.1:{self.port}"\npublic_url = "{self.url}"\n'
            f'certificate = "server.pem"\nkey = "server.key"\n{more}'
        )

    def compute_here(self) -> None:
        """Have workstations on this computer, without the sample's file servers and scripts."""
        self.compute = LOCAL
        self.write(
            '[local]\nfolder = "workstations"\ncpus = 64\nmemory = "1 TiB"\n'
            '[local.types.default]\ncpus = 1\nmemory = "2 GiB"\ndisk = "8 GiB"\n'
            '[local.images]\ndefault = ["sleep", "3600"]\n'
        )
        with opened(self.store) as store, store.write() as tx:
            for profile in tx.page(Kind.LAUNCH_PROFILE):
                profile.document["studioComponentIds"] = []
                tx.put(profile)

    def replace_by_demo(self) -> None:
        self.store.unlink()
        Studio.open(self.store).close()

    def command(self) -> list[str]:
        words = ["studio", "serve", "--config", str(self.config), "--speed", "100000"]
        return [sys.executable, "-m", "nimble_tui", *words]

    @contextmanager
    def served(self) -> Iterator["subprocess.Popen[str]"]:
        process = subprocess.Popen(
            self.command(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        try:
            assert process.stdout is not None
            assert json.loads(process.stdout.readline())["endpoint_url"] == self.url
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.communicate(timeout=SECONDS)

    def refusal(self) -> str:
        done = subprocess.run(
            self.command(), capture_output=True, text=True, timeout=SECONDS, check=False
        )
        assert (done.returncode, done.stdout) == (exit_codes.FAILED, "")
        return done.stderr


def backend_secret(folder: Folder) -> str:
    """Return a line of the certificate's key."""
    return (folder.path / "server.key").read_text().splitlines()[1]


def status(folder: Folder, path: str) -> int:
    """Ask the studio for a page, as a program on the same computer does."""
    context = ssl.create_default_context(cafile=folder.path / "ca.pem")
    connection = HTTPSConnection(HOST, folder.port, context=context, timeout=SECONDS)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def close_code(folder: Folder, token: str) -> int:
    """Ask for a screen as its page does; return the code with which that is refused."""
    context = ssl.create_default_context(cafile=folder.path / "ca.pem")
    with (
        websocket(
            f"wss://{HOST}:{folder.port}/screen/none/socket",
            ssl=context,
            origin=Origin(folder.url),
            subprotocols=[Subprotocol(one) for one in (*SUBPROTOCOLS, token)],
            proxy=None,
        ) as screen,
        pytest.raises(ConnectionClosed) as closed,
    ):
        screen.recv(SECONDS)
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


@pytest.fixture
def folder(request: pytest.FixtureRequest, tmp_path: Path, run: Run) -> Iterator[Folder]:
    made = Folder(tmp_path, run)
    if getattr(request, "param", SIMULATED) == LOCAL:
        made.compute_here()
    yield made
    if made.compute == LOCAL:
        from tests.studio.local.local_world import end_all

        end_all(tmp_path / "workstations")


@pytest.mark.usefixtures("private_name", "quick_looks")
@pytest.mark.parametrize("folder", BOTH, indirect=True)
def test_an_artist_s_journey_under_a_private_authority(
    run: Run, folder: Folder, person: Person, config: Path, backend: FakeKeyring
) -> None:
    assert not {*VARIABLES, "SSL_CERT_DIR"} & os.environ.keys()
    with folder.served() as process:
        invited = run("studio", "invite", "Mara Vos", "--config", str(folder.config))
        invite = Invite.decode(invited.out)
        assert invite.endpoint_url == folder.url
        assert invite.ca_pem == (folder.path / "ca.pem").read_text()

        person.answers.append(invited.out)
        signed_in = run("login")
        assert signed_in.code == exit_codes.DONE, signed_in.err
        with opened(folder.store) as store, store.read() as tx:
            assert tx.page(Kind.STUDIO)[0].document["displayName"] == "Private"
        (studio,) = load(config).studios
        assert studio.ca_file == str(authorities_dir() / f"{HOST}.pem")
        if os.name == "posix":
            assert stat.S_IMODE(Path(studio.ca_file).stat().st_mode) == 0o600

        def done(*words: str) -> str:
            ran = run(*words)
            assert ran.code == exit_codes.DONE, ran.err
            return ran.out

        session_id = json.loads(done("launch", "Lighting", "--wait", "--json"))["session"][
            "sessionId"
        ]
        assert done("connect", session_id, "--show").startswith(
            f"{folder.url}/{'screen' if folder.compute == LOCAL else 'stream'}/"
        )
        for action in ("stop", "start"):
            done(action, session_id, "--wait", "--yes")
        done("delete", session_id, "--wait", "--yes")
        assert "ok     Address of" in run("doctor").out
        token = "no-token-of-any-stream"
        assert close_code(folder, token) == CloseCode.NOT_FOUND
        assert status(folder, "/screen/page/screen.js") == 200
        secrets = (invite.secret_access_key, backend_secret(folder))
        for shown in ("cmdline", "environ") if sys.platform == "linux" else ():
            content = Path(f"/proc/{process.pid}/{shown}").read_bytes()
            assert not any(one.encode() in content for one in secrets)

        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=SECONDS)
        assert (process.returncode, out) == (0, "")
        lines = [json.loads(line) for line in err.splitlines() if line.startswith("{")]
        assert {"CreateStreamingSession", "StopStreamingSession"} <= {
            one["operation"] for one in lines
        }
        assert ("screen", 404) in {(one["operation"], one["status"]) for one in lines}
        for secret in (*secrets, invite.access_key_id, "authToken", "Signature", token):
            assert secret not in err
    assert backend.kept


@pytest.mark.usefixtures("private_name")
def test_without_the_authority_the_studio_is_not_trusted(
    run: Run, folder: Folder, person: Person, config: Path, backend: FakeKeyring
) -> None:
    del backend
    with folder.served():
        invited = run("studio", "invite", "Mara Vos", "--config", str(folder.config))
        invite = replace(Invite.decode(invited.out), ca="")
        person.answers.append(invite.encode())
        refused = run("login")
        assert refused.code == exit_codes.UNREACHABLE
        assert f"The certificate of {HOST} is not trusted" in refused.err

        # By hand, in the settings.
        config.write_text(
            f'[studios.north]\nstudio_id = "{invite.studio_id}"\nregion = "{invite.region}"\n'
            f'principal_id = "{invite.principal_id}"\nendpoint_url = "{invite.endpoint_url}"\n'
            f'ca_file = "{folder.path / "ca.pem"}"\n'
        )
        person.answers.append(invite.encode())
        assert run("login").code == exit_codes.DONE
        assert run("sessions").code == exit_codes.DONE
        text = config.read_text()
        config.write_text(text.replace("ca.pem", "none.pem"))
        missing = run("sessions")
        assert "ca_file names" in missing.err
        assert "none.pem, which " in missing.err
        assert "correct that setting" in missing.err


@pytest.mark.usefixtures("private_name")
def test_an_authority_of_somebody_else_is_not_taken_for_a_known_host(
    run: Run, folder: Folder, person: Person, config: Path, backend: FakeKeyring
) -> None:
    del backend
    other = folder.path / "other"
    assert run("studio", "certificate", str(other), "--name", HOST).code == exit_codes.DONE
    with folder.served():
        invited = run("studio", "invite", "Mara Vos", "--config", str(folder.config))
        person.answers.append(invited.out)
        assert run("login").code == exit_codes.DONE
        lines = (other / "ca.pem").read_text().splitlines()[1:-1]
        forged = replace(Invite.decode(invited.out), ca="".join(lines))
        person.answers.append(forged.encode())
        refused = run("login")
    assert refused.code == exit_codes.USAGE
    assert f"another certificate authority for {HOST}" in refused.err
    (studio,) = load(config).studios
    assert Path(studio.ca_file).read_text() == (folder.path / "ca.pem").read_text()


@pytest.mark.usefixtures("private_name")
def test_a_store_that_was_taken_away_is_served_again_once_it_is_back(folder: Folder) -> None:
    away = folder.path / "away"
    away.mkdir()
    with folder.served() as process:
        assert (status(folder, "/healthz"), status(folder, "/metrics")) == (200, 200)
        data = list(folder.path.glob("studio.sqlite3*"))
        for one in data:
            one.rename(away / one.name)
        assert status(folder, "/healthz") == 503
        for one in data:
            (away / one.name).rename(one)
        assert status(folder, "/healthz") == 200
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=SECONDS)
    assert "was removed" in err or "is gone" in err or "replaced" in err
    assert "Traceback" not in err


def test_a_certificate_is_renewed_by_the_same_authority(run: Run, folder: Folder) -> None:
    before = {one.name: one.read_bytes() for one in folder.path.glob("*.pem")}
    again = ("studio", "certificate", str(folder.path), "--name", HOST)
    refused = run(*again)
    assert refused.code == exit_codes.FAILED
    assert "--renew replaces it" in refused.err
    assert run(*again, "--renew").code == exit_codes.DONE
    after = {one.name: one.read_bytes() for one in folder.path.glob("*.pem")}
    assert after["ca.pem"] == before["ca.pem"]
    assert after["server.pem"] != before["server.pem"]
    (folder.path / "ca.key").unlink()
    assert "contains only one of" in run(*again, "--renew").err
    if os.name == "posix":
        assert stat.S_IMODE((folder.path / "server.key").stat().st_mode) == 0o600


@pytest.mark.skipif(sys.platform == "win32", reason="SIGHUP")
def test_sighup_reads_the_certificate_again(run: Run, folder: Folder) -> None:
    with folder.served() as process:
        assert process.stderr is not None
        process.send_signal(signal.SIGHUP)
        assert "The certificate was read again" in process.stderr.readline()
        assert (
            run("studio", "certificate", str(folder.path), "--name", HOST, "--renew").code
            == exit_codes.DONE
        )
        while "was read again" not in process.stderr.readline():
            pass


SPOILT: dict[str, tuple[Callable[[Folder], object], str]] = {
    "the demo": (
        lambda folder: folder.replace_by_demo(),
        "This is the demo, in ",
    ),
    "no store": (lambda folder: folder.store.unlink(), "There is no studio in"),
    "no certificate": (
        lambda folder: (folder.path / "server.pem").unlink(),
        "cannot be read: No such file",
    ),
    "another key": (
        lambda folder: (folder.path / "server.key").write_bytes(
            (folder.path / "ca.key").read_bytes()
        ),
        "does not fit the key",
    ),
    "two problems": (lambda folder: folder.write("keys = 1\nkye = 2\n"), "did you mean"),
    "another region": (
        lambda folder: folder.config.write_text(
            folder.config.read_text().replace("us-west-2", "eu-west-1")
        ),
        "is in us-west-2, and the settings say eu-west-1",
    ),
}


@pytest.mark.parametrize("what", SPOILT)
def test_what_stands_in_the_way_is_a_sentence(folder: Folder, what: str) -> None:
    spoil, says = SPOILT[what]
    spoil(folder)
    refused = folder.refusal()
    assert says in refused
    assert "Traceback" not in refused


def test_a_port_in_use_is_a_sentence(folder: Folder) -> None:
    with socket.create_server(("127.0.0.1", folder.port)):
        assert f"port {folder.port}: another program is using" in folder.refusal()


def test_the_config_stands_alone(run: Run, folder: Folder) -> None:
    refused = run("studio", "serve", "--config", str(folder.config), "--demo")
    assert refused.code == exit_codes.USAGE
    refused = run("studio", "serve", "--demo", "--host", "0.0.0.0")  # noqa: S104 - refused
    assert refused.code == exit_codes.USAGE
    assert "write a studio.toml" in refused.err


@pytest.mark.parametrize("name", ["uvicorn", "cryptography"])
def test_without_the_extra_it_says_what_to_install(
    run: Run, folder: Folder, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for module in list(sys.modules):
        if module.startswith(
            (
                "nimble_tui.studio.serve_config",
                "nimble_tui.studio.http.public",
                "nimble_tui.studio.http.guarded",
                "nimble_tui.studio.tls_files",
                "nimble_tui.studio.own_authority",
                name,
            )
        ):
            monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, name, None)
    refused = run("studio", "serve", "--config", str(folder.config))
    assert refused.code == exit_codes.FAILED
    assert refused.err.count("\n") == 1
    assert "pipx install 'nimble-tui[studio]'" in refused.err
