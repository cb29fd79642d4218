"""What a client of AWS sees of the front: names of errors, all problems at once, no secrets."""

import json
import logging
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from nimble_tui.studio.http import errors
from tests.studio.http.harness import Front, exchange, signed

SESSION = {"studioId": "us-west-2:stid-1", "sessionId": "k.7rDr"}

# One bad value for each kind of rule that AWS's client does not check itself.
BAD = [
    (
        "update_launch_profile_member",
        {"studioId": "s", "launchProfileId": "l", "principalId": "p", "persona": "X"},
        "persona",
        "must be USER",
    ),
    (
        "list_launch_profiles",
        {"studioId": "s", "maxResults": 101},
        "maxResults",
        "must be at most 100",
    ),
    (
        "list_launch_profiles",
        {"studioId": "s", "states": ["READY", "TIRED"]},
        "states[1]",
        "must be one of ",
    ),
    (
        "create_streaming_session_stream",
        SESSION | {"expirationInSeconds": 3601},
        "expirationInSeconds",
        "must be at most 3600",
    ),
    (
        "stop_streaming_session",
        SESSION | {"clientToken": "x" * 65},
        "clientToken",
        "must have at most 64 characters",
    ),
    (
        "stop_streaming_session",
        SESSION | {"volumeRetentionMode": "KEEP"},
        "volumeRetentionMode",
        "must be one of RETAIN, DELETE",
    ),
    (
        "create_streaming_image",
        {"studioId": "s", "name": "n", "ec2ImageId": "img-1"},
        "ec2ImageId",
        "must have the form ^ami-",
    ),
    ("get_studio", {"studioId": ""}, "studioId", "must not be empty"),
    (
        "put_studio_members",
        {
            "studioId": "s",
            "identityStoreId": "d",
            "members": [{"persona": "ADMINISTRATOR", "principalId": "p"}] * 21,
        },
        "members",
        "must have at most 20 items",
    ),
]


@pytest.mark.parametrize(("method", "params", "member", "words"), BAD)
def test_a_bad_value_is_named(
    front: Front, method: str, params: dict[str, Any], member: str, words: str
) -> None:
    client = front.client()
    with pytest.raises(client.exceptions.ValidationException) as caught:
        getattr(client, method)(**params)
    assert caught.value.response["context"][member].startswith(words)
    assert f"{member} {words}" in caught.value.response["message"]
    assert front.calls == []


def test_all_problems_come_at_once(front: Front) -> None:
    client = front.client()
    with pytest.raises(client.exceptions.ValidationException) as caught:
        client.list_launch_profiles(studioId="", maxResults=200, states=["X"])
    assert set(caught.value.response["context"]) == {"studioId", "maxResults", "states[0]"}


def test_very_many_problems_are_cut_short(front: Front) -> None:
    body = json.dumps({"launchProfileId": "l", "tags": dict.fromkeys(map(str, range(9000)), 1)})
    answer = exchange(
        front, signed(front, "POST", "/2020-08-01/studios/s/streaming-sessions", body.encode())
    )
    assert answer.error == "ValidationException"
    assert len(json.loads(answer.body)["context"]) == 20
    assert json.loads(answer.body)["message"].endswith("; and more.")


@pytest.mark.parametrize("operation", ["start", "stop"])
@pytest.mark.parametrize("body", [b"", b"{}", b'{"volumeRetentionMode": null, "other": [1]}'])
def test_a_body_may_be_left_out(front: Front, operation: str, body: bytes) -> None:
    target = f"/2020-08-01/studios/us-west-2%3Astid-1/streaming-sessions/k.7rDr/{operation}"
    assert exchange(front, signed(front, "POST", target, body)).status == 200
    assert front.calls[0].params == SESSION


def test_the_arn_of_a_tagged_resource_keeps_its_slash(front: Front) -> None:
    arn = "arn:aws:nimble:us-west-2:123456789012:streaming-session/k.7rDr"
    client = front.client()
    reply = client.tag_resource(resourceArn=arn, tags={"Name": "Shot 010 é"})
    assert reply["ResponseMetadata"]["HTTPStatusCode"] == 204
    client.untag_resource(resourceArn=arn, tagKeys=["a&b", "c=d"])
    assert front.calls[0].params == {"resourceArn": arn, "tags": {"Name": "Shot 010 é"}}
    assert front.calls[1].params == {"resourceArn": arn, "tagKeys": ["a&b", "c=d"]}


