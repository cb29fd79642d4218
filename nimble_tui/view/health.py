"""How well the studio is heard: what the account line and the banner tell."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from nimble_tui.view import times

if TYPE_CHECKING:
    from datetime import datetime, timedelta


_SLOW = 1.0
_OVERDUE = 5.0
"""After how many seconds without an answer the lists count as stale."""


class Phase(StrEnum):
    """Where the connection to the studio is."""

    CONNECTING = "connecting"
    LIVE = "live"
    OFFLINE = "offline"
    SIGNED_OUT = "signed out"


@dataclass(frozen=True, slots=True)
class Health:
    """How the last look went.

    `updated_at` is when the lists were last seen whole, `problem` the sentence about what went
    wrong, `next_try` when the app looks again by itself, `refreshing_since` when the look that is
    under way began, `complete` whether the last look could read all there is, `notice` a sentence
    about what it could not, `aws_profile` which AWS profile signs, if one does.
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
        """Return the same, its times as a clock would have them that was set another way."""

        def moved(at: datetime | None) -> datetime | None:
            return at + by if at is not None else None

        return replace(
            self,
            updated_at=moved(self.updated_at),
            next_try=moved(self.next_try),
            refreshing_since=moved(self.refreshing_since),
        )

    def freshness(self, now: datetime) -> tuple[str, str]:
        """Return in few words how fresh the lists are, and the name of a colour for that."""
        age = times.ago(now - self.updated_at) if self.updated_at else ""
        refreshing = (now - self.refreshing_since).total_seconds() if self.refreshing_since else 0.0
        slow = refreshing >= _SLOW
        match self.phase:
            case Phase.LIVE if refreshing >= _OVERDUE:
                return f"▲ no answer, seen {age}" if age else "▲ no answer", "near"
            case Phase.LIVE if not self.complete:
                return f"▲ in part, all seen {age}" if age else "▲ in part", "near"
            case Phase.LIVE if slow:
                return f"◌ looking, {age}", "moving"
            case Phase.LIVE:
                return f"● live, {age}", "ready"
            case Phase.OFFLINE:
                return f"▲ offline, seen {age}" if age else "▲ offline", "near"
            case Phase.SIGNED_OUT:
                return f"▲ signed out, seen {age}" if age else "▲ signed out", "near"
            case _:
                return f"◌ connecting, seen {age}" if age else "◌ connecting…", "moving"

    def banner(self, now: datetime, refresh_key: str, sign_in_key: str) -> str | None:
        """Return the sentence that must be seen until it is no longer true, if there is one."""
        if self.phase == Phase.SIGNED_OUT and self.aws_profile:
            # What is to be done is done elsewhere.
            todo = (self.problem or "").removesuffix(", then try again.").rstrip(".")
            return f"{todo}, then press {refresh_key}."
        if self.phase == Phase.SIGNED_OUT:
            return f"{self.problem or 'You are not signed in.'}  Press {sign_in_key} to sign in."
        if self.phase == Phase.OFFLINE:
            if self.next_try is None:
                return f"{self.problem}  Press {refresh_key} to try again."
            left = max(round((self.next_try - now).total_seconds()), 0)
            coming = f"Next try in {left} s" if left else "Trying again"
            return f"{self.problem}  {coming}; {refresh_key} tries now."
        return self.notice
