"""The API reference's rules of stopping, starting and deadlines, as literal rows.

Source: the AWS API reference, StreamConfiguration, members sessionPersistenceMode,
automaticTerminationMode, maxSessionLengthInMinutes and maxStoppedSessionLengthInMinutes;
StopStreamingSession. `docs/lifecycle.md` shows the same rows to people and explains the choices.
"""

from typing import NamedTuple


class Cell(NamedTuple):
    """One combination of modes and length, with its consequences.

    `length` is the maxStoppedSessionLengthInMinutes of the launch profile; None stands for a
    member that is absent. `stop` is "keeps" or "fails", `start` "at once" or "asks",
    `ready_ends` and `stopped_ends` say what happens once the time in that state is over, and
    `source` whether the reference says so or leaves it to us.
    """

    persistence: str | None
    termination: str | None
    length: int | None
    stop: str
    start: str
    ready_ends: str
    stopped_ends: str
    source: str


TABLE = (
    Cell(None, None, None, "fails", "asks", "deleted", "nothing", "reference"),
    Cell(None, None, 0, "fails", "asks", "deleted", "nothing", "reference"),
    Cell(None, None, 60, "keeps", "at once", "stopped", "deleted", "choice 1"),
    Cell(None, "DEACTIVATED", None, "fails", "asks", "deleted", "nothing", "choice 2"),
    Cell(None, "DEACTIVATED", 0, "fails", "asks", "deleted", "nothing", "choice 2"),
    Cell(None, "DEACTIVATED", 60, "keeps", "at once", "stopped", "deleted", "choice 2"),
    Cell(None, "ACTIVATED", None, "fails", "asks", "deleted", "nothing", "choice 2"),
    Cell(None, "ACTIVATED", 0, "fails", "asks", "deleted", "nothing", "choice 2"),
    Cell(None, "ACTIVATED", 60, "keeps", "at once", "stopped", "deleted", "choice 2"),
    Cell("DEACTIVATED", None, None, "fails", "asks", "deleted", "nothing", "reference"),
    Cell("DEACTIVATED", None, 0, "fails", "asks", "deleted", "nothing", "reference"),
    Cell("DEACTIVATED", None, 60, "fails", "asks", "deleted", "deleted", "choice 3"),
    Cell("DEACTIVATED", "DEACTIVATED", None, "fails", "asks", "deleted", "nothing", "choice 2"),
    Cell("DEACTIVATED", "DEACTIVATED", 0, "fails", "asks", "deleted", "nothing", "choice 2"),
    Cell("DEACTIVATED", "DEACTIVATED", 60, "fails", "asks", "deleted", "deleted", "choice 3"),
    Cell("DEACTIVATED", "ACTIVATED", None, "fails", "asks", "deleted", "nothing", "choice 2"),
    Cell("DEACTIVATED", "ACTIVATED", 0, "fails", "asks", "deleted", "nothing", "choice 2"),
    Cell("DEACTIVATED", "ACTIVATED", 60, "fails", "asks", "deleted", "deleted", "choice 3"),
    Cell("ACTIVATED", None, None, "keeps", "at once", "stopped", "nothing", "reference"),
    Cell("ACTIVATED", None, 0, "keeps", "at once", "stopped", "nothing", "choice 4"),
    Cell("ACTIVATED", None, 60, "keeps", "at once", "stopped", "nothing", "choice 4"),
    Cell("ACTIVATED", "DEACTIVATED", None, "keeps", "at once", "stopped", "nothing", "reference"),
    Cell("ACTIVATED", "DEACTIVATED", 0, "keeps", "at once", "stopped", "nothing", "choice 4"),
    Cell("ACTIVATED", "DEACTIVATED", 60, "keeps", "at once", "stopped", "nothing", "choice 4"),
    Cell("ACTIVATED", "ACTIVATED", None, "fails", "asks", "deleted", "nothing", "reference"),
    Cell("ACTIVATED", "ACTIVATED", 0, "fails", "asks", "deleted", "nothing", "reference"),
    Cell("ACTIVATED", "ACTIVATED", 60, "keeps", "at once", "stopped", "deleted", "reference"),
)
