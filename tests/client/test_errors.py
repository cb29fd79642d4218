"""Whatever a studio or a network does: the right kind, one plain sentence, at most one effect."""

import re
import socket
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from functools import partial

import pytest

from nimble_tui.client.nimble import NimbleService
from nimble_tui.client.transport import Limits
from nimble_tui.core.model import SessionAction
from nimble_tui.core.service import ErrorKind, StudioError
from tests.client.conftest import SECRET, Connect, returned
from tests.faults import faulty_studio as on_the_wire
from tests.faults.faulty_studio import Answer, Fault, FaultyStudio, Server, no, replaced

K = ErrorKind

# Long enough for a busy machine to answer within, short enough to wait for.
IMPATIENT = Limits(call=2.5, attempt=0.8, connect=0.8, listing=6.0)
UNREPEATED = replace(Limits(), attempts=1)

HTML = b"<!DOCTYPE html><html><body><h1>Welcome to HotelNet</h1></body></html>"
DEEP = b'{"studio":' * 100_000 + b"1" + b"}" * 100_000

HANGS: dict[str, Fault] = {
    "silence": on_the_wire.silence,
    "slow head": on_the_wire.slow_head,
    "slow body": on_the_wire.slow_body,
    "100 for ever": on_the_wire.continues,
}

DROPS: dict[str, tuple[Fault, ErrorKind]] = {
    "reset": (on_the_wire.reset, K.UNREACHABLE),
    "hang up": (on_the_wire.hang_up, K.UNREACHABLE),
    "reset in body": (on_the_wire.reset_in_body, K.UNREACHABLE),
    "cut body": (on_the_wire.cut_body, K.NOT_UNDERSTOOD),
}


def page(body: bytes, content_type: str = "application/json", status: int = 200) -> Fault:
    return replaced(Answer(status, body, {"Content-Type": content_type}))


GARBAGE: dict[str, tuple[Fault, ErrorKind]] = {
    "portal": (page(HTML, "text/html"), K.UNREACHABLE),
    "portal that says JSON": (page(HTML), K.UNREACHABLE),
    "text": (page(b'{"studio":{}}', "text/plain"), K.NOT_UNDERSTOOD),
    "empty": (page(b""), K.NOT_UNDERSTOOD),
    "empty object": (page(b"{}"), K.NOT_UNDERSTOOD),
    "garbage": (page(b'{"x":['), K.NOT_UNDERSTOOD),
    "cut JSON": (on_the_wire.cut_json, K.NOT_UNDERSTOOD),
    "null": (page(b"null"), K.NOT_UNDERSTOOD),
    "list": (page(b"[]"), K.NOT_UNDERSTOOD),
    "not a number": (page(b'{"sessions":[NaN],"studio":NaN}'), K.NOT_UNDERSTOOD),
    "null member": (page(b'{"sessions":null,"session":null,"studio":null}'), K.NOT_UNDERSTOOD),
    "text member": (page(b'{"sessions":"","session":"","studio":""}'), K.NOT_UNDERSTOOD),
    "wrong member": (page(b'{"sessions":{},"session":[],"studio":7}'), K.NOT_UNDERSTOOD),
    "not UTF-8": (page(b'{"sessions":["\xff"]}'), K.NOT_UNDERSTOOD),
    "deep": (page(DEEP), K.NOT_UNDERSTOOD),
    "huge": (on_the_wire.huge, K.NOT_UNDERSTOOD),
    "gzip": (
        replaced(Answer(200, b"\x1f\x8b\x08", {"Content-Encoding": "gzip"})),
        K.NOT_UNDERSTOOD,
    ),
    "created": (page(b'{"sessions":[],"session":{},"studio":{}}', status=201), K.NOT_UNDERSTOOD),
    "wrong inside": (
        page(b'{"sessions":[],"nextToken":7,"session":{"tags":7},"studio":{"tags":7}}'),
        K.NOT_UNDERSTOOD,
    ),
    "noise": (on_the_wire.noise(7), K.NOT_UNDERSTOOD),
}

TROUBLE: dict[str, tuple[Fault, ErrorKind]] = {
    "500": (replaced(no(500, "InternalServerErrorException", "oh")), K.TROUBLE),
    "501": (page(b"{}", status=501), K.TROUBLE),
    "503 empty": (page(b"", status=503), K.TROUBLE),
    "502 page": (page(HTML, "text/html", 502), K.TROUBLE),
    "504": (page(b"null", status=504), K.TROUBLE),
}

