"""The app in a process of its own, which stops at a moment to be killed; run by tests.

Arguments: a moment, the address, the journal's file, what is to be done, and seconds since 1970.
It reads the keys from its standard input, and says on its output when it has come so far.
"""

import json
import sys
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from nimble_tui.client.executor import Executor
from nimble_tui.client.intent import Intent, new_token
from nimble_tui.client.journal.journal import Journal
from nimble_tui.client.nimble import NimbleService, connect
from nimble_tui.client.queries import StudioReader
from nimble_tui.core.clock import ManualClock
from nimble_tui.core.keys import Keys
from nimble_tui.core.launching import LaunchRequest
from nimble_tui.core.model import LaunchProfile, SessionAction
from nimble_tui.core.service import StudioInfo

_SEND = Executor.send


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def wait_to_be_killed() -> None:
    say("here")
    threading.Event().wait(120)


def before_it_is_checked(_reader: StudioReader, _launch_profile_id: str) -> LaunchProfile:
    wait_to_be_killed()
    return LaunchProfile("never")


def before_it_is_sent(_executor: Executor, _intent: Intent) -> Mapping[str, Any]:
    wait_to_be_killed()
    return {}


def before_it_is_answered(executor: Executor, intent: Intent) -> Mapping[str, Any]:
    reply = _SEND(executor, intent)
    wait_to_be_killed()
    return reply


def do(service: NimbleService, what: str, arguments: list[str]) -> None:
    if what == "launch":
        service.launch(LaunchRequest(*arguments), client_token=new_token(), is_new=True)
    elif what == "keep":
        service.keep(arguments[0])
    elif what == "reconcile":
        sessions = service.list_streaming_sessions().items
        say("here")
        sys.stdin.readline()
        say(json.dumps([one.text for one in service.reconcile(sessions)]))
    else:
        service.act(SessionAction(what), arguments[0])


def main(moment: str, url: str, path: str, at: str, what: str, *arguments: str) -> None:
    known = json.loads(sys.stdin.readline())
    stops = {"sending": before_it_is_sent, "answering": before_it_is_answered}
    if moment == "checking":
        patch.object(StudioReader, "get_launch_profile", before_it_is_checked).start()
    if moment in stops:
        patch.object(Executor, "send", stops[moment]).start()
    info = StudioInfo("demo", known["studio_id"], known["region"], known["principal_id"])
    service = connect(
        info,
        endpoint_url=url,
        keys=Keys(known["access_key_id"], known["secret_access_key"]),
        clock=ManualClock(datetime.fromtimestamp(float(at), UTC)),
        journal=Journal(Path(path)),
    )
    do(service, what, list(arguments))


if __name__ == "__main__":
    main(*sys.argv[1:])
