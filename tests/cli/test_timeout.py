"""--timeout: every --wait may have an end, with an exit code of its own."""

import json
from collections.abc import Iterator

import pytest

from nimble_tui.cli import arg_types, exit_codes
from nimble_tui.cli.grammar import COMMANDS
from nimble_tui.studio.demo import Demo, open_demo
from tests.cli.running import Run

WAITING = (
    ("launch", "Lighting", "--wait"),
    ("launch", "Lighting", "--connect"),
    ("connect", "sq007 plates", "--start"),
    ("start", "sq007 plates", "--wait"),
    ("stop", "sq042 lighting", "--yes", "--wait"),
    ("delete", "sq007 plates", "--yes", "--wait"),
    ("keep", "dfbw", "--wait"),
)


@pytest.fixture
def remote() -> Iterator[Demo]:
    """A studio whose machines take as long as real ones."""
    with open_demo(None, speed=0.01) as demo:
        yield demo


@pytest.mark.usefixtures("signed_in")
@pytest.mark.parametrize("line", WAITING, ids=lambda line: " ".join(line[::2]))
def test_every_wait_ends(run: Run, line: tuple[str, ...]) -> None:
    told = run(*line, "--timeout", "0.05s")
    assert told.code == exit_codes.TIMED_OUT
    assert "(--timeout). The studio continues" in told.err
    if line[0] == "keep":
        assert "The app finishes this" in told.err


@pytest.mark.usefixtures("signed_in")
@pytest.mark.parametrize("line", [WAITING[0], WAITING[3], WAITING[6]], ids=lambda one: one[0])
def test_programs_read_how_it_stood(run: Run, line: tuple[str, ...]) -> None:
    told = run(*line, "--json", "--timeout", "0.05s")
    assert told.code == exit_codes.TIMED_OUT
    assert json.loads(told.out)["session"]["state"].endswith("_IN_PROGRESS")


def test_every_command_that_waits_has_it() -> None:
    for command in COMMANDS.values():
        names = {one.name for one in command.words}
        waits = bool(names & {"--wait", "--connect", "--start"})
        assert ("--timeout" in names) == waits, command.name


@pytest.mark.usefixtures("signed_in")
def test_without_a_wait_there_is_nothing_to_end(run: Run) -> None:
    told = run("stop", "sq042 lighting", "--yes", "--timeout", "30m")
    assert (told.code, told.err) == (exit_codes.USAGE, "--timeout limits a wait; add --wait.\n")


@pytest.mark.parametrize(
    ("text", "seconds"), [("90", 90), ("90s", 90), ("0.5m", 30), ("2h", 7_200), ("1d", 86_400)]
)
def test_lengths_of_time(text: str, seconds: float) -> None:
    assert arg_types.duration(text) == seconds


@pytest.mark.parametrize("text", ["", "0", "-1", "5 m", "1w", "nan", "1e3", "8d", "٣m", "9" * 99])
def test_what_is_no_length_of_time(text: str) -> None:
    with pytest.raises(ValueError, match="a duration"):
        arg_types.duration(text)
