"""The master key of a studio, which encrypts its access keys and derives its tokens.

It is 32 random bytes, stored apart from the data: as one line of base64 in a file that its owner
alone can read, or in a keyring. Nothing is encrypted with it directly: each use has a key of its
own that is derived from it. Standard library alone.
"""

import base64
import hashlib
import hmac
import os
import re
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NoReturn, Self

_LENGTH: Final = 32
_LONGEST_FILE: Final = 1024
_TEXT: Final = re.compile(r"[A-Za-z0-9_-]{43}=")


class MasterKeyError(Exception):
    """The master key cannot be used; the text says why and what to do, in one sentence."""


@dataclass(frozen=True, slots=True)
class MasterKey:
    """A master key; its bytes are in no text that Python makes of it."""

    value: bytes = field(repr=False)

    @classmethod
    def new(cls) -> Self:
        """Return a new random one."""
        return cls(secrets.token_bytes(_LENGTH))

    @classmethod
    def of_text(cls, text: str, name: str) -> Self:
        """Return the one that a text holds; MasterKeyError, about `name`, where it is none."""
        line = text.strip()
        if not _TEXT.fullmatch(line):
            raise MasterKeyError(
                f"{name} holds no master key: one line of 44 characters, as studio init makes it."
            )
        return cls(base64.urlsafe_b64decode(line))

    @property
    def text(self) -> str:
        """The key as a file or a keyring stores it."""
        return base64.urlsafe_b64encode(self.value).decode()

    @property
    def check(self) -> str:
        """A value that tells two master keys apart and reveals neither; data are marked with it."""
        return self.derive("check").hex()

    def derive(self, purpose: str) -> bytes:
        """Return a key of 32 bytes for one purpose alone."""
        return hmac.digest(self.value, f"nimble-tui {purpose}".encode(), hashlib.sha256)

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled or copied to anywhere."""
        raise TypeError("A master key stays where it is.")


def make_master_key(path: Path) -> MasterKey:
    """Make a new master key in a new file that its owner alone can read (0600).

    A file that is there is never overwritten: FileExistsError; other OSErrors pass too.
    """
    key = MasterKey.new()
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(f"{key.text}\n".encode())
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return key


def read_master_key(path: Path) -> MasterKey:
    """Return the master key in a file.

    Raises MasterKeyError where the file is missing, is none of a master key, or can be read by
    anyone but its owner.
    """
    name = f"The master key {path}"
    try:
        # Without waiting: the name may be a pipe's.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as file:
            about = os.fstat(descriptor)
            if not stat.S_ISREG(about.st_mode):
                raise MasterKeyError(f"{name} is not a regular file; choose another one.")
            if os.name == "posix" and stat.S_IMODE(about.st_mode) & 0o077:
                raise MasterKeyError(
                    f"{name} can be read by others; run chmod 600 {path} if no one else has "
                    "read it."
                )
            content = file.read(_LONGEST_FILE + 1)
    except FileNotFoundError:
        raise MasterKeyError(
            f"{name} is missing; put it back, since the studio's access keys cannot be read "
            "without it."
        ) from None
    except OSError as error:
        raise MasterKeyError(f"{name} cannot be read: {error.strerror or error}.") from None
    return MasterKey.of_text(content.decode("latin-1"), str(path))
