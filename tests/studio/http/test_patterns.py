"""Every pattern that foreign text is held against: how long that can be, and what it costs."""

import importlib
import json
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

import nimble_tui.core
import nimble_tui.studio
from nimble_tui.studio.http.refusal import MAX_HEAD
from nimble_tui.studio.http.validate import MAX_MATCHED, problems
from tests.studio.http.hostile_requests import OPERATIONS

SECONDS = 60
"""Linear patterns take one or two; a quadratic one takes a minute for a single text."""

SCRIPT = """
import json, re, sys
for pattern, flags, texts in json.load(sys.stdin):
    compiled = re.compile(pattern, flags)
    for start, middle, count in texts:
        for end in ("\\n", "\\x7f"):
            compiled.fullmatch(start + middle * count + end)
"""


def strings(shape: Shape, seen: set[str]) -> Iterator[StringShape]:
    """Yield the texts that a shape is made of."""
    if shape.name in seen:
        return
    seen.add(shape.name)
    if isinstance(shape, StringShape):
        yield shape
    elif isinstance(shape, StructureShape):
        for member in shape.members.values():
            yield from strings(member, seen)
    elif isinstance(shape, ListShape):
        yield from strings(shape.member, seen)
    elif isinstance(shape, MapShape):
        yield from (*strings(shape.key, seen), *strings(shape.value, seen))


WITH_PATTERN = {
    f"{service} {shape.name}": shape
    for service, operation in OPERATIONS
    if operation.input_shape is not None
    for shape in strings(operation.input_shape, set())
    if "pattern" in shape.metadata
}


def own_patterns() -> dict[str, re.Pattern[str]]:
    """Return the patterns that the modules of the studio and of the core have at hand."""
    modules = [
        importlib.import_module(found.name)
        for package in (nimble_tui.core, nimble_tui.studio)
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    ]
    return {
        f"{module.__name__}.{name}": value
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, re.Pattern) and isinstance(value.pattern, str)
    }


def texts(length: int) -> list[tuple[str, str, int]]:
    """Return texts as a start, what is repeated after it, and how often."""
    starts = ["", "/", "$HOME", "C:\\", "arn:aws:nimble:", "arn:aws:iam::123456789012:"]
    pieces = ["a", "0", "/", "?", ":", ".", "-", "é", "/a", "a.", ":0", "a-"]
    return [(start, piece, length // len(piece)) for start, piece in product(starts, pieces)]


def run(cases: list[tuple[str, int, Any]]) -> None:
    subprocess.run(
        [sys.executable, "-I", "-c", SCRIPT],
        input=json.dumps(cases),
        text=True,
        check=True,
        timeout=SECONDS,
    )


def test_no_pattern_of_the_model_goes_over_a_text_again_and_again() -> None:
    assert len(WITH_PATTERN) > 15
    run(
        [
            (shape.metadata["pattern"], 0, texts(shape.metadata.get("max", MAX_MATCHED)))
            for shape in WITH_PATTERN.values()
            if r"\p{" not in shape.metadata["pattern"]
        ]
    )


def test_no_pattern_of_ours_goes_over_a_text_again_and_again() -> None:
    patterns = own_patterns()
    assert "nimble_tui.studio.http.front._HOST" in patterns
    run([(one.pattern, one.flags, texts(MAX_HEAD)) for one in patterns.values()])


@pytest.mark.parametrize("name", [k for k, v in WITH_PATTERN.items() if "max" not in v.metadata])
def test_a_text_is_measured_before_it_is_matched(name: str) -> None:
    found = list(problems("a" * (MAX_MATCHED + 1), WITH_PATTERN[name], "x"))
    assert found == [("x", f"must have at most {MAX_MATCHED} characters")]
