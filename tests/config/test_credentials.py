import pickle
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail, null
from keyring.errors import KeyringLocked

from nimble_tui.config.credentials import (
    KeyringUnavailableError,
    KeyringVault,
    MemoryVault,
    WrongHostError,
)
from nimble_tui.config.settings import StudioSettings
from nimble_tui.core.keys import Keys
from tests.config.keyrings import FakeKeyring, keyring_in_use, named, no_keyring, safe_keyring

CANARY = "canary-Zk3" + "q" * 30
KEYS = Keys("AK-TEST", CANARY)


@pytest.fixture(autouse=True)
def _keyring_put_back() -> Iterator[None]:
    with keyring_in_use(no_keyring()):
        yield


@pytest.fixture
def backend() -> FakeKeyring:
    made = safe_keyring()
    keyring.set_keyring(made)
    return made


def chain(monkeypatch: pytest.MonkeyPatch, *children: KeyringBackend) -> None:
    monkeypatch.setattr(chainer.ChainerBackend, "backends", list(children))
    keyring.set_keyring(chainer.ChainerBackend())  # type: ignore[no-untyped-call]


def test_keys_are_kept_found_and_forgotten(backend: FakeKeyring, studio: StudioSettings) -> None:
    vault = KeyringVault()
    assert vault.name() == "Secret Service"
    assert vault.load(studio) is None
    vault.store(studio, KEYS)
    assert vault.load(studio) == KEYS
    vault.store(studio, Keys("AK-2", "other"))
    assert vault.load(studio) == Keys("AK-2", "other")
    assert vault.delete(studio)
    assert vault.load(studio) is None
    assert not vault.delete(studio)
    assert backend.kept == {}


def test_keys_go_to_no_other_host_studio_or_person(
    backend: FakeKeyring, studio: StudioSettings
) -> None:
    vault = KeyringVault()
    vault.store(studio, KEYS)
    with pytest.raises(WrongHostError):
        vault.load(replace(studio, endpoint_url="https://elsewhere.example"))
    assert vault.load(replace(studio, studio_id="other")) is None
    assert vault.load(replace(studio, principal_id="other")) is None
    assert vault.load(replace(studio, endpoint_url=f"https://{studio.host}:8443/x")) == KEYS
    assert len(backend.kept) == 1


@pytest.mark.parametrize("length", [40, 1_200, 5_000])
def test_a_keyring_with_short_entries_gets_parts(
    backend: FakeKeyring, studio: StudioSettings, length: int
) -> None:
    backend.longest = 1280
    vault = KeyringVault()
    vault.store(studio, Keys("AK", "s" * length))
    assert vault.load(studio) == Keys("AK", "s" * length)
    vault.store(studio, KEYS)
    assert vault.load(studio) == KEYS
    assert len(backend.kept) == 1
    vault.delete(studio)
    assert backend.kept == {}


def test_what_could_never_fit_is_refused(backend: FakeKeyring, studio: StudioSettings) -> None:
    with pytest.raises(KeyringUnavailableError, match="too long"):
        KeyringVault().store(studio, Keys("AK", "s" * 40_000))
    assert backend.kept == {}


def test_a_damaged_entry_counts_as_none_and_can_be_replaced(
    backend: FakeKeyring, studio: StudioSettings
) -> None:
    vault = KeyringVault()
    vault.store(studio, Keys("AK", "s" * 3_000))
    whole = dict(backend.kept)
    assert len(whole) == 3
    for damage in ("", "x", "1/2", "1/x y z", "1/99 a b", "2/3 a b", '1/1 a {"version": 9}'):
        for place in whole:
            backend.kept = {**whole, place: damage}
            assert vault.load(studio) is None
            vault.store(studio, KEYS)
            assert vault.load(studio) == KEYS


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (fail.Keyring, "has no keyring"),
        (null.Keyring, r"keyring\.backends\.null\.Keyring.* does not store secrets safely"),
        (named(FakeKeyring, "keyrings.alt.file.PlaintextKeyring"), "does not store secrets safely"),
        (FakeKeyring, "does not store secrets safely"),
    ],
)
def test_a_keyring_that_is_not_safe_is_refused_before_it_hears_a_secret(
    make: Callable[[], KeyringBackend], reason: str, studio: StudioSettings
) -> None:
    made = make()
    keyring.set_keyring(made)
    vault = KeyringVault()
    for call in (vault.name, lambda: vault.load(studio), lambda: vault.store(studio, KEYS)):
        with pytest.raises(KeyringUnavailableError, match=reason):
            call()
    assert not getattr(made, "kept", {})


def test_a_chain_is_as_safe_as_its_weakest(
    monkeypatch: pytest.MonkeyPatch, studio: StudioSettings
) -> None:
    safe = safe_keyring()
    wallet = named(FakeKeyring, "keyring.backends.kwallet.DBusKeyring")()
    plain = named(FakeKeyring, "keyrings.alt.file.PlaintextKeyring")()
    vault = KeyringVault()
    chain(monkeypatch, safe, wallet)
    vault.store(studio, KEYS)
    assert vault.load(studio) == KEYS
    assert vault.name() == "Secret Service and KWallet"
    chain(monkeypatch, safe, plain)
    with pytest.raises(KeyringUnavailableError, match=r"keyrings\.alt"):
        vault.load(studio)
    chain(monkeypatch)
    with pytest.raises(KeyringUnavailableError):
        vault.load(studio)


def test_a_keyring_that_keeps_nothing_is_found_out(
    backend: FakeKeyring, studio: StudioSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backend, "set_password", lambda *_: None)
    with pytest.raises(KeyringUnavailableError, match="didn't store"):
        KeyringVault().store(studio, KEYS)


@pytest.fixture
def hanging(backend: FakeKeyring, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    release = threading.Event()

    def wait(_service: str, _username: str) -> str | None:
        release.wait(30)
        return None

    monkeypatch.setattr(backend, "get_password", wait)
    yield
    release.set()
    for thread in threading.enumerate():
        if thread.name == "keyring":
            thread.join(30)


@pytest.mark.usefixtures("hanging")
def test_a_keyring_that_hangs_is_given_up(studio: StudioSettings) -> None:
    with pytest.raises(KeyringUnavailableError, match="did not respond within"):
        KeyringVault(timeout=0.05).load(studio)


@pytest.mark.parametrize(
    ("error", "reason"),
    [(KeyringLocked("x"), "is locked"), (RuntimeError(CANARY), "isn't working")],
)
def test_a_keyring_that_fails_says_so_without_its_own_words(
    backend: FakeKeyring,
    studio: StudioSettings,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    reason: str,
) -> None:
    def broken(*_: str) -> None:
        raise error

    monkeypatch.setattr(backend, "set_password", broken)
    with pytest.raises(KeyringUnavailableError, match=reason) as caught:
        KeyringVault().store(studio, KEYS)
    assert CANARY not in str(caught.value)
    assert caught.value.__cause__ is caught.value.__context__ is None


def test_memory_keeps_keys_for_this_run(studio: StudioSettings) -> None:
    vault = MemoryVault()
    assert vault.load(studio) is None
    vault.store(studio, KEYS)
    assert vault.load(studio) == KEYS
    assert vault.load(replace(studio, endpoint_url="https://elsewhere.example")) is None
    assert CANARY not in repr(vars(vault))
    with pytest.raises(TypeError):
        pickle.dumps(vault)
    assert vault.delete(studio)
    assert not vault.delete(studio)
