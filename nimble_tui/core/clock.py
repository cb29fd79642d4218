"""The only place that reads the time."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """A source of the time; everything that depends on time is given one."""

    def now(self) -> datetime:
        """Return the time of day, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never decrease, even if the time of day is changed."""
        ...


class SystemClock:
    """The clock of this computer."""

    def now(self) -> datetime:
        """Return the computer's time of day, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return the computer's monotonic seconds."""
        return time.monotonic()


@dataclass
class ManualClock:
    """A clock that stands still until it is advanced, for tests, pictures and simulations."""

    time: datetime
    seconds: float = 0.0

    def now(self) -> datetime:
        """Return the time it was set to."""
        return self.time

    def monotonic(self) -> float:
        """Return the total seconds it was advanced by."""
        return self.seconds

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass."""
        self.time += timedelta(seconds=seconds)
        self.seconds += seconds
