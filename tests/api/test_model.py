"""The service model held against tables written by hand from the API reference."""

import json
import re
from typing import Any, get_args

from botocore.model import ListShape, StringShape, StructureShape
from botocore.validate import ParamValidator
from mypy_boto3_nimble import literals

from nimble_tui.api import service_model
from nimble_tui.api.loader import DATA
from tests.api.operation_table import OPERATIONS, Row
from tests.tables import column, table

ERRORS = {
    "ValidationException": 400,
    "ServiceQuotaExceededException": 402,
    "AccessDeniedException": 403,
    "ResourceNotFoundException": 404,
    "ConflictException": 409,
    "ThrottlingException": 429,
    "InternalServerErrorException": 500,
}

# Every shape with a minimum or a maximum.
LIMITS = """
ActiveDirectoryComputerAttributeList 0 50
ActiveDirectoryComputerAttributeName 1 40
ActiveDirectoryComputerAttributeValue 1 64
ActiveDirectoryDnsIpAddressList 0 10
ActiveDirectoryOrganizationalUnitDistinguishedName 1 2000
ClientToken 1 64
EC2SubnetIdList 0 6
EulaAcceptanceId 0 22
EulaId 0 22
EulaName 0 64
LaunchProfileDescription 0 256
LaunchProfileId 0 22
LaunchProfileMembershipList 0 20
LaunchProfileName 1 64
LaunchProfileProtocolVersion 0 10
LaunchProfileSecurityGroupIdList 1 -
LaunchProfileStudioComponentIdList 1 100
LaunchPurpose 0 64
LinuxMountPoint 0 128
MaxResults 1 100
NewLaunchProfileMemberList 1 20
NewStudioMemberList 1 20
Region 0 50
RoleArn 0 2048
ScriptParameterKey 1 64
ScriptParameterValue 1 256
StreamConfigurationMaxBackupsToRetain 0 10
StreamConfigurationMaxSessionLengthInMinutes 1 43200
StreamConfigurationMaxStoppedSessionLengthInMinutes 0 5760
StreamingImageDescription 0 256
StreamingImageEncryptionConfigurationKeyArn 4 -
StreamingImageId 0 22
StreamingImageIdList 1 20
StreamingImageName 0 64
StreamingInstanceTypeList 1 30
StreamingSessionStorageModeList 1 -
StreamingSessionStorageRootPathLinux 1 128
StreamingSessionStorageRootPathWindows 1 128
StreamingSessionStreamExpirationInSeconds 60 3600
StudioComponentDescription 0 256
StudioComponentId 0 22
StudioComponentInitializationScriptContent 1 5120
StudioComponentList 0 50
StudioComponentName 0 64
StudioComponentScriptParameterKeyValueList 0 30
StudioComponentSecurityGroupIdList 0 30
StudioDisplayName 0 64
StudioEncryptionConfigurationKeyArn 4 -
StudioMembershipList 0 20
StudioName 3 64
VolumeIops 3000 16000
VolumeSizeInGiB 100 16000
VolumeThroughputInMiBs 125 1000
"""

# Every shape with a pattern: what fits it and what does not.
PATTERNS = {
    "EC2ImageId": ("ami-0a1b2c3d", "img-0a1b2c3d"),
    "EulaAcceptanceId": ("yeG7lDwNQEiwNTRT7DrV7Q", "a.b"),
    "EulaId": ("gJZLygd-Srq_5NNbSfiaLg", "a b"),
    "LaunchProfileId": ("yeG7lDwNQEiwNTRT7DrV7Q", "us-west-2:x"),
    "LaunchProfileProtocolVersion": ("2021-03-31", "2022-03-31"),
    "LaunchPurpose": ("RENDER_WORKER_2", "render"),
    "LinuxMountPoint": ("/mnt/fsx", "mnt\\fsx"),
    "Region": ("us-west-2", "mars"),
    "ScriptParameterKey": ("_PROJECT2", "2PROJECT"),
    "StreamingImageEncryptionConfigurationKeyArn": ("arn:aws:kms:x", "key:aws"),
    "StreamingImageId": ("yeG7lDwNQEiwNTRT7DrV7Q", "a/b"),
    "StreamingImagePlatform": ("WINDOWS", "Windows 11"),
    "StreamingSessionStorageRootPathLinux": ("$HOME/uploads", "uploads"),
    "StreamingSessionStorageRootPathWindows": ("D:\\uploads", "\\\\server\\uploads"),
    "StudioComponentId": ("yeG7lDwNQEiwNTRT7DrV7Q", "a:b"),
    "StudioEncryptionConfigurationKeyArn": ("arn:aws:kms:x", "alias/key"),
    "StudioName": ("northwind1", "Northwind"),
    "WindowsMountDrive": ("Z", "z:"),
}

SENSITIVE = """
ActiveDirectoryComputerAttributeList LaunchProfileDescription LaunchProfileName LinuxMountPoint
SensitiveString StreamingImageDescription StreamingImageName StreamingSessionStorageRootPathLinux
StreamingSessionStorageRootPathWindows StudioComponentDescription StudioComponentName
StudioComponentInitializationScriptContent StudioComponentScriptParameterKeyValueList
StudioDisplayName
"""

