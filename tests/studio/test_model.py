"""The studio against a model of it that is small enough to believe."""

import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from nimble_tui.core.clock import ManualClock
from nimble_tui.studio.compute.simulated import FAIL_TAG
from nimble_tui.studio.operations.streams import MAX_LIVE
from nimble_tui.studio.settings import Settings
from tests.studio.world import MARA, NOW, STUDIO_ID, Session, World, open_world, seeded

# How many minutes READY; whether it can be stopped; how many minutes STOPPED, None for ever.
KINDS: dict[str, tuple[int, bool, int | None]] = {
    "Lighting": (690, True, 5760),
    "Comp": (600, True, None),
    "Review": (480, False, None),
    "Previs": (690, True, 1440),
}
BACKUPS = {"Comp": 3}
LICENSED = {"Previs"}
FROM = {
    "stop": {"READY"},
    "start": {"STOPPED", "START_FAILED"},
    "delete": {"READY", "STOPPED"} | {f"{s}_FAILED" for s in ("CREATE", "START", "STOP", "DELETE")},
}
RESULT = {"create": "READY", "start": "READY", "stop": "STOPPED", "delete": "DELETED"}
MOST = 4
STEP = timedelta(seconds=8)
STREAM = timedelta(seconds=120)
# Only the studio knows how many seconds a step takes: nobody looks this close to a change.
BLUR = timedelta(seconds=40)
WAITS = st.sampled_from([60, 45 * 60, 9 * 3600, 13 * 3600, 4 * 86400, 5 * 86400])


@dataclass
class Workstation:
    kind: str
    since: datetime
    state: str = "CREATE_IN_PROGRESS"
    stopped_at: datetime | None = None
    terminate_at: datetime | None = None
    failing: set[str] = field(default_factory=set)
    backups: list[str] = field(default_factory=list)
    streams: dict[str, datetime] = field(default_factory=dict)

    def begin(self, step: str, at: datetime) -> None:
        self.state, self.since = f"{step.upper()}_IN_PROGRESS", at
        # Nobody sees its screen from now on, nor comes to.
        self.streams = {one: min(over, at) for one, over in self.streams.items()}
        if step == "stop":
            self.stopped_at = at
            if self.kind in BACKUPS:
                self.backups.append("CREATE_IN_PROGRESS")
        if step != "stop" or KINDS[self.kind][1]:
            self.terminate_at = None

    def end(self, state: str, at: datetime) -> None:
        longest, stoppable, kept = KINDS[self.kind]
        self.state, self.since = state, at
        ending = {"STOPPED": "READY", "STOP_FAILED": "CREATE_FAILED"}.get(state)
        if ending and self.kind in BACKUPS:
            self.backups[-1] = ending
            while self.backups.count("READY") > BACKUPS[self.kind]:
                self.backups.remove("READY")
        if state == "DELETED":
            self.backups = []
        if state == "READY" and not stoppable:
            self.terminate_at = at + timedelta(minutes=longest)
        if state == "STOPPED" and kept and self.stopped_at:
            self.terminate_at = self.stopped_at + timedelta(minutes=kept)

    def change(self) -> tuple[datetime, str] | None:
        """Return when it changes by itself, and to what."""
        longest, stoppable, _ = KINDS[self.kind]
        if self.state.endswith("_IN_PROGRESS"):
            step = self.state.removesuffix("_IN_PROGRESS").lower()
            fails = step in self.failing or (step == "stop" and not stoppable)
            return self.since + STEP, f"{step.upper()}_FAILED" if fails else RESULT[step]
        if self.state == "READY" and stoppable:
            return self.since + timedelta(minutes=longest), "STOP_IN_PROGRESS"
        if self.state == "DELETED":
            return self.since + timedelta(hours=1), "gone"
        return (self.terminate_at, "DELETE_IN_PROGRESS") if self.terminate_at else None

    def live_until(self, now: datetime) -> None:
        while self.state != "gone" and (change := self.change()) and change[0] <= now:
            at, state = change
            if state.endswith("_IN_PROGRESS"):
                self.begin(state.removesuffix("_IN_PROGRESS").lower(), at)
            else:
                self.end(state, at)

    def near_a_change(self, now: datetime) -> bool:
        change = self.change()
        return now - self.since < BLUR or (change is not None and abs(change[0] - now) < BLUR)


class Done(NamedTuple):
    """A call that worked."""

    call: Any
    names: dict[str, Any]
    session_id: str
    at: datetime


