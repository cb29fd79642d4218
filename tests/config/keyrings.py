"""Keyrings for tests that must not touch anybody's own."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import keyring
from keyring.backend import KeyringBackend
from keyring.backends import fail
from keyring.errors import PasswordDeleteError


class FakeKeyring(KeyringBackend):
    """Keeps its entries in a dict; `longest` is how long one may be."""

    priority = 1
    longest = 1_000_000

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        assert len(password) <= self.longest
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("no such entry")


class FileKeyring(KeyringBackend):
    """Keeps its entries in the file that KEYRING_FILE names, for programs run by a test."""

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        password = self._kept().get(f"{service}\n{username}")
        return None if password is None else str(password)

    def set_password(self, service: str, username: str, password: str) -> None:
        self._keep({**self._kept(), f"{service}\n{username}": password})

    def delete_password(self, service: str, username: str) -> None:
        kept = self._kept()
        if kept.pop(f"{service}\n{username}", None) is None:
            raise PasswordDeleteError("no such entry")
        self._keep(kept)

    def _kept(self) -> dict[str, object]:
        path = Path(os.environ["KEYRING_FILE"])
        return dict(json.loads(path.read_text())) if path.exists() else {}

    def _keep(self, kept: dict[str, object]) -> None:
        Path(os.environ["KEYRING_FILE"]).write_text(json.dumps(kept))


def named(kind: type[KeyringBackend], path: str) -> type[KeyringBackend]:
    """Return a keyring of that kind which says it is another."""
    module, _, name = path.rpartition(".")
    return type(name, (kind,), {"__module__": module, "__qualname__": name})


SAFE = "keyring.backends.SecretService.Keyring"
# By this name a program that a test runs finds its keyring: tests.config.keyrings.SafeFileKeyring
SafeFileKeyring = named(FileKeyring, SAFE)


def safe_keyring() -> FakeKeyring:
    """Return a keyring that passes for the desktop's."""
    made = named(FakeKeyring, SAFE)()
    assert isinstance(made, FakeKeyring)
    return made


def no_keyring() -> KeyringBackend:
    """Return what stands for a keyring where there is none."""
    return fail.Keyring()  # type: ignore[no-untyped-call]


@contextmanager
def keyring_in_use(backend: KeyringBackend) -> Iterator[None]:
    """Let the keyring library use that one for a while, and then none, as outside of it."""
    # The one before is not asked for: a test's environment may name one that it alone can use.
    keyring.set_keyring(backend)
    try:
        yield
    finally:
        keyring.set_keyring(no_keyring())
