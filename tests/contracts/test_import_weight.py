"""What an import may bring along: the contracts again, as seen by a fresh interpreter."""

import json
import subprocess
import sys
from pathlib import Path
from typing import TypedDict

import pytest

HEAVY = (
    "argcomplete",
    "boto3",
    "botocore",
    "keyring",
    "textual",
    "sqlite3",
    "uvicorn",
    "cryptography",
    "prometheus_client",
    "urllib3",
)

# What the app needs up to its first picture, with the lists in it that were kept.
FIRST_PICTURE = ("cli.parser", "cli.app", "tui.app", "tui.runner", "tui.screens.main")
# What it needs only after that: to open the studio, to read settings, to ask and to tell more.
LATER = {
    *("nimble_tui.client", "nimble_tui.studio", "nimble_tui.desktop", "nimble_tui.api"),
    *("nimble_tui.config.reading", "nimble_tui.config.credentials", "tomllib", "hashlib"),
    *("nimble_tui.core.people.model", "nimble_tui.core.people.plans", "nimble_tui.core.invite"),
    *("nimble_tui.core.backups", "nimble_tui.core.eulas", "nimble_tui.core.streams"),
    *("nimble_tui.workspace.people.directory", "nimble_tui.workspace.people.plans"),
    *("nimble_tui.view.people", "nimble_tui.view.launches", "nimble_tui.tui.screens.welcome"),
    *("nimble_tui.tui.dialogs.dialog", "nimble_tui.tui.pages.page"),
}


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
for name in sys.argv[1:]:
    __import__(name)
print(json.dumps({
    "modules": sorted(sys.modules),
    "sockets": [event for event in seen if event != "socket.gethostname"],
    "threads": threading.active_count(),
    "stdlib": sorted(sys.stdlib_module_names),
}))
"""


def imported(*modules: str) -> Answer:
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *modules], capture_output=True, text=True, check=True
    )
    answer: Answer = json.loads(done.stdout)
    return answer


def packages(answer: Answer) -> set[str]:
    return {name.partition(".")[0] for name in answer["modules"]}


PACKAGE = Path(__file__).parents[2] / "nimble_tui"


def modules_of(folder: str) -> list[str]:
    """Return the full names of all modules in a folder of the package."""
    files = (PACKAGE / folder).rglob("[a-z]*.py")
    return sorted(
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts) for path in files
    )


def foreign(answer: Answer) -> set[str]:
    """Return the packages that are neither Python's own nor ours."""
    others = packages(answer) - set(answer["stdlib"]) - {"nimble_tui"}
    return {name for name in others if not name.startswith(("_", "sitecustomize"))}


@pytest.mark.parametrize("module", modules_of("core"))
def test_the_core_needs_nothing_but_python(module: str) -> None:
    assert foreign(imported(module)) == set()


def test_the_view_needs_nothing_but_python_and_the_core() -> None:
    modules = modules_of("view")
    answer = imported(*modules)
    assert set(modules) <= set(answer["modules"])
    assert foreign(answer) == set()
    assert "sqlite3" not in answer["modules"]
    ours = {tuple(name.split(".")[:2]) for name in answer["modules"] if name.startswith("nimble_")}
    assert ours == {("nimble_tui",), ("nimble_tui", "view"), ("nimble_tui", "core")}


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
    assert set(HEAVY) & packages(imported(module)) - allowed == set()


def test_the_first_picture_waits_for_nothing_that_is_needed_later() -> None:
    answer = imported(*(f"nimble_tui.{name}" for name in FIRST_PICTURE))
    assert LATER & set(answer["modules"]) == set()
    assert set(HEAVY) & packages(answer) == {"textual"}


def test_what_is_loaded_ahead_completes_no_words() -> None:
    script = (
        "import sys\n"
        "from nimble_tui.cli import preload\n"
        "preload.for_commands()\n"
        "preload.for_app()\n"
        "print('argcomplete' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


def test_what_is_printed_for_programs_waits_for_no_words_for_people() -> None:
    answer = imported("nimble_tui.cli.lists", "nimble_tui.client.nimble")
    assert not [
        name for name in answer["modules"] if name.startswith(("nimble_tui.tui", "nimble_tui.view"))
    ]
    assert {"textual", "keyring"} & packages(answer) == set()


@pytest.mark.parametrize("module", ["nimble_tui.cli", "nimble_tui.tui.app"])
def test_an_import_opens_no_socket_and_starts_no_thread(module: str) -> None:
    answer = imported(module)
    assert answer["sockets"] == []
    assert answer["threads"] == 1
