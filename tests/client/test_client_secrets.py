"""What nobody may read, and how calls end."""

import copy
import json
import logging
import pickle
import threading
import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from nimble_tui.client.nimble import NimbleService
from nimble_tui.client.transport import Limits
from nimble_tui.core.clock import ManualClock
from nimble_tui.core.model import SessionAction, StreamingSession
from nimble_tui.core.service import ErrorKind, Listing, StudioError
from tests.client import faulty_studio as on_the_wire
from tests.client.conftest import SECRET, Connect, returned
from tests.client.faulty_studio import FaultyStudio, no, ok, replaced

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_logs_hold_no_request(
    service: NimbleService, studio: FaultyStudio, caplog: pytest.LogCaptureFixture
) -> None:
    """With every logger there is at its most talkative."""
    for name in [None, *logging.root.manager.loggerDict]:
        caplog.set_level(logging.DEBUG, logger=name)
    service.get_studio()
    studio.strike(on_the_wire.hang_up, on=["GetStudio"], before=True)
    with pytest.raises(StudioError):
        service.get_studio()
    told = caplog.text.lower()
    for secret in (SECRET.lower(), "authorization", "x-amz-security-token", "akidexample"):
        assert secret not in told


def test_errors_hold_no_request(service: NimbleService, studio: FaultyStudio) -> None:
    studio.strike(on_the_wire.reset, on=["StopStreamingSession"], before=True)
    with pytest.raises(StudioError) as error:
        service.act(SessionAction.STOP, "ses.ready")
    assert error.value.__traceback__ is not None
    below = error.value.__traceback__.tb_next
    shown = traceback.TracebackException(StudioError, error.value, below, capture_locals=True)
    told = "".join(shown.format())
    assert "'ses.ready'" in told, "the locals are not shown"
    for secret in (SECRET, "Authorization", "authorization", "AKIDEXAMPLE"):
        assert secret not in told


@pytest.mark.parametrize("show", [repr, str, vars, "{}".format])
def test_a_service_shows_no_secret(
    service: NimbleService, show: Callable[[object], object]
) -> None:
    assert SECRET not in str(show(service))


@pytest.mark.parametrize("copied", [pickle.dumps, json.dumps, copy.deepcopy])
def test_a_service_cannot_be_copied(
    service: NimbleService, copied: Callable[[object], object]
) -> None:
    with pytest.raises((TypeError, pickle.PicklingError)):
        copied(service)


def test_closing_ends_the_calls_under_way(service: NimbleService, studio: FaultyStudio) -> None:
    reached = threading.Event()

    def hold(line: on_the_wire.Line, _: on_the_wire.Answer) -> bool:
        reached.set()
        line.hold()
        return False

    def close() -> None:
        reached.wait(30)
        service.close()

    studio.strike(hold, on=["GetStudio"], before=True)
    threading.Thread(target=close).start()
    with pytest.raises(StudioError, match="closed"):
        returned(service.get_studio)
    assert len(studio.requests) == 1


def test_a_closed_service_asks_nothing(service: NimbleService, studio: FaultyStudio) -> None:
    service.close()
    service.close()
    with pytest.raises(StudioError, match="closed"):
        service.get_studio()
    assert not studio.requests


def test_an_action_that_was_given_up_is_not_sent_later(
    service_for: Connect, studio: FaultyStudio
) -> None:
    """Once the artist was told that it is uncertain, nothing follows."""
    studio.strike(on_the_wire.silence, on=["StopStreamingSession"], before=True)
    service = service_for(limits=Limits(call=0.6, attempt=5, connect=1))
    with pytest.raises(StudioError) as error:
        returned(lambda: service.act(SessionAction.STOP, "ses.ready"))
    assert error.value.kind == ErrorKind.UNCERTAIN
    for thread in threading.enumerate():
        if thread.name == "studio call":
            thread.join(30)
    assert len(studio.sent("StopStreamingSession")) == 1


