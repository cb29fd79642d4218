"""Every limit, pattern and enum of the API, each with what just fits and what does not."""

from typing import Any

import pytest
from botocore.model import ListShape, Shape, StringShape, StructureShape

from nimble_tui.api import service_model
from nimble_tui.studio.http.errors import STATUS
from nimble_tui.studio.http.validate import problems
from tests.tables import column, product, table

MODEL = service_model()
SHAPES = {name: MODEL.shape_for(name) for name in MODEL.shape_names}
# Shapes that only ever travel to the caller hold other structures; lists are tried by length.
LIMITED = [name for name, shape in SHAPES.items() if {"min", "max"} & shape.metadata.keys()]
ENUMS = [n for n, s in SHAPES.items() if isinstance(s, StringShape) and s.enum]
PATTERNS = [name for name, shape in SHAPES.items() if "pattern" in shape.metadata]


def of_size(shape: Shape, size: int) -> Any:
    if isinstance(shape, ListShape):
        return [None] * size
    return "a" * size if isinstance(shape, StringShape) else size


def said_of_size(shape: Shape, size: int) -> list[str]:
    found = [words for path, words in problems(of_size(shape, size), shape, "x") if path == "x"]
    return [words for words in found if "at least" in words or "at most" in words]


@table(column(LIMITED))
def test_a_value_at_its_limits_passes_and_one_beyond_does_not(name: str) -> None:
    shape = SHAPES[name]
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None:
        assert said_of_size(shape, least) == []
    if least:
        assert f"at least {least}" in said_of_size(shape, least - 1)[0]
    if most is not None:
        assert said_of_size(shape, most) == []
        assert f"at most {most}" in said_of_size(shape, most + 1)[0]


@table(column(ENUMS))
def test_only_the_values_of_an_enum_pass(name: str) -> None:
    shape = SHAPES[name]
    assert isinstance(shape, StringShape)
    assert [value for value in shape.enum if list(problems(value, shape, "x"))] == []
    for bad in ("FOO", "", shape.enum[0].swapcase()):
        ((path, words),) = problems(bad, shape, "x")
        assert path == "x"
        assert words.startswith("must be ")
        assert shape.enum[0] in words


@pytest.mark.parametrize("name", PATTERNS)
def test_what_does_not_fit_a_pattern_is_told_the_pattern(name: str) -> None:
    shape = SHAPES[name]
    assert list(problems("\t\t\t\t", shape, "x")) == [
        ("x", f"must have the form {shape.metadata['pattern']}")
    ]


def test_a_line_break_at_the_end_does_not_slip_through_a_pattern() -> None:
    assert list(problems("northwind\n", SHAPES["StudioName"], "x")) != []


@table(
    product(
        ["LaunchProfileName", "MaxResults", "Tags", "StringList", "VolumeConfiguration"],
        [True, 1.5, "x", 7, [], {}],
    )
)
def test_only_the_right_type_passes(name: str, value: object) -> None:
    shape = SHAPES[name]
    right = {
        "string": isinstance(value, str),
        "integer": type(value) is int,
        "list": isinstance(value, list),
        "map": isinstance(value, dict),
        "structure": isinstance(value, dict),
    }
    assert (list(problems(value, shape, "x")) == []) == right[shape.type_name]


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "x\udfff"])
def test_text_that_cannot_be_kept_is_refused(text: str) -> None:
    expected = [("x", "must not contain null characters or lone surrogates")]
    assert list(problems(text, SHAPES["String"], "x")) == expected


def test_problems_say_where_they_are_and_all_at_once() -> None:
    config = {
        "clipboardMode": "SOMETIMES",
        "ec2InstanceTypes": ["g5.xlarge", "p4d.24xlarge"],
        "volumeConfiguration": {"size": 99, "iops": 16001},
        "sessionStorage": {"root": {"linux": "~"}},
    }
    found = dict(problems(config, SHAPES["StreamConfigurationCreate"], "streamConfiguration"))
    assert set(found) == {
        "streamConfiguration.clipboardMode",
        "streamConfiguration.ec2InstanceTypes[1]",
        "streamConfiguration.streamingImageIds",
        "streamConfiguration.volumeConfiguration.size",
        "streamConfiguration.volumeConfiguration.iops",
        "streamConfiguration.sessionStorage.mode",
        "streamConfiguration.sessionStorage.root.linux",
    }
    assert found["streamConfiguration.streamingImageIds"] == "is required"
    assert found["streamConfiguration.clipboardMode"] == "must be one of ENABLED, DISABLED"


def test_a_component_has_one_kind_of_configuration() -> None:
    shape = SHAPES["StudioComponentConfiguration"]
    one = {"computeFarmConfiguration": {"endpoint": "deadline.example"}}
    two = one | {"licenseServiceConfiguration": {"endpoint": "27000@licence.example"}}
    assert list(problems(one, shape, "x")) == []
    assert [path for path, _ in problems(two, shape, "x")] == ["x"]
    assert [path for path, _ in problems({}, shape, "x")] == ["x"]


def test_keys_of_tags_are_checked_and_named() -> None:
    tags = {"Name": "Shot 010", "a\0b": "x", "Null": None}
    found = [path for path, _ in problems(tags, SHAPES["Tags"], "tags")]
    assert found == ["tags.a?b", "tags.Null"]


def test_every_error_of_the_model_has_its_status() -> None:
    shapes = [
        s for s in SHAPES.values() if isinstance(s, StructureShape) and s.metadata.get("error")
    ]
    assert len(shapes) == 7
    for shape in shapes:
        assert STATUS[shape.name] == shape.metadata["error"]["httpStatusCode"]
