"""The certificate authorities that are trusted for a studio."""

import os
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from botocore.httpsession import get_cert_path

from nimble_tui.core.text import clean

VARIABLES = ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")
"""Variables that name an additional CA file; the first that is set is used."""


@dataclass(frozen=True, slots=True)
class Authorities:
    """A file, or a folder, of authorities and the setting that names it."""

    setting: str
    path: Path

    @property
    def problem(self) -> str:
        """Why no authority comes of it, as the end of a sentence; empty where one does."""
        path = clean(str(self.path))
        try:
            self.add_to(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
        except FileNotFoundError:
            return f"{path}, which does not exist"
        except ssl.SSLError:
            return f"{path}, which contains no certificates"
        except OSError:
            return f"{path}, which cannot be read"
        return ""

    def add_to(self, context: ssl.SSLContext) -> None:
        """Add the authorities to a context; OSError, such as SSLError, if that fails."""
        if self.path.is_dir():
            context.load_verify_locations(capath=self.path)
        else:
            context.load_verify_locations(cafile=self.path)


def named_authorities(environ: Mapping[str, str]) -> Authorities | None:
    """Return the authorities that the environment names, if it does."""
    named = ((name, environ.get(name, "").strip()) for name in VARIABLES)
    return next((Authorities(name, Path(path).expanduser()) for name, path in named if path), None)


def own_authority(ca_file: str) -> Authorities | None:
    """Return a studio's own authority; None where its settings name none."""
    return Authorities("ca_file", Path(ca_file).expanduser()) if ca_file else None


def new_context(*authorities: Authorities | None) -> ssl.SSLContext:
    """Return a context that trusts the machine's, the public and the additional authorities.

    Some Pythons know no store of the machine; for them botocore brings the public authorities
    along. A file that cannot be used adds nothing: the certificate may be trusted without it.
    """
    context = ssl.create_default_context(cafile=get_cert_path(True))
    _add_store(context)
    for each in authorities:
        if each is not None:
            with suppress(OSError):
                each.add_to(context)
    return context


def distrust(host: str, authorities: Authorities | None) -> str:
    """Return the sentence about a certificate that nothing trusted vouches for."""
    what = f"The certificate of {clean(host)} is not trusted"
    if authorities is None:
        return (
            f"{what}; check the address and your network, or ask your admin for a certificate "
            f"authority file to set in {VARIABLES[0]}."
        )
    if authorities.problem:
        return f"{what}: {authorities.setting} names {authorities.problem}; correct that setting."
    return (
        f"{what}, not even by the authorities in {clean(str(authorities.path))} "
        f"({authorities.setting}); check the address and your network, or ask your admin."
    )


def _add_store(context: ssl.SSLContext) -> None:
    """Let a context trust the machine's own store, without what SSL_CERT_FILE says of it."""
    if os.name == "nt":
        context.load_default_certs()
        return
    store = ssl.get_default_verify_paths()
    folder = os.environ.get(store.openssl_capath_env) or store.openssl_capath
    for place in (Path(store.openssl_cafile), Path(folder)):
        with suppress(OSError):  # a store that is not there
            Authorities("", place).add_to(context)
