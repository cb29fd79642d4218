"""The command line, run by a test."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import pytest

from nimble_tui.config.settings import StudioSettings
from nimble_tui.core.invite import Invite


@dataclass(frozen=True)
class Ran:
    """What a command left: its exit code, stdout and stderr."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


def completions(run: Run, line: str, **environment: str) -> list[str]:
    """Return what fish, or another shell, is given for the end of a line, each with its note."""
    with NamedTemporaryFile() as file, pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "_ARGCOMPLETE": "1",
            "_ARGCOMPLETE_DFS": "\t",
            "_ARGCOMPLETE_IFS": "\n",
            "_ARGCOMPLETE_SHELL": "fish",
            "_ARGCOMPLETE_SUPPRESS_SPACE": "1",
            "_ARGCOMPLETE_STDOUT_FILENAME": file.name,
            "COMP_LINE": line,
            "COMP_POINT": str(len(line)),
            **environment,
        }.items():
            patch.setenv(name, value)
        ran = run()
        assert (ran.out, ran.err) == ("", "")
        return Path(file.name).read_text(encoding="utf-8").splitlines()


def settings_of(invite: Invite, name: str = "north") -> StudioSettings:
    """Return what the settings say of a studio after signing in with an invite."""
    return StudioSettings(
        name=name,
        studio_id=invite.studio_id,
        region=invite.region,
        principal_id=invite.principal_id,
        endpoint_url=invite.endpoint_url,
        display_name=invite.display_name,
        identity_store_id=invite.identity_store_id,
        domain_id=invite.domain_id,
    )


def one(run: Run, name: str) -> dict[str, Any]:
    """Return the API's members of the session of that name or whose title begins so."""
    sessions = json.loads(run("sessions", "--json").out)["sessions"]
    table = run("sessions").out.splitlines()
    row = next(row for row in table if row.startswith(name))
    found: dict[str, Any] = next(one for one in sessions if one["sessionId"] in row)
    return found


def everybody(run: Run, studio: str, key: str = "name") -> dict[str, dict[str, Any]]:
    """Return what `people` says in JSON of everybody, by name or another member."""
    found = json.loads(run("people", "--json", "--studio", studio).out)["people"]
    return {one[key]: one for one in found}


class Person:
    """Sits at the terminal and answers what was prepared; notes what was asked."""

    def __init__(self) -> None:
        self.answers: list[str] = []
        self.asked: list[str] = []

    def ask(self, question: str) -> str:
        self.asked.append(question)
        return self.answers.pop(0)
