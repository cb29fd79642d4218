"""Every attack of `attacks.py` on a workstation, by its sibling and by a user of this machine."""

import json
import os
import random
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest

from nimble_tui.studio.compute.local import check
from nimble_tui.studio.compute.local.namespaces import join_new_keyring
from tests.studio.local import attacks
from tests.studio.local.local_world import (
    LocalWorld,
    eventually,
    needs_sandboxes,
    open_local,
    processes,
)
from tests.studio.local.test_isolation import RUNS_ORDERS, said
from tests.studio.world import MARA, STUDIO_ID, THEO, refused

PYTHON = "/usr/bin/python3"
pytestmark = [
    needs_sandboxes,
    pytest.mark.skipif(not Path(PYTHON).exists(), reason="needs the system's python3"),
]

SCRIPT = Path(attacks.__file__)
BUS = ("dbus-run-session", "--") if shutil.which("dbus-run-session") else ()
OVER_A_SHARED_NETWORK = {"abstract sockets", "ports"}
"""What others reach where workstations share this machine's network, as the check says."""

NEVER = {"display"}
"""The attacks that reach nothing whoever makes them."""
AS_NOBODY = ("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups")


def laid_out(world: LocalWorld, session_id: str) -> dict[str, Any]:
    """Have a workstation put its secret everywhere; return what its attackers know of it."""
    home, key = world.home(session_id), random.randrange(1 << 20, 1 << 30)  # noqa: S311
    (home / "secret").write_bytes(attacks.SECRET)
    (home / "attacks.py").write_text(SCRIPT.read_text(encoding="utf-8"), encoding="utf-8")
    said(world, session_id, f"{PYTHON} attacks.py lay-out {key} >lay-out 2>&1 &")
    eventually((home / "facts").exists)
    facts: dict[str, Any] = json.loads((home / "facts").read_text(encoding="ascii"))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        own.connect(("192.0.2.1", 9))  # sends nothing
        hosts = ["127.0.0.1", "localhost", own.getsockname()[0]]
    return facts | {
        "session": session_id,
        "home": str(home),
        "run": str(home.with_name("run")),
        "pids": processes(session_id),
        "ipc_key": key,
        "abstract": f"\0mara-{key}",
        "hosts": hosts,
    }


def reached(results: dict[str, list[str]]) -> set[str]:
    """Return the names of the attacks that reached something."""
    return {name for name, found in results.items() if found}


def reached_in(world: LocalWorld, session_id: str, facts: dict[str, Any]) -> Any:
    """Return what a workstation's own user reaches."""
    home = world.home(session_id)
    (home / "attacks.py").write_text(SCRIPT.read_text(encoding="utf-8"), encoding="utf-8")
    (home / "known.json").write_text(json.dumps(facts), encoding="ascii")
    return json.loads(said(world, session_id, f"{PYTHON} attacks.py <known.json"))


def reached_on_this_machine(facts: dict[str, Any], *words: str) -> Any:
    """Return what a user of this machine reaches; `words` make the studio's user another."""
    done = subprocess.run(
        [*words, PYTHON, "-c", SCRIPT.read_text(encoding="utf-8")],
        input=json.dumps(facts).encode(),
        cwd="/",
        capture_output=True,
        check=False,
    )
    assert not done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("network", ["its own", "shared"])
def test_no_attack_reaches_a_workstation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, network: str
) -> None:
    if network == "shared":
        monkeypatch.setattr(check, "pasta", str)
    elif not check.pasta():
        pytest.skip("needs Debian's passt")
    expected = OVER_A_SHARED_NETWORK if network == "shared" else set()
    images = {"default": (*BUS, "sh", "-c", RUNS_ORDERS)}
    join_new_keyring()  # a service has one, which all that it starts inherit
    with open_local(tmp_path, images=images) as world:
        mara, theo = world.ready(by=MARA), world.ready(by=THEO)
        facts = laid_out(world, mara)
        # Each attack works: for the workstation itself, or for the user who is the studio.
        works = reached(reached_in(world, mara, facts)) | reached(reached_on_this_machine(facts))
        assert works >= {*attacks.ATTACKS} - NEVER
        sibling = reached_in(world, theo, facts)
        assert reached(sibling) == expected, sibling
        if os.geteuid() == 0:
            nobody = reached_on_this_machine(facts, *AS_NOBODY)
            assert reached(nobody) == expected, nobody
        assert world.folder(mara).is_locked()


def test_the_api_gives_a_sibling_nothing_of_a_workstation(tmp_path: Path) -> None:
    with open_local(tmp_path) as world:
        mara = world.ready(by=MARA)
        stream_id = world.new_stream(mara, MARA)
        theo = world.client(THEO)
        of_session = {"studioId": STUDIO_ID, "sessionId": mara}
        for call, members in (
            (theo.get_streaming_session, {}),
            (theo.create_streaming_session_stream, {}),
            (theo.get_streaming_session_stream, {"streamId": stream_id}),
            (theo.stop_streaming_session, {}),
            (theo.start_streaming_session, {}),
            (theo.delete_streaming_session, {}),
        ):
            with refused("AccessDeniedException"):
                call(**of_session, **members)
        with refused("AccessDeniedException"):
            theo.list_streaming_sessions(studioId=STUDIO_ID)
        assert world.folder(mara).is_locked()
