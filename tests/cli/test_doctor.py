import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from nimble_tui.cli import exit_codes, health
from nimble_tui.config.paths import journal_file, state_file
from nimble_tui.studio.demo import Demo
from tests.cli.running import Run
from tests.config.keyrings import FakeKeyring

TLS = Path(__file__).parents[1] / "client" / "tls"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_all_is_well_in_the_demo(run: Run) -> None:
    told = run("doctor", "--demo")
    assert (told.code, told.err) == (exit_codes.DONE, "")
    assert "ok     Sign-in to demo: the access keys work" in told.out
    assert "Keyring: This computer has no keyring" in told.out


def test_all_is_well_when_signed_in(run: Run, signed_in: Demo) -> None:
    del signed_in
    told = run("doctor")
    assert told.code == exit_codes.DONE
    for line in (
        "ok     Keyring: Secret Service",
        "ok     Address of north: 127.0.0.1",
        "ok     Clock of north: matches the studio's",
        "ok     Sign-in to north: the access keys work",
    ):
        assert line in told.out


def test_nothing_set_up_yet_is_nothing_wrong(run: Run) -> None:
    told = run("doctor")
    assert told.code == exit_codes.DONE
    assert (
        "--     Studio: no studio configured; sign in with nimble-tui login, or try --demo"
        in told.out
    )


def test_what_is_wrong_is_said_with_how_to_mend_it(
    run: Run, signed_in: Demo, config: Path, backend: FakeKeyring
) -> None:
    backend.kept.clear()
    told = run("doctor")
    assert told.code == exit_codes.FAILED
    assert "WRONG  Sign-in to north: You are not signed in to north; run nimble-tui" in told.out
    signed_in.close()
    told = run("doctor")
    assert told.code == exit_codes.FAILED
    assert "WRONG  Address of north" in told.out
    assert "Fix: check the address" in told.out
    config.write_text("them = 1\n")
    told = run("doctor")
    assert told.code == exit_codes.FAILED
    assert "WRONG  Settings: " in told.out
    assert 'did you mean "theme"?' in told.out
    assert run("doctor", "--studio", "nowhere").code == exit_codes.USAGE


def test_proxies_are_named_and_what_they_hold_is_not(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://mara:canary@proxy.example")
    told = run("doctor", "--demo")
    assert "HTTPS_PROXY" in told.out
    assert "canary" not in told.out


@contextmanager
def answering(
    date: str | None, status: int = 403, certificate: Path | None = None
) -> Iterator[str]:
    """Serve a peer that tells that date, and redirects to nowhere when `status` says so."""

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response_only(status)
            if date is not None:
                self.send_header("Date", date)
            self.send_header("Location", "http://127.0.0.1:9/")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"{'https' if certificate else 'http'}://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def test_the_company_s_certificates_are_used_and_a_missing_file_is_named(
    run: Run, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(format_datetime(NOW, usegmt=True), certificate=TLS / "studio.pem") as url:
        config.write_text(
            f'[studios.north]\nstudio_id = "s"\nregion = "us-west-2"\nprincipal_id = "p"\n'
            f'endpoint_url = "{url}"\n'
        )
        told = run("doctor")
        assert "WRONG  Address of north: The certificate of 127.0.0.1" in told.out
        assert "AWS_CA_BUNDLE" in told.out
        assert "VPN" not in told.out
        monkeypatch.setenv("AWS_CA_BUNDLE", str(TLS / "nowhere.pem"))
        told = run("doctor")
        named = f"AWS_CA_BUNDLE names {TLS / 'nowhere.pem'}, which does not exist"
        assert f"WRONG  Certificates: {named}" in told.out
        assert f"is not trusted: {named}" in told.out
        assert "VPN" not in told.out
        monkeypatch.setenv("AWS_CA_BUNDLE", str(TLS / "authority.pem"))
        told = run("doctor")
        assert "ok     Address of north: 127.0.0.1" in told.out
        assert "AWS_CA_BUNDLE affect" in told.out


@pytest.mark.parametrize("status", [200, 302, 403, 404, 500])
@pytest.mark.parametrize(
    ("off", "good", "what"),
    [
        (timedelta(), True, "matches the studio's"),
        (timedelta(minutes=-14), True, "matches the studio's"),
        (timedelta(hours=2), False, "this computer's is 2 h behind the studio's"),
        (timedelta(hours=-2), False, "this computer's is 2 h ahead of the studio's"),
    ],
)
def test_how_far_the_clocks_are_apart(off: timedelta, good: bool, what: str, status: int) -> None:
    with answering(format_datetime(NOW + off, usegmt=True), status) as url:
        address, clock = health.of_address(url, NOW)
    assert address.good
    assert (clock.good, clock.what) == (good, what)


def test_a_proxy_has_no_part_in_reaching_this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with answering(format_datetime(NOW, usegmt=True)) as url:
        assert all(finding.good for finding in health.of_address(url, NOW))


@pytest.mark.parametrize("date", [None, "", "soon", "\x1b[2J"])
def test_a_date_that_is_none_is_neither_right_nor_wrong(date: str | None) -> None:
    with answering(date) as url:
        _, clock = health.of_address(url, NOW)
    assert clock.good is None
    assert "\x1b" not in clock.what


def test_the_terminal_that_is_too_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.setenv("LINES", "5")
    size, _, colours = health.of_terminal({"TERM": "dumb"})
    assert (size.good, size.what) == (False, "20 × 5")
    assert colours.good is False
    assert [one.good for one in health.of_terminal({"NO_COLOR": "1"})][-1] is None
    assert [one.good for one in health.of_terminal({"COLORTERM": "truecolor"})][-1]


def test_where_our_own_files_are(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    told = run("doctor", "--demo")
    assert f"ok     Journal: {journal_file()}" in told.out
    assert f"ok     Choices: {state_file()}" in told.out
    state_file().parent.parent.mkdir(parents=True)
    state_file().parent.write_text("in the way")
    told = run("doctor", "--demo")
    assert told.code == exit_codes.FAILED
    assert f"WRONG  Choices: {state_file()}" in told.out
    monkeypatch.setattr("os.access", lambda *_: False)
    files = {"Journal": (journal_file(), "XDG_DATA_HOME")}
    assert [one.good for one in health.of_files(files)] == [False]


def test_a_wrong_identity_store_or_domain_is_wrong(run: Run, signed_in: Demo, config: Path) -> None:
    told = run("doctor")
    assert "ok     Names in north: the identity store responds" in told.out
    invite, text = signed_in.invite, config.read_text()
    config.write_text(text.replace(invite.identity_store_id, "d-0000000000"))
    told = run("doctor")
    assert told.code == exit_codes.FAILED
    assert "WRONG  Names in north: " in told.out
    assert "check identity_store_id in the settings" in told.out
    config.write_text(text.replace(invite.domain_id, "dzd-other"))
    told = run("doctor")
    assert told.code == exit_codes.FAILED
    assert "WRONG  DataZone in north: " in told.out
    assert "check domain_id in the settings" in told.out


@pytest.mark.usefixtures("staff")
def test_what_only_an_admin_may_look_up_is_nothing_wrong(run: Run) -> None:
    told = run("doctor", "--studio", "theo")
    assert (told.code, "WRONG" in told.out) == (exit_codes.DONE, False)
    told = run("doctor", "--studio", "admin")
    assert "ok     DataZone in admin: the domain responds" in told.out
