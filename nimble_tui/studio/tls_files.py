"""A certificate and its key in files: checked, and read again when they change."""

import logging
import os
import ssl
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple, NoReturn

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

_LARGEST: Final = 256 * 1024
_SOON: Final = 14
"""Days before its end at which a certificate is named in the log."""

logger = logging.getLogger(__name__)


class CertificateError(Exception):
    """A certificate cannot be used; the text says why and what to do, in one sentence."""


class Loaded(NamedTuple):
    """A certificate in use: its TLS context, the time it ends, its names and its own CA.

    `authority` is the certificate of the CA as PEM where the chain ends in one that nobody else
    vouches for, "" otherwise: such a CA is in no computer's list, so that clients must be given it.
    """

    context: ssl.SSLContext
    ends_at: datetime
    names: tuple[str, ...]
    authority: str


class TlsFiles:
    """The certificate in `certificate` with the key in `key`, for the host `host`.

    `clock` returns the time of day, aware. Raises CertificateError where they cannot be used.
    """

    def __init__(
        self,
        certificate: Path,
        key: Path,
        host: str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._certificate = certificate
        self._key = key
        self._host = host
        self._clock = clock
        self._mark = self._marks()
        self.loaded = self._load()
        self._warn()

    def context(self) -> ssl.SSLContext:
        """Return the context for a new connection."""
        return self.loaded.context

    def refresh(self, *, force: bool = False) -> None:
        """Read the files again where they changed; what cannot be used is logged and not taken."""
        mark = self._marks()
        if mark == self._mark and not force:
            return
        self._mark = mark
        try:
            self.loaded = self._load()
        except CertificateError as error:
            logger.warning("%s The certificate read before stays in use.", error)
        else:
            logger.warning("The certificate was read again; it ends on %s.", self._end())
            self._warn()

    def _warn(self) -> None:
        left = self.loaded.ends_at - self._clock()
        if left.days < _SOON:
            logger.warning("The certificate ends on %s; renew it.", self._end())

    def _end(self) -> str:
        return f"{self.loaded.ends_at:%Y-%m-%d %H:%M} UTC"

    def _marks(self) -> tuple[tuple[int, int, int] | None, ...]:
        return tuple(_mark(path) for path in (self._certificate, self._key))

    def _load(self) -> Loaded:
        chain = self._chain()
        leaf, last = chain[0], chain[-1]
        now = self._clock()
        if leaf.not_valid_after_utc <= now:
            raise CertificateError(
                f"The certificate {self._certificate} ended on "
                f"{leaf.not_valid_after_utc:%Y-%m-%d %H:%M} UTC; renew it."
            )
        if leaf.not_valid_before_utc > now:
            raise CertificateError(
                f"The certificate {self._certificate} is valid from "
                f"{leaf.not_valid_before_utc:%Y-%m-%d %H:%M} UTC only; check this computer's "
                "clock."
            )
        names = _names(leaf)
        if not any(_covers(name, self._host.lower()) for name in names):
            raise CertificateError(
                f"The certificate {self._certificate} is not for {self._host} (it is for "
                f"{', '.join(names)[:200] or 'no host'}); artists could not trust it."
            )
        self._check_key()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            # Never a question on the terminal: a key with a password is refused below.
            context.load_cert_chain(self._certificate, self._key, password=lambda: b"")
        except (OSError, ValueError) as error:
            self._refuse(error)
        is_own = last.issuer == last.subject and len(chain) > 1
        authority = last.public_bytes(Encoding.PEM).decode() if is_own else ""
        return Loaded(context, leaf.not_valid_after_utc, names, authority)

    def _chain(self) -> list[x509.Certificate]:
        try:
            with self._certificate.open("rb") as file:
                chain = x509.load_pem_x509_certificates(file.read(_LARGEST))
            return chain if all(_names(one) is not None for one in chain) else []
        except OSError as error:
            raise CertificateError(
                f"The certificate {self._certificate} cannot be read: {error.strerror}."
            ) from None
        except ValueError:
            raise CertificateError(
                f"There is no certificate in {self._certificate}; it must be PEM."
            ) from None

    def _check_key(self) -> None:
        try:
            mode = self._key.stat().st_mode
        except OSError as error:
            raise CertificateError(
                f"The key {self._key} cannot be read: {error.strerror}."
            ) from None
        if os.name == "posix" and mode & stat.S_IRWXO:
            raise CertificateError(
                f"The key {self._key} can be read by everyone; run: chmod o= {self._key}"
            )

    def _refuse(self, error: Exception) -> NoReturn:
        reason = getattr(error, "reason", None) or ""
        if "MISMATCH" in reason:
            raise CertificateError(
                f"The certificate {self._certificate} does not fit the key {self._key}."
            ) from None
        raise CertificateError(
            f"The key {self._key} cannot be used; it must be PEM, without a password."
        ) from None


def _mark(path: Path) -> tuple[int, int, int] | None:
    """Return what differs once a file has changed; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _names(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return ()
    names = extension.value.get_values_for_type(x509.DNSName)
    addresses = extension.value.get_values_for_type(x509.IPAddress)
    return (*(name.lower() for name in names), *(str(one) for one in addresses))


def _covers(name: str, host: str) -> bool:
    """Return whether a name of a certificate stands for a host (RFC 9525: `*` for one label)."""
    if name.startswith("*."):
        return host.partition(".")[2] == name[2:]
    return name == host
