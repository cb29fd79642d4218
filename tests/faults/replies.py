"""Replies that are nearly right: changed on their way, or framed in an odd way."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from tests.faults.faulty_studio import Answer, Fault, Line


def rewritten(change: Callable[[Any], Any]) -> Fault:
    """Answer what the studio answered, its JSON as `change` returns it."""

    def say(line: Line, answer: Answer) -> bool:
        if answer.status == 200:
            body = json.dumps(change(json.loads(answer.body))).encode()
            answer = answer._replace(body=body)
        line.send(answer.as_bytes())
        return True

    return say


def with_entries(name: str, change: Callable[[Sequence[Any]], Sequence[Any]]) -> Fault:
    """Answer the studio's list with other entries."""
    return rewritten(lambda values: {**values, name: list(change(values[name]))})


def reframed(change: Callable[[bytes], bytes]) -> Fault:
    """Answer what the studio answered, its bytes on the wire changed, and hang up."""

    def say(line: Line, answer: Answer) -> bool:
        line.send(change(answer.as_bytes()))
        return False

    return say