REFUSALS: dict[str, tuple[Fault, ErrorKind]] = {
    "denied": (replaced(no(403, "AccessDeniedException", "no")), K.DENIED),
    "unknown key": (replaced(no(403, "UnrecognizedClientException", "x")), K.NOT_SIGNED_IN),
    "expired": (replaced(no(403, "ExpiredTokenException", "x")), K.NOT_SIGNED_IN),
    "unsigned": (replaced(no(403, "MissingAuthenticationTokenException", "")), K.NOT_SIGNED_IN),
    "bad signature": (replaced(no(403, "InvalidSignatureException", "x")), K.NOT_SIGNED_IN),
    "401": (page(b"", status=401), K.NOT_SIGNED_IN),
    "not found": (replaced(no(404, "ResourceNotFoundException:http://x", "x")), K.NOT_FOUND),
    "no studio": (page(HTML, "text/html", 404), K.NOT_UNDERSTOOD),
    "conflict": (replaced(no(409, "ConflictException", "busy")), K.CONFLICT),
    "quota": (replaced(no(402, "ServiceQuotaExceededException", "10 sessions")), K.QUOTA),
    "throttled": (replaced(no(429, "ThrottlingException", "slow down")), K.THROTTLED),
    "429": (page(b"", status=429), K.THROTTLED),
    "invalid": (replaced(no(400, "ValidationException", "bad id")), K.INVALID),
    "mismatch": (replaced(no(400, "IdempotentParameterMismatch", "")), K.INVALID),
    "name in body": (page(b'{"__type":"com.x#AccessDeniedException"}', status=400), K.DENIED),
    "redirect": (
        replaced(Answer(302, b"", {"Location": "http://127.0.0.1:1/steal"})),
        K.UNREACHABLE,
    ),
}

ALL: dict[str, tuple[Fault, ErrorKind]] = DROPS | GARBAGE | TROUBLE | REFUSALS

LOOKS: dict[str, tuple[str, Callable[[NimbleService], object]]] = {
    "list": ("ListStreamingSessions", lambda service: service.list_streaming_sessions()),
    "get": ("GetStreamingSession", lambda service: service.get_streaming_session("ses.ready")),
    "studio": ("GetStudio", lambda service: service.get_studio()),
}

ACTS = {
    "stop": ("ses.ready", "StopStreamingSession"),
    "start": ("ses.stopped", "StartStreamingSession"),
    "delete": ("ses.ready", "DeleteStreamingSession"),
}


def failing(call: Callable[[], object]) -> StudioError:
    """Return the error of a call that must fail, after checking that an artist may read it."""
    with pytest.raises(StudioError) as caught:
        returned(call)
    error = caught.value
    text = error.message
    assert type(error) is StudioError
    assert re.fullmatch(r"[A-Z0-9][^\n]*\.", text), text
    assert not re.search(r"<|Traceback|Error\b|Exception|HotelNet|0x[0-9a-f]{4}", text), text
    assert SECRET not in text
    assert not re.search(r"[.!?] [A-Z]", text), f"more than one sentence: {text}"
    assert (error.__context__, error.__cause__) == (None, None)
    return error


@pytest.mark.parametrize("fault", ALL)
@pytest.mark.parametrize("look", LOOKS)
def test_a_look_that_fails(
    service: NimbleService, studio: FaultyStudio, fault: str, look: str
) -> None:
    strike, kind = ALL[fault]
    operation, ask = LOOKS[look]
    studio.strike(strike, on=[operation], before=fault != "cut JSON")
    assert failing(lambda: ask(service)).kind == kind


def all_at_once(checks: Iterable[Callable[[], None]]) -> None:
    """Do what mostly waits, side by side."""
    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(check) for check in checks]:
            done.result()


def test_a_look_that_hangs(service_for: Connect) -> None:
    def check(fault: Fault) -> None:
        peer = FaultyStudio()
        peer.strike(fault, on=["ListStreamingSessions"], before=True)
        with closing(Server(peer)):
            service = service_for(limits=IMPATIENT, endpoint_url=peer.url)
            assert failing(service.list_streaming_sessions).kind == K.UNREACHABLE

    all_at_once(partial(check, fault) for fault in HANGS.values())


def test_a_flood_of_interim_replies(service_for: Connect, studio: FaultyStudio) -> None:
    """Some Pythons count the interim replies and give up early, others run out of time."""

    def check_look() -> None:
        peer = FaultyStudio()
        peer.strike(on_the_wire.continues_in_a_flood, on=["ListStreamingSessions"], before=True)
        with closing(Server(peer)):
            service = service_for(limits=IMPATIENT, endpoint_url=peer.url)
            kind = failing(service.list_streaming_sessions).kind
        assert kind in {K.UNREACHABLE, K.NOT_UNDERSTOOD}

    def check_action() -> None:
        peer = FaultyStudio(dict(studio.states), studio.profiles)
        peer.strike(on_the_wire.continues_in_a_flood, on=["StopStreamingSession"], before=False)
        with closing(Server(peer)):
            service = service_for(limits=IMPATIENT, endpoint_url=peer.url)
            session = returned(lambda: service.act(SessionAction.STOP, "ses.ready"))
        assert session.state == "STOP_IN_PROGRESS"
        assert peer.ledger == [("StopStreamingSession", "ses.ready")]

    all_at_once([check_look, check_action])


