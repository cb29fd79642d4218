"""Every operation through a real boto3 client and a real socket, to a scripted peer and back."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, quote

import boto3
import pytest
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import WaiterError
from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

from nimble_tui.api import new_botocore_session, service_model
from tests.api.operation_table import OPERATIONS, Row
from tests.api.peer import Peer, scripted_peer

PAGINATORS = {
    "list_eula_acceptances": "eulaAcceptances",
    "list_eulas": "eulas",
    "list_launch_profile_members": "members",
    "list_launch_profiles": "launchProfiles",
    "list_streaming_images": "streamingImages",
    "list_streaming_session_backups": "streamingSessionBackups",
    "list_streaming_sessions": "sessions",
    "list_studio_components": "studioComponents",
    "list_studio_members": "members",
    "list_studios": "studios",
}
HAVE_PAGE_SIZE = {
    "list_launch_profile_members",
    "list_launch_profiles",
    "list_studio_components",
    "list_studio_members",
}

# Waiter, operation, member of the reply, seconds between looks, looks, success, failures.
WAITERS = """
launch_profile_ready GetLaunchProfile launchProfile 5 150 READY CREATE_FAILED UPDATE_FAILED
launch_profile_deleted GetLaunchProfile launchProfile 5 150 DELETED DELETE_FAILED
streaming_image_ready GetStreamingImage streamingImage 2 60 READY CREATE_FAILED UPDATE_FAILED
streaming_image_deleted GetStreamingImage streamingImage 2 60 DELETED DELETE_FAILED
streaming_session_ready GetStreamingSession session 10 180 READY CREATE_FAILED START_FAILED
streaming_session_stopped GetStreamingSession session 5 180 STOPPED STOP_FAILED
streaming_session_deleted GetStreamingSession session 5 180 DELETED DELETE_FAILED
streaming_session_stream_ready GetStreamingSessionStream stream 5 30 READY CREATE_FAILED
studio_component_ready GetStudioComponent studioComponent 2 60 READY CREATE_FAILED UPDATE_FAILED
studio_component_deleted GetStudioComponent studioComponent 1 120 DELETED DELETE_FAILED
studio_ready GetStudio studio 2 60 READY CREATE_FAILED UPDATE_FAILED
studio_deleted GetStudio studio 2 60 DELETED DELETE_FAILED
"""

MOMENT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
TEXT = "us-west-2:stid/a é%+&"


def filled(shape: Shape) -> Any:
    """Return a value with every member, its strings hard to carry over a wire."""
    if isinstance(shape, StructureShape):
        members = dict(list(shape.members.items())[: 1 if shape.is_tagged_union else None])
        return {name: filled(member) for name, member in members.items()}
    if isinstance(shape, ListShape):
        return [filled(shape.member), filled(shape.member)]
    if isinstance(shape, MapShape):
        return {TEXT: filled(shape.value)}
    if isinstance(shape, StringShape):
        return shape.enum[-1] if shape.enum else TEXT
    if shape.type_name == "timestamp":
        return MOMENT
    assert shape.type_name == "integer"
    return shape.metadata["max"]


def required(row: Row) -> dict[str, Any]:
    shape = service_model().operation_model(row.name).input_shape
    assert shape is not None
    return {name: filled(shape.members[name]) for name in row.required}


@pytest.fixture
def peer() -> Iterator[Peer]:
    with scripted_peer() as started:
        yield started


def connect(peer: Peer, attempts: int = 1) -> Any:
    session: Any = boto3.Session(botocore_session=new_botocore_session())
    return session.client(
        "nimble",
        region_name="us-west-2",
        endpoint_url=peer.url,
        aws_access_key_id="AKIDEXAMPLE",
        aws_secret_access_key="example",
        config=Config(retries={"mode": "standard", "total_max_attempts": attempts}),
    )


def by_name(name: str) -> Row:
    return next(row for row in OPERATIONS if row.name == name)


@pytest.mark.parametrize("row", OPERATIONS, ids=lambda row: row.name)
def test_operation_there_and_back(row: Row, peer: Peer) -> None:
    operation = service_model().operation_model(row.name)
    assert operation.input_shape is not None
    assert operation.output_shape is not None
    params = filled(operation.input_shape)
    reply = filled(operation.output_shape)
    peer.will_answer(reply if row.status == 200 else None, row.status)

    received = getattr(connect(peer), xform_name(row.name))(**params)

    (sent,) = peer.sent
    path, _, query = sent.target.partition("?")
    escaped = {
        name: quote(value, safe="-._~") for name, value in params.items() if isinstance(value, str)
    }
    assert sent.method == row.method
    assert path == row.path.format(**escaped)
    expected_query = {
        name: params[name] if repeats else [str(params[name])]
        for name, repeats in row.query.items()
    }
    assert parse_qs(query) == expected_query
    token = params.pop("clientToken", None)
    assert (token is not None) == row.has_token
    if token is not None:
        assert sent.headers["x-amz-client-token"].encode("latin-1").decode() == token
    in_path = {name for name in params if f"{{{name}}}" in row.path}
    in_body = {k: v for k, v in params.items() if k not in row.query and k not in in_path}
    assert (json.loads(sent.body) if sent.body else {}) == in_body
    assert "authorization" in sent.headers

    assert received.pop("ResponseMetadata")["HTTPStatusCode"] == row.status
    assert received == reply


@pytest.mark.parametrize("name", ["StopStreamingSession", "StartStreamingSession"])
def test_a_body_whose_members_are_all_left_out_is_an_empty_object(name: str, peer: Peer) -> None:
    peer.will_answer({})
    getattr(connect(peer), xform_name(name))(**required(by_name(name)))
    assert peer.sent[0].body == b"{}"


def test_a_client_token_is_made_up_and_kept_over_retries(peer: Peer) -> None:
    peer.will_answer({"message": "try again"}, 500, "InternalServerErrorException")
    peer.will_answer({})
    connect(peer, attempts=2).stop_streaming_session(studioId="s", sessionId="a.b")
    first, second = (sent.headers["x-amz-client-token"] for sent in peer.sent)
    assert first == second
    assert 1 <= len(first) <= 64


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("ValidationException", 400),
        ("ServiceQuotaExceededException", 402),
        ("AccessDeniedException", 403),
        ("ResourceNotFoundException", 404),
        ("ConflictException", 409),
        ("ThrottlingException", 429),
        ("InternalServerErrorException", 500),
    ],
)
def test_an_error_is_the_exception_of_its_name(name: str, status: int, peer: Peer) -> None:
    content = {"message": "No.", "code": "BECAUSE", "context": {"resourceId": "x"}}
    peer.will_answer(content, status, name)
    client = connect(peer)
    with pytest.raises(getattr(client.exceptions, name)) as caught:
        client.get_studio(studioId="x")
    response = caught.value.response
    assert response["Error"] == {"Code": name, "Message": "No."}
    assert (response["code"], response["context"]) == ("BECAUSE", {"resourceId": "x"})
    assert response["ResponseMetadata"]["HTTPStatusCode"] == status


@pytest.mark.parametrize("method", PAGINATORS)
def test_paginator(method: str, peer: Peer) -> None:
    key = PAGINATORS[method]
    row = next(row for row in OPERATIONS if xform_name(row.name) == method)
    shape = service_model().operation_model(row.name).output_shape
    assert shape is not None
    item = filled(shape.members[key])[0]
    peer.will_answer({key: [item], "nextToken": "page/2"})
    peer.will_answer({key: [item, item]})
    pages = connect(peer).get_paginator(method).paginate(**required(row))
    assert pages.build_full_result() == {key: [item, item, item]}
    queries = [parse_qs(sent.target.partition("?")[2]) for sent in peer.sent]
    assert "nextToken" not in queries[0]
    assert queries[1]["nextToken"] == ["page/2"]


@pytest.mark.parametrize("method", sorted(HAVE_PAGE_SIZE))
def test_page_size_is_max_results(method: str, peer: Peer) -> None:
    row = next(row for row in OPERATIONS if xform_name(row.name) == method)
    peer.will_answer({PAGINATORS[method]: []})
    paginator = connect(peer).get_paginator(method)
    list(paginator.paginate(**required(row), PaginationConfig={"PageSize": 7}))
    assert parse_qs(peer.sent[0].target.partition("?")[2]) == {"maxResults": ["7"]}


def test_exactly_these_operations_have_paginators(peer: Peer) -> None:
    client = connect(peer)
    methods = [xform_name(row.name) for row in OPERATIONS]
    assert [method for method in methods if client.can_paginate(method)] == list(PAGINATORS)
    named = [line.split()[0] for line in WAITERS.strip().splitlines()]
    assert sorted(client.waiter_names) == sorted(named)


@pytest.mark.parametrize("line", WAITERS.strip().splitlines(), ids=lambda line: line.split()[0])
def test_waiter(line: str, peer: Peer) -> None:
    name, operation, member, delay, attempts, success, *failures = line.split()
    params = required(by_name(operation))
    waiter = connect(peer).get_waiter(name)
    assert (waiter.config.delay, waiter.config.max_attempts) == (int(delay), int(attempts))

    peer.will_answer({member: {"state": "DELETE_IN_PROGRESS"}})
    peer.will_answer({member: {"state": success}})
    waiter.wait(**params, WaiterConfig={"Delay": 0})
    assert len(peer.sent) == 2
    for failure in failures:
        peer.will_answer({member: {"state": failure}})
        with pytest.raises(WaiterError, match="terminal failure"):
            waiter.wait(**params, WaiterConfig={"Delay": 0})
    assert len(peer.sent) == 2 + len(failures)
