"""The faulty studio with the rest of a workday: launches, names, licences, backups, streams."""

import json
from dataclasses import dataclass, field
from typing import Any

from tests.faults.faulty_studio import (
    PRINCIPAL_ID,
    STUDIO_ID,
    Answer,
    FaultyStudio,
    Request,
    no,
    ok,
)

_BY_PATH = {
    ("POST", "streaming-sessions", 1): "CreateStreamingSession",
    ("POST", "streaming-sessions", 3): "CreateStreamingSessionStream",
    ("GET", "streaming-sessions", 4): "GetStreamingSessionStream",
    ("GET", "streaming-session-backups", 1): "ListStreamingSessionBackups",
    ("GET", "streaming-session-backups", 2): "GetStreamingSessionBackup",
    ("GET", "eula-acceptances", 1): "ListEulaAcceptances",
    ("POST", "eula-acceptances", 1): "AcceptEulas",
}


def arn_of(session_id: str) -> str:
    return f"arn:aws:nimble:us-west-2:123456789012:streaming-session/{session_id}"


@dataclass
class WorkdayStudio(FaultyStudio):
    """Launches once under each token, and forgets tokens when told to."""

    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    accepted: list[str] = field(default_factory=list)
    backups: list[dict[str, Any]] = field(default_factory=list)
    stream_states: list[str] = field(default_factory=lambda: ["CREATE_IN_PROGRESS", "READY"])
    stream_url: str | None = None
    stream_status_code: str = "STREAM_READY"

    def forget_tokens(self) -> None:
        self._tokens.clear()
        self._launched: dict[str, str] = {}

    def __post_init__(self) -> None:
        super().__post_init__()
        self._launched = {}

    def operation_of(self, request: Request) -> str:
        if request.path[1] == "tags":
            return "TagResource" if request.method == "POST" else "UntagResource"
        if request.path[1] == "eulas":
            return "GetEula" if request.path[2:] else "ListEulas"
        rest = request.path[3:]
        if rest:
            known = _BY_PATH.get((request.method, rest[0], len(rest)))
            if known and rest[2:] not in {("start",), ("stop",)}:
                return known
        return super().operation_of(request)

    def answer(self, operation: str, request: Request) -> Answer:
        mine = {
            "CreateStreamingSession": self._launch,
            "CreateStreamingSessionStream": self._stream,
            "GetStreamingSessionStream": self._stream,
            "ListStreamingSessionBackups": lambda one: self._page(
                "streamingSessionBackups", self.backups, one
            ),
            "GetStreamingSessionBackup": self._backup,
            "ListEulaAcceptances": lambda _: self._acceptances(),
            "AcceptEulas": self._accept,
            "GetEula": lambda one: ok({"eula": _eula(one.path[2])}),
            "ListEulas": self._eulas,
            "TagResource": self._tag,
            "UntagResource": self._tag,
        }.get(operation)
        if mine is None:
            return super().answer(operation, request)
        with self._lock:
            return mine(request)

    def session(self, session_id: str) -> dict[str, Any]:
        return {
            **super().session(session_id),
            "arn": arn_of(session_id),
            **self.facts.get(session_id, {}),
        }

    def launches(self) -> list[str]:
        return [one for operation, one in self.ledger if operation == "CreateStreamingSession"]

    def _launch(self, request: Request) -> Answer:
        token = request.headers["x-amz-client-token"]
        if token not in self._launched:
            asked = json.loads(request.body)
            session_id = f"ses.new{len(self.states)}"
            self.states[session_id] = "CREATE_IN_PROGRESS"
            self.facts[session_id] = {
                name: asked[name]
                for name in ("launchProfileId", "ec2InstanceType", "streamingImageId", "tags")
            }
            self.ledger.append(("CreateStreamingSession", session_id))
            self._launched[token] = session_id
        return ok({"session": self.session(self._launched[token])})

    def _stream(self, _: Request) -> Answer:
        state = self.stream_states[0]
        if len(self.stream_states) > 1:
            self.stream_states.pop(0)
        stream = {"streamId": "str-1", "state": state, "statusCode": self.stream_status_code}
        if state == "READY":
            stream["url"] = self.stream_url or f"{self.url}/screen?authToken=canary"
        return ok({"stream": stream})

    def _backup(self, request: Request) -> Answer:
        for one in self.backups:
            if one["backupId"] == request.path[4]:
                return ok({"streamingSessionBackup": one})
        return no(404, "ResourceNotFoundException", "no such backup")

    def _acceptances(self) -> Answer:
        accepted = [
            {"eulaId": one, "acceptedBy": PRINCIPAL_ID, "accepteeId": STUDIO_ID}
            for one in self.accepted
        ]
        return ok({"eulaAcceptances": accepted})

    def _accept(self, request: Request) -> Answer:
        for one in json.loads(request.body)["eulaIds"]:
            if one not in self.accepted:
                self.accepted.append(one)
                self.ledger.append(("AcceptEulas", one))
        return self._acceptances()

    def _eulas(self, request: Request) -> Answer:
        return ok({"eulas": [_eula(one) for one in request.query["eulaIds"]]})

    def _tag(self, request: Request) -> Answer:
        session_id = request.path[2].rpartition("/")[2]
        tags = dict(self.session(session_id)["tags"])
        if request.method == "POST":
            tags.update(json.loads(request.body)["tags"])
        else:
            for key in request.query["tagKeys"]:
                tags.pop(key, None)
        self.facts.setdefault(session_id, {})["tags"] = tags
        self.ledger.append(("TagResource", session_id))
        return Answer(204, b"")


def _eula(eula_id: str) -> dict[str, str]:
    return {"eulaId": eula_id, "name": f"Licence {eula_id}"}
