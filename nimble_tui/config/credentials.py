"""Access keys in the computer's own keyring, or in memory where it has none that is safe.

An entry belongs to a studio and a person and records the host its keys are for: settings that
point elsewhere get nothing.
"""

import json
import secrets
from collections.abc import Callable
from typing import Protocol, TypeVar

import keyring
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError

from nimble_tui.config.settings import StudioSettings
from nimble_tui.config.timeout import run_with_timeout
from nimble_tui.core.keys import Keys

T = TypeVar("T")

SERVICE = "nimble-tui"
TIMEOUT = 5.0
_VERSION = 1
# The Windows Credential Manager holds 1,280 characters an entry.
_LONGEST_PART = 1200
_MOST_PARTS = 16

# Those that keep what they hold encrypted by the operating system or the desktop. Left out: the
# null one (says yes and keeps nothing), plain text, and any we do not know.
_SAFE = {
    "keyring.backends.macOS.Keyring": "macOS Keychain",
    "keyring.backends.SecretService.Keyring": "Secret Service",
    "keyring.backends.libsecret.Keyring": "Secret Service (libsecret)",
    "keyring.backends.kwallet.DBusKeyring": "KWallet",
    "keyring.backends.kwallet.DBusKeyringKWallet4": "KWallet 4",
    "keyring.backends.Windows.WinVaultKeyring": "Windows Credential Manager",
}
_CHAINER = "keyring.backends.chainer.ChainerBackend"
_NONE = "keyring.backends.fail.Keyring"


class KeyringUnavailableError(Exception):
    """The keyring is unavailable; the message is one sentence."""


class WrongHostError(Exception):
    """The stored keys are for another host than the one in the settings."""


class Vault(Protocol):
    """A store of keys. Every method may raise KeyringUnavailableError."""

    def name(self) -> str:
        """Return its display name."""
        ...

    def load(self, studio: StudioSettings) -> Keys | None:
        """Return the keys for a studio, None when there are none; WrongHostError."""
        ...

    def store(self, studio: StudioSettings, keys: Keys) -> None:
        """Store the keys for a studio in place of the previous ones."""
        ...

    def delete(self, studio: StudioSettings) -> bool:
        """Remove the keys for a studio; return whether there were any."""
        ...


class MemoryVault:
    """Stores keys until the program ends."""

    def __init__(self) -> None:
        self._stored: dict[tuple[str, str, str], Keys] = {}

    def name(self) -> str:
        """Return its display name."""
        return "this program's memory"

    def load(self, studio: StudioSettings) -> Keys | None:
        """Return the keys for a studio, None when there are none."""
        return self._stored.get(_whose(studio))

    def store(self, studio: StudioSettings, keys: Keys) -> None:
        """Store the keys for a studio in place of the previous ones."""
        self._stored[_whose(studio)] = keys

    def delete(self, studio: StudioSettings) -> bool:
        """Remove the keys for a studio; return whether there were any."""
        return self._stored.pop(_whose(studio), None) is not None


class KeyringVault:
    """Stores keys in the computer's keyring.

    Unlocking one may ask the person and so take for ever: each method gives up after `timeout`
    seconds and leaves the asking behind.
    """

    def __init__(self, timeout: float = TIMEOUT) -> None:
        self._timeout = timeout

    def name(self) -> str:
        """Return the keyring's display name."""
        return self._run(lambda _, name: name)

    def load(self, studio: StudioSettings) -> Keys | None:
        """Return the keys for a studio, None when there are none; WrongHostError.

        An entry that is damaged counts as none: signing in again puts it right.
        """
        kept = _read(self._run(lambda backend, _: _join(backend, _user(studio))))
        if kept is None:
            return None
        if kept.get("studio_id") != studio.studio_id or kept["principal_id"] != studio.principal_id:
            return None
        if kept["host"] != studio.host:
            raise WrongHostError
        return Keys(kept["access_key_id"], kept["secret_access_key"])

    def store(self, studio: StudioSettings, keys: Keys) -> None:
        """Store the keys for a studio in place of the previous ones, and check that it worked."""
        host, studio_id, principal_id = _whose(studio)
        entry = json.dumps(
            {
                "version": _VERSION,
                "host": host,
                "studio_id": studio_id,
                "principal_id": principal_id,
                "access_key_id": keys.access_key_id,
                "secret_access_key": keys.secret_access_key,
            }
        )

        def work(backend: KeyringBackend, name: str) -> None:
            _split(backend, _user(studio), entry)
            if _join(backend, _user(studio)) != entry:
                raise KeyringUnavailableError(f"The keyring ({name}) didn't store the keys.")

        self._run(work)

    def delete(self, studio: StudioSettings) -> bool:
        """Remove the keys for a studio; return whether there were any."""
        return self._run(lambda backend, _: _remove(backend, _user(studio)))

    def master_key(self, data_file: str) -> str | None:
        """Return the master key of the studio in a data file, None where there is none."""
        return self._run(lambda backend, _: backend.get_password(SERVICE, _master(data_file)))

    def store_master_key(self, data_file: str, text: str) -> None:
        """Store a new master key, and check that it worked; one that is there is never replaced."""

        def work(backend: KeyringBackend, name: str) -> None:
            if backend.get_password(SERVICE, _master(data_file)) is not None:
                raise KeyringUnavailableError(
                    f"The keyring ({name}) holds a master key for {data_file} already."
                )
            backend.set_password(SERVICE, _master(data_file), text)
            if backend.get_password(SERVICE, _master(data_file)) != text:
                raise KeyringUnavailableError(f"The keyring ({name}) didn't store the master key.")

        self._run(work)

    def _run(self, work: Callable[[KeyringBackend, str], T]) -> T:
        """Run `work` with a safe keyring; KeyringUnavailableError."""

        def with_backend() -> T:
            backend = keyring.get_keyring()
            return work(backend, _safe_name(backend))

        try:
            return run_with_timeout(with_backend, self._timeout, "keyring")
        except TimeoutError:
            failure = KeyringUnavailableError(
                f"The keyring did not respond within {self._timeout:g} seconds; unlock it and try "
                "again."
            )
        except Exception as error:  # noqa: BLE001 - a backend may raise anything
            failure = _unavailable(error)
        # Apart from its cause: what a backend says, and its frames, may hold the secret.
        raise failure