@pytest.mark.parametrize("fault", [*DROPS, "500", "502 page", "503 empty", "504", "throttled"])
@pytest.mark.parametrize("look", LOOKS)
def test_a_look_survives_one_fault(
    service: NimbleService, studio: FaultyStudio, fault: str, look: str
) -> None:
    operation, ask = LOOKS[look]
    studio.strike(ALL[fault][0], on=[operation], before=True, times=1)
    returned(lambda: ask(service))


def test_a_look_survives_a_connection_closed_while_idle(
    service: NimbleService, studio: FaultyStudio
) -> None:
    def answer_and_close(line: on_the_wire.Line, answer: Answer) -> bool:
        line.send(answer.as_bytes())
        return False

    studio.strike(answer_and_close, on=["GetStudio"], before=False)
    for _ in range(3):
        assert service.get_studio().display_name == "Northwind"


@pytest.mark.parametrize("applied", [True, False], ids=["applied", "not applied"])
@pytest.mark.parametrize("fault", DROPS | GARBAGE | TROUBLE)
@pytest.mark.parametrize("action", ACTS)
def test_an_action_whose_answers_are_lost_is_read_back(
    service: NimbleService, studio: FaultyStudio, fault: str, action: str, applied: bool
) -> None:
    session_id, operation = ACTS[action]
    studio.strike((DROPS | GARBAGE | TROUBLE)[fault][0], on=[operation], before=not applied)
    if applied:
        session = returned(lambda: service.act(SessionAction(action), session_id))
        assert session.state == f"{action.upper()}_IN_PROGRESS"
        assert studio.ledger == [(operation, session_id)]
    else:
        error = failing(lambda: service.act(SessionAction(action), session_id))
        assert error.kind == K.UNCERTAIN
        assert studio.ledger == []
    assert len({one.headers["x-amz-client-token"] for one in studio.sent(operation)}) == 1


@pytest.mark.parametrize("fault", DROPS)
@pytest.mark.parametrize("action", ACTS)
def test_an_action_whose_answer_is_lost_is_sent_again_under_the_same_token(
    service: NimbleService, studio: FaultyStudio, fault: str, action: str
) -> None:
    session_id, operation = ACTS[action]
    studio.strike(DROPS[fault][0], on=[operation], before=False, times=1)
    returned(lambda: service.act(SessionAction(action), session_id))
    assert studio.ledger == [(operation, session_id)]
    first, second = studio.sent(operation)
    assert first.headers["x-amz-client-token"] == second.headers["x-amz-client-token"]
    assert (first.path, first.body) == (second.path, second.body)


def test_an_action_that_hangs_is_read_back(service_for: Connect, studio: FaultyStudio) -> None:
    def check(fault: str, action: str) -> None:
        session_id, operation = ACTS[action]
        peer = FaultyStudio(dict(studio.states), studio.profiles)
        peer.strike(HANGS[fault], on=[operation], before=False)
        with closing(Server(peer)):
            service = service_for(limits=IMPATIENT, endpoint_url=peer.url)
            session = returned(lambda: service.act(SessionAction(action), session_id))
        assert session.state == f"{action.upper()}_IN_PROGRESS"
        assert peer.ledger == [(operation, session_id)]

    pairs = (("silence", "stop"), ("slow head", "start"), ("slow body", "delete"))
    all_at_once(partial(check, *pair) for pair in pairs)


@pytest.mark.parametrize("fault", REFUSALS)
@pytest.mark.parametrize("action", ACTS)
def test_an_action_that_is_refused(
    service: NimbleService, studio: FaultyStudio, fault: str, action: str
) -> None:
    session_id, operation = ACTS[action]
    strike, kind = REFUSALS[fault]
    studio.strike(strike, on=[operation], before=True)
    error = failing(lambda: service.act(SessionAction(action), session_id))
    # A 404 for what is still there is not "gone"; it is looked at again.
    assert error.kind == (K.CONFLICT if kind == K.NOT_FOUND else kind)
    assert studio.ledger == []


@pytest.mark.parametrize("action", ACTS)
def test_an_action_and_then_nothing(
    service_for: Connect, studio: FaultyStudio, action: str
) -> None:
    """The studio does it and is gone before it can say so."""
    session_id, operation = ACTS[action]
    gone = [False]

    def plan(asked: str, _: on_the_wire.Request) -> tuple[Fault, bool] | None:
        gone[0] = gone[0] or asked == operation
        return (on_the_wire.hang_up, asked != operation) if gone[0] else None

    studio.plan = plan
    service = service_for(limits=UNREPEATED)
    error = failing(lambda: service.act(SessionAction(action), session_id))
    assert error.kind == K.UNCERTAIN
    assert studio.ledger == [(operation, session_id)]


