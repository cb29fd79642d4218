"""What an import may bring along: the contracts again, as seen by a fresh interpreter."""

import json
import subprocess
import sys
from pathlib import Path
from typing import TypedDict

import pytest

HEAVY = ("boto3", "botocore", "keyring", "textual", "sqlite3", "waitress", "urllib3")


class Answer(TypedDict):
    modules: list[str]
    stdlib: list[str]
    sockets: list[str]
    threads: int


PROBE = """
import json, sys, threading
seen = []
sys.addaudithook(
    lambda event, args: seen.append(event) if event.startswith("socket.") else None
)
__import__(sys.argv[1])
print(json.dumps({
    "modules": sorted({name.partition(".")[0] for name in sys.modules}),
    "sockets": [event for event in seen if event != "socket.gethostname"],
    "threads": threading.active_count(),
    "stdlib": sorted(sys.stdlib_module_names),
}))
"""


def imported(module: str) -> Answer:
    done = subprocess.run(
        [sys.executable, "-c", PROBE, module], capture_output=True, text=True, check=True
    )
    answer: Answer = json.loads(done.stdout)
    return answer


CORE = sorted(
    path.stem for path in (Path(__file__).parents[2] / "nimble_tui" / "core").glob("[a-z]*.py")
)


@pytest.mark.parametrize("module", CORE)
def test_the_core_needs_nothing_but_python(module: str) -> None:
    answer = imported(f"nimble_tui.core.{module}")
    foreign = set(answer["modules"]) - set(answer["stdlib"]) - {"nimble_tui"}
    assert {name for name in foreign if not name.startswith(("_", "sitecustomize"))} == set()


@pytest.mark.parametrize(
    ("module", "allowed"),
    [
        ("nimble_tui.cli", set()),
        ("nimble_tui.config.settings", set()),
        ("nimble_tui.config.cache", set()),
        ("nimble_tui.tui.app", {"textual"}),
    ],
)
def test_a_first_frame_does_not_load_what_it_does_not_need(module: str, allowed: set[str]) -> None:
    answer = imported(module)
    assert set(HEAVY) & set(answer["modules"]) - allowed == set()


@pytest.mark.parametrize("module", ["nimble_tui.cli", "nimble_tui.tui.app"])
def test_an_import_opens_no_socket_and_starts_no_thread(module: str) -> None:
    answer = imported(module)
    assert answer["sockets"] == []
    assert answer["threads"] == 1
