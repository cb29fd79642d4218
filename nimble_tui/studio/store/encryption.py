"""Secrets encrypted at rest, by Fernet: AES-128 in CBC mode with an HMAC over it."""

import base64

from cryptography.fernet import Fernet, InvalidToken

from nimble_tui.studio.store.cipher import ENCRYPTED
from nimble_tui.studio.store.master_key import MasterKey


class FernetCipher:
    """Encrypts with a key derived from a master key; reads what is not encrypted as it is."""

    def __init__(self, master_key: MasterKey) -> None:
        key = base64.urlsafe_b64encode(master_key.derive("access keys"))
        self._fernet = Fernet(key)

    def encrypt(self, secret: str) -> str:
        """Return an encrypted secret."""
        return ENCRYPTED + self._fernet.encrypt(secret.encode()).decode()

    def decrypt(self, stored: str) -> str:
        """Return a secret; ValueError for one that another key encrypted, or that is damaged."""
        if not stored.startswith(ENCRYPTED):
            return stored
        try:
            return self._fernet.decrypt(stored.removeprefix(ENCRYPTED)).decode()
        except InvalidToken:
            raise ValueError("no secret of this master key") from None
