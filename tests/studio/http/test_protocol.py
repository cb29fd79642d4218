"""The rest-json protocol case by case, as far as the API uses it, in both directions.

Each case is a request and the parameters that it means, or an output and the body that carries it.
"""

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from nimble_tui.studio.http.errors import ApiError, not_found, validation
from tests.studio.http.harness import Front, exchange, signed

STUDIO = "/2020-08-01/studios/s"
COMPONENTS = f"{STUDIO}/studio-components"
SESSIONS = f"{STUDIO}/streaming-sessions"
TAGS = "/2020-08-01/tags/arn%3Aaws%3Animble%3Aus-west-2%3A1%3Astudio%2Fs"
ARN = "arn:aws:nimble:us-west-2:1:studio/s"
AD = {"activeDirectoryConfiguration": {"directoryId": "d-1"}}

REQUESTS: dict[str, tuple[str, str, Any, dict[str, str], dict[str, Any]]] = {
    "a label": ("GET", STUDIO, None, {}, {"studioId": "s"}),
    "an escaped label": (
        "GET",
        "/2020-08-01/studios/us-west-2%3Astid-%C3%A9%20%2F",
        None,
        {},
        {"studioId": "us-west-2:stid-é /"},
    ),
    "a label with an encoded slash": ("GET", TAGS, None, {}, {"resourceArn": ARN}),
    "a string and an integer in the query": (
        "GET",
        f"{STUDIO}/launch-profiles?maxResults=7&nextToken=a%20b%2Bc&principalId=",
        None,
        {},
        {"studioId": "s", "maxResults": 7, "nextToken": "a b+c", "principalId": ""},
    ),
    "a list in the query": (
        "GET",
        f"{STUDIO}/launch-profiles?states=READY&states=DELETED",
        None,
        {},
        {"studioId": "s", "states": ["READY", "DELETED"]},
    ),
    "a list of one in the query": (
        "DELETE",
        f"{TAGS}?tagKeys=only",
        None,
        {},
        {"resourceArn": ARN, "tagKeys": ["only"]},
    ),
    "an unknown query field": ("GET", f"{STUDIO}?x=1&&y", None, {}, {"studioId": "s"}),
    "a header": (
        "POST",
        f"{SESSIONS}/k.1/start",
        {},
        {"X-Amz-Client-Token": "t"},
        {"studioId": "s", "sessionId": "k.1", "clientToken": "t"},
    ),
    "no body at all": (
        "POST",
        f"{SESSIONS}/k.1/start",
        None,
        {},
        {"studioId": "s", "sessionId": "k.1"},
    ),
    "null members": (
        "POST",
        f"{SESSIONS}/k.1/start",
        {"backupId": None},
        {},
        {"studioId": "s", "sessionId": "k.1"},
    ),
    "unknown members": (
        "POST",
        f"{SESSIONS}/k.1/start",
        {"backupId": "b", "extra": {"a": [1]}, "studioId": "t"},
        {},
        {"studioId": "s", "sessionId": "k.1", "backupId": "b"},
    ),
    "a map": (
        "POST",
        TAGS,
        {"tags": {"é": "", "": "x", "a": "b"}},
        {},
        {"resourceArn": ARN, "tags": {"é": "", "": "x", "a": "b"}},
    ),
    "a union": (
        "POST",
        COMPONENTS,
        {"name": "n", "type": "ACTIVE_DIRECTORY", "configuration": AD},
        {},
        {"studioId": "s", "name": "n", "type": "ACTIVE_DIRECTORY", "configuration": AD},
    ),
    "a union with the name of its shape": (
        "POST",
        COMPONENTS,
        {
            "name": "n",
            "type": "ACTIVE_DIRECTORY",
            "configuration": {**AD, "__type": "x", "computeFarmConfiguration": None},
        },
        {},
        {"studioId": "s", "name": "n", "type": "ACTIVE_DIRECTORY", "configuration": AD},
    ),
    "a list of structures": (
        "POST",
        COMPONENTS,
        {"name": "n", "type": "CUSTOM", "scriptParameters": [{"key": "SIZE", "value": "1"}]},
        {},
        {
            "studioId": "s",
            "name": "n",
            "type": "CUSTOM",
            "scriptParameters": [{"key": "SIZE", "value": "1"}],
        },
    ),
    "a content type with a parameter, in capitals": (
        "POST",
        f"{SESSIONS}/k.1/start",
        {"backupId": "b"},
        {"Content-Type": "Application/JSON; charset=UTF-8"},
        {"studioId": "s", "sessionId": "k.1", "backupId": "b"},
    ),
}


