"""Authorities that came with invites: one for a host, never replaced unasked."""

import os
import stat
from datetime import UTC, datetime

import pytest

from nimble_tui.config.authorities import AuthorityError, store_authority
from nimble_tui.studio.own_authority import new_authority

NOW = datetime.now(UTC)
HOST = "nimble.northwind.example"


def test_it_is_stored_for_its_host_alone_and_for_nobody_else() -> None:
    pem = new_authority(HOST, NOW).certificate.decode()
    path, is_new = store_authority(HOST, pem)
    assert is_new
    assert path.read_text() == pem
    assert path.name == f"{HOST}.pem"
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert store_authority(HOST, pem) == (path, False)
    assert store_authority("::1", pem)[0].parent == path.parent


def test_another_one_for_the_same_host_is_refused() -> None:
    path, _ = store_authority(HOST, new_authority(HOST, NOW).certificate.decode())
    before = path.read_bytes()
    with pytest.raises(AuthorityError, match=rf"another certificate authority for {HOST}"):
        store_authority(HOST, new_authority(HOST, NOW).certificate.decode())
    assert path.read_bytes() == before


@pytest.mark.parametrize("pem", ["", "none", "-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_what_is_none_is_refused(pem: str) -> None:
    with pytest.raises(AuthorityError, match="damaged"):
        store_authority(HOST, pem)