@pytest.mark.parametrize("action", ["stop", "delete"])
def test_a_conflict_tells_the_real_state(
    service: NimbleService, studio: FaultyStudio, action: str
) -> None:
    """Even when somebody else did the same: it was not this one that did it."""

    def meanwhile(line: on_the_wire.Line, _: Answer) -> bool:
        studio.states["ses.ready"] = "STOP_IN_PROGRESS"
        line.send(no(409, "ConflictException", "busy").as_bytes())
        return True

    studio.strike(meanwhile, on=[ACTS[action][1]], before=True)
    error = failing(lambda: service.act(SessionAction(action), "ses.ready"))
    assert error.kind == K.CONFLICT
    assert "is busy (stopping)" in error.message


def test_a_session_that_goes_while_it_is_acted_on_is_not_called_deleted(
    service: NimbleService, studio: FaultyStudio
) -> None:
    def vanish(line: on_the_wire.Line, _: Answer) -> bool:
        del studio.states["ses.ready"]
        line.send(no(404, "ResourceNotFoundException", "gone").as_bytes())
        return True

    studio.strike(vanish, on=["DeleteStreamingSession"], before=True)
    error = failing(lambda: service.act(SessionAction.DELETE, "ses.ready"))
    assert error.kind == K.NOT_FOUND
    assert "delete" not in error.message


def test_a_lost_action_on_what_is_then_unknown_is_uncertain(
    service: NimbleService, studio: FaultyStudio
) -> None:
    def vanish(_line: on_the_wire.Line, _: Answer) -> bool:
        del studio.states["ses.ready"]
        return False

    studio.strike(vanish, on=["DeleteStreamingSession"], before=False, times=1)
    error = failing(lambda: service.act(SessionAction.DELETE, "ses.ready"))
    assert error.kind == K.UNCERTAIN
    assert "no longer exists" in error.message


def test_an_unknown_session_is_not_acted_on(service: NimbleService, studio: FaultyStudio) -> None:
    error = failing(lambda: service.act(SessionAction.DELETE, "ses.nowhere"))
    assert error.kind == K.NOT_FOUND
    assert {one.method for one in studio.requests} == {"GET"}


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("7", 7.0),
        ("119", 119.0),
        ("86400", 120.0),
        ("1e9", 120.0),
        ("1e300", 120.0),
        ("-3", 0.0),
        ("nan", 0.0),
        ("soon", 0.0),
        ("", 0.0),
    ],
)
def test_how_long_to_wait_is_handed_on(
    service_for: Connect, studio: FaultyStudio, asked: str, told: float
) -> None:
    storm = replaced(no(429, "ThrottlingException", "slow", Retry_After=asked))
    studio.strike(storm, on=["GetStudio"], before=True)
    service = service_for(limits=replace(Limits(), attempts=1))
    assert failing(service.get_studio).retry_after == told


def test_what_was_asked_to_wait_is_waited_for(service_for: Connect, studio: FaultyStudio) -> None:
    """A wait longer than the call has left is not begun: the error reports it instead."""
    storm = replaced(no(429, "ThrottlingException", "slow", Retry_After="60"))
    studio.strike(storm, on=["GetStudio"], before=True)
    assert failing(service_for().get_studio).retry_after == 60
    assert len(studio.requests) == 1


def test_redirects_are_not_followed(service: NimbleService, studio: FaultyStudio) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as thief:
        url = f"http://127.0.0.1:{thief.getsockname()[1]}/"
        for status in (301, 302, 303, 307, 308):
            moved = replaced(Answer(status, b"", {"Location": url}))
            studio.strike(moved, on=["GetStudio"], before=True)
            failing(service.get_studio)
        thief.setblocking(False)
        with pytest.raises(BlockingIOError):
            thief.accept()


def test_what_the_studio_says_is_made_safe(service: NimbleService, studio: FaultyStudio) -> None:
    for said, shown in (
        ("bad \x1b[2J id", "bad \N{REPLACEMENT CHARACTER}[2J id"),
        ("<b>bad</b>", None),
        ("signed with " + "f" * 64, None),
        ("x " * 5000, "x x"),
    ):
        studio.strike(replaced(no(400, "ValidationException", said)), on=["GetStudio"], before=True)
        with pytest.raises(StudioError) as error:
            service.get_studio()
        assert len(error.value.message) < 500
        assert "\x1b" not in error.value.message
        assert said not in error.value.message
        if shown:
            assert shown in error.value.message
