"""Trouble with a studio's data: the answer to a call that it ends, and the log."""

import logging
from typing import Final

from nimble_tui.studio.http.errors import ApiError, conflict, internal
from nimble_tui.studio.store.errors import BusyError, FileGoneError, HeldStoreError, StoreError

HELD: Final = (
    "This studio is a copy that is not in charge of its workstations: it changes nothing until its "
    "operator runs nimble-tui studio takeover."
)

logger = logging.getLogger(__name__)


class Trouble:
    """The trouble that there is with the data at the moment, which is logged once."""

    def __init__(self) -> None:
        self._logged = ""

    def answer_to(self, what: str, error: StoreError, *, changes: bool = False) -> ApiError:
        """Return the error that answers a call; `what` names the call in the log."""
        if isinstance(error, HeldStoreError):
            return conflict(HELD, "STUDIO_HELD")
        self.log(what, error)
        if isinstance(error, FileGoneError):
            return internal(
                "The studio's data file was removed or replaced; its operator must "
                "put it back or start the studio again."
            )
        if changes and not isinstance(error, BusyError):
            return internal(
                "The studio cannot store changes at the moment (its disk could be full), but what "
                "is stored can be read. Try again later."
            )
        return internal("The studio cannot read its data at the moment; try again.")

    def log(self, what: str, error: StoreError) -> None:
        """Log an error, unless it was the last one and has not ended since."""
        if self._logged != str(error):
            self._logged = str(error)
            logger.error("%s failed: %s", what, error)

    def is_over(self) -> None:
        """Note that the data can be used again."""
        self._logged = ""