def test_the_call_says_who_and_which(front: Front) -> None:
    front.output = {"studios": []}
    reply = front.client().list_studios()
    (call,) = front.calls
    assert call.operation == "ListStudios"
    assert call.access_key_id == "AKIDMARA"
    assert call.request_id == reply["ResponseMetadata"]["RequestId"]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.validation("No.", "TOKEN_REUSED"), 400),
        (errors.quota("No."), 402),
        (errors.access_denied("No."), 403),
        (errors.not_found("k.7rDr"), 404),
        (errors.conflict("No."), 409),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_an_error_from_inside_is_the_clients_exception(
    front: Front, error: errors.ApiError, status: int
) -> None:
    front.error = error
    client = front.client()
    with pytest.raises(getattr(client.exceptions, error.name)) as caught:
        client.get_streaming_session(**SESSION)
    response = caught.value.response
    assert response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert (response["message"], response["code"]) == (error.message, error.code)
    assert response.get("context", {}) == error.context


def test_what_is_missing_is_named(front: Front) -> None:
    front.error = errors.not_found("k.7rDr")
    client = front.client()
    with pytest.raises(client.exceptions.ResourceNotFoundException) as caught:
        client.get_streaming_session(**SESSION)
    assert caught.value.response["context"] == {"resourceId": "k.7rDr"}


@pytest.mark.parametrize("output", [{"studios": "x", "other": 1}, {}, {"studios": 5}])
def test_an_output_that_breaks_the_promise_is_our_failure(
    front: Front, output: dict[str, Any]
) -> None:
    front.output = output
    client = front.client()
    with pytest.raises(client.exceptions.InternalServerErrorException):
        client.list_studios()


def test_a_failure_inside_tells_nobody_a_secret(
    front: Front, caplog: pytest.LogCaptureFixture
) -> None:
    front.error = RuntimeError("the key is example/secret+of/mara")
    client = front.client()
    caplog.set_level(logging.DEBUG, "nimble_tui")
    with pytest.raises(client.exceptions.InternalServerErrorException) as caught:
        client.get_streaming_session(**SESSION)
    request_id = caught.value.response["ResponseMetadata"]["RequestId"]
    assert request_id in caught.value.response["message"]
    assert request_id in caplog.text
    assert "RuntimeError in " in caplog.text
    assert "harness.py" in caplog.text
    assert "secret+of" not in caplog.text + str(caught.value.response)
    assert "k.7rDr" not in repr(front.calls)


def test_without_a_signature(front: Front) -> None:
    raw = signed(front, "GET", "/2020-08-01/studios")
    del raw.headers["Authorization"]
    answer = exchange(front, raw)
    assert (answer.status, answer.error) == (403, "MissingAuthenticationTokenException")


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"key": "AKIDNOBODY"}, "UnrecognizedClientException"),
        ({"secret": "another"}, "InvalidSignatureException"),
        ({"region": "eu-west-1"}, "InvalidSignatureException"),
    ],
)
def test_a_wrong_key_secret_or_region(front: Front, wrong: dict[str, str], name: str) -> None:
    with pytest.raises(ClientError) as caught:
        front.client(**wrong).list_studios()
    response = caught.value.response
    assert response["Error"]["Code"] == name
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 403
    assert "date" in response["ResponseMetadata"]["HTTPHeaders"]
    assert front.calls == []


@pytest.mark.parametrize("minutes", [-121, -16, 16, 121])
def test_a_clock_more_than_a_quarter_of_an_hour_off(front: Front, minutes: int) -> None:
    front.behind = timedelta(minutes=minutes)
    with pytest.raises(ClientError) as caught:
        front.client().list_studios()
    response = caught.value.response
    assert response["Error"]["Code"] == "InvalidSignatureException"
    assert "clock" in response["Error"]["Message"]
    told = parsedate_to_datetime(response["ResponseMetadata"]["HTTPHeaders"]["date"])
    assert abs(told - front.times()[0]) < timedelta(minutes=1)


@pytest.mark.parametrize("minutes", [-14, 14])
def test_a_clock_less_than_a_quarter_of_an_hour_off(front: Front, minutes: int) -> None:
    front.behind = timedelta(minutes=minutes)
    front.output = {"studios": []}
    assert front.client().list_studios()["studios"] == []
