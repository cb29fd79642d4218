"""A command in a process of its own that kills itself at a moment; run by tests.

Arguments: the moment, then the command. A moment is a number, or the name of a step after the
first change that was sent (`sent` is that request's own end). Each write of the journal and each
request is a step before and a step after.
"""

import os
import signal
import sys
import threading
import time
from functools import partial
from typing import Any
from unittest.mock import patch

from nimble_tui.cli import main, waiting
from nimble_tui.cli.waiting import WaitOptions
from nimble_tui.client.journal.database import Database
from nimble_tui.client.transport import Transport

_CHANGE = Database.change
_SEND = Transport.send
_LOCK = threading.Lock()


class Steps:
    """Counts the steps, and ends the process at one of them."""

    def __init__(self, moment: str) -> None:
        self.moment = moment
        self.count = 0
        self.has_sent = False

    def step(self, name: str) -> None:
        with _LOCK:
            self.count += 1
            named = self.has_sent or name in {"sending", "sent"}
            if self.moment == str(self.count) or (named and self.moment == name):
                os.kill(os.getpid(), signal.SIGKILL)
            self.has_sent = self.has_sent or name == "sent"


def is_read(method: str, target: str) -> bool:
    """Return whether a request changes nothing; the directories are read by POST too."""
    return method == "GET" or target == "/" or "/search" in target


def run(moment: str, *command: str) -> int:
    steps = Steps(moment)

    def change(database: Database, work: Any) -> Any:
        steps.step("writing")
        result = _CHANGE(database, work)
        steps.step("written")
        return result

    def send(transport: Transport, method: str, target: str, *request: Any) -> Any:
        reads = is_read(method, target)
        steps.step("reading" if reads else "sending")
        reply = _SEND(transport, method, target, *request)
        steps.step("read" if reads else "sent")
        return reply

    quick = partial(WaitOptions, sleep=lambda _: time.sleep(0.02))
    with (
        patch.object(Database, "change", change),
        patch.object(Transport, "send", send),
        patch.object(waiting, "WaitOptions", quick),
    ):
        return main(command)


if __name__ == "__main__":
    sys.exit(run(*sys.argv[1:]))
