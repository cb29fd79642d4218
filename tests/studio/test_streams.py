"""Streams: the way to a screen, for a while, and the page that stands for it in the demo."""

import http.client
import logging
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from nimble_tui.core.clock import ManualClock
from nimble_tui.studio import invites
from nimble_tui.studio.compute.simulated import FAIL_TAG, SECONDS
from tests.studio.world import AIKO, INES, MARA, NOW, PAT, STUDIO_ID, World, open_world, refused

MADE = SECONDS["stream"] * 1.25
shown_as_page = pytest.mark.simulated_only("a page stands for the screen of a simulated machine")


def ready_stream(world: World, session_id: str, by: str = MARA) -> str:
    stream_id = world.new_stream(session_id, by)
    world.advance(MADE)
    assert world.stream(session_id, stream_id, by)["state"] == "READY"
    return stream_id


def url_of(world: World, session_id: str) -> str:
    url: str = world.stream(session_id, ready_stream(world, session_id))["url"]
    return url


class Page(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    text: str


def ask(url: str, method: str = "GET", host: str | None = None) -> Page:
    """Ask for a page as a browser does, without its fragment."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=20)
    try:
        connection.request(
            method, f"{parts.path}?{parts.query}", headers={"Host": host or parts.netloc}
        )
        reply = connection.getresponse()
        return Page(reply.status, reply.headers, reply.read().decode())
    finally:
        connection.close()


def test_a_whole_life(world: World) -> None:
    session_id = world.ready()
    asked_at = world.clock.now()
    made = world.mara.create_streaming_session_stream(studioId=STUDIO_ID, sessionId=session_id)
    making = made["stream"]
    assert (making["state"], making["statusCode"]) == (
        "CREATE_IN_PROGRESS",
        "STREAM_CREATE_IN_PROGRESS",
    )
    assert (making["createdBy"], making["ownedBy"]) == (MARA, MARA)
    assert making["createdAt"] == asked_at
    assert making["expiresAt"] == asked_at + timedelta(seconds=120)
    assert "url" not in making
    stream_id = making["streamId"]
    world.advance(MADE)
    ready = world.stream(session_id, stream_id)
    assert (ready["state"], ready["statusCode"]) == ("READY", "STREAM_READY")
    assert ready.keys() == making.keys() | {"url"}
    world.clock.time = making["expiresAt"] - timedelta(seconds=1)
    assert world.stream(session_id, stream_id) == ready
    world.advance(1)
    over = world.stream(session_id, stream_id)
    assert (over["state"], over["statusCode"]) == ("DELETED", "STREAM_DELETED")
    assert "url" not in over
    world.advance(3601)
    with refused("ResourceNotFoundException") as reply:
        world.stream(session_id, stream_id)
    assert reply["context"] == {"resourceId": stream_id}


def test_the_waiter_of_the_api_ends(world: World) -> None:
    session_id = world.ready()
    stream_id = world.new_stream(session_id)
    world.advance(MADE)
    world.mara.get_waiter("streaming_session_stream_ready").wait(
        studioId=STUDIO_ID,
        sessionId=session_id,
        streamId=stream_id,
        WaiterConfig={"Delay": 0, "MaxAttempts": 1},
    )


@pytest.mark.parametrize("seconds", [60, 3600])
def test_it_lives_for_as_long_as_was_asked(world: World, seconds: int) -> None:
    session_id = world.ready()
    stream_id = world.new_stream(session_id, expirationInSeconds=seconds)
    world.advance(seconds - 1)
    assert world.stream(session_id, stream_id)["state"] == "READY"
    world.advance(1)
    assert world.stream(session_id, stream_id)["state"] == "DELETED"


def test_no_longer_than_an_hour(world: World) -> None:
    session_id = world.ready()
    with refused("ValidationException") as reply:
        world.new_stream(session_id, expirationInSeconds=3601)
    assert "expirationInSeconds" in reply["context"]


def test_the_speed_divides_how_long_it_takes() -> None:
    with open_world(speed=10.0) as world:
        session_id = world.ready()
        stream_id = world.new_stream(session_id)
        world.advance(MADE / 10)
        ready = world.stream(session_id, stream_id)
        assert ready["state"] == "READY"
        assert ready["expiresAt"] - ready["createdAt"] == timedelta(seconds=120)


@pytest.mark.always_local
@pytest.mark.parametrize("action", ["stop", "delete"])
def test_it_is_over_when_its_workstation_is_ready_no_more(world: World, action: str) -> None:
    session_id = world.ready()
    made, making = ready_stream(world, session_id), world.new_stream(session_id)
    world.act(action, session_id)
    for stream_id in (made, making):
        over = world.stream(session_id, stream_id)
        assert over["state"] == "DELETED"
        assert "url" not in over
    world.advance()
    assert world.stream(session_id, making)["state"] == "DELETED"


def test_a_stop_by_itself_ends_it_too(world: World) -> None:
    session_id = world.ready()
    world.clock.time = world.get(session_id)["stopAt"] - timedelta(seconds=30)
    stream_id = ready_stream(world, session_id)
    world.advance(30)
    assert world.stream(session_id, stream_id)["state"] == "DELETED"


def test_only_a_ready_workstation_has_one(world: World) -> None:
    session_id = world.create()
    with refused("ConflictException"):
        world.new_stream(session_id)
    world.advance()
    world.act("stop", session_id)
    world.advance()
    with refused("ValidationException", "INVALID_STATE") as reply:
        world.new_stream(session_id)
    assert reply["message"] == "It is STOPPED and cannot be connected to."


def test_one_token_makes_one(world: World) -> None:
    session_id = world.ready()
    first = world.new_stream(session_id, clientToken="t-1")
    world.advance(MADE)
    again = world.mara.create_streaming_session_stream(
        studioId=STUDIO_ID, sessionId=session_id, clientToken="t-1"
    )["stream"]
    assert again == world.stream(session_id, first)
    with refused("ValidationException", "CLIENT_TOKEN_REUSED"):
        world.new_stream(session_id, clientToken="t-1", expirationInSeconds=60)


def test_nobody_else_gets_one(world: World) -> None:
    session_id = world.ready()
    stream_id = ready_stream(world, session_id)
    with refused("AccessDeniedException", "NOT_YOURS"):
        world.new_stream(session_id, by=AIKO)
    with refused("AccessDeniedException", "NOT_YOURS"):
        world.stream(session_id, stream_id, by=AIKO)
    theirs = world.ready(by=AIKO)
    with refused("ResourceNotFoundException"):
        world.stream(theirs, stream_id, by=AIKO)
    by_admin = world.stream(session_id, ready_stream(world, session_id, by=INES))
    assert (by_admin["createdBy"], by_admin["ownedBy"]) == (INES, MARA)


@pytest.mark.simulated_only("a tag makes the simulation fail")
@pytest.mark.parametrize(
    ("told", "status_code"),
    [
        ("NETWORK_CONNECTION_ERROR", "NETWORK_CONNECTION_ERROR"),
        ("INSUFFICIENT_CAPACITY", "INTERNAL_ERROR"),
    ],
)
def test_one_that_fails_says_so_and_goes_like_any(
    world: World, told: str, status_code: str
) -> None:
    session_id = world.ready(tags={FAIL_TAG: f"stream:{told}"})
    stream_id = world.new_stream(session_id)
    world.advance(MADE)
    failed = world.stream(session_id, stream_id)
    assert (failed["state"], failed["statusCode"]) == ("CREATE_FAILED", status_code)
    assert "url" not in failed
    world.advance(120)
    assert world.stream(session_id, stream_id)["state"] == "DELETED"


@shown_as_page
def test_its_address_is_the_studios_own_as_the_caller_knows_it(world: World) -> None:
    session_id = world.ready()
    url = urlsplit(url_of(world, session_id))
    assert f"{url.scheme}://{url.netloc}" == world.url
    assert url.path.startswith("/stream/")
    assert url.query.startswith("authToken=")
    assert len(url.query) > 40
    assert url.fragment == session_id


@pytest.mark.parametrize(
    ("header", "scheme"), [("https", "https"), ("HTTPS", "https"), ("http", "http"), ("x", "http")]
)
def test_a_proxy_that_speaks_tls_is_believed(world: World, header: str, scheme: str) -> None:
    session_id = world.ready()
    stream_id = ready_stream(world, session_id)

    def through_the_proxy(request: Any, **_: object) -> None:
        request.headers["X-Forwarded-Proto"] = header

    world.mara.meta.events.register("before-send.nimble", through_the_proxy)
    url = urlsplit(world.stream(session_id, stream_id)["url"])
    assert (url.scheme, url.netloc) == (scheme, urlsplit(world.url).netloc)


def test_a_host_that_is_none_gets_no_address(world: World) -> None:
    def elsewhere(request: Any, **_: object) -> None:
        request.headers["Host"] = "a.example/?x@b.example"

    world.mara.meta.events.register("before-sign.nimble", elsewhere)
    with refused("ValidationException", "MALFORMED_HOST"):
        world.mara.list_studios()


@shown_as_page
def test_the_page_says_which_workstation_it_is(world: World) -> None:
    session_id = world.ready("Comp", tags={"Name": "sq042 <b>matte</b> & \u202eroto"})
    url = url_of(world, session_id)
    page = ask(url)
    text = page.text
    assert page.status == 200
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "Simulated workstation" in text
    assert "<h1>sq042 &lt;b&gt;matte&lt;/b&gt; &amp; \ufffdroto</h1>" in text
    session = world.get(session_id)
    for shown in ("Comp", session["ec2InstanceType"], "Nuke 16", "Windows", "Mara Vos", session_id):
        assert shown in text
    expires_at = world.stream(session_id, urlsplit(url).path.rpartition("/")[2])["expiresAt"]
    assert f"until {expires_at:%H:%M:%S} UTC" in text


@shown_as_page
def test_the_page_needs_nothing_and_gives_nothing_away(world: World) -> None:
    page = ask(url_of(world, world.ready()))
    text = page.text
    for word in ("<script", "src=", "href=", "url(", "http", "on" + "load"):
        assert word not in text
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Content-Type-Options"] == "nosniff"


@shown_as_page
def test_a_workstation_without_a_name_has_its_launch_profiles(world: World) -> None:
    session_id = world.ready("Review")
    page = ask(url_of(world, session_id))
    assert f"<h1>Review · {session_id[-4:]}</h1>" in page.text


@shown_as_page
def test_head_is_the_same_without_the_page(world: World) -> None:
    url = url_of(world, world.ready())
    head, page = ask(url, "HEAD"), ask(url)
    assert head.status == 200
    assert head.text == ""
    assert head.headers["Content-Length"] == page.headers["Content-Length"]


@shown_as_page
@pytest.mark.parametrize("change", ["token", "no token", "id", "path", "long", "odd"])
def test_an_address_that_was_guessed_leads_nowhere(world: World, change: str) -> None:
    url = url_of(world, world.ready()).partition("#")[0]
    start, _, token = url.partition("?authToken=")
    guessed = {
        "token": f"{start}?authToken={token[:-1]}{'A' if token[-1] != 'A' else 'B'}",
        "no token": start,
        "id": f"{start}x?authToken={token}",
        "path": f"{start}/x?authToken={token}",
        "long": f"{start}?authToken={'x' * 5000}",
        "odd": f"{start}?{'&' * 3000}%ff%00<script>",
    }[change]
    page = ask(guessed)
    assert page.status == 404
    assert "Link not found" in page.text
    assert "<script" not in page.text


@shown_as_page
def test_the_page_of_one_that_is_over_says_so(world: World) -> None:
    stopping = world.ready()
    url = url_of(world, stopping)
    world.act("stop", stopping)
    assert ask(url).status == 410
    url = url_of(world, world.ready())
    world.advance(121)
    page = ask(url)
    assert page.status == 410
    assert "Connect again" in page.text
    world.advance(3600)
    assert ask(url).status == 404


def test_nothing_else_is_open_to_whoever_has_no_key(world: World) -> None:
    url = url_of(world, world.ready())
    assert ask(url, "POST").status == 403
    assert ask(f"{world.url}/").status == 403
    assert ask(f"{world.url}/2020-08-01/studios").status == 403


def test_a_page_under_another_name_is_refused() -> None:
    with open_world(allowed_hosts=frozenset({"127.0.0.1"})) as world:
        url = url_of(world, world.ready())
        assert ask(url).status == 200
        assert ask(url, host="evil.example").status == 403


def test_its_token_shows_in_no_log_and_no_repr(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="nimble_tui")
    session_id = world.ready()
    url = urlsplit(url_of(world, session_id))
    token = url.query.removeprefix("authToken=") or url.fragment
    with world.studio._store.read() as tx:  # noqa: SLF001 - nothing shows it by itself
        everything = tx.everything()
    assert not any(token in str(one.document) for one in everything)
    assert token not in repr(everything)
    assert token not in caplog.text


def test_an_absence_brings_none_back_to_life(tmp_path: Path) -> None:
    path, clock = tmp_path / "studio.db", ManualClock(NOW)
    with open_world(path, clock) as world:
        session_id = world.ready()
        stream_id = world.new_stream(session_id, expirationInSeconds=3600)
        world.advance(MADE)
    clock.advance(3601)
    with open_world(path, clock) as world:
        assert world.state(session_id) == "READY"
        assert world.stream(session_id, stream_id)["state"] == "DELETED"


def test_a_workstation_has_a_few_at_a_time(world: World) -> None:
    session_id = world.ready()
    made = [world.new_stream(session_id, one) for one in (MARA, INES, MARA, INES, MARA)]
    with refused("ServiceQuotaExceededException", "STREAM_LIMIT"):
        world.new_stream(session_id)
    world.advance(MADE + 121)
    assert world.stream(session_id, made[0])["state"] == "DELETED"
    assert world.new_stream(session_id)


@pytest.mark.parametrize("how", ["revoked", "invited again"])
def test_it_ends_with_the_key_of_who_opened_it(tmp_path: Path, how: str) -> None:
    path = tmp_path / "studio.db"
    with open_world(path) as world:
        session_id = world.ready()
        url = url_of(world, session_id)
        by_admin = ready_stream(world, session_id, INES)
        making = world.new_stream(session_id)
        assert ask(url).status == 200
        if how == "revoked":
            invites.revoke(path, MARA)
        else:
            invites.invite(path, MARA, endpoint_url=world.url)
        assert ask(url).status == 410
        with refused("UnrecognizedClientException"):
            world.mara.list_studios()
        states = {
            stream_id: world.stream(session_id, stream_id, INES)["state"]
            for stream_id in (by_admin, making)
        }
        assert states == {by_admin: "READY", making: "DELETED"}
        world.advance()
        assert world.stream(session_id, making, INES)["state"] == "DELETED"


def test_an_admin_who_is_removed_keeps_only_their_own(world: World) -> None:
    theirs = world.ready(by=INES, profile="Lighting")
    session_id = world.ready()
    own = ready_stream(world, theirs, INES)
    other = ready_stream(world, session_id, INES)
    world.operator.put_studio_members(
        studioId=STUDIO_ID,
        identityStoreId=world.studio.about.identity_store_id,
        members=[{"persona": "ADMINISTRATOR", "principalId": AIKO}],
    )
    world.operator.delete_studio_member(studioId=STUDIO_ID, principalId=INES)
    assert world.stream(theirs, own, PAT)["state"] == "READY"
    assert world.stream(session_id, other, PAT)["state"] == "DELETED"
