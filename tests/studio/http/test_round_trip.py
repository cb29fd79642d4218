"""Any parameters and any output of every operation, through a real client and back unchanged."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore import xform_name
from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nimble_tui.api import service_model
from tests.studio.http.harness import Front, open_front

OPERATIONS = service_model().operation_names

TEXT = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
# A client drops `.` and `..` from a path, and a header holds neither breaks nor outer spaces.
IN_PATH = st.text(TEXT, min_size=1, max_size=30).filter(lambda text: text not in {".", ".."})
IN_HEADER = st.text(
    st.characters(min_codepoint=33, exclude_categories=["C", "Z"]), min_size=1, max_size=64
)
TIMES = st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0)
)


def values(shape: Shape) -> st.SearchStrategy[Any]:
    """Return a strategy for everything that the shape allows."""
    location = shape.serialization.get("location")
    if isinstance(shape, StructureShape):
        return structures(shape)
    least, most = shape.metadata.get("min", 0), shape.metadata.get("max")
    if isinstance(shape, ListShape):
        # An empty list has no keys to repeat in a query, so it cannot be told from none.
        least = max(least, 1) if location == "querystring" else least
        return st.lists(values(shape.member), min_size=least, max_size=min(most or 3, least + 2))
    if isinstance(shape, MapShape):
        return st.dictionaries(values(shape.key), values(shape.value), max_size=3)
    if shape.type_name == "timestamp":
        return TIMES
    if shape.type_name == "integer":
        return st.integers(least, most)
    assert isinstance(shape, StringShape)
    if shape.enum:
        return st.sampled_from(shape.enum)
    if "pattern" in shape.metadata:
        fits = st.from_regex(shape.metadata["pattern"], fullmatch=True)
        return fits.filter(lambda text: least <= len(text) <= (most or 200) and "\0" not in text)
    if location == "header":
        return IN_HEADER
    return IN_PATH if location == "uri" else st.text(TEXT, min_size=least, max_size=most or 40)


def structures(shape: StructureShape) -> st.SearchStrategy[Any]:
    members = {name: values(member) for name, member in shape.members.items()}
    if shape.is_tagged_union:
        return st.one_of([st.fixed_dictionaries({name: m}) for name, m in members.items()])
    required = {name: members.pop(name) for name in shape.required_members}
    return st.fixed_dictionaries(required, optional=members)


@pytest.fixture(scope="module")
def one_front() -> Iterator[tuple[Front, Any]]:
    with open_front() as front:
        yield front, front.client()


def tried(examples: int) -> settings:
    return settings(max_examples=examples, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("name", OPERATIONS)
@given(data=st.data())
@tried(examples=8)
def test_round_trip(name: str, one_front: tuple[Front, Any], data: st.DataObject) -> None:
    there_and_back(name, one_front, data)


@pytest.mark.slow
@pytest.mark.parametrize("name", OPERATIONS)
@given(data=st.data())
@tried(examples=200)
def test_round_trip_for_long(name: str, one_front: tuple[Front, Any], data: st.DataObject) -> None:
    there_and_back(name, one_front, data)


def there_and_back(name: str, one_front: tuple[Front, Any], data: st.DataObject) -> None:
    front, client = one_front
    operation = service_model().operation_model(name)
    assert operation.input_shape is not None
    assert operation.output_shape is not None
    params = data.draw(values(operation.input_shape), label="params")
    front.output = data.draw(values(operation.output_shape), label="output")
    front.calls.clear()

    reply = getattr(client, xform_name(name))(**params)

    (call,) = front.calls
    assert call.operation == name
    if "clientToken" in operation.input_shape.members:
        params.setdefault("clientToken", call.params["clientToken"])  # the client made one up
    assert call.params == params
    del reply["ResponseMetadata"]
    assert reply == front.output
