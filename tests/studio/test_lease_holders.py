"""A process that holds a lease is recognised as ended, and no other one is."""

import subprocess
import sys

import pytest

from nimble_tui.studio.lifecycle.lease_holders import has_ended, new_name

NAME = "from nimble_tui.studio.lifecycle.lease_holders import new_name; print(new_name())"
linux = pytest.mark.skipif(sys.platform != "linux", reason="/proc is of Linux")


def test_a_process_that_runs_has_not_ended() -> None:
    assert not has_ended(new_name())
    assert new_name() != new_name()


@linux
def test_a_process_that_ended_has() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", f"{NAME}; input()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        name = process.stdout.readline().strip()
        assert not has_ended(name)
        process.kill()
    assert has_ended(name)


@linux
def test_another_process_of_the_same_number_is_not_taken_for_it() -> None:
    place, pid, started, word = new_name().split(".")
    assert has_ended(f"{place}.{pid}.{int(started) - 1}.{word}")


@pytest.mark.parametrize("name", ["", "00ff", "a.b.c.d", "elsewhere.1.1.00ff", "\ud800.1.1.x"])
def test_of_a_process_elsewhere_nothing_is_known(name: str) -> None:
    assert not has_ended(name)
