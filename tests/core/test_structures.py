"""Replies and cached lists read without believing them."""

import dataclasses
import json
import types
import typing
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimble_tui.core import model, structures
from nimble_tui.core.model import SessionAction
from nimble_tui.core.rules import check_action, deadline
from nimble_tui.core.structures import NOT_SENT, At, From, Id

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["READY", "ACTIVATED", "2026-11-21T12:00:00Z", 10**400, -1, 2**63, 1e308]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
READERS: dict[Callable[[object], Any], str] = {
    model.read_streaming_session: "sessionId",
    model.read_launch_profile: "launchProfileId",
    model.read_streaming_image: "streamingImageId",
    model.read_studio: "studioId",
}
NAMES = [
    "sessionId", "launchProfileId", "streamingImageId", "studioId", "state", "statusCode", "arn",
    "createdAt", "stopAt", "terminateAt", "stoppedAt", "startedAt", "tags", "name", "eulaIds",
    "streamConfiguration", "volumeConfiguration", "maxBackupsToRetain", "validationResults",
    "sessionPersistenceMode", "automaticTerminationMode", "ec2SubnetIds", "ownedBy",
]  # fmt: skip
CONFIGURATION = st.dictionaries(
    st.sampled_from([
        "maxSessionLengthInMinutes", "maxStoppedSessionLengthInMinutes", "ec2InstanceTypes",
        "sessionBackup", "sessionStorage", "volumeConfiguration", "clipboardMode",
    ]),
    JSON,
)  # fmt: skip
HOSTILE = st.dictionaries(st.sampled_from(NAMES), JSON | CONFIGURATION) | JSON


def holds(value: object, kind: Any) -> bool:
    """Return whether a value is of an annotated type, all the way down."""
    origin = typing.get_origin(kind)
    inner = typing.get_args(kind)
    if origin in {typing.Union, types.UnionType}:
        return any(holds(value, one) for one in inner)
    if origin is tuple:
        return isinstance(value, tuple) and all(holds(one, inner[0]) for one in value)
    if origin is Mapping:
        return isinstance(value, Mapping) and all(
            holds(k, inner[0]) and holds(v, inner[1]) for k, v in value.items()
        )
    if dataclasses.is_dataclass(kind):
        return isinstance(value, typing.cast("type", kind)) and well_typed(value)
    if kind is int:
        return type(value) is int
    return isinstance(value, kind)


def well_typed(value: object) -> bool:
    hints = typing.get_type_hints(type(value), vars(model))
    return all(holds(getattr(value, name), kind) for name, kind in hints.items())


@pytest.mark.parametrize("read", READERS)
@given(value=HOSTILE)
def test_anything_is_read_or_refused(read: Callable[[object], object], value: object) -> None:
    try:
        result = read(value)
    except ValueError:
        return
    assert well_typed(result)


TIME = st.sampled_from([
    "2026-11-21T12:00:00Z", "9998-12-31T23:59:59Z", "0002-01-01T00:00:00Z", 0, 1e11, None, "never",
])  # fmt: skip
LENGTH = st.sampled_from([0, 1, -1, 690, 2**31 - 1, -(2**31) + 1, 10**400, 1.5, "7", None])
MODE = st.sampled_from(["ACTIVATED", "DEACTIVATED", "SOMETIMES", "", 7, None])


