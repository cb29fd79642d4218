"""Serves the demo studio by itself, until a signal ends it."""

import gc
import json
import logging
import signal
import sys
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

from nimble_tui.core.invite import Invite
from nimble_tui.studio.demo import Demo, open_demo
from nimble_tui.studio.http.listening import ListenError
from nimble_tui.studio.sample.people import KEY_PREFIX
from nimble_tui.studio.store.errors import StoreError

WAIT_SECONDS: Final = 0.5


def serve(
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    data: Path | None = None,
    speed: float = 1.0,
    sessions: int | None = None,
    show_keys: bool = False,
    host_names: Collection[str] = (),
) -> int:
    """Serve until SIGINT or SIGTERM and return the exit code.

    Once it answers, stdout says where: sentences on a terminal, elsewhere one line of JSON. With
    `show_keys` that line holds the made-up keys of the sample's people, never those of an invite.
    `host_names` are as for `open_demo`.
    What stands in the way is one sentence on stderr, and 1; what goes wrong later is logged there.
    """
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    try:
        with (
            until_stopped() as wait,
            open_demo(
                data, host=host, port=port, speed=speed, sessions=sessions, host_names=host_names
            ) as demo,
        ):
            said = _sentences(demo) if sys.stdout.isatty() else json.dumps(_facts(demo, show_keys))
            print(said, flush=True)  # noqa: T201 - the command's output
            wait()
    except (StoreError, ListenError) as error:
        print(error, file=sys.stderr)  # noqa: T201 - the command's output
        return 1
    return 0


@contextmanager
def until_stopped() -> Iterator[Callable[..., None]]:
    """Yield what waits for SIGINT or SIGTERM, calling its argument every half a second."""
    stop = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        del number, frame
        stop.set()

    def wait(meanwhile: Callable[[], None] = lambda: None) -> None:
        # What the start left stays, and going through it takes as long as several lists.
        gc.collect()
        gc.freeze()
        # In pieces, since Windows handles a signal only between two of them.
        while not stop.wait(WAIT_SECONDS):
            meanwhile()

    before = {one: signal.signal(one, end) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield wait
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _sentences(demo: Demo) -> str:
    about = demo.invite
    return (
        f"{about.studio_id} is served at {demo.endpoint_url} until ctrl+c.\n"
        "To sign in, print an invite in another terminal: nimble-tui studio invite PERSON, with "
        "the same\n--demo or --data; then paste it into nimble-tui login."
    )


def _facts(demo: Demo, show_keys: bool) -> dict[str, object]:
    artist = demo.invite
    return {
        "endpoint_url": artist.endpoint_url,
        "region": artist.region,
        "studio_id": artist.studio_id,
        "identity_store_id": artist.identity_store_id,
        "domain_id": artist.domain_id,
        "display_name": artist.display_name,
        **_person(artist, show_keys),
        "others": [
            {"role": role, "name": invite.display_name, **_person(invite, show_keys)}
            for role, invite in demo.others
        ],
    }


def _person(invite: Invite, show_keys: bool) -> dict[str, str]:
    facts = {"principal_id": invite.principal_id}
    if show_keys and invite.access_key_id.startswith(KEY_PREFIX):
        facts |= {
            "access_key_id": invite.access_key_id,
            "secret_access_key": invite.secret_access_key,
            "invite": invite.encode(),
        }
    return facts
