"""studio certificate."""

from argparse import Namespace
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nimble_tui.cli import exit_codes
from nimble_tui.cli.errors import say
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.cli.extra_packages import extra_packages
from nimble_tui.config.files import make_folder, read_file, write_file

if TYPE_CHECKING:
    from nimble_tui.studio.own_authority import Pair

AUTHORITY: Final = ("ca.pem", "ca.key")
SERVER: Final = ("server.pem", "server.key")
"""The names of a certificate and its key in a studio's folder."""
_LARGEST: Final = 64 * 1024


def make_certificate(args: Namespace) -> int:
    """Make a certificate for a studio, and an authority where the folder has none."""
    with extra_packages():
        from nimble_tui.studio.tls_files import CertificateError

    folder = Path(args.folder).absolute()
    if any((folder / one).exists() for one in SERVER) and not args.renew:
        raise Stop(
            exit_codes.FAILED, f"{folder} already contains a certificate; --renew replaces it."
        )
    try:
        make_folder(folder)
        write_certificate(folder, args.name)
    except (OSError, CertificateError) as error:
        raise Stop(exit_codes.FAILED, f"{error} Nothing was replaced.") from None
    certificate, key = SERVER
    say(
        f"The certificate for {', '.join(args.name)} is in {folder}. For [serve] in studio.toml:",
        f'    certificate = "{folder / certificate}"',
        f'    key = "{folder / key}"',
        "Invites carry the authority (ca.pem) to the artists. Put ca.key somewhere safe: anyone "
        "who has it can pass for the studio.",
    )
    return exit_codes.DONE


def write_certificate(folder: Path, names: Sequence[str]) -> None:
    """Write a certificate for host names and IP addresses into a folder.

    It is signed by the folder's authority, a new one where it has none. Raises OSError and
    CertificateError.
    """
    from nimble_tui.studio.own_authority import new_authority, new_certificate

    now = datetime.now(UTC)
    authority = _read(folder)
    if authority is None:
        authority = new_authority(names[0], now)
        _write(folder, AUTHORITY, authority)
    _write(folder, SERVER, new_certificate(authority, names, now))


def _read(folder: Path) -> "Pair | None":
    """Return the authority in a folder, None where there is none."""
    from nimble_tui.studio.own_authority import Pair

    with suppress(FileNotFoundError):
        return Pair(*(read_file(folder / one, _LARGEST, private=True) for one in AUTHORITY))
    if any((folder / one).exists() for one in AUTHORITY):
        raise Stop(
            exit_codes.FAILED,
            f"{folder} contains only one of ca.pem and ca.key; put the other back, or choose "
            "another folder.",
        )
    return None


def _write(folder: Path, names: tuple[str, str], pair: "Pair") -> None:
    certificate, key = names
    write_file(folder / key, pair.key)
    write_file(folder / certificate, pair.certificate)
