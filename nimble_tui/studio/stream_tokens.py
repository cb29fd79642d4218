"""Tokens of streams: derived from a secret and the stream's id, so that none is stored.

Anyone who has the token of a stream sees its desktop while the stream is READY; whether it is
READY is in its record.
"""

import base64
import hashlib
import hmac

from nimble_tui.studio.store.transaction import Transaction


def stream_token(tx: Transaction, stream_id: str) -> str:
    """Return the token of a stream: 43 characters that fit into an address."""
    digest = hmac.digest(tx.stream_secret, stream_id.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def check_stream_token(tx: Transaction, stream_id: str, token: str) -> bool:
    """Return whether a token from outside is a stream's, in a time that tells nothing about it."""
    sent = token.encode(errors="surrogatepass")
    return hmac.compare_digest(stream_token(tx, stream_id).encode(), sent)
