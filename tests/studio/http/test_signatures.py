"""Signatures of other makers: fewer signed headers, and signatures in the query."""

import hashlib
import json
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.studio.http.harness import KEY, REGION, SECRET, Front, Raw, exchange, signed
from tests.studio.http.signing import EMPTY, presign, sign

START = "/2020-08-01/studios/s/streaming-sessions/k.7rDr/start"
LIST = "/2020-08-01/studios/s/launch-profiles"
LIST_USERS = "AWSIdentityStore.ListUsers"
JSON = {"Content-Type": "application/json"}


def raw(front: Front, method: str, target: str, body: bytes = b"") -> Raw:
    host = front.netloc
    headers = {"Host": host, "Content-Length": str(len(body)), **(JSON if body else {})}
    return Raw(method, target, headers, body)


def test_the_hash_of_the_body_need_not_be_among_the_signed_headers(front: Front) -> None:
    request = sign(raw(front, "POST", START, b'{"backupId": "one"}'), signed={"host", "x-amz-date"})
    hashed = signed(front, "POST", START, request.body, headers=JSON)
    content_hash = request._replace(
        headers=request.headers | {"x-amz-content-sha256": hashlib.sha256(request.body).hexdigest()}
    )
    assert exchange(front, hashed).status == 200
    assert exchange(front, content_hash).status == 200
    changed = content_hash._replace(body=request.body.replace(b"one", b"two"))
    answer = exchange(front, changed)
    assert (answer.status, answer.error) == (403, "InvalidSignatureException")
    unsigned = content_hash._replace(
        headers=content_hash.headers | {"x-amz-content-sha256": "UNSIGNED-PAYLOAD"}
    )
    assert exchange(front, unsigned).status == 403


def test_botocore_presigns_a_request(front: Front) -> None:
    front.output = {"launchProfiles": []}
    request = AWSRequest(method="GET", url=f"{front.url}{LIST}?principalId=me")
    SigV4QueryAuth(Credentials(KEY, SECRET), "nimble", REGION, expires=60).add_auth(request)
    parts = urlsplit(str(request.url))
    answer = exchange(front, raw(front, "GET", f"{parts.path}?{parts.query}"))
    assert answer.status == 200
    (call,) = front.calls
    assert (call.operation, call.access_key_id) == ("ListLaunchProfiles", KEY)
    assert call.params == {"studioId": "s", "principalId": "me"}


def test_a_presigned_request_is_valid_as_long_as_it_says(front: Front) -> None:
    front.output = {"launchProfiles": []}
    request = presign(raw(front, "GET", LIST), expires=3600)
    assert exchange(front, request).status == 200
    front.behind = -timedelta(minutes=59)
    assert exchange(front, request).status == 200
    front.behind = -timedelta(minutes=61)
    answer = exchange(front, request)
    assert (answer.status, answer.error) == (403, "InvalidSignatureException")
    assert b"expired" in answer.body
    front.behind = timedelta(minutes=16)  # signed in the future, as this side sees it
    assert exchange(front, request).status == 403


@pytest.mark.parametrize("expires", ["0", "-1", "604801", "1e3", "", "9" * 300, "٣"])
def test_a_lifetime_must_be_a_week_at_most(front: Front, expires: str) -> None:
    answer = exchange(front, presign(raw(front, "GET", LIST), expires=expires))
    assert (answer.status, answer.error) == (403, "InvalidSignatureException")
    assert front.calls == []


def test_what_was_altered_after_presigning_is_refused(front: Front) -> None:
    request = presign(raw(front, "GET", LIST))
    altered = [
        request._replace(target=request.target.replace("studios/s/", "studios/t/")),
        request._replace(target=request.target + "&principalId=me"),
        request._replace(target=request.target.replace("Expires=60", "Expires=600")),
        request._replace(target=request.target.replace("us-west-2", "eu-west-1")),
        request._replace(target=request.target + "&X-Amz-Expires=600"),
        request._replace(headers=request.headers | {"X-Amz-Added": "x"}),
        request._replace(headers=request.headers | {"Host": "localhost"}),
        request._replace(method="DELETE"),
        presign(raw(front, "GET", LIST), content_hash="UNSIGNED-PAYLOAD"),
        presign(raw(front, "POST", START, b"{}"), content_hash=EMPTY),
    ]
    for number, one in enumerate(altered):
        answer = exchange(front, one)
        assert (answer.status, answer.error) == (403, "InvalidSignatureException"), number
        assert SECRET not in str(answer)
    assert front.calls == []


def test_signed_twice_is_refused(front: Front) -> None:
    request = sign(presign(raw(front, "GET", LIST)))
    answer = exchange(front, request)
    assert (answer.status, answer.error) == (403, "InvalidSignatureException")
    assert front.calls == []


def test_a_presigned_request_with_a_body_covers_it(front: Front) -> None:
    request = presign(raw(front, "POST", START, b'{"backupId": "one"}'))
    assert exchange(front, request).status == 200
    changed = request._replace(body=request.body.replace(b"one", b"two"))
    assert exchange(front, changed).status == 403


def users(front: Front, **headers: str) -> Raw:
    request = raw(front, "POST", "/", b'{"IdentityStoreId": "d-9267a41c58"}')
    target = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": LIST_USERS}
    return request._replace(headers=request.headers | target | headers)


def test_a_presigned_request_is_answered_by_the_service_that_it_was_signed_for(
    front: Front,
) -> None:
    front.output = {"Users": []}
    signed_headers = "host;x-amz-target"
    request = presign(users(front), signed=signed_headers, service="identitystore")
    assert exchange(front, request).status == 200
    assert front.calls[0].operation == "ListUsers"
    refused = exchange(front, request._replace(body=request.body.replace(b"d-", b"e-")))
    assert refused.status == 403
    assert json.loads(refused.body).keys() == {"__type", "Message"}  # as that service says it


@pytest.mark.parametrize("name", ["X-Amz-Target", "X-Amz-Client-Token", "X-Amz-Security-Token"])
@pytest.mark.parametrize("how", ["header", "query"])
def test_a_header_that_means_something_must_be_signed(front: Front, how: str, name: str) -> None:
    front.output = {"Users": []}
    request = users(front, **{name: LIST_USERS})
    if how == "header":
        request = sign(request, signed={"host", "x-amz-date"}, service="identitystore")
    else:
        request = presign(request, service="identitystore")
    answer = exchange(front, request)
    assert answer.status == 403
    assert name.lower().encode() in answer.body
    assert front.calls == []


def test_an_empty_content_type_is_none(front: Front) -> None:
    """The SDK for Ruby sends one, so that its HTTP library makes none up."""
    request = raw(front, "POST", START)
    request = sign(request._replace(headers=request.headers | {"Content-Type": ""}))
    assert exchange(front, request).status == 200


@pytest.mark.parametrize("media_type", ["application/json", "text/plain", ""])
def test_each_protocol_has_a_content_type_of_its_own(front: Front, media_type: str) -> None:
    request = sign(users(front, **{"Content-Type": media_type}), service="identitystore")
    answer = exchange(front, request)
    assert answer.status == 415
    assert json.loads(answer.body)["__type"] == "UnsupportedMediaTypeException"
    request = raw(front, "POST", START, b"{}")
    headers = request.headers | {"Content-Type": "application/x-amz-json-1.1"}
    answer = exchange(front, sign(request._replace(headers=headers)))
    assert (answer.status, answer.error) == (415, "UnsupportedMediaTypeException")
    assert front.calls == []