def _unavailable(error: Exception) -> KeyringUnavailableError:
    if isinstance(error, KeyringUnavailableError):
        return KeyringUnavailableError(str(error))
    if isinstance(error, KeyringLocked):
        return KeyringUnavailableError("The keyring is locked; unlock it and try again.")
    return KeyringUnavailableError(f"The keyring isn't working ({type(error).__name__}).")


def _safe_name(backend: KeyringBackend) -> str:
    """Return the name of a safe keyring; KeyringUnavailableError for any other."""
    kind = _kind(backend)
    if kind == _NONE:
        raise KeyringUnavailableError("This computer has no keyring to store keys in.")
    if kind == _CHAINER:
        chained = list(getattr(backend, "backends", ()))
        if chained:
            return " and ".join(_safe_name(one) for one in chained)
    if kind not in _SAFE:
        raise KeyringUnavailableError(
            f"The keyring on this computer ({kind}) does not store secrets safely."
        )
    return _SAFE[kind]


def _kind(backend: KeyringBackend) -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def _whose(studio: StudioSettings) -> tuple[str, str, str]:
    return studio.host, studio.studio_id, studio.principal_id


def _master(data_file: str) -> str:
    return f"master key of {data_file}"


def _user(studio: StudioSettings) -> str:
    return f"{studio.studio_id}/{studio.principal_id}"


def _read(entry: str | None) -> dict[str, str] | None:
    try:
        kept = json.loads(entry) if entry else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(kept, dict) or kept.pop("version", None) != _VERSION:
        return None
    names = {"host", "studio_id", "principal_id", "access_key_id", "secret_access_key"}
    whole = names <= kept.keys() and all(isinstance(value, str) for value in kept.values())
    return kept if whole else None


def _split(backend: KeyringBackend, user: str, entry: str) -> None:
    """Write an entry in parts, each with its number, their count, and a mark that they share."""
    parts = [entry[at : at + _LONGEST_PART] for at in range(0, len(entry), _LONGEST_PART)]
    if len(parts) > _MOST_PARTS:
        raise KeyringUnavailableError("The keys are too long for the keyring.")
    parts_before = _parts(backend.get_password(SERVICE, user))
    mark = secrets.token_hex(4)
    for number, part in enumerate(parts, start=1):
        head = f"{number}/{len(parts)} {mark} "
        backend.set_password(SERVICE, _part_user(user, number), head + part)
    for number in range(len(parts) + 1, parts_before + 1):
        _remove_part(backend, user, number)


def _join(backend: KeyringBackend, user: str) -> str | None:
    """Return an entry joined from its parts, None if it is missing or inconsistent."""
    entry = backend.get_password(SERVICE, user) or ""
    count = _parts(entry)
    parts: list[str] = []
    mark = entry.split(" ", 2)[1:2]
    for number in range(1, count + 1):
        if number > 1:
            entry = backend.get_password(SERVICE, _part_user(user, number)) or ""
        head, *rest = entry.split(" ", 2)
        if head != f"{number}/{count}" or rest[:1] != mark or len(rest) != 2:
            return None
        parts.append(rest[1])
    return "".join(parts) or None


def _remove(backend: KeyringBackend, user: str) -> bool:
    """Remove all parts of an entry; return whether there was one."""
    first = backend.get_password(SERVICE, user)
    if first is None:
        return False
    for number in range(max(_parts(first), 1), 0, -1):
        _remove_part(backend, user, number)
    return True


def _remove_part(backend: KeyringBackend, user: str, number: int) -> None:
    try:
        backend.delete_password(SERVICE, _part_user(user, number))
    except PasswordDeleteError:
        if backend.get_password(SERVICE, _part_user(user, number)) is not None:
            raise


def _parts(first: str | None) -> int:
    """Return the number of parts of an entry, from its first part; 0 if it has none."""
    count = (first or "").partition(" ")[0].partition("/")[2]
    return min(int(count), _MOST_PARTS) if count.isdecimal() else 0


def _part_user(user: str, number: int) -> str:
    return user if number == 1 else f"{user} ({number})"
