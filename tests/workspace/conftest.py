"""Tests here are coroutines, each on an event loop of its own, with a workspace at hand."""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING

import pytest

from tests.workspace.bench import Bench

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a test that is a coroutine; whatever workspace it was given is closed after it."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    arguments = {
        name: pyfuncitem.funcargs[name] for name in inspect.signature(pyfuncitem.obj).parameters
    }

    async def run() -> None:
        try:
            await pyfuncitem.obj(**arguments)
        finally:
            for one in arguments.values():
                if isinstance(one, Bench):
                    await one.end()

    asyncio.run(run())
    return True


@pytest.fixture
def bench() -> Iterator[Bench]:
    opened = Bench()
    yield opened
    assert not [str(error) for _, error in opened.mistakes], opened.mistakes
