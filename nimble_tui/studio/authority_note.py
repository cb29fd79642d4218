"""The studio's own certificate authority, as its data remembers it: invites carry it."""

import json
from typing import Final
from urllib.parse import urlsplit

from nimble_tui.studio.store.transaction import Transaction

_FACT: Final = "authority"


def note_authority(tx: Transaction, endpoint_url: str, authority: str) -> None:
    """Note the CA, as PEM, that vouches for the studio at an address; "" for a public one."""
    tx.note(_FACT, json.dumps({"host": _host(endpoint_url), "pem": authority}))


def authority_for(tx: Transaction, endpoint_url: str) -> str:
    """Return the CA that vouches for the studio at an address, as an invite has it; "" for none."""
    noted: dict[str, str] = json.loads(tx.fact(_FACT) or "{}")
    if noted.get("host") != _host(endpoint_url):
        return ""
    return "".join(line for line in noted.get("pem", "").splitlines() if "-" not in line)


def _host(endpoint_url: str) -> str:
    return (urlsplit(endpoint_url).hostname or "").lower()
