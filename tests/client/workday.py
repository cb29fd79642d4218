"""A service on the workday studio, with a journal and a clock of the test's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from nimble_tui.client.journal.journal import Journal
from nimble_tui.client.nimble import NimbleService, connect
from nimble_tui.client.transport import Limits
from nimble_tui.core.clock import ManualClock
from nimble_tui.core.keys import Keys
from nimble_tui.core.launching import LaunchRequest
from nimble_tui.core.service import Finding, StudioInfo
from tests.faults.faulty_studio import PRINCIPAL_ID, STUDIO_ID

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
QUICK = Limits(pause=0.01, poll_interval=0.01)
REQUEST = LaunchRequest("lp-1", "g5.xlarge", "img-1", "shot 7")
INFO = StudioInfo("northwind", STUDIO_ID, "us-west-2", PRINCIPAL_ID, host="127.0.0.1")


@contextmanager
def opened(
    url: str,
    path: Path | None,
    *,
    at: datetime = NOW,
    info: StudioInfo = INFO,
    clock: ManualClock | None = None,
) -> Iterator[NimbleService]:
    """Open the app's service as at a start of it, at a time of day or by a clock."""
    journal = Journal(path)
    service = connect(
        info,
        endpoint_url=url,
        keys=Keys("AKIDEXAMPLE", "canary+Secret/wJalrXUtnFEMIK7MDENGbPxRfiCYKEY"),
        limits=QUICK,
        clock=clock or ManualClock(at),
        journal=journal,
    )
    try:
        yield service
    finally:
        service.close()
        journal.close()


def looked(service: NimbleService) -> tuple[Finding, ...]:
    """Do what the app does after each look at the list."""
    return service.reconcile(service.list_streaming_sessions().items)
