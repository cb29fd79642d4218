"""The app killed with a request on its way: the next start reads back what came of it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nimble_tui.client.journal.journal import Journal
from nimble_tui.client.nimble import NimbleService, connect
from nimble_tui.core.clock import ManualClock
from nimble_tui.core.launching import LAUNCH_TAG
from nimble_tui.core.model import SessionAction, StreamingSession
from nimble_tui.core.rules import Allowed, check_action
from nimble_tui.core.service import StudioInfo
from nimble_tui.studio.demo import Demo, open_demo

pytestmark = pytest.mark.skipif(os.name != "posix", reason="POSIX signals")

HERE = Path(__file__).parents[2]
NOW = datetime.now(UTC)
SOON = NOW + timedelta(minutes=1)


@pytest.fixture
def demo() -> Iterator[Demo]:
    with open_demo(None, speed=200) as demo:
        yield demo


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal"


@contextmanager
def app(demo: Demo, path: Path, at: datetime = NOW) -> Iterator[NimbleService]:
    invite = demo.invite
    journal = Journal(path)
    service = connect(
        StudioInfo("demo", invite.studio_id, invite.region, invite.principal_id),
        endpoint_url=invite.endpoint_url,
        keys=invite.keys,
        clock=ManualClock(at),
        journal=journal,
    )
    try:
        yield service
    finally:
        service.close()
        journal.close()


@contextmanager
def another_app(
    demo: Demo, path: Path, moment: str, at: datetime, *what: str
) -> Iterator[subprocess.Popen[str]]:
    """Run the app in a process of its own, up to where it says that it has come so far."""
    invite = demo.invite
    words = [moment, invite.endpoint_url, str(path), str(at.timestamp()), *what]
    with subprocess.Popen(
        [sys.executable, "-m", "tests.client.killed_app", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=HERE,
        env={**os.environ, "PYTHONPATH": str(HERE)},
    ) as process:
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            known = {
                "studio_id": invite.studio_id,
                "region": invite.region,
                "principal_id": invite.principal_id,
                "access_key_id": invite.access_key_id,
                "secret_access_key": invite.secret_access_key,
            }
            process.stdin.write(json.dumps(known) + "\n")
            process.stdin.flush()
            assert process.stdout.readline() == "here\n"
            yield process
        finally:
            process.kill()


def killed(demo: Demo, path: Path, moment: str, *what: str) -> None:
    with another_app(demo, path, moment, NOW, *what) as process:
        process.send_signal(signal.SIGKILL)
        assert process.wait(30) == -signal.SIGKILL


def choice(demo: Demo, path: Path) -> list[str]:
    with app(demo, path) as service:
        profile = next(
            one
            for one in service.list_launch_profiles().items
            if one.state == "READY" and one.name == "Lighting"
        )
    configuration = profile.stream_configuration
    images, types = configuration.streaming_image_ids, configuration.ec2_instance_types
    return [profile.launch_profile_id, types[0], images[0], "night shot"]


def launched(service: NimbleService) -> list[StreamingSession]:
    return [one for one in service.list_streaming_sessions().items if LAUNCH_TAG in one.tags]


def first(service: NimbleService, action: SessionAction) -> StreamingSession:
    profiles = {one.launch_profile_id: one for one in service.list_launch_profiles().items}
    return next(
        one
        for one in service.list_streaming_sessions().items
        if isinstance(check_action(action, one, profiles.get(one.launch_profile_id or "")), Allowed)
    )


@pytest.mark.parametrize("moment", ["checking", "sending", "answering"])
def test_a_launch_is_read_back_and_continued_by_the_next_one_like_it(
    demo: Demo, path: Path, moment: str
) -> None:
    chosen = choice(demo, path)
    killed(demo, path, moment, "launch", *chosen)
    with app(demo, path, SOON) as service:
        made = launched(service)
        assert len(made) == (moment == "answering")
        assert service.has_unresolved()
        (finding,) = service.reconcile(service.list_streaming_sessions().items)
        assert "night shot" in finding.text
        assert "_IN_PROGRESS" not in finding.text
        assert finding.session_id == (made[0].session_id if made else None)
        assert service.reconcile(launched(service)) == ()
        assert len(launched(service)) == len(made)
        assert not service.has_unresolved()
    with app(demo, path, SOON) as service:
        earlier = service.unresolved_launches(service.list_streaming_sessions())
        assert [one.request.name for one in earlier] == ([] if made else ["night shot"])
        for one in earlier:
            service.launch(one.request, client_token=one.client_token)
        assert len(launched(service)) == 1


@pytest.mark.parametrize("moment", ["sending", "answering"])
@pytest.mark.parametrize("action", ["stop", "delete"])
def test_an_action_is_found_again(demo: Demo, path: Path, action: str, moment: str) -> None:
    with app(demo, path) as service:
        session_id = first(service, SessionAction(action)).session_id
        before = service.get_streaming_session(session_id).state
    killed(demo, path, moment, action, session_id)
    with app(demo, path, SOON) as service:
        (finding,) = service.reconcile(service.list_streaming_sessions().items)
        assert finding.session_id == session_id
        now = service.get_streaming_session(session_id).state
        assert (now == before) is (moment == "sending")
        assert finding.good is (moment == "answering")
        assert not service.has_unresolved()


def test_apps_that_start_at_once_report_it_once(demo: Demo, path: Path) -> None:
    killed(demo, path, "sending", "launch", *choice(demo, path))
    told: list[str] = []
    with ExitStack() as running:
        apps = [
            running.enter_context(another_app(demo, path, "", SOON, "reconcile")) for _ in range(3)
        ]
        for process in apps:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        for process in apps:
            assert process.stdout is not None
            told += json.loads(process.stdout.readline())
    assert len(told) == 1
    with app(demo, path, SOON) as service:
        assert len(launched(service)) == 0
        assert not service.has_unresolved()


def test_what_was_to_be_kept_is_stopped_by_the_next_start(demo: Demo, path: Path) -> None:
    """Killed with the start on its way: the plan to stop it again is on the disk already."""
    with app(demo, path) as service:
        profiles = {one.launch_profile_id: one for one in service.list_launch_profiles().items}
        session = next(
            one
            for one in service.list_streaming_sessions().items
            if one.state == "STOPPED"
            and one.terminate_at
            and profiles[one.launch_profile_id or ""].state == "READY"
        )
    killed(demo, path, "answering", "keep", session.session_id)
    with app(demo, path, SOON) as service:
        states = []
        while service.has_unresolved():
            findings = service.reconcile(service.list_streaming_sessions().items)
            states.append(service.get_streaming_session(session.session_id).state)
        assert states[-1] == "STOPPED"
        assert [one.good for one in findings] == [True]
        asked = [one for one in service.history(NOW - timedelta(days=1)) if one.what == "stop"]
        assert [one.done for one in asked] == [True]
