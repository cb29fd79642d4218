"""The endpoints at which a studio is served, as noted in its data for invites."""

import json
from collections.abc import Callable
from typing import Final

from nimble_tui.studio.store.transaction import Transaction

_NOW: Final = "endpoint_urls"
_LAST: Final = "last_endpoint_url"
_MOST: Final = 16


def begin(tx: Transaction, endpoint_url: str) -> None:
    """Note that the studio is served at an endpoint."""
    _note(tx, [*(one for one in _noted(tx) if one != endpoint_url), endpoint_url])
    tx.note(_LAST, endpoint_url)


def expect(tx: Transaction, endpoint_url: str) -> None:
    """Note where the studio is going to be served for the first time."""
    tx.note(_LAST, endpoint_url)


def end(tx: Transaction, endpoint_url: str) -> None:
    """Note that it is no longer served at an endpoint."""
    _note(tx, [one for one in _noted(tx) if one != endpoint_url])
    tx.note(_LAST, endpoint_url)


def forget(tx: Transaction) -> None:
    """Note that it is served nowhere: the data are a copy."""
    _note(tx, [])


def is_served(tx: Transaction) -> bool:
    """Return whether anything serves it, as far as its data says."""
    return bool(_noted(tx))


def places(tx: Transaction) -> list[str]:
    """Return where it may answer, the latest first, and last where it was served last, or will be.

    The last can be among the others too.
    """
    last = tx.fact(_LAST)
    return [*reversed(_noted(tx)), *([last] if last else [])]


def likely(places: list[str], answers: Callable[[str], bool]) -> str | None:
    """Return where it answers, else where it was served last; None where it never was served.

    A process may have been killed while it served, so `answers` is called.
    """
    return next(filter(answers, dict.fromkeys(places)), places[-1] if places else None)


def _noted(tx: Transaction) -> list[str]:
    noted: list[str] = json.loads(tx.fact(_NOW) or "[]")
    return noted


def _note(tx: Transaction, endpoint_urls: list[str]) -> None:
    tx.note(_NOW, json.dumps(endpoint_urls[-_MOST:]))
