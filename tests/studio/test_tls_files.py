"""Certificates from files: what cannot be used is refused, what changed is read again."""

import logging
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nimble_tui.studio.own_authority import Pair, new_authority, new_certificate
from nimble_tui.studio.tls_files import CertificateError, TlsFiles

NOW = datetime.now(UTC)
HOST = "nimble.northwind.example"


@pytest.fixture(scope="module")
def authority() -> Pair:
    return new_authority(HOST, NOW)


def files(folder: Path, pair: Pair) -> tuple[Path, Path]:
    certificate, key = folder / "server.pem", folder / "server.key"
    certificate.write_bytes(pair.certificate)
    key.write_bytes(pair.key)
    key.chmod(0o600)
    return certificate, key


def handshake(server: ssl.SSLContext, client: ssl.SSLContext, host: str) -> str:
    """Return the serial number of the certificate that the client was shown."""
    ours, theirs = socket.socketpair()

    def serve() -> None:
        with ours, server.wrap_socket(ours, server_side=True) as connection:
            connection.recv(1)

    thread = threading.Thread(target=serve)
    thread.start()
    with theirs, client.wrap_socket(theirs, server_hostname=host) as connection:
        found = connection.getpeercert()
        connection.sendall(b"x")
    thread.join(10)
    assert found is not None
    return str(found["serialNumber"])


def test_a_client_that_knows_the_authority_trusts_the_certificate(
    tmp_path: Path, authority: Pair
) -> None:
    made = new_certificate(authority, [HOST, "10.0.0.5", "*.lab.example"], NOW)
    tls = TlsFiles(*files(tmp_path, made), HOST)
    assert tls.loaded.names == (HOST, "*.lab.example", "10.0.0.5")
    assert tls.loaded.authority == authority.certificate.decode()
    client = ssl.create_default_context(cadata=tls.loaded.authority)
    client.verify_flags |= ssl.VERIFY_X509_STRICT
    for host in (HOST, "10.0.0.5", "render.lab.example"):
        assert handshake(tls.context(), client, host)
        TlsFiles(*files(tmp_path, made), host)


def test_it_is_read_again_when_it_changes(
    tmp_path: Path, authority: Pair, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    paths = files(tmp_path, new_certificate(authority, [HOST], NOW))
    tls = TlsFiles(*paths, HOST)
    client = ssl.create_default_context(cadata=tls.loaded.authority)
    first = handshake(tls.context(), client, HOST)
    tls.refresh()
    assert caplog.text == ""
    files(tmp_path, new_certificate(authority, [HOST], NOW))
    tls.refresh()
    assert "was read again" in caplog.text
    assert handshake(tls.context(), client, HOST) != first
    caplog.clear()
    tls.refresh(force=True)  # as SIGHUP has it
    assert "was read again" in caplog.text


def test_what_cannot_be_used_leaves_the_one_before_in_use(
    tmp_path: Path, authority: Pair, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    certificate, key = files(tmp_path, new_certificate(authority, [HOST], NOW))
    tls = TlsFiles(certificate, key, HOST)
    before = tls.context()
    key.write_bytes(new_certificate(authority, [HOST], NOW).key)
    tls.refresh()
    assert tls.context() is before
    assert f"does not fit the key {key}." in caplog.text
    certificate.unlink()
    tls.refresh()
    assert "cannot be read: No such file" in caplog.text


def refusal(folder: Path, pair: Pair, host: str = HOST, at: datetime = NOW) -> str:
    with pytest.raises(CertificateError) as caught:
        TlsFiles(*files(folder, pair), host, lambda: at)
    return str(caught.value)


def test_what_cannot_be_used_is_a_sentence(tmp_path: Path, authority: Pair) -> None:
    made = new_certificate(authority, [HOST], NOW)
    other = new_certificate(authority, [HOST], NOW)
    assert "does not fit the key" in refusal(tmp_path, Pair(made.certificate, other.key))
    assert "There is no certificate in" in refusal(tmp_path, Pair(b"none", made.key))
    assert "There is no certificate in" in refusal(tmp_path, Pair(made.key, made.key))
    assert "cannot be used; it must be PEM" in refusal(tmp_path, Pair(made.certificate, b"none"))
    assert f"is not for other.example (it is for {HOST})" in refusal(
        tmp_path, made, "other.example"
    )
    assert "ended on" in refusal(tmp_path, made, at=NOW + timedelta(days=398))
    assert "is valid from" in refusal(tmp_path, made, at=NOW - timedelta(days=2))


def test_a_key_with_a_password_asks_nothing(tmp_path: Path, authority: Pair) -> None:
    from cryptography.hazmat.primitives.serialization import (
        BestAvailableEncryption,
        Encoding,
        PrivateFormat,
        load_pem_private_key,
    )

    made = new_certificate(authority, [HOST], NOW)
    locked = load_pem_private_key(made.key, None).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"words")
    )
    assert "without a password" in refusal(tmp_path, made._replace(key=locked))


def test_a_key_for_everyone_is_refused(tmp_path: Path, authority: Pair) -> None:
    certificate, key = files(tmp_path, new_certificate(authority, [HOST], NOW))
    key.chmod(0o644)
    with pytest.raises(CertificateError, match="can be read by everyone; run: chmod"):
        TlsFiles(certificate, key, HOST)


def test_a_certificate_that_ends_soon_is_named_in_the_log(
    tmp_path: Path, authority: Pair, caplog: pytest.LogCaptureFixture
) -> None:
    made = files(tmp_path, new_certificate(authority, [HOST], NOW))
    TlsFiles(*made, HOST, lambda: NOW + timedelta(days=390))
    assert "The certificate ends on" in caplog.text
    assert "renew it" in caplog.text


def test_damaged_authorities_are_refused(authority: Pair) -> None:
    other = new_authority(HOST, NOW)
    for damaged in (
        Pair(b"none", authority.key),
        Pair(authority.certificate, b"none"),
        Pair(authority.certificate, other.key),
    ):
        with pytest.raises(CertificateError, match="authority's"):
            new_certificate(damaged, [HOST], NOW)
    with pytest.raises(CertificateError, match="expired"):
        new_certificate(authority, [HOST], NOW + timedelta(days=4000))