@given(
    session=st.fixed_dictionaries({
        "sessionId": st.just("ses.one"),
        "state": st.sampled_from([*model.SessionState, "HIBERNATED", 7, None]),
        **dict.fromkeys(["createdAt", "startedAt", "stoppedAt"], TIME),
        **dict.fromkeys(["stopAt", "terminateAt"], st.none() | TIME),
        "sessionPersistenceMode": MODE,
        "automaticTerminationMode": MODE,
    }),
    configuration=st.fixed_dictionaries({
        "maxSessionLengthInMinutes": LENGTH,
        "maxStoppedSessionLengthInMinutes": LENGTH,
    }),
)  # fmt: skip
def test_the_rules_hold_for_anything_that_can_be_read(
    session: dict[str, Any], configuration: dict[str, Any]
) -> None:
    one = model.read_streaming_session(session)
    two = model.read_launch_profile(
        {"launchProfileId": "lp-1", "streamConfiguration": configuration}
    )
    for action in SessionAction:
        check_action(action, one, two)
    found = deadline(one, two)
    if found is not None:
        now = datetime(2026, 11, 21, tzinfo=UTC)
        found.left(now)
        found.passed(now)
        found.urgency(now)
        for hours in (-23, 23):
            found.at.astimezone(timezone(timedelta(hours=hours)))


@pytest.mark.parametrize(("read", "name"), READERS.items())
@pytest.mark.parametrize("value", [None, "", 7, [], {}, "x" * 1025])
def test_a_thing_without_an_id_is_refused(
    read: Callable[[object], object], name: str, value: object
) -> None:
    with pytest.raises(ValueError, match=name):
        read({name: value})


@pytest.mark.parametrize("value", [None, 7, "text", [], [{}], True])
@pytest.mark.parametrize("read", READERS)
def test_what_is_no_structure_is_refused(read: Callable[[object], object], value: object) -> None:
    with pytest.raises(ValueError, match="structure"):
        read(value)


def test_a_whole_session() -> None:
    reply = {
        "sessionId": "ses.one",
        "state": "READY",
        "createdAt": "2026-11-21T10:00:00+02:00",
        "stopAt": 1795262400,
        "terminateAt": datetime(2026, 11, 22, tzinfo=UTC),
        "tags": {"Name": "shot \x1b7", "n": 7},
        "maxBackupsToRetain": 3,
        "volumeConfiguration": {"size": 500, "iops": "many"},
    }
    session = model.read_streaming_session(reply)
    assert session.created_at == datetime(2026, 11, 21, 8, tzinfo=UTC)
    assert session.stop_at == datetime.fromtimestamp(1795262400, UTC)
    assert session.terminate_at == datetime(2026, 11, 22, tzinfo=UTC)
    assert session.tags == {"Name": "shot \N{REPLACEMENT CHARACTER}7"}
    assert session.max_backups_to_retain == 3
    assert session.volume_configuration == model.VolumeConfiguration(size=500)
    assert dict(session.members) == reply


def test_members_come_back_to_the_letter_and_make_a_difference() -> None:
    reply = {
        "sessionId": "ses.odd",
        "a": "\ud800 \x1b\n“é”",
        "b": [None, {"c": 1.5}],
        "d": "x" * 9999,
    }
    session = model.read_streaming_session(reply)
    assert list(session.members.items()) == list(reply.items())
    assert session.members["b"] == [None, {"c": 1.5}]
    assert "e" not in session.members
    assert model.read_streaming_session(dict(reply)) is session
    other = model.read_streaming_session({**reply, "e": 1})
    assert (other == session, other.members == session.members) == (True, False)


def test_a_whole_profile() -> None:
    profile = model.read_launch_profile({
        "launchProfileId": "lp-1",
        "name": "Lighting",
        "streamConfiguration": {
            "ec2InstanceTypes": ["g5.xlarge", 7, None],
            "maxSessionLengthInMinutes": 690,
            "sessionBackup": {"mode": "AUTOMATIC", "maxBackupsToRetain": 2},
            "sessionStorage": {"mode": ["UPLOAD"]},
        },
        "validationResults": [{"type": "VALIDATE_SUBNET"}, None, 7],
    })  # fmt: skip
    configuration = profile.stream_configuration
    assert configuration.ec2_instance_types == ("g5.xlarge",)
    assert configuration.max_session_length_in_minutes == 690
    assert (configuration.session_backup_mode, configuration.max_backups_to_retain) == (
        "AUTOMATIC",
        2,
    )
    assert configuration.session_storage_mode == ("UPLOAD",)
    assert [one.type for one in profile.validation_results] == ["VALIDATE_SUBNET"]


