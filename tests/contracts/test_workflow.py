"""GitHub's workflow is valid, and runs every check on each system and Python that we name."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

# Whatever the checker asked of the network would fail.
OFFLINE = {"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}


@pytest.fixture(scope="module")
def workflow() -> Path:
    return Path(__file__).resolve().parents[2] / ".github" / "workflows" / "ci.yml"


@pytest.fixture(scope="module")
def job(workflow: Path) -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load(workflow)["jobs"]["test"]
    return found


def problems(workflow: Path) -> str:
    """Return what GitHub's own schema, which the checker brings along, says of a workflow."""
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema"]
    done = subprocess.run(
        [*check, "vendor.github-workflows", str(workflow)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **OFFLINE},
        timeout=120,
    )
    return done.stdout if done.returncode else ""


def test_it_is_valid(workflow: Path) -> None:
    assert problems(workflow) == ""


@pytest.mark.parametrize(
    ("right", "wrong"), [("runs-on:", "run-on:"), ("timeout-minutes: 60", "timeout-minutes: long")]
)
def test_a_mistake_in_it_is_found(workflow: Path, tmp_path: Path, right: str, wrong: str) -> None:
    text = workflow.read_text(encoding="utf-8")
    assert right in text
    copy = tmp_path / "ci.yml"
    copy.write_text(text.replace(right, wrong), encoding="utf-8")
    assert problems(copy) != ""


def test_it_runs_every_check_on_each_system_and_python(job: dict[str, Any], project: Path) -> None:
    meta = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = re.findall(r"Python :: (3\.\d+)", "\n".join(meta["classifiers"]))
    assert job["strategy"]["matrix"]["python"] == named
    assert meta["requires-python"] == f">={named[0]}"
    systems = {one.partition("-")[0] for one in job["strategy"]["matrix"]["os"]}
    assert systems == {"ubuntu", "macos", "windows"}
    assert "python3 dev.py test" in [step.get("run") for step in job["steps"]]


def test_pictures_that_changed_are_kept(job: dict[str, Any]) -> None:
    from tests.snapshot_report import FOLDER

    keep = job["steps"][-1]
    assert keep["uses"].startswith("actions/upload-artifact@")
    assert keep["if"].startswith("failure()")
    assert keep["with"]["path"] == f"{FOLDER}/"
