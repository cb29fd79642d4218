"""Several services behind one front: whose turn it is, and how each says no."""

import json
from typing import Any

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from botocore.model import ServiceModel

from nimble_tui.api import aws_service_model
from nimble_tui.studio.http import services
from nimble_tui.studio.http.errors import not_found
from tests.studio.http.harness import KEY, REGION, SECRET, Answer, Front, Raw, exchange, open_front

STORE = "d-9267a41c58"
JSON = "application/x-amz-json-1.1"
AWS: Any = boto3.Session()


def client(front: Front, service: str, **options: Any) -> Any:
    return AWS.client(
        service,
        **{
            "region_name": REGION,
            "endpoint_url": front.url,
            "aws_access_key_id": KEY,
            "aws_secret_access_key": SECRET,
            "config": Config(retries={"mode": "standard", "total_max_attempts": 1}),
            **options,
        },
    )


def signed(
    front: Front,
    service: str,
    method: str,
    target: str,
    *,
    body: bytes = b"",
    headers: dict[str, str] | None = None,
) -> Raw:
    request = AWSRequest(method=method, url=front.url + target, data=body, headers=headers or {})
    SigV4Auth(Credentials(KEY, SECRET), service, REGION).add_auth(request)
    sent = {name: str(value) for name, value in request.headers.items()}
    host = front.netloc
    sent |= {"Host": host, "Content-Length": str(len(body)), "Connection": "close"}
    return Raw(method, target, sent, body)


def asked(
    front: Front, body: bytes, target: str = "ListUsers", service: str = "identitystore"
) -> Answer:
    headers = {"X-Amz-Target": f"AWSIdentityStore.{target}", "Content-Type": JSON}
    return exchange(front, signed(front, service, "POST", "/", body=body, headers=headers))


def call(one: Any, service: str) -> None:
    """Call something of a service, on a client for it."""
    if service == "nimble":
        one.list_studios()
    elif service == "identitystore":
        one.list_users(IdentityStoreId=STORE)
    else:
        one.get_user_profile(domainIdentifier="dzd_a", userIdentifier="somebody")


def test_each_client_is_answered_in_its_own_protocol() -> None:
    with open_front() as front:
        front.output = {"Users": [], "NextToken": None}
        assert client(front, "identitystore").list_users(IdentityStoreId=STORE)["Users"] == []
        front.output = {"domainId": "dzd_a", "details": {"iam": {"arn": "arn:x"}}}
        profile = client(front, "datazone").get_user_profile(
            domainIdentifier="dzd_a", userIdentifier="somebody"
        )
        assert profile["details"] == {"iam": {"arn": "arn:x"}}
        front.output = {"studios": []}
        assert front.client().list_studios()["studios"] == []
        assert [one.operation for one in front.calls] == [
            "ListUsers",
            "GetUserProfile",
            "ListStudios",
        ]
        assert front.calls[0].params == {"IdentityStoreId": STORE}


def test_a_model_is_read_when_it_is_first_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def reading(name: str) -> ServiceModel:
        read.append(name)
        return aws_service_model(name)

    monkeypatch.setattr(services, "aws_service_model", reading)
    services._codec.cache_clear()  # noqa: SLF001 - what earlier tests had it read
    with open_front() as front:
        front.output = {"studios": []}
        front.client().list_studios()
        assert read == []
        front.output = {"Users": []}
        for _ in range(2):
            client(front, "identitystore").list_users(IdentityStoreId=STORE)
        assert read == ["identitystore"]


def test_an_error_in_json_names_itself_in_the_body() -> None:
    with open_front() as front:
        front.error = not_found("someone")
        answer = asked(front, json.dumps({"IdentityStoreId": STORE}).encode())
        assert answer.status == 404
        assert answer.headers["content-type"] == JSON
        assert json.loads(answer.body) == {
            "__type": "ResourceNotFoundException",
            "Message": "There is no resource with the id 'someone'.",
            "ResourceId": "someone",
        }