def test_details_skip_what_is_no_image() -> None:
    details = model.read_launch_profile_details({
        "launchProfile": {"launchProfileId": "lp-1"},
        "streamingImages": [None, {"streamingImageId": "img"}, {}],
    })  # fmt: skip
    assert [one.streaming_image_id for one in details.streaming_images] == ["img"]


def test_lists_count_what_they_skip() -> None:
    values = [None, {}, {"sessionId": "a"}, 7, {"sessionId": "b"}]
    good, skipped = structures.read_all(model.read_streaming_session, values)
    assert ([one.session_id for one in good], skipped) == (["a", "b"], 3)


@pytest.mark.parametrize(
    "value",
    [
        None, True, "", "yesterday", "12:00", [], {}, float("nan"), float("inf"), 1e300, -1e300,
        10**400, "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
    ],
)  # fmt: skip
def test_what_is_no_time(value: object) -> None:
    """A time at the very edge of the calendar cannot be shown in a local time zone."""
    assert structures.read_time(value) is None


@pytest.mark.parametrize("value", [10**12, -(10**12), 2**31])
def test_an_integer_that_the_api_cannot_mean_is_none(value: int) -> None:
    profile = model.read_launch_profile({
        "launchProfileId": "lp-1",
        "streamConfiguration": {"maxStoppedSessionLengthInMinutes": value},
    })  # fmt: skip
    assert profile.stream_configuration.max_stopped_session_length_in_minutes is None


@given(st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_times_are_read_as_they_were_written(at: datetime) -> None:
    assert structures.read_time(at.isoformat()) == at
    assert structures.read_time(json.loads(json.dumps(at.isoformat()))) == at
    assert structures.read_time(at.replace(tzinfo=None)) == at


@dataclasses.dataclass(frozen=True)
class Within:
    size: int | None = None


@dataclasses.dataclass(frozen=True)
class Example:
    """One field of each kind that the reader knows."""

    example_id: Id
    owned_by: Id | None
    status_message: str | None
    type: str
    longest_in_minutes: int | None
    created_at: datetime | None
    eula_ids: tuple[str, ...]
    tags: Mapping[str, str]
    disk: Within | None
    always: Within
    disks: tuple[Within, ...]
    mode: typing.Annotated[str | None, At("outer.inner.mode")]
    count: typing.Annotated[int, From(len)]
    ours: typing.Annotated[bool, NOT_SENT] = False


def test_an_annotated_field_is_all_that_a_member_needs() -> None:
    full = structures.read(
        Example,
        {
            "exampleId": "e\x1b",
            "ownedBy": "me",
            "statusMessage": "a\x1bb",
            "type": " T ",
            "longestInMinutes": 5,
            "createdAt": "2026-11-21T10:00:00Z",
            "eulaIds": ["x", 7],
            "tags": {"k": "v", "n": 7},
            "disk": {"size": 1},
            "always": {"size": 2},
            "disks": [{"size": 3}, None],
            "outer": {"inner": {"mode": "M"}},
            "ours": True,
        },
    )
    assert full == Example(
        *("e\x1b", "me", "a\N{REPLACEMENT CHARACTER}b", "T", 5),
        datetime(2026, 11, 21, 10, tzinfo=UTC),
        ("x",),
        {"k": "v"},
        Within(1),
        Within(2),
        (Within(3),),
        "M",
        13,
    )


@pytest.mark.parametrize("value", [None, 7, [], {}, True])
def test_what_cannot_be_read_is_none_or_empty(value: object) -> None:
    names = ["ownedBy", "statusMessage", "type", "createdAt", "eulaIds", "tags", "disk", "always"]
    structure = {"exampleId": "e", **dict.fromkeys([*names, "disks", "outer"], value)}
    if value == 7:
        structure["createdAt"] = None
    empty = Example("e", None, None, "", None, None, (), {}, None, Within(), (), None, 11)
    assert structures.read(Example, structure) == empty
