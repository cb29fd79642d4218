"""What a certificate, the environment and `~/.aws` have to say about a connection."""

import os
import re
import socket
import ssl
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES

from nimble_tui.client.endpoint import Endpoint
from nimble_tui.client.nimble import connect
from nimble_tui.client.transport import Limits
from nimble_tui.core.keys import Keys
from nimble_tui.core.model import SessionAction
from nimble_tui.core.service import ErrorKind, StudioError, StudioInfo
from tests.client.conftest import Connect, returned
from tests.client.listeners import port_of, silent_peer, visited
from tests.faults.faulty_studio import (
    Answer,
    FaultyStudio,
    Line,
    Server,
)

TLS = Path(__file__).parent / "tls"
ORDER = ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")
IMPATIENT = Limits(call=1.0, attempt=0.5, connect=0.5)


class TestTls:
    @pytest.fixture
    def secure(self, request: pytest.FixtureRequest, studio: FaultyStudio) -> Iterator[str]:
        """The studio over TLS, with the certificate that the test names."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(TLS / request.param)
        self.twin = FaultyStudio(states=studio.states)
        with closing(Server(self.twin, context)):
            yield self.twin.url

    @pytest.mark.parametrize("secure", ["studio.pem"], indirect=True)
    def test_a_trusted_studio(
        self, service_for: Connect, secure: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "authority.pem"))
        service = service_for(endpoint_url=secure)
        assert returned(service.get_studio).display_name == "Northwind"

    @pytest.mark.parametrize(
        ("secure", "trusted"),
        [("studio.pem", False), ("elsewhere.pem", True), ("expired.pem", True)],
        indirect=["secure"],
    )
    def test_a_studio_that_is_not_trusted(
        self, service_for: Connect, secure: str, trusted: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Whatever the environment says about checking."""
        if trusted:
            monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "authority.pem"))
        for name in ("PYTHONHTTPSVERIFY", "AWS_VERIFY_SSL"):
            monkeypatch.setenv(name, "0")
        for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "AWS_CA_BUNDLE"):
            monkeypatch.setenv(name, "")
        with pytest.raises(StudioError, match="not trusted") as error:
            returned(service_for(endpoint_url=secure).get_studio)
        assert error.value.kind == ErrorKind.UNREACHABLE

    @pytest.mark.parametrize("secure", ["studio.pem"], indirect=True)
    @pytest.mark.parametrize("name", ORDER)
    def test_a_company_s_own_authority(
        self, service_for: Connect, secure: str, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        """Named by any of the variables; those after it in the order have no say."""
        monkeypatch.setenv(name, str(TLS / "authority.pem"))
        for later in ORDER[ORDER.index(name) + 1 :]:
            monkeypatch.setenv(later, str(TLS / "nowhere.pem"))
        service = service_for(endpoint_url=secure)
        assert returned(service.get_studio).display_name == "Northwind"

    @pytest.mark.parametrize("secure", ["studio.pem"], indirect=True)
    @pytest.mark.parametrize(
        ("file", "sentence"),
        [
            (TLS / "nowhere.pem", "AWS_CA_BUNDLE names {file}, which does not exist; correct that"),
            (Path(__file__), "AWS_CA_BUNDLE names {file}, which contains no certificates; correct"),
            (TLS / "expired.pem", "not even by the authorities in {file} (AWS_CA_BUNDLE); check"),
        ],
        ids=["missing", "garbage", "another"],
    )
    def test_authorities_that_do_not_help_are_named(
        self,
        service_for: Connect,
        secure: str,
        monkeypatch: pytest.MonkeyPatch,
        file: Path,
        sentence: str,
    ) -> None:
        """The first variable counts, whatever those after it name."""
        for name in ORDER:
            monkeypatch.setenv(name, str(TLS / "authority.pem"))
        monkeypatch.setenv(ORDER[0], str(file))
        with pytest.raises(StudioError, match=re.escape(sentence.format(file=file))) as error:
            returned(service_for(endpoint_url=secure).get_studio)
        assert error.value.kind == ErrorKind.UNREACHABLE
        assert error.value.message.startswith("The certificate of 127.0.0.1 is not trusted")

    @pytest.mark.parametrize("secure", ["studio.pem"], indirect=True)
    def test_a_folder_of_authorities(
        self, service_for: Connect, secure: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        """As OpenSSL has it: each file is called by the hash of its subject."""
        (tmp_path / "22b3a958.0").write_bytes((TLS / "authority.pem").read_bytes())
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path))
        service = service_for(endpoint_url=secure)
        assert returned(service.get_studio).display_name == "Northwind"

    @pytest.mark.parametrize("secure", ["studio.pem"], indirect=True)
    def test_a_protected_answer_that_is_lost_is_read_back(
        self, service_for: Connect, secure: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It breaks after the request left, so that a broken connection is no untrusted one."""
        monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "authority.pem"))

        def garble(line: Line, _: Answer) -> bool:
            socket.socket.sendall(line.sock, b"this is no record of TLS" * 20)
            return False

        self.twin.strike(garble, on=["DeleteStreamingSession"], before=False)
        service = service_for(endpoint_url=secure)
        session = returned(lambda: service.act(SessionAction.DELETE, "ses.ready"))
        assert session.state == "DELETE_IN_PROGRESS"
        assert self.twin.ledger == [("DeleteStreamingSession", "ses.ready")]

    def test_a_studio_in_plain_text(self, service_for: Connect, studio: FaultyStudio) -> None:
        url = studio.url.replace("http:", "https:")
        with pytest.raises(StudioError) as error:
            returned(service_for(endpoint_url=url, limits=IMPATIENT).get_studio)
        assert error.value.kind == ErrorKind.UNREACHABLE

    def test_a_handshake_that_hangs(self, service_for: Connect) -> None:
        with silent_peer() as listener:
            url = f"https://127.0.0.1:{port_of(listener)}"
            with pytest.raises(StudioError, match="in time") as error:
                returned(service_for(endpoint_url=url, limits=IMPATIENT).get_studio)
        assert error.value.kind == ErrorKind.UNREACHABLE


class TestEnvironment:
    def test_nothing_of_aws_has_a_say(
        self,
        info: StudioInfo,
        keys: Keys,
        studio: FaultyStudio,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        with silent_peer() as thief:
            there = f"http://127.0.0.1:{port_of(thief)}"
            for _, names, _, _ in BOTOCORE_DEFAUT_SESSION_VARIABLES.values():
                for name in [names] if isinstance(names, str) else names or []:
                    monkeypatch.setenv(name, "bogus")
            for name in (
                "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_NIMBLE", "AWS_ENDPOINT_URL_STS",
                "HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY",
            ):  # fmt: skip
                monkeypatch.setenv(name, there)
            monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDSTALE")
            monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "stale")
            monkeypatch.setenv("AWS_SESSION_TOKEN", "stale")
            monkeypatch.setenv("REQUESTS_CA_BUNDLE", " ")
            folder = Path(os.environ["HOME"]) / ".aws"
            folder.mkdir()
            for file in ("config", "credentials"):
                (folder / file).write_text(f"[default\nendpoint_url = {there}\n\x00")
            with closing(connect(info, endpoint_url=studio.url, keys=keys)) as service:
                assert returned(service.get_studio).display_name == "Northwind"
            assert not visited(thief)
        (request,) = studio.requests
        assert "Credential=AKIDEXAMPLE/" in request.headers["authorization"]
        assert "x-amz-security-token" not in request.headers

    def test_a_named_profile_signs(
        self, service_for: Connect, studio: FaultyStudio, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AWS_PROFILE", "stale")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDSTALE")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "stale")
        with silent_peer() as thief:
            there = f"http://127.0.0.1:{port_of(thief)}"
            aws_files(
                f"[profile pipeline]\naws_access_key_id = AKIDPIPELINE\n"
                f"aws_secret_access_key = s\nendpoint_url = {there}\n"
            )
            returned(service_for(keys=None, aws_profile="pipeline").get_studio)
            assert not visited(thief)
        assert "Credential=AKIDPIPELINE/" in studio.requests[0].headers["authorization"]

    @pytest.mark.parametrize(
        ("config", "kind"),
        [
            ("", ErrorKind.SETTINGS),
            ("[profile pipeline]\nregion = x\n", ErrorKind.NOT_SIGNED_IN),
            ("[profile pipeline\n", ErrorKind.SETTINGS),
            ("[profile pipeline]\naws_access_key_id = A\n", ErrorKind.NOT_SIGNED_IN),
            (
                "[profile pipeline]\ncredential_process = /nowhere/at/all\n",
                ErrorKind.SETTINGS,
            ),
            ("[profile pipeline]\nsso_session = nowhere\n", ErrorKind.NOT_SIGNED_IN),
        ],
        ids=["missing", "empty", "broken", "partial", "process", "sso"],
    )
    def test_a_named_profile_that_does_not_work(
        self, service_for: Connect, studio: FaultyStudio, config: str, kind: ErrorKind
    ) -> None:
        aws_files(config)

        def look() -> object:
            return service_for(keys=None, aws_profile="pipeline").get_studio()

        with pytest.raises(StudioError) as error:
            returned(look)
        assert error.value.kind == kind
        assert not studio.requests

    @pytest.mark.parametrize(
        ("content", "what"),
        [
            (
                b"\xef\xbb\xbf[pipeline]\naws_access_key_id = canary\n",
                "begins with a byte-order mark",
            ),
            (b"[pipeline]\n\xff\xfe\n", "is not UTF-8 text"),
            (b"[pipeline]\naws_access_key_id = canary\n[canary\n", "cannot be read from line 3 on"),
            (b"canary = canary\n", "cannot be read from line 1 on"),
            (b"[pipeline]\n[pipeline]\n", "cannot be read from line 2 on"),
        ],
        ids=["marked", "latin", "broken", "headless", "twice"],
    )
    @pytest.mark.parametrize("file", ["config", "credentials", "elsewhere"])
    def test_the_file_that_cannot_be_read_is_named(
        self,
        service_for: Connect,
        monkeypatch: pytest.MonkeyPatch,
        file: str,
        content: bytes,
        what: str,
    ) -> None:
        aws_files("[profile other]\nregion = us-west-2\n")
        path = Path(os.environ["HOME"]) / ".aws" / file
        path.write_bytes(content)
        if file == "elsewhere":
            monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(path))
        with pytest.raises(StudioError) as error:
            returned(lambda: service_for(keys=None, aws_profile="pipeline"))
        assert error.value.kind == ErrorKind.SETTINGS
        assert error.value.message.startswith(f"The AWS file ~/.aws/{file} {what}")
        assert "canary" not in error.value.message

    def test_a_named_profile_that_hangs(self, service_for: Connect, tmp_path: Path) -> None:
        done = tmp_path / "done"
        program = tmp_path / "keys.py"
        program.write_text(
            "import pathlib, time\n"
            f"for _ in range(600):\n    if pathlib.Path({str(done)!r}).exists(): break\n"
            "    time.sleep(0.05)\n"
        )
        aws_files(f"[profile pipeline]\ncredential_process = {sys.executable} {program}\n")
        limits = Limits(sign_in=1.0)
        with pytest.raises(StudioError, match="AWS profile pipeline did not respond") as error:
            returned(lambda: service_for(keys=None, aws_profile="pipeline", limits=limits))
        done.touch()
        assert error.value.kind == ErrorKind.UNREACHABLE

    def test_a_proxy_is_used_and_named(
        self, service_for: Connect, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with silent_peer() as listener:
            port = port_of(listener)
        monkeypatch.setenv("HTTPS_PROXY", f"http://me:canary@127.0.0.1:{port}")
        service = service_for(endpoint_url="https://studio.example.com")
        with pytest.raises(StudioError, match="HTTPS_PROXY") as error:
            returned(service.get_studio)
        assert "canary" not in error.value.message
        assert error.value.kind == ErrorKind.UNREACHABLE

    def test_a_proxy_that_says_no_is_named(
        self, service_for: Connect, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[bytes] = []

        def serve() -> None:
            with suppress(TimeoutError), listener.accept()[0] as sock:
                asked.append(sock.recv(4096))
                sock.sendall(b"HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\n\r\n")

        with silent_peer() as listener:
            listener.settimeout(30)
            thread = threading.Thread(target=serve)
            thread.start()
            monkeypatch.setenv("https_proxy", f"127.0.0.1:{port_of(listener)}")
            with pytest.raises(StudioError, match="https_proxy"):
                returned(service_for(endpoint_url="https://studio.example.com").get_studio)
            thread.join()
        assert asked[0].startswith(b"CONNECT studio.example.com:443 ")

    def test_a_proxy_that_is_none_is_named(
        self, service_for: Connect, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("https_proxy", "socks9://nowhere:99999999")
        with pytest.raises(StudioError, match="https_proxy") as error:
            service_for(endpoint_url="https://studio.example.com")
        assert error.value.kind == ErrorKind.SETTINGS

    def test_a_host_may_be_left_out_of_the_proxy(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
        monkeypatch.setenv("no_proxy", ".example.com")
        assert Endpoint.parse("https://studio.example.com").proxy() is None
        assert Endpoint.parse("https://studio.example.org").proxy() is not None


def aws_files(config: str) -> None:
    folder = Path(os.environ["HOME"]) / ".aws"
    folder.mkdir(exist_ok=True)
    (folder / "config").write_text(config)
