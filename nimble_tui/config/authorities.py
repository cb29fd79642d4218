"""Certificate authorities that came with invites, each stored for the one host it came for."""

import re
import ssl
from contextlib import suppress
from pathlib import Path

from nimble_tui.config.files import private_folder, read_file, write_file
from nimble_tui.config.paths import authorities_dir

_LARGEST = 16 * 1024


class AuthorityError(Exception):
    """An authority cannot be stored; the text says why and what to do, in one sentence."""


def store_authority(host: str, pem: str) -> tuple[Path, bool]:
    """Store the authority, as PEM, that vouches for a host; return its file and whether it is new.

    Raises AuthorityError where it is none, where another one is stored for this host (the sender of
    the invite could otherwise come between the person and their studio), or where it cannot be
    written.
    """
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=pem)
    except (ssl.SSLError, ValueError):
        raise AuthorityError(
            "The certificate authority in the invite is damaged; ask for a new invite."
        ) from None
    path = authorities_dir() / f"{re.sub(r'[^a-z0-9.-]', '_', host.lower())}.pem"
    try:
        private_folder(path.parent)
        with suppress(FileNotFoundError):
            if read_file(path, _LARGEST, private=True) == pem.encode():
                return path, False
            raise AuthorityError(
                f"The invite brings another certificate authority for {host} than the one in "
                f"{path}. Ask your admin whether it changed; if so, remove that file and sign in "
                "again."
            )
        write_file(path, pem.encode())
    except OSError as error:
        raise AuthorityError(f"The certificate authority cannot be stored: {error}") from None
    return path, True
