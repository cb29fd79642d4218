"""Terminals for tests, gone after each."""

from collections.abc import Callable, Iterator, Sequence

import pytest

from tests.pty.terminal import OURS, TERM, Terminal


@pytest.fixture
def open_terminal() -> Iterator[Callable[..., Terminal]]:
    """Open terminals that are gone after the test."""
    opened: list[Terminal] = []

    def open_one(
        *words: str,
        columns: int = 80,
        rows: int = 24,
        program: Sequence[str] = OURS,
        term: str = TERM,
    ) -> Terminal:
        opened.append(Terminal(*words, columns=columns, rows=rows, program=program, term=term))
        return opened[-1]

    yield open_one
    for terminal in opened:
        terminal.close()
