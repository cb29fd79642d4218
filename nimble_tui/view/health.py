"""The state of the connection to the studio, for the account line and the banner."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from nimble_tui.view import times

if TYPE_CHECKING:
    from datetime import datetime, timedelta


_SLOW = 1.0
_OVERDUE = 5.0
"""Seconds without a response after which the lists count as stale."""


class Phase(StrEnum):
    """The phase of the connection to the studio."""

    CONNECTING = "connecting"
    LIVE = "live"
    OFFLINE = "offline"
    SIGNED_OUT = "signed out"


@dataclass(frozen=True, slots=True)
class Health:
    """The result of the last refresh.

    `updated_at` is the time of the last complete lists, `problem` the sentence about the failure,
    `next_try` the time of the next automatic refresh, `refreshing_since` the start of the running
    one; `complete` says that the last one could read everything, `notice` is a sentence about what
    it could not read, `aws_profile` the AWS profile that signs, if one does.
    """

    phase: Phase = Phase.CONNECTING
    updated_at: datetime | None = None
    problem: str | None = None
    next_try: datetime | None = None
    refreshing_since: datetime | None = None
    notice: str | None = None
    complete: bool = True
    aws_profile: str = ""

    def shifted(self, by: timedelta) -> Health:
        """Return a copy with all times shifted, after the clock was set to another time."""

        def moved(at: datetime | None) -> datetime | None:
            return at + by if at is not None else None

        return replace(
            self,
            updated_at=moved(self.updated_at),
            next_try=moved(self.next_try),
            refreshing_since=moved(self.refreshing_since),
        )

    def freshness(self, now: datetime) -> tuple[str, str]:
        """Return a short text for the age of the lists, and the name of its colour."""
        age = times.ago(now - self.updated_at) if self.updated_at else ""
        refreshing = (now - self.refreshing_since).total_seconds() if self.refreshing_since else 0.0
        slow = refreshing >= _SLOW
        match self.phase:
            case Phase.LIVE if refreshing >= _OVERDUE:
                return f"▲ no response (updated {age})" if age else "▲ no response", "near"
            case Phase.LIVE if not self.complete:
                return f"▲ incomplete (updated {age})" if age else "▲ incomplete", "near"
            case Phase.LIVE if slow:
                return f"◌ refreshing… (updated {age})", "moving"
            case Phase.LIVE:
                return f"● updated {age}", "ready"
            case Phase.OFFLINE:
                return f"▲ offline (updated {age})" if age else "▲ offline", "near"
            case Phase.SIGNED_OUT:
                return f"▲ signed out (updated {age})" if age else "▲ signed out", "near"
            case _:
                return f"◌ connecting… (updated {age})" if age else "◌ connecting…", "moving"

    def banner(self, now: datetime, refresh_key: str, sign_in_key: str) -> str | None:
        """Return the sentence that stays on the screen for as long as it is true, if any."""
        if self.phase == Phase.SIGNED_OUT and self.aws_profile:
            # The remedy is outside of the app.
            todo = (self.problem or "").removesuffix(", then try again.").rstrip(".")
            return f"{todo}, then press {refresh_key}."
        if self.phase == Phase.SIGNED_OUT:
            return f"{self.problem or 'You are not signed in.'}  Press {sign_in_key} to sign in."
        if self.phase == Phase.OFFLINE:
            if self.next_try is None:
                return f"{self.problem}  Press {refresh_key} to try again."
            left = max(round((self.next_try - now).total_seconds()), 0)
            coming = f"Next try in {left} s" if left else "Trying again"
            return f"{self.problem}  {coming}; press {refresh_key} to try now."
        return self.notice
