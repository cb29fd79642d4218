"""A workstation's screen through the studio's own port: who sees it, and until when."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection

from nimble_tui.studio.http.screen_gate import CloseCode
from nimble_tui.studio.lifecycle.streams import end_of_person
from nimble_tui.studio.store.records import Kind, Role
from tests.studio.http.harness import Authority
from tests.studio.http.screens import GREETING, ScreenWorld, open_screens, wait_until
from tests.studio.world import INES, MARA, PAT

pytestmark = pytest.mark.skipif(not hasattr(os, "O_PATH"), reason="needs Linux's sockets in files")


@pytest.fixture
def screens(tmp_path: Path) -> Iterator[ScreenWorld]:
    with open_screens(tmp_path) as opened:
        yield opened


def code_of(screens: ScreenWorld, stream_id: str, token: str) -> int:
    """Return the code with which a screen is closed that cannot be opened."""
    with screens.connect(stream_id, token) as browser, pytest.raises(ConnectionClosed) as closed:
        browser.recv(10)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.reason.endswith(".")
    return closed.value.rcvd.code


def test_bytes_pass_both_ways(screens: ScreenWorld) -> None:
    with screens.connect(*screens.link(screens.ready())) as browser:
        assert browser.recv(10) == GREETING
        for size in (1, 100, 70_000, 300_000):
            browser.send(b"k" * size)
            got = b""
            while len(got) < size:
                part = browser.recv(10)
                assert isinstance(part, bytes)
                got += part
            assert got == b"k" * size
        assert browser.subprotocol == "nimble-screen"


def test_a_launch_profile_without_a_clipboard_has_none_in_the_browser(screens: ScreenWorld) -> None:
    screens.world.new_profile(clipboardMode="DISABLED")
    session_id = screens.world.create("A new one", PAT)
    screens.world.advance()
    with screens.connect(*screens.link(session_id, PAT)) as browser:
        assert browser.subprotocol == "nimble-screen-without-clipboard"


def test_bytes_pass_through_tls(tmp_path: Path) -> None:
    with (
        open_screens(tmp_path, Authority(tmp_path)) as screens,
        screens.connect(*screens.link(screens.ready())) as browser,
    ):
        assert browser.recv(10) == GREETING
        browser.send(b"key")
        assert browser.recv(10) == b"key"


def test_a_token_opens_its_own_stream_alone(screens: ScreenWorld) -> None:
    session_id = screens.ready()
    stream_id, token = screens.link(session_id)
    other_stream_id, _ = screens.link(session_id)
    altered = ("B" if token[0] == "A" else "A") + token[1:]
    assert code_of(screens, stream_id, altered) == CloseCode.NOT_FOUND
    assert code_of(screens, other_stream_id, token) == CloseCode.NOT_FOUND
    assert code_of(screens, "none", token) == CloseCode.NOT_FOUND
    assert not screens.rfb.connections


def test_an_expired_link_opens_nothing_and_an_open_screen_stays(screens: ScreenWorld) -> None:
    stream_id, token = screens.link(screens.ready())
    with screens.connect(stream_id, token) as browser:
        assert browser.recv(10) == GREETING
        screens.world.advance(121)
        assert code_of(screens, stream_id, token) == CloseCode.EXPIRED
        screens.world.advance(3700)  # the stream's record is gone too
        assert code_of(screens, stream_id, token) == CloseCode.NOT_FOUND
        browser.send(b"still here")
        assert browser.recv(10) == b"still here"


def reason_of(browser: ClientConnection) -> str:
    """Return why a screen that was open ends."""
    with pytest.raises(ConnectionClosed) as closed:
        browser.recv(10)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == CloseCode.ENDED
    return closed.value.rcvd.reason


@pytest.mark.parametrize("what", ["stop", "delete"])
def test_a_screen_ends_with_the_run_of_its_workstation(screens: ScreenWorld, what: str) -> None:
    session_id = screens.ready()
    link = screens.link(session_id)
    with screens.connect(*link) as browser:
        assert browser.recv(10) == GREETING
        screens.world.act(what, session_id)
        assert reason_of(browser) == "The workstation was stopped."
    assert code_of(screens, *link) == CloseCode.EXPIRED


@pytest.mark.parametrize("expires", [False, True])
@pytest.mark.parametrize("how", ["revoked", "new keys"])
def test_a_screen_ends_with_its_persons_keys(screens: ScreenWorld, how: str, expires: bool) -> None:
    session_id = screens.ready()
    with screens.connect(*screens.link(session_id)) as browser:
        assert browser.recv(10) == GREETING
        if expires:
            screens.world.advance(121)
        with screens.write() as tx:
            if how == "revoked":
                tx.revoke_keys(MARA)
            else:
                tx.set_keys(MARA, "AKIDNEW", "new")
        assert reason_of(browser) == "You can no longer see this workstation's screen."


@pytest.mark.parametrize("how", ["revoked", "new keys", "stopped"])
def test_a_link_from_before_opens_nothing(screens: ScreenWorld, how: str) -> None:
    session_id = screens.ready()
    link = screens.link(session_id)
    if how == "stopped":
        screens.world.act("stop", session_id)
        screens.world.advance(60)
        screens.world.act("start", session_id)
        screens.world.advance(60)
        assert screens.world.state(session_id) == "READY"
    else:
        with screens.write() as tx:
            if how == "revoked":
                tx.revoke_keys(MARA)
            else:
                end_of_person(tx, MARA, screens.world.clock.now())  # as an invite does
                tx.set_keys(MARA, "AKIDNEW", "new")
    assert code_of(screens, *link) in {CloseCode.NOT_FOUND, CloseCode.EXPIRED}
    assert not screens.rfb.connections


def test_an_admins_screen_ends_with_their_role(screens: ScreenWorld) -> None:
    session_id = screens.ready()
    with (
        screens.connect(*screens.link(session_id, INES)) as admin,
        screens.connect(*screens.link(session_id)) as artist,
    ):
        assert admin.recv(10) == artist.recv(10) == GREETING
        with screens.write() as tx:
            tx.set_role(INES, Role.ARTIST)
        reason_of(admin)
        artist.send(b"still here")
        assert artist.recv(10) == b"still here"


def test_a_workstation_that_vanishes_ends_its_screen(screens: ScreenWorld) -> None:
    session_id = screens.ready()
    with screens.connect(*screens.link(session_id)) as browser:
        assert browser.recv(10) == GREETING
        screens.rfb.drop()
        assert reason_of(browser) == "The workstation's screen has ended."


def test_a_screen_that_cannot_be_reached_says_so(screens: ScreenWorld) -> None:
    link = screens.link(screens.ready())
    real = screens.rfb.path
    for path in (real.with_name("none"), real.parent, None):
        screens.world.compute.screen = path
        assert code_of(screens, *link) == CloseCode.NO_ANSWER
    leads_elsewhere = real.with_name("link")
    leads_elsewhere.symlink_to(real)
    screens.world.compute.screen = leads_elsewhere
    assert code_of(screens, *link) == CloseCode.NO_ANSWER
    assert not screens.rfb.connections
    assert {one.reply.status for one in screens.answered if one.reply.operation == "screen"} == {
        424
    }


def test_a_bad_record_is_refused(screens: ScreenWorld) -> None:
    stream_id, token = screens.link(screens.ready())
    with screens.write() as tx:
        stream = tx.resource(Kind.STREAMING_SESSION_STREAM, stream_id)
        assert stream is not None
        del stream.document["createdBy"]
        tx.put(stream)
    assert code_of(screens, stream_id, token) == CloseCode.NO_ANSWER


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost"]
)
def test_a_page_of_another_origin_is_refused(screens: ScreenWorld, origin: str) -> None:
    link = screens.link(screens.ready())
    with pytest.raises(InvalidStatus) as refused:
        screens.connect(*link, origin=origin)
    assert refused.value.response.status_code == 403
    assert not screens.rfb.connections


def test_the_origin_behind_a_proxy_is_the_public_address(tmp_path: Path) -> None:
    with open_screens(tmp_path, public_url="https://studio.example") as screens:
        link = screens.link(screens.ready())
        with screens.connect(*link, origin="https://studio.example") as browser:
            assert browser.recv(10) == GREETING
        with pytest.raises(InvalidStatus):
            screens.connect(*link, origin="https://studio.example:444")


def test_too_many_windows_are_refused_and_one_closed_makes_room(screens: ScreenWorld) -> None:
    link = screens.link(screens.ready())
    with ExitStack() as stack:
        browsers = [stack.enter_context(screens.connect(*link)) for _ in range(3)]
        assert [one.recv(10) for one in browsers] == [GREETING] * 3
        assert code_of(screens, *link) == CloseCode.TOO_MANY
        browsers[0].close()
        wait_until(lambda: screens.open_screens == 2)
        with screens.connect(*link) as again:
            assert again.recv(10) == GREETING
    wait_until(lambda: screens.server.counts.total == 0)


def test_a_token_is_in_no_log(screens: ScreenWorld, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    stream_id, token = screens.link(screens.ready())
    with screens.connect(stream_id, token) as browser:
        assert browser.recv(10) == GREETING
        browser.send(b"typed secret")
        assert browser.recv(10) == b"typed secret"
    code_of(screens, "none", token)
    of_clients = ("botocore", "urllib3", "websockets")
    logged = [one.getMessage() for one in caplog.records if not one.name.startswith(of_clients)]
    assert not [line for line in logged if token in line or "typed" in line]
    assert token not in repr(screens.answered)
    assert [one.reply.status for one in screens.answered if one.reply.operation == "screen"] == [
        101,
        404,
    ]


def test_a_server_that_closes_ends_its_screens(tmp_path: Path) -> None:
    with (
        open_screens(tmp_path) as screens,
        screens.connect(*screens.link(screens.ready())) as browser,
    ):
        assert browser.recv(10) == GREETING
        screens.server.close()
        with pytest.raises(ConnectionClosed) as closed:
            browser.recv(10)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == CloseCode.GOING_AWAY
