"""Replies nobody thought of: each is an answer or one plain error, and nothing is done twice."""

import json
import random
from functools import partial

import pytest

from nimble_tui.client.transport import Limits
from nimble_tui.core.listing import Listing
from nimble_tui.core.model import SessionAction, StreamingSession
from nimble_tui.core.service import StudioError
from tests.client.conftest import Connect, returned
from tests.faults.faulty_studio import Answer, Fault, FaultyStudio, Line

SNIPPETS = [
    b"\r\n", b"\x00", b"\xff", b"{", b"}", b"[", b"null", b"-1", b"1e999", b'"', b"<html>", b":",
    b"Transfer-Encoding: chunked\r\n", b"Content-Length: 3\r\n", b"HTTP/1.1 ", b"\xf0\x9f",
    b"9" * 400,
]  # fmt: skip


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Return a reply with a few things cut out, put in or changed."""
    bits = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(bits) + 1)
        match chance.randrange(4):
            case 0:
                bits[at : at + chance.randint(1, 20)] = b""
            case 1:
                bits[at:at] = chance.choice(SNIPPETS)
            case 2:
                bits[at : at + 1] = bytes([chance.randrange(256)])
            case _:
                del bits[at:]
    return bytes(bits)


def scrambled(value: object, chance: random.Random) -> object:
    """Return JSON of nearly the same shape, a member or two of another type."""
    if chance.random() < 0.06:
        return chance.choice([None, 7, -1.5, "", "text", True, [], {}, [None], {"a": {}}])
    if isinstance(value, dict):
        return {name: scrambled(item, chance) for name, item in value.items()}
    if isinstance(value, list):
        return [scrambled(item, chance) for item in value]
    return value


def damaging(chance: random.Random) -> Fault:
    def say(line: Line, answer: Answer) -> bool:
        if chance.random() < 0.5:
            line.send(damaged(answer.as_bytes(), chance))
        else:
            content = scrambled(json.loads(answer.body), chance)
            line.send(Answer(200, json.dumps(content).encode()).as_bytes())
        return False

    return say


@pytest.mark.parametrize("seed", range(6))
def test_damaged_replies(service_for: Connect, studio: FaultyStudio, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same damage every time
    service = service_for(limits=Limits(call=20, attempt=20, pause=0.001, attempts=2))
    studio.plan = lambda _operation, _request: (damaging(chance), False)
    said = []
    for _ in range(40):
        try:
            listing = returned(service.list_streaming_sessions)
        except StudioError as error:
            said.append(error.message)
            continue
        assert isinstance(listing, Listing)
        assert all(isinstance(one, StreamingSession) for one in listing.items)
    assert all(one.endswith(".") for one in said)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("action", SessionAction)
def test_actions_over_damaged_replies(
    service_for: Connect, studio: FaultyStudio, action: SessionAction, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same damage every time
    service = service_for(limits=Limits(call=20, attempt=20, pause=0.001))
    begin = "STOPPED" if action == SessionAction.START else "READY"
    studio.states = {f"ses.{number}": begin for number in range(25)}
    studio.plan = lambda _operation, _request: (damaging(chance), False)
    said = []
    for session_id in studio.states:
        try:
            session = returned(partial(service.act, action, session_id))
        except StudioError as error:
            said.append(error.message)
        else:
            assert session.session_id == session_id
    assert all(one.endswith(".") for one in said)
    assert len(studio.ledger) == len(set(studio.ledger))
