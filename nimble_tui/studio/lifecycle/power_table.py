"""The table that decides what an observation of a machine means for its session.

Each state of a session meets each power of a machine in one cell. `docs/machines.md` shows the
same table to people.
"""

from enum import StrEnum
from typing import Final

from nimble_tui.studio.compute import Power


class Action(StrEnum):
    """The decision of one cell of the table, as the page in docs/ words it."""

    NONE = "nothing"
    FINISH = "the step is done"
    FAIL = "the step failed"
    REPEAT = "the request is sent again"
    STOPPED = "STOPPED, with the reason"
    STARTED = "READY, with the reason"
    LOST = "STOPPED while it has a backup, else DELETED"
    END = "the machine is terminated"


_Row = tuple[Action, Action, Action, Action, Action, Action]

POWERS: Final = tuple(Power)
"""The columns."""

TABLE: Final[dict[str, _Row]] = {
    "CREATE_IN_PROGRESS": (
        Action.NONE,
        Action.FINISH,
        Action.NONE,
        Action.FAIL,
        Action.NONE,
        Action.FAIL,
    ),
    "READY": (
        Action.NONE,
        Action.NONE,
        Action.NONE,
        Action.STOPPED,
        Action.NONE,
        Action.LOST,
    ),
    "STOP_IN_PROGRESS": (
        Action.REPEAT,
        Action.REPEAT,
        Action.NONE,
        Action.FINISH,
        Action.NONE,
        Action.LOST,
    ),
    "STOPPED": (
        Action.NONE,
        Action.STARTED,
        Action.NONE,
        Action.NONE,
        Action.NONE,
        Action.LOST,
    ),
    "START_IN_PROGRESS": (
        Action.NONE,
        Action.FINISH,
        Action.NONE,
        Action.REPEAT,
        Action.NONE,
        Action.LOST,
    ),
    "DELETE_IN_PROGRESS": (
        Action.REPEAT,
        Action.REPEAT,
        Action.REPEAT,
        Action.REPEAT,
        Action.NONE,
        Action.FINISH,
    ),
    "CREATE_FAILED": (
        Action.END,
        Action.END,
        Action.END,
        Action.END,
        Action.NONE,
        Action.NONE,
    ),
    "START_FAILED": (
        Action.NONE,
        Action.STARTED,
        Action.NONE,
        Action.NONE,
        Action.NONE,
        Action.LOST,
    ),
    "STOP_FAILED": (
        Action.NONE,
        Action.NONE,
        Action.NONE,
        Action.STOPPED,
        Action.NONE,
        Action.LOST,
    ),
    "DELETE_FAILED": (
        Action.NONE,
        Action.NONE,
        Action.NONE,
        Action.NONE,
        Action.NONE,
        Action.LOST,
    ),
    "DELETED": (
        Action.END,
        Action.END,
        Action.END,
        Action.END,
        Action.NONE,
        Action.NONE,
    ),
}
"""The actions of each state of a session, in the order of `POWERS`."""

EXPECTED: Final = frozenset(
    {"READY", "STOP_IN_PROGRESS", "STOPPED", "START_IN_PROGRESS", "START_FAILED", "STOP_FAILED"}
)
"""The states whose machine must be there: where many of these vanish at once, nothing is done."""


def decide(state: str, power: Power) -> Action:
    """Return what an observed power means for a session; LookupError for an unknown state."""
    return TABLE[state][POWERS.index(power)]


def as_markdown() -> str:
    """Return the table as the page in docs/ holds it."""
    lines = [f"| session | {' | '.join(POWERS)} |", f"|{'---|' * (len(POWERS) + 1)}"]
    lines += [f"| {state} | {' | '.join(row)} |" for state, row in TABLE.items()]
    return "\n".join(lines) + "\n"
