"""The form of secrets in the data file: as they are, or encrypted with a master key."""

from typing import Final, Protocol

ENCRYPTED: Final = "fernet:"
"""The beginning of a value that is encrypted; no access key begins like that."""


class Cipher(Protocol):
    """Encrypts the secrets of a data file."""

    def encrypt(self, secret: str) -> str:
        """Return a secret as the file stores it."""
        ...

    def decrypt(self, stored: str) -> str:
        """Return the secret of a stored value; ValueError if it cannot be decrypted."""
        ...


class PlainText:
    """Stores secrets as they are: a demo's are made up, and it needs no package for this."""

    def encrypt(self, secret: str) -> str:
        """Return the secret itself."""
        return secret

    def decrypt(self, stored: str) -> str:
        """Return the secret itself; ValueError for one that is encrypted."""
        if stored.startswith(ENCRYPTED):
            raise ValueError("an encrypted secret")
        return stored