@pytest.mark.parametrize("service", ["identitystore", "datazone", "nimble"])
def test_a_failure_of_the_studio_has_each_service_s_own_name(service: str) -> None:
    names = {"nimble": "InternalServerErrorException"}
    with open_front() as front:
        front.error = RuntimeError("secret")
        one = front.client() if service == "nimble" else client(front, service)
        name = names.get(service, "InternalServerException")
        with pytest.raises(getattr(one.exceptions, name)) as caught:
            call(one, service)
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
        assert "secret" not in str(caught.value)


@pytest.mark.parametrize("service", ["identitystore", "datazone"])
@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"aws_access_key_id": "NOBODY"}, "UnrecognizedClientException"),
        ({"aws_secret_access_key": "wrong"}, "InvalidSignatureException"),
        ({"region_name": "eu-west-1"}, "InvalidSignatureException"),
    ],
)
def test_keys_and_signatures_are_looked_at_for_every_service(
    service: str, options: dict[str, str], code: str
) -> None:
    with open_front() as front:
        one = client(front, service, **options)
        with pytest.raises(ClientError) as caught:
            call(one, service)
        assert caught.value.response["Error"]["Code"] == code
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
        assert front.calls == []


def test_a_signature_for_one_service_opens_no_other() -> None:
    body = json.dumps({"IdentityStoreId": STORE}).encode()
    with open_front() as front:
        front.output = {"Users": []}
        assert asked(front, body).status == 200
        front.calls.clear()
        for service in ("nimble", "datazone"):
            assert asked(front, body, service=service).error == "UnknownOperationException"
        studios = "/2020-08-01/studios"
        for service in ("identitystore", "datazone"):
            answer = exchange(front, signed(front, service, "GET", studios))
            assert answer.status == 404
        profile = signed(front, "nimble", "GET", "/v2/domains/dzd_a/user-profiles/b")
        assert exchange(front, profile).error == "UnknownOperationException"
        assert asked(front, body, service="iam").error == "InvalidSignatureException"
        assert front.calls == []


def test_a_service_named_after_signing_is_no_way_in() -> None:
    body = json.dumps({"IdentityStoreId": STORE}).encode()
    headers = {"X-Amz-Target": "AWSIdentityStore.ListUsers", "Content-Type": JSON}
    with open_front() as front:
        raw = signed(front, "nimble", "POST", "/", body=body, headers=headers)
        raw.headers["Authorization"] = raw.headers["Authorization"].replace(
            "/nimble/", "/identitystore/"
        )
        answer = exchange(front, raw)
        assert answer.status == 403
        assert json.loads(answer.body)["__type"] == "InvalidSignatureException"
        assert front.calls == []


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b"null", b"\xff", b'{"IdentityStoreId": 5}', b"{}", b"", b"[" * 100_000],
)
def test_a_body_that_cannot_be_is_refused_in_json(body: bytes) -> None:
    with open_front() as front:
        answer = asked(front, body)
        assert answer.status == 400
        assert json.loads(answer.body)["__type"] == "ValidationException"
        assert front.calls == []


@pytest.mark.parametrize("target", ["ListGroups", "CreateUser", "", "listusers", "x" * 5000])
def test_what_is_not_offered_says_what_is(target: str) -> None:
    with open_front() as front:
        answer = asked(front, b"{}", target)
        assert answer.status == 404
        told = json.loads(answer.body)
        assert told["__type"] == "UnknownOperationException"
        assert "ListUsers and DescribeUser" in told["Message"]
        elsewhere = signed(
            front,
            "identitystore",
            "POST",
            "/elsewhere",
            body=b"{}",
            headers={"X-Amz-Target": "AWSIdentityStore.ListUsers"},
        )
        assert exchange(front, elsewhere).status == 404


def test_other_operations_of_datazone_are_not_there() -> None:
    with open_front() as front:
        with pytest.raises(ClientError) as caught:
            client(front, "datazone").list_projects(domainIdentifier="dzd_a")
        assert caught.value.response["Error"]["Code"] == "UnknownOperationException"
