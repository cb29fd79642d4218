"""What a reply may cost, and what is made of one that is nearly right."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from nimble_tui.client.json_body import DEEPEST, MOST_VALUES, read_object
from nimble_tui.client.nimble import NimbleService
from nimble_tui.client.transport import Limits
from nimble_tui.core.model import SessionAction
from nimble_tui.core.service import ErrorKind, StudioError
from tests.client.conftest import Connect, returned
from tests.faults.faulty_studio import Answer, FaultyStudio, Request, no, ok, replaced
from tests.faults.replies import reframed, rewritten, with_entries

BOM = b"\xef\xbb\xbf"
LISTS = ["ListStreamingSessions", "ListLaunchProfiles"]


def deep(levels: int, inside: object = 1) -> object:
    for _ in range(levels):
        inside = {"a": [inside]}
    return inside


def endless(studio: FaultyStudio, entry: dict[str, Any], count: int) -> None:
    """Let each page of workstations have a token never seen before, and entries never seen."""

    def plan(_: str, request: Request) -> Any:
        page = int(request.query.get("nextToken", ["0"])[0])
        entries = [{**entry, "sessionId": f"ses.{page}.{n}"} for n in range(count)]
        return replaced(ok({"sessions": entries, "nextToken": str(page + 1)})), True

    studio.plan = plan


# A list has one budget.


def test_a_list_of_large_entries_is_cut_off_by_its_bytes(
    service_for: Connect, studio: FaultyStudio
) -> None:
    endless(studio, {**studio.session("ses.ready"), "statusMessage": "x" * 50_000}, 10)
    service = service_for(limits=replace(Limits(), listing_bytes=1_200_000))
    listing = returned(service.list_streaming_sessions)
    assert len(studio.requests) == 3
    assert (listing.partial, len(listing.items)) == (True, 30)
    assert listing.problem == (
        "The list is incomplete: it was cut off, because it is too long (30 entries, 1 MiB); "
        "ask your admin."
    )


def test_a_list_of_many_entries_is_cut_off_by_its_rows(
    service_for: Connect, studio: FaultyStudio
) -> None:
    endless(studio, {"tags": None}, 40)
    service = service_for(limits=replace(Limits(), rows=100))
    listing = returned(service.list_streaming_sessions)
    assert (listing.partial, len(listing.items), len(studio.requests)) == (True, 120, 3)


def test_entries_that_cannot_be_read_count_as_rows_too(
    service_for: Connect, studio: FaultyStudio
) -> None:
    endless(studio, {}, 0)
    studio.plan = lambda _, request: (
        replaced(ok({"sessions": [None] * 60, "nextToken": f"{len(request.target)}x"})),
        True,
    )
    service = service_for(limits=replace(Limits(), rows=100))
    listing = returned(service.list_streaming_sessions)
    assert (listing.partial, listing.skipped) == (True, 120)


def test_every_list_has_the_budget(service_for: Connect, studio: FaultyStudio) -> None:
    studio.profiles = [
        {"launchProfileId": f"lp-{n}", "description": "x" * 50_000} for n in range(30)
    ]
    studio.page_size = 10
    service = service_for(limits=replace(Limits(), listing_bytes=600_000))
    listing = service.list_launch_profiles()
    assert (listing.partial, len(listing.items)) == (True, 20)


# A body is counted before it is parsed.


@pytest.mark.parametrize(
    "body",
    [
        b'{"sessions":[' + b"1.5," * (MOST_VALUES + 1) + b"1]}",
        b'{"sessions":[' + b"{}," * MOST_VALUES + b"1,1]}",
        b'{"sessions":[' + b"[" * MOST_VALUES + b"]" * MOST_VALUES + b"]}",
        b'{"sessions":[' + b'"",' * (MOST_VALUES + 1) + b"1]}",
        b'{"sessions":["' + b'\\"' * 4 * MOST_VALUES + b'"]}',
    ],
    ids=["numbers", "structures", "deep", "strings", "quotes"],
)
def test_a_body_of_too_many_values_is_not_parsed(
    service: NimbleService, studio: FaultyStudio, body: bytes
) -> None:
    studio.strike(replaced(Answer(200, body)), on=LISTS, before=True)
    with pytest.raises(StudioError) as caught:
        returned(service.list_streaming_sessions)
    assert caught.value.kind == ErrorKind.NOT_UNDERSTOOD
    assert read_object(body) is None


def test_as_many_values_as_two_full_pages_are_parsed() -> None:
    entry = {f"member{n}": "value" for n in range(35)}
    body = json.dumps({"sessions": [entry] * 1_000}).encode()
    assert read_object(body) == {"sessions": [entry] * 1_000}


@pytest.mark.parametrize("at", ['"', "\\", '\\"', '"\\', "{", "\\u0022", "x\\\\"])
def test_what_stands_in_a_string_is_no_structure(at: str) -> None:
    value = {"a": ["{[" * 10 * DEEPEST, f'{at}{{"[', at], at: 1}
    assert read_object(json.dumps(value).encode()) == value


def test_a_reply_is_parsed_once(
    service: NimbleService, studio: FaultyStudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[object] = []
    known = json.loads

    def counted(text: Any, **options: Any) -> Any:
        parsed.append(text)
        return known(text, **options)

    monkeypatch.setattr(json, "loads", counted)
    service.list_launch_profiles()
    service.list_streaming_sessions()
    assert len(parsed) == len(studio.requests) == 2


@pytest.mark.parametrize("number", [b"9" * 4_000, b"-" + b"9" * 400, b"9" * 20_000, b"1e300"])
def test_a_number_as_long_as_a_novel_is_no_time(
    service: NimbleService, studio: FaultyStudio, number: bytes
) -> None:
    entry = json.dumps(studio.session("ses.ready")).encode().removesuffix(b"}")
    entry += b',"stopAt":%b,"maxBackupsToRetain":%b}' % (number, number)
    body = b'{"sessions":[%b]}' % entry
    studio.strike(replaced(Answer(200, body)), on=LISTS, before=True)
    (session,) = service.list_streaming_sessions().items
    assert (session.stop_at, session.max_backups_to_retain) == (None, None)


# What nests deeply.


@pytest.mark.parametrize("levels", [DEEPEST, 400, 450])
def test_an_entry_that_nests_deeply_is_read_without_its_depths(
    service: NimbleService, studio: FaultyStudio, levels: int
) -> None:
    """Twice, and equal, with all its members as JSON: nothing may walk down there."""
    fault = with_entries("sessions", lambda rows: [{**row, "odd": deep(levels)} for row in rows])
    studio.strike(fault, on=["ListStreamingSessions"], before=False)
    try:
        first = returned(service.list_streaming_sessions)
    except StudioError as error:
        # How deep the JSON parser itself goes differs from one Python to the next.
        assert error.kind == ErrorKind.NOT_UNDERSTOOD  # noqa: PT017
        return
    assert [one.session_id for one in first.items] == ["ses.ready", "ses.stopped"]
    assert first.complete
    assert all(json.dumps(dict(one.members)).count("[") < DEEPEST for one in first.items)
    assert service.list_streaming_sessions().items == first.items
    assert service.list_launch_profiles().items


@pytest.mark.parametrize("levels", [DEEPEST, 400])
def test_a_launch_profile_that_nests_deeply_does_not_break_what_walks_its_members(
    service: NimbleService, studio: FaultyStudio, levels: int
) -> None:
    from nimble_tui.config.plain import plain

    studio.profiles = [{**studio.profiles[0], "tags": {"a": deep(levels)}}]
    for _ in range(2):
        (profile,) = returned(service.list_launch_profiles).items
        assert profile.title == "Lighting"
        assert json.dumps(plain(profile.members))


# What no request and no file could hold.


@pytest.mark.parametrize("name", ["\ud800", "ses.\udfff", "\udc80ses.ready"])
def test_an_id_with_a_lone_surrogate_is_one_that_cannot_be_read(
    service: NimbleService, studio: FaultyStudio, name: str
) -> None:
    fault = with_entries("sessions", lambda rows: [*rows, {**rows[0], "sessionId": name}])
    studio.strike(fault, on=["ListStreamingSessions"], before=False)
    listing = service.list_streaming_sessions()
    assert [one.session_id for one in listing.items] == ["ses.ready", "ses.stopped"]
    assert (listing.skipped, listing.complete) == (1, False)


@pytest.mark.parametrize("member", ["launchProfileId", "ownedBy", "state", "ec2InstanceType"])
def test_any_text_with_a_lone_surrogate_can_be_written_down(
    service: NimbleService, studio: FaultyStudio, member: str
) -> None:
    odd = {member: "x\ud800", "tags": {"Name": "\udc80 shot", "\ud800": "\ud800"}}
    fault = with_entries("sessions", lambda rows: [{**row, **odd} for row in rows])
    studio.strike(fault, on=["ListStreamingSessions"], before=False)
    session, _ = service.list_streaming_sessions().items
    texts = [session.launch_profile_id, session.owned_by, session.state, session.ec2_instance_type]
    assert all((text or "").encode() is not None for text in [*texts, *session.tags.values()])
    returned(lambda: service.act(SessionAction.STOP, "ses.ready"))


# Harmless oddities.


@pytest.mark.parametrize("operation", LISTS)
def test_a_byte_order_mark_before_json_does_no_harm(
    service: NimbleService, studio: FaultyStudio, operation: str
) -> None:
    odd = reframed(lambda data: _with_body(data, lambda body: BOM + body))
    studio.strike(odd, on=[operation], before=False)
    assert service.list_streaming_sessions().items
    assert service.list_launch_profiles().items


@pytest.mark.parametrize("operation", LISTS)
def test_a_reply_without_a_content_type_that_holds_its_list_is_read(
    service: NimbleService, studio: FaultyStudio, operation: str
) -> None:
    studio.strike(reframed(_without_type), on=[operation], before=False)
    assert service.list_streaming_sessions().items
    assert service.list_launch_profiles().items


@pytest.mark.parametrize("body", [b"{}", b"", b"[]", b"<html>{}", b'{"error":"sign in"}'])
def test_a_reply_without_a_content_type_still_has_to_hold_its_list(
    service: NimbleService, studio: FaultyStudio, body: bytes
) -> None:
    odd = reframed(lambda data: _with_body(_without_type(data), lambda _: body))
    studio.strike(odd, on=LISTS, before=False)
    for call in (service.list_streaming_sessions, service.list_launch_profiles):
        with pytest.raises(StudioError) as caught:
            returned(call)
        assert caught.value.kind in {ErrorKind.NOT_UNDERSTOOD, ErrorKind.UNREACHABLE}


def test_a_reply_that_says_it_is_a_part_is_not_believed(
    service: NimbleService, studio: FaultyStudio
) -> None:
    partial = reframed(lambda data: data.replace(b" 200 ", b" 206 ", 1))
    studio.strike(partial, on=LISTS, before=False)
    with pytest.raises(StudioError) as caught:
        returned(service.list_streaming_sessions)
    assert caught.value.kind == ErrorKind.NOT_UNDERSTOOD


def test_noise_before_the_head_is_an_answer_that_is_asked_for_again(
    service: NimbleService, studio: FaultyStudio
) -> None:
    noise = reframed(lambda data: b"hello\r\n\r\n" + data)
    studio.strike(noise, on=LISTS, before=False, times=1)
    assert service.list_streaming_sessions().complete
    studio.strike(noise, on=LISTS, before=False)
    with pytest.raises(StudioError) as caught:
        returned(service.list_streaming_sessions)
    assert caught.value.kind == ErrorKind.NOT_UNDERSTOOD
    assert "did not respond with HTTP" in caught.value.message


# How long a studio can keep the app away.


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("asked", ["1e9", "121", "Fri, 01 Jan 2100 00:00:00 GMT"])
def test_a_pause_longer_than_is_waited_for_is_mentioned(
    service: NimbleService, studio: FaultyStudio, status: int, asked: str
) -> None:
    storm = replaced(no(status, "", "slow", Retry_After=asked))
    studio.strike(storm, on=LISTS, before=True)
    with pytest.raises(StudioError) as caught:
        returned(service.list_streaming_sessions)
    assert caught.value.retry_after == 120
    assert "retries after 2 min" in caught.value.message


# Lists inside of other replies.


@pytest.mark.parametrize("images", [7, {}, "x"])
def test_images_that_are_no_list_are_not_no_images(
    service: NimbleService, studio: FaultyStudio, images: object
) -> None:
    studio.strike(
        rewritten(lambda values: {**values, "streamingImages": images}),
        on=["GetLaunchProfileDetails"],
        before=False,
    )
    with pytest.raises(StudioError) as caught:
        service.get_launch_profile_details("lp-1")
    assert caught.value.kind == ErrorKind.NOT_UNDERSTOOD


def test_images_that_cannot_be_read_are_counted(
    service: NimbleService, studio: FaultyStudio
) -> None:
    images = [{"streamingImageId": "img-1"}, None, {"streamingImageId": 7}, "img-2"]
    studio.strike(
        rewritten(lambda values: {**values, "streamingImages": images}),
        on=["GetLaunchProfileDetails"],
        before=False,
    )
    details = service.get_launch_profile_details("lp-1")
    assert [one.streaming_image_id for one in details.streaming_images] == ["img-1"]
    assert details.unread_images == 3


def _without_type(data: bytes) -> bytes:
    return data.replace(b"Content-Type: application/json\r\n", b"", 1)


def _with_body(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    head, _, body = data.partition(b"\r\n\r\n")
    body = change(body)
    lines = [one for one in head.split(b"\r\n") if not one.lower().startswith(b"content-length")]
    return b"\r\n".join([*lines, b"Content-Length: %d" % len(body)]) + b"\r\n\r\n" + body