SESSION = """
arn automaticTerminationMode backupMode createdAt createdBy ec2InstanceType launchProfileId
maxBackupsToRetain ownedBy sessionId sessionPersistenceMode startedAt startedBy
startedFromBackupId state statusCode statusMessage stopAt stoppedAt stoppedBy streamingImageId tags
terminateAt updatedAt updatedBy volumeConfiguration volumeRetentionMode
"""


def limits() -> dict[str, tuple[int | None, int | None]]:
    rows = [line.split() for line in LIMITS.strip().splitlines()]
    return {name: (int(low), None if high == "-" else int(high)) for name, low, high in rows}


def test_the_model_has_exactly_the_operations_of_the_table() -> None:
    assert len(OPERATIONS) == 49
    assert [row.name for row in OPERATIONS] == sorted(service_model().operation_names)


@table(column(OPERATIONS))
def test_operation(row: Row) -> None:
    operation = service_model().operation_model(row.name)
    shape = operation.input_shape
    assert shape is not None
    places = {name: member.serialization.get("location") for name, member in shape.members.items()}
    assert operation.http == {
        "method": row.method,
        "requestUri": row.path,
        "responseCode": row.status,
    }
    assert set(shape.required_members) == row.required
    assert {n for n, place in places.items() if place == "uri"} == set(
        re.findall(r"{(\w+)}", row.path)
    )
    in_query = {
        name: isinstance(shape.members[name], ListShape)
        for name, place in places.items()
        if place == "querystring"
    }
    assert in_query == row.query
    tokens = {name: shape.members[name] for name, place in places.items() if place == "header"}
    assert set(tokens) == ({"clientToken"} if row.has_token else set())
    for token in tokens.values():
        assert token.serialization["name"] == "X-Amz-Client-Token"
        assert token.metadata["idempotencyToken"] is True


@table(column(OPERATIONS))
def test_errors_of_an_operation(row: Row) -> None:
    expected = dict(ERRORS)
    if row.name in {"GetStreamingSessionBackup", "ListStreamingSessionBackups"}:
        del expected["ServiceQuotaExceededException"]
    shapes = service_model().operation_model(row.name).error_shapes
    assert {s.name: s.metadata["error"]["httpStatusCode"] for s in shapes} == expected
    retryable = {s.name for s in shapes if "retryable" in s.metadata}
    assert retryable == {"ThrottlingException", "InternalServerErrorException"}
    assert all(
        isinstance(s, StructureShape) and set(s.members) == {"message", "code", "context"}
        for s in shapes
    )


def test_exactly_these_shapes_have_limits() -> None:
    model = service_model()
    found = {
        name: (shape.metadata.get("min"), shape.metadata.get("max"))
        for name in model.shape_names
        if {"min", "max"} & (shape := model.shape_for(name)).metadata.keys()
    }
    assert found == limits()


def test_exactly_these_shapes_have_patterns() -> None:
    model = service_model()
    named = {name for name in model.shape_names if "pattern" in model.shape_for(name).metadata}
    assert named == set(PATTERNS)


@table(column(PATTERNS))
def test_pattern(name: str) -> None:
    good, bad = PATTERNS[name]
    pattern = service_model().shape_for(name).metadata["pattern"]
    assert re.fullmatch(pattern, good)
    assert not re.fullmatch(pattern, bad)


def test_enums_are_those_that_the_published_types_know() -> None:
    model = service_model()
    shapes = {name: model.shape_for(name) for name in model.shape_names}
    ours = {n: set(s.enum) for n, s in shapes.items() if isinstance(s, StringShape) and s.enum}
    theirs = {
        name.removesuffix("Type"): set(get_args(getattr(literals, name)))
        for name in dir(literals)
        if name.removesuffix("Type") in shapes
    }
    assert len(ours) == 30
    assert ours == theirs


def test_exactly_these_shapes_are_sensitive() -> None:
    model = service_model()
    found = {name for name in model.shape_names if model.shape_for(name).metadata.get("sensitive")}
    assert found == set(SENSITIVE.split())


def test_a_session_has_the_members_of_the_last_version() -> None:
    session = service_model().shape_for("StreamingSession")
    assert isinstance(session, StructureShape)
    assert set(session.members) == set(SESSION.split())


@table((name, low) for name, (low, _) in limits().items() if low)
def test_aws_clients_refuse_what_is_below_a_minimum(name: str, least: int) -> None:
    shape = service_model().shape_for(name)
    too_little: Any = least - 1
    if shape.type_name == "string":
        too_little = "x" * (least - 1)
    elif shape.type_name == "list":
        too_little = []
    assert ParamValidator().validate(too_little, shape).has_errors()


def test_every_shape_is_reached_and_none_has_documentation() -> None:
    text = (DATA / "nimble/2020-08-01/service-2.json").read_text(encoding="utf-8")
    content = json.loads(text)
    reached: set[str] = set()
    roots = [
        op[end]["shape"] for op in content["operations"].values() for end in ("input", "output")
    ]
    waiting = [*roots, *ERRORS]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += re.findall(r'"shape": "(\w+)"', json.dumps(content["shapes"][name]))
    assert reached == set(content["shapes"])
    assert "documentation" not in text
