"""Times that cannot be read, as where a proxy turns them into milliseconds: said, never hidden."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from textual.pilot import Pilot

from nimble_tui.core.model import SESSION_TIMES
from nimble_tui.view import labels
from nimble_tui.view.facts import FactContext
from nimble_tui.view.session_facts import of_session
from tests.faults.proxy import FaultProxy, faults_before
from tests.faults.replies import rewritten
from tests.tui import acts
from tests.tui.bench import NOW, Bench, play, seen, until_seen


def in_milliseconds(reply: dict[str, Any]) -> dict[str, Any]:
    """Return a reply with all times as a proxy in the way rewrote them."""
    for session in reply["sessions"]:
        for name in set(SESSION_TIMES) & set(session):
            at = datetime.fromisoformat(session[name])
            session[name] = round(at.timestamp() * 1000)
    return reply


@pytest.fixture
def proxy(bench: Bench) -> Iterator[FaultProxy]:
    """Faults on the way to the bench's studio."""
    with faults_before(bench.demo) as opened:
        bench.gate.lead_to(opened.url)
        opened.strike(rewritten(in_milliseconds), on=["ListStreamingSessions"], before=False)
        yield opened


@pytest.mark.usefixtures("proxy")
def test_rows_details_and_the_banner_say_so(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.until_live(pilot)
        await until_seen(pilot, labels.TIMES_UNREAD)
        await until_seen(pilot, "Times of 6 workstations could not be read")
        assert "no deadline known" not in seen(pilot.app)
        lighting = acts.row(pilot, "sq042 lighting")
        acts.select(pilot, lighting.key)
        await until_seen(pilot, "Next     unknown: its times could not be read")
        told = of_session(lighting, FactContext(acts.studio(pilot), NOW, None), None)[0]
        assert "stopAt" in {fact.label for fact in told.facts}

    play(bench, scenario, size=(120, 36))