@pytest.mark.parametrize(
    ("minutes", "kind", "words"),
    [
        (-20, ErrorKind.CLOCK, "20 min behind"),
        (125, ErrorKind.CLOCK, "2 h 5 min ahead"),
        (2, ErrorKind.NOT_SIGNED_IN, "keys"),
    ],
)
def test_a_wrong_clock_is_told(
    service_for: Connect, studio: FaultyStudio, minutes: int, kind: ErrorKind, words: str
) -> None:
    date = format_datetime(NOW - timedelta(minutes=minutes), usegmt=True)
    refused = no(403, "InvalidSignatureException", "Signature expired", Date=date)
    studio.strike(replaced(refused), on=["GetStudio"], before=True)
    with pytest.raises(StudioError, match=words) as error:
        service_for(clock=ManualClock(NOW)).get_studio()
    assert error.value.kind == kind


class TestLists:
    def listing(self, service: NimbleService) -> Listing[StreamingSession]:
        return returned(service.list_streaming_sessions)

    def test_a_later_page_that_fails_leaves_a_part(
        self, service: NimbleService, studio: FaultyStudio
    ) -> None:
        studio.states = {f"ses.{number}": "READY" for number in range(30)}
        studio.page_size = 10
        studio.plan = lambda _operation, request: (
            (replaced(no(400, "ValidationException", "no")), True)
            if request.query.get("nextToken") == ["20"]
            else None
        )
        listing = self.listing(service)
        assert len(listing.items) == 20
        assert listing.partial
        assert listing.problem is not None
        assert listing.problem.startswith("Only a part of the list came: ")

    @pytest.mark.parametrize("token", ["same", 7, {}, ["x"]])
    def test_a_token_that_leads_nowhere(
        self, service: NimbleService, studio: FaultyStudio, token: object
    ) -> None:
        first = studio.session("ses.ready")
        studio.plan = lambda _operation, request: (
            replaced(
                ok({"sessions": [first], "nextToken": token if request.query.get("nextToken")
                    else "first"})
            ),
            True,
        )  # fmt: skip
        listing = self.listing(service)
        assert listing.partial
        assert len(listing.items) == 1
        assert len(studio.requests) <= 3

    @pytest.mark.parametrize("token", ["", None])
    def test_a_list_may_end_with_no_token(
        self, service: NimbleService, studio: FaultyStudio, token: object
    ) -> None:
        page = ok({"sessions": [studio.session("ses.ready")], "nextToken": token})
        studio.strike(replaced(page), on=["ListStreamingSessions"], before=True)
        assert not self.listing(service).partial
        assert len(studio.requests) == 1

    def test_entries_that_cannot_be_read_are_counted(
        self, service: NimbleService, studio: FaultyStudio
    ) -> None:
        good = studio.session("ses.ready")
        page = ok({"sessions": [None, {}, good, {"sessionId": ""}, {"sessionId": 7}]})
        studio.strike(replaced(page), on=["ListStreamingSessions"], before=True)
        listing = self.listing(service)
        assert (len(listing.items), listing.skipped, listing.partial) == (1, 4, False)
        assert listing.problem is not None

    def test_one_bad_time_spoils_nothing(
        self, service: NimbleService, studio: FaultyStudio
    ) -> None:
        good = studio.session("ses.ready")
        times = ["yesterday", -1e300, {}, None, True, "9999-12-31T23:59:59-14:00"]
        page = ok({"sessions": [{**good, "sessionId": f"{n}", "stopAt": at}
                                for n, at in enumerate(times)]})  # fmt: skip
        studio.strike(replaced(page), on=["ListStreamingSessions"], before=True)
        listing = service.list_streaming_sessions()
        assert [one.stop_at for one in listing.items] == [None] * len(times)
        assert {one.created_at for one in listing.items} == {datetime(2026, 11, 21, 1, tzinfo=UTC)}

    def test_a_list_without_end_ends(self, service_for: Connect, studio: FaultyStudio) -> None:
        studio.plan = lambda _operation, request: (
            replaced(
                ok({"sessions": [], "nextToken": request.query.get("nextToken", ["x"])[0] + "x"})
            ),
            True,
        )
        service = service_for(limits=replace(Limits(), pages=7))
        listing = service.list_streaming_sessions()
        assert listing.partial
        assert len(studio.requests) == 7

    def test_what_is_listed_twice_is_shown_once(
        self, service: NimbleService, studio: FaultyStudio
    ) -> None:
        first = studio.session("ses.ready")
        page = ok({"sessions": [first, {**first, "state": "STOPPED"}]})
        studio.strike(replaced(page), on=["ListStreamingSessions"], before=True)
        assert [one.state for one in service.list_streaming_sessions().items] == ["STOPPED"]
