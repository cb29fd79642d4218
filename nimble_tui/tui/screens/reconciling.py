"""The part of a screen that has unresolved requests read back, and notes what came of them."""

from __future__ import annotations

from abc import abstractmethod
from contextlib import suppress
from typing import TYPE_CHECKING

from textual import on
from textual.worker import get_current_worker

from nimble_tui.core.launching import UnresolvedLaunch, same_launch
from nimble_tui.core.listing import Listing
from nimble_tui.core.service import StudioError
from nimble_tui.tui import messages
from nimble_tui.tui.screens.opening import OpenScreen

if TYPE_CHECKING:
    from nimble_tui.core.launching import LaunchRequest
    from nimble_tui.core.model import StreamingSession
    from nimble_tui.core.service import Finding, StudioInfo, StudioService

_NONE: frozenset[str] = frozenset()


class ReconcilingScreen(OpenScreen):
    """Owns what is unresolved; `read_back` runs in the worker that polls the studio.

    `request` counts what was requested here: an answer read before that counts no longer. `coming`
    are the launches that were sent and not answered yet, by token.
    """

    def __init__(self, info: StudioInfo) -> None:
        super().__init__(info)
        self.request = 0
        self.coming: dict[str, StreamingSession] = {}
        self.unresolved: tuple[UnresolvedLaunch, ...] = ()
        self.is_unsettled = False
        self._reconciled_once = False

    def unresolved_launch(self, request: LaunchRequest) -> UnresolvedLaunch | None:
        """Return the last launch of the very same whose outcome was never reported."""
        return same_launch(request, self.unresolved)

    def read_back(
        self, service: StudioService, request: int, listing: Listing[StreamingSession]
    ) -> None:
        """Read back what is unresolved, given a list just read; a failure hides no list."""
        if listing.complete:
            self._reconcile(service, request, listing.items)
        self.read_unresolved(service, request, listing)

    def read_unresolved(
        self,
        service: StudioService,
        request: int,
        listing: Listing[StreamingSession] | None = None,
    ) -> None:
        """Read which launches are unresolved; without a list all that may be."""
        with suppress(StudioError):  # the next look tries again
            launches = service.unresolved_launches(listing or Listing((), partial=True))
            self.post_message(messages.LaunchesUnresolved(request, launches))

    def _reconcile(
        self, service: StudioService, request: int, sessions: tuple[StreamingSession, ...]
    ) -> None:
        worker = get_current_worker()
        try:
            if worker.is_cancelled or not (service.is_unsettled() or self.is_unsettled):
                return
            findings = service.reconcile(sessions, spare=self.spared())
            unsettled = service.is_unsettled()
            keeping = service.keeping()
        except StudioError:
            return  # the next look tries again
        except Exception:  # noqa: BLE001 - bookkeeping that breaks must not take the lists along
            findings, unsettled, keeping = (), False, _NONE
        self.post_message(messages.Reconciled(request, findings, unsettled, keeping))

    @on(messages.LaunchesUnresolved)
    def _launches_unresolved(self, message: messages.LaunchesUnresolved) -> None:
        if message.request == self.request:
            # What is on its way may not have been in the journal yet.
            here = [one for one in self.unresolved if one.client_token in self.coming]
            others = (one for one in message.launches if one.client_token not in self.coming)
            self.unresolved = (*here, *others)

    @on(messages.Reconciled)
    def _reconciled(self, message: messages.Reconciled) -> None:
        before, self.is_unsettled = self.is_unsettled, message.unsettled
        self.found(message.findings, earlier=not self._reconciled_once)
        self._reconciled_once = True
        if message.request == self.request:
            self.kept(message.keeping)
        if (message.findings or before != message.unsettled) and not self.looking:
            self._plan()

    @abstractmethod
    def _plan(self) -> None:
        """Plan when to look at the studio next."""

    # What the screen on top of this makes of it.

    def found(self, findings: tuple[Finding, ...], *, earlier: bool) -> None:
        """Report what came of what was unresolved, `earlier` by an earlier run."""

    def spared(self) -> frozenset[str]:
        """Return the workstations that Keep does not stop now; any thread may call it."""
        return _NONE

    def kept(self, keeping: frozenset[str]) -> None:
        """Note which workstations are started only to be stopped again."""