class StudioMachine(RuleBasedStateMachine):
    """Acts on the studio and on the model alike, and holds one against the other."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        folder = self.stack.enter_context(tempfile.TemporaryDirectory())
        self.path = Path(folder) / "studio.db"
        self.clock = ManualClock(NOW)
        self.model: dict[str, Workstation] = {}
        self.accepted = False
        self.calls = 0
        self.last: Done | None = None
        self.serving = ExitStack()
        self.chance = seeded()
        self.world: World = self.serve()
        self.world.studio.set_quotas(Settings(sessions_per_person=MOST))
        self.limit = len(self.world.mine()) + MOST

    def serve(self) -> World:
        return self.serving.enter_context(open_world(self.path, self.clock, chance=self.chance))

    def teardown(self) -> None:
        self.serving.close()
        self.stack.close()

    @initialize()
    def begin_with_one_that_runs(self) -> None:
        self.create("Comp", fails=False)
        self.wait(60)

    @rule(kind=st.sampled_from(sorted(KINDS)), fails=st.booleans())
    def create(self, kind: str, fails: bool) -> None:
        live = sum(one["state"] != "DELETED" for one in self.world.mine())
        names = {
            "launchProfileId": self.world.profile_id(kind),
            "tags": {FAIL_TAG: "create:INTERNAL_ERROR"} if fails else {},
        }
        session, error = self.call(self.world.mara.create_streaming_session, **names)
        if kind in LICENSED and not self.accepted:
            assert error == "ValidationException"
        elif live >= self.limit:
            assert error == "ServiceQuotaExceededException"
        else:
            assert session["sessionId"] not in self.model
            failing = {"create"} if fails else set()
            made = Workstation(kind, self.clock.now(), failing=failing)
            self.model[session["sessionId"]] = made

    @rule()
    def accept(self) -> None:
        self.world.admin.accept_eulas(
            studioId=STUDIO_ID,
            eulaIds=[one["eulaId"] for one in self.world.mara.list_eulas()["eulas"]],
        )
        self.accepted = True

    @precondition(lambda self: self.model)
    @rule(data=st.data(), step=st.sampled_from(sorted(FROM)))
    def act(self, data: st.DataObject, step: str) -> None:
        session_id = self.pick(data)
        mine = self.model[session_id]
        call = getattr(self.world.mara, f"{step}_streaming_session")
        session, error = self.call(call, sessionId=session_id)
        assert error == self.refusal(mine, FROM[step])
        if not error:
            mine.begin(step, self.clock.now())
            assert session["state"] == mine.state

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def start_from_a_backup(self, data: st.DataObject) -> None:
        session_id = self.pick(data)
        mine = self.model[session_id]
        backups = self.backups()
        backup = backups[data.draw(st.integers(0, len(backups) - 1))]
        session, error = self.call(
            self.world.mara.start_streaming_session,
            sessionId=session_id,
            backupId=backup["backupId"],
        )
        if backup["sessionId"] == session_id and backup["state"] == "READY":
            assert error == self.refusal(mine, FROM["start"])
        else:
            assert error == (self.refusal(mine, FROM["start"]) or "ValidationException")
        if not error:
            mine.begin("start", self.clock.now())
            assert session["startedFromBackupId"] == backup["backupId"]

    @precondition(lambda self: self.steady())
    @rule(data=st.data(), times=st.sampled_from([4, 2, 1]))
    def stop_and_start_for_days(self, data: st.DataObject, times: int) -> None:
        session_id = self.steady()[data.draw(st.integers(0, len(self.steady()) - 1))]
        for _ in range(times):
            for step in ("stop", "start"):
                self.world.act(step, session_id)
                self.model[session_id].begin(step, self.clock.now())
                self.wait(60)
                self.all_is_as_in_the_model()
                if self.model[session_id].state != RESULT[step]:
                    return  # a deadline came first

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def connect(self, data: st.DataObject) -> None:
        session_id = self.pick(data)
        mine = self.model[session_id]
        try:
            stream_id, error = self.world.new_stream(session_id), ""
        except ClientError as refusal:
            stream_id, error = "", refusal.response["Error"]["Code"]
        live = sum(over > self.clock.now() for over in mine.streams.values())
        too_many = "ServiceQuotaExceededException" if live >= MAX_LIVE else ""
        assert error == (self.refusal(mine, {"READY"}) or too_many)
        if stream_id:
            mine.streams[stream_id] = self.clock.now() + STREAM

    @precondition(lambda self: self.last)
    @rule()
    def send_the_last_again(self) -> None:
        assert self.last is not None
        if self.model[self.last.session_id].state == "gone":
            with pytest.raises(ClientError, match="ResourceNotFoundException"):
                self.last.call(**self.last.names)
        else:
            session = self.last.call(**self.last.names)["session"]
            assert session["sessionId"] == self.last.session_id

    @precondition(lambda self: self.model)
    @rule(data=st.data(), steps=st.sets(st.sampled_from(["start", "stop", "delete"])))
    def tell_to_fail(self, data: st.DataObject, steps: set[str]) -> None:
        session_id = self.pick(data)
        mine = self.model[session_id]
        # How a step ends is decided when it begins.
        if mine.state not in {"gone", "DELETED"} and not mine.state.endswith("_IN_PROGRESS"):
            value = " ".join(f"{step}:INSUFFICIENT_CAPACITY" for step in sorted(steps))
            arn = self.world.get(session_id)["arn"]
            self.world.mara.tag_resource(resourceArn=arn, tags={FAIL_TAG: value})
            mine.failing = steps

    @rule(seconds=WAITS)
    def wait(self, seconds: int) -> None:
        self.clock.advance(seconds)
        if self.last and self.clock.now() - self.last.at > timedelta(hours=23):
            self.last = None  # its token may be forgotten
        while True:
            for one in self.model.values():
                one.live_until(self.clock.now())
            if not any(one.near_a_change(self.clock.now()) for one in self.model.values()):
                return
            self.clock.advance(97)

    @rule()
    def serve_it_anew(self) -> None:
        self.serving.close()
        self.world = self.serve()
        self.last = None  # its client is gone

    @invariant()
    def all_is_as_in_the_model(self) -> None:
        seen = {one["sessionId"]: one for one in self.world.mine()}
        for session_id, mine in self.model.items():
            assert (session_id in seen) == (mine.state != "gone")
            if mine.state != "gone":
                self.compare(seen[session_id], mine)
        live: dict[str, list[str]] = {}
        for one in self.backups():
            if one["state"] != "DELETED":
                live.setdefault(one["sessionId"], []).append(one["state"])
        for session_id, mine in self.model.items():
            assert live.get(session_id, []) == mine.backups

    @invariant()
    def screens_are_seen_for_a_while(self) -> None:
        now = self.clock.now()
        for session_id, mine in self.model.items():
            for stream_id, over in list(mine.streams.items()):
                if now - over > timedelta(minutes=50):
                    del mine.streams[stream_id]  # it may be forgotten
                    continue
                stream = self.world.stream(session_id, stream_id)
                alive = now < over
                assert (stream["state"] in {"CREATE_IN_PROGRESS", "READY"}) == alive
                assert ("url" in stream) == (alive and now > stream["createdAt"])

    def refusal(self, mine: Workstation, states: set[str]) -> str:
        """Return the error of what only these states allow; empty where it is allowed."""
        if mine.state == "gone":
            return "ResourceNotFoundException"
        if mine.state.endswith("_IN_PROGRESS"):
            return "ConflictException"
        return "" if mine.state in states else "ValidationException"

    def steady(self) -> list[str]:
        """Return the sessions that run, fail at nothing, and leave backups behind."""
        return [
            session_id
            for session_id, mine in self.model.items()
            if mine.kind in BACKUPS and mine.state == "READY" and not mine.failing
        ]

    def backups(self) -> list[dict[str, Any]]:
        listed = self.world.mara.list_streaming_session_backups(studioId=STUDIO_ID, ownedBy=MARA)
        found: list[dict[str, Any]] = listed["streamingSessionBackups"]
        return found

    def pick(self, data: st.DataObject) -> str:
        return list(self.model)[data.draw(st.integers(0, len(self.model) - 1))]

    def compare(self, session: Session, mine: Workstation) -> None:
        assert session["state"] == mine.state
        change = mine.change()
        timed = change and change[1].endswith("_IN_PROGRESS") and change[0]
        deadlines = [session[name] for name in ("stopAt", "terminateAt") if name in session]
        if mine.state.endswith("_IN_PROGRESS"):
            assert bool(deadlines) == bool(mine.terminate_at)
        elif not timed:
            assert not deadlines
        else:
            (deadline,) = deadlines
            assert abs(deadline - timed) < BLUR
            assert ("stopAt" in session) == (change is not None and change[1].startswith("STOP"))
        # From here on the model goes by the studio's own seconds.
        mine.since = session["updatedAt"]
        mine.terminate_at = session.get("terminateAt")
        if mine.stopped_at:
            mine.stopped_at = session["stoppedAt"]

    def call(self, call: Any, **names: Any) -> tuple[Session, str]:
        """Call with a token of its own; return the session, or the error's name."""
        self.calls += 1
        names |= {"studioId": STUDIO_ID, "clientToken": f"call-{self.calls}"}
        try:
            session: Session = call(**names)["session"]
        except ClientError as error:
            return {}, error.response["Error"]["Code"]
        assert session["ownedBy"] == MARA
        self.last = Done(call, names, session["sessionId"], self.clock.now())
        return session, ""


def run(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        StudioMachine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_it_does_what_the_model_does() -> None:
    run(examples=5, steps=20)


@pytest.mark.slow
def test_it_does_what_the_model_does_for_long() -> None:
    run(examples=60, steps=60)
