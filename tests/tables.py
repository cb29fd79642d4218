"""A table as one test, which tries every row and reports all that fail."""

import itertools
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

import pytest

Row = tuple[Any, ...]


def table(rows: Iterable[Row]) -> Callable[[Callable[..., None]], Callable[[], None]]:
    """Make one test of a function that checks a row, whose values are its parameters."""
    listed = list(rows)
    assert listed, "a table without rows proves nothing"

    def decorate(check: Callable[..., None]) -> Callable[[], None]:
        def test() -> None:
            failures = []
            for row in listed:
                try:
                    check(*row)
                except Exception as error:  # noqa: BLE001 - the other rows are tried all the same
                    failures.append(f"{row!r:.200}: {type(error).__name__}: {error}")
            if failures:
                pytest.fail(f"{len(failures)} of {len(listed)} rows:\n" + "\n".join(failures))

        # Without the parameters of a row, which pytest would look for among the fixtures.
        wrapped = wraps(check)(test)
        del wrapped.__wrapped__
        return wrapped

    return decorate


def column(values: Iterable[Any]) -> list[Row]:
    """Return rows of one value each."""
    return [(value,) for value in values]


def product(*columns: Iterable[Any]) -> list[Row]:
    """Return a row for every combination of a value of each column."""
    return list(itertools.product(*columns))
