"""One record that cannot be read or lacks something ends with itself: logged once, never lost."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from nimble_tui.core.text import clean_id

logger = logging.getLogger(__name__)

MOST_REMEMBERED: Final = 10_000
FAULTS: Final = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""The exceptions that a record with arbitrary contents can cause."""

_logged: set[tuple[str, str]] = set()


@contextmanager
def log_bad_record(kind: object, record_id: object) -> Iterator[None]:
    """Log what a bad record raises, by its kind and id alone, and continue.

    Its content may hold a secret and is left out. Errors of the store itself pass.
    """
    try:
        yield
    except FAULTS as error:
        note_bad_record(kind, record_id, error)


def note_bad_record(kind: object, record_id: object, error: Exception) -> None:
    """Log a bad record the first time that this process meets it."""
    name = (clean_id(str(kind)), clean_id(str(record_id)))
    if name not in _logged and len(_logged) < MOST_REMEMBERED:
        _logged.add(name)
        logger.error("The %s %s cannot be used as it is: %s", *name, type(error).__name__)