@pytest.mark.parametrize("case", REQUESTS)
def test_a_request_means_its_parameters(front: Front, case: str) -> None:
    method, target, content, headers, params = REQUESTS[case]
    front.error = not_found("x")  # what the reply would hold is not what is tried here
    body = b"" if content is None else json.dumps(content).encode()
    answer = exchange(front, signed(front, method, target, body, headers=headers))
    assert answer.status == 404
    (call,) = front.calls
    assert call.params == params


MALFORMED: dict[str, tuple[str, str, bytes, dict[str, str], int]] = {
    "a word for an integer": ("GET", f"{STUDIO}/launch-profiles?maxResults=x", b"", {}, 400),
    "a fraction for an integer": ("GET", f"{STUDIO}/launch-profiles?maxResults=1.5", b"", {}, 400),
    "a scalar twice": ("GET", f"{STUDIO}/launch-profiles?nextToken=a&nextToken=b", b"", {}, 400),
    "an empty label": ("GET", "/2020-08-01/studios/", b"", {}, 400),
    "a number for a string": ("POST", f"{SESSIONS}/k.1/start", b'{"backupId": 1}', {}, 400),
    "a list for a map": ("POST", TAGS, b'{"tags": []}', {}, 400),
    "a map for a list": (
        "POST",
        COMPONENTS,
        b'{"name": "n", "type": "CUSTOM", "scriptParameters": {}}',
        {},
        400,
    ),
    "null in a list": (
        "POST",
        COMPONENTS,
        b'{"name": "n", "type": "CUSTOM", "scriptParameters": [null]}',
        {},
        400,
    ),
    "null in a map": ("POST", TAGS, b'{"tags": {"a": null}}', {}, 400),
    "an unknown value of an enum": ("POST", COMPONENTS, b'{"name": "n", "type": "X"}', {}, 400),
    "a missing member": ("POST", COMPONENTS, b'{"name": "n"}', {}, 400),
    "an empty union": (
        "POST",
        COMPONENTS,
        b'{"name": "n", "type": "CUSTOM", "configuration": {}}',
        {},
        400,
    ),
    "a union of an unknown member": (
        "POST",
        COMPONENTS,
        b'{"name": "n", "type": "CUSTOM", "configuration": {"x": {}}}',
        {},
        400,
    ),
    "a union of a known and an unknown member": (
        "POST",
        COMPONENTS,
        json.dumps(
            {"name": "n", "type": "ACTIVE_DIRECTORY", "configuration": {**AD, "x": {}}}
        ).encode(),
        {},
        400,
    ),
    "a union of two members": (
        "POST",
        COMPONENTS,
        json.dumps(
            {
                "name": "n",
                "type": "ACTIVE_DIRECTORY",
                "configuration": {**AD, "computeFarmConfiguration": {}},
            }
        ).encode(),
        {},
        400,
    ),
    "no JSON": ("POST", f"{SESSIONS}/k.1/start", b"{", {}, 400),
    "JSON that is no object": ("POST", f"{SESSIONS}/k.1/start", b"[]", {}, 400),
    "JSON and more": ("POST", f"{SESSIONS}/k.1/start", b"{} {}", {}, 400),
    "another content type": (
        "POST",
        f"{SESSIONS}/k.1/start",
        b"{}",
        {"Content-Type": "text/plain"},
        415,
    ),
    "a form": (
        "POST",
        f"{SESSIONS}/k.1/start",
        b"{}",
        {"Content-Type": "application/x-www-form-urlencoded"},
        415,
    ),
    "another content type without a body": (
        "POST",
        f"{SESSIONS}/k.1/start",
        b"",
        {"Content-Type": "text/xml"},
        415,
    ),
    "a body without a content type": (
        "POST",
        f"{SESSIONS}/k.1/start",
        b"{}",
        {"Content-Type": ""},
        415,
    ),
    "a method that the path has not": ("PUT", STUDIO, b"", {}, 404),
    "a path that there is not": ("GET", "/2020-08-01/studio", b"", {}, 404),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_a_malformed_request_is_refused(front: Front, case: str) -> None:
    method, target, body, headers, status = MALFORMED[case]
    answer = exchange(front, signed(front, method, target, body, headers=headers))
    assert answer.status == status, answer.body
    assert front.calls == []
    assert answer.error.endswith("Exception")


def test_a_target_of_question_marks_is_answered(front: Front) -> None:
    """The target is as long as a head may be, and its last byte makes it malformed."""
    target = b"/" + b"?" * 65_000 + b"\x7f"
    answer = exchange(front, b"GET " + target + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    assert (answer.status, front.calls) == (400, [])


OUTPUTS: dict[str, tuple[str, str, dict[str, Any], dict[str, Any]]] = {
    "a time in another zone": (
        "GET",
        STUDIO,
        {
            "studio": {
                "studioId": "s",
                "createdAt": datetime(2026, 1, 2, 3, 4, 5, 678, timezone(timedelta(hours=2))),
            }
        },
        {"studio": {"studioId": "s", "createdAt": "2026-01-02T01:04:05+00:00"}},
    ),
    "members that are None": (
        "GET",
        f"{STUDIO}/launch-profiles",
        {"launchProfiles": [{"name": None, "tags": {}}], "nextToken": None},
        {"launchProfiles": [{"tags": {}}]},
    ),
    "letters beyond ASCII": (
        "GET",
        TAGS,
        {"tags": {"é\u2028": "\U0001f600"}},
        {"tags": {"é\u2028": "\U0001f600"}},
    ),
}


@pytest.mark.parametrize("case", OUTPUTS)
def test_an_output_is_carried_by_its_body(front: Front, case: str) -> None:
    method, target, output, content = OUTPUTS[case]
    front.output = output
    answer = exchange(front, signed(front, method, target))
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert json.loads(answer.body) == content


ERRORS: list[tuple[ApiError, int]] = [
    (not_found("x"), 404),
    (validation("It is not."), 400),
    (ApiError("AccessDeniedException", "No.", "ACCESS_DENIED"), 403),
    (ApiError("ConflictException", "No.", "OPERATION_IN_PROGRESS"), 409),
    (ApiError("ServiceQuotaExceededException", "No.", "QUOTA_EXCEEDED"), 402),
    (ApiError("ThrottlingException", "No.", "SLOW"), 429),
    (ApiError("InternalServerErrorException", "No.", "INTERNAL_ERROR"), 500),
]


@pytest.mark.parametrize(("error", "status"), ERRORS, ids=lambda one: getattr(one, "name", one))
def test_an_error_is_named_in_its_header_and_in_its_body(
    front: Front, error: ApiError, status: int
) -> None:
    """Clients read `__type`, `code` or the header; the first that they find must be the name."""
    front.error = error
    answer = exchange(front, signed(front, "GET", STUDIO))
    content = json.loads(answer.body)
    assert answer.status == status
    assert answer.error == content["__type"] == error.name
    assert (content["message"], content["code"]) == (error.message, error.code)


def test_a_request_that_is_not_signed_names_its_error_too(front: Front) -> None:
    host = front.netloc
    data = f"GET {STUDIO} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
    answer = exchange(front, data)
    assert json.loads(answer.body)["__type"] == "MissingAuthenticationTokenException"
