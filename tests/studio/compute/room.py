"""Machines that live on whatever happens to the studio: in this process, or in one of their own."""

import json
import os
import socket
import socketserver
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any, Final, Protocol

SECONDS: Final = {"launch": 4.0, "start": 3.0, "stop": 2.0, "terminate": 1.0}
_DURING: Final = {
    "launch": "booting",
    "start": "booting",
    "stop": "stopping",
    "terminate": "terminating",
}
_AFTER: Final = {"launch": "running", "start": "running", "stop": "stopped", "terminate": "gone"}
REMEMBERED: Final = timedelta(hours=1)


@dataclass
class RoomMachine:
    """A machine: `verb` is what it was last told, from which the rest follows by the clock."""

    handle: str
    machine_id: str
    session_id: str
    verb: str
    since: str
    number: int
    seconds: float = 0.0
    outside: bool = False


class Calls(Protocol):
    """A room, wherever it is."""

    def call(self, name: str, **members: Any) -> Any:
        """Return what a method of the room returns."""
        ...


@dataclass
class Room:
    """All machines; `effects` holds what was really done, `described` how often it was asked.

    Times are ISO 8601. With `checks_numbers` a request is refused that came late.
    """

    speed: float = 1.0
    checks_numbers: bool = True
    machines: dict[str, RoomMachine] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    effects: list[tuple[str, str, str]] = field(default_factory=list)
    deadlines: dict[str, list[Any]] = field(default_factory=dict)
    described: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def call(self, name: str, **members: Any) -> Any:
        """Return what one of its methods returns."""
        with self.lock:
            return getattr(self, name)(**members)

    def apply(
        self, *, verb: str, token: str, number: int, machine_id: str, session_id: str, now: str
    ) -> dict[str, Any]:
        """Do what is requested: a launch or a start once for its token, others by their number."""
        if verb in {"launch", "start"} and token in self.tokens:
            return {"handle": self.tokens[token]}
        found = [one for one in self.machines.values() if one.machine_id == machine_id]
        live = next((one for one in found if self.power(one, now)[0] != "gone"), None)
        if live is not None and self.checks_numbers and number <= live.number:
            if number == live.number:
                return {"handle": live.handle}
            return {"refused": "This request is late; another one has followed it."}
        if verb == "launch":
            live = RoomMachine(f"i-{len(self.machines):04}", machine_id, session_id, verb, now, 0)
            self.machines[live.handle] = live
        elif live is None:
            if verb != "terminate":
                return {"refused": "There is no such machine."}
            return {"handle": ""}
        live.verb, live.since, live.outside = verb, now, False
        live.number, live.seconds = max(number, live.number), SECONDS[verb] / self.speed
        self.tokens[token] = live.handle
        self.effects.append((verb, session_id, token))
        return {"handle": live.handle}

    def describe(self, *, now: str) -> dict[str, dict[str, Any]]:
        """Return every machine, those included that were terminated within the hour."""
        self.described += 1
        states = {}
        for machine in self.machines.values():
            power, since = self.power(machine, now)
            if power == "gone" and _time(now) - _time(since) > REMEMBERED:
                continue
            reason = "somebody at the console" if machine.outside else ""
            states[machine.machine_id] = {
                "power": power,
                "since": since,
                "handle": machine.handle,
                "reason": reason,
            }
        return states

    def enforce(self, *, machine_id: str, deadline: list[Any] | None) -> None:
        """Note a machine's deadline."""
        if deadline is None:
            self.deadlines.pop(machine_id, None)
        else:
            self.deadlines[machine_id] = deadline

    def outside(self, *, verb: str, session_id: str, now: str) -> None:
        """Do something to a session's machine that the studio did not request."""
        for machine in self.machines.values():
            if machine.session_id == session_id:
                machine.verb, machine.since, machine.outside = verb, now, True
                machine.seconds = 0.0

    def vanish(self, *, session_id: str) -> None:
        """Know a session's machines no longer."""
        self.machines = {h: m for h, m in self.machines.items() if m.session_id != session_id}

    def add_unknown(self, *, machine_id: str, now: str) -> None:
        """Have a machine that no studio requested."""
        self.machines[machine_id] = RoomMachine(machine_id, machine_id, "?", "launch", now, 0)

    def report(self, *, now: str) -> dict[str, Any]:
        """Return everything about the machines and what was done."""
        machines = [asdict(one) | {"power": self.power(one, now)[0]} for one in self._all()]
        return {
            "machines": machines,
            "effects": self.effects,
            "described": self.described,
            "deadlines": self.deadlines,
        }

    def power(self, machine: RoomMachine, now: str) -> tuple[str, str]:
        """Return the power of a machine, and since when it has that."""
        done = _time(machine.since) + timedelta(seconds=machine.seconds)
        if _time(now) < done:
            return _DURING[machine.verb], machine.since
        return _AFTER[machine.verb], done.isoformat()

    def _all(self) -> list[RoomMachine]:
        return list(self.machines.values())


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


@dataclass(frozen=True)
class RemoteRoom:
    """A room in another process, at a socket."""

    path: Path

    def call(self, name: str, **members: Any) -> Any:
        """Return what a method of the room returns."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(10)
            connection.connect(str(self.path))
            with connection.makefile("rw", encoding="utf-8") as file:
                file.write(json.dumps([name, members]) + "\n")
                file.flush()
                return json.loads(file.readline())


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        line = self.rfile.readline()
        if not line.endswith(b"\n"):
            return  # whoever called was killed
        name, members = json.loads(line)
        room: Room = self.server.room  # type: ignore[attr-defined]
        self.wfile.write(json.dumps(room.call(name, **members)).encode() + b"\n")


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    request_queue_size = 64


@contextmanager
def remote_room(
    path: Path, speed: float = 1.0, *, checks_numbers: bool = True
) -> Iterator[RemoteRoom]:
    """Run a room in a process of its own until the end; it ends with its parent too."""
    words = (str(path), str(speed), "yes" if checks_numbers else "")
    command = [sys.executable, "-m", "tests.studio.compute.room", *words]
    with Popen(command, cwd=Path(__file__).parents[3], stdin=PIPE, stdout=PIPE) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            yield RemoteRoom(path)
        finally:
            process.kill()


def _serve(path: str, speed: float, *, checks_numbers: bool) -> None:
    with _Server(path, _Handler) as server:
        server.room = Room(speed, checks_numbers)  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print("ready", flush=True)  # noqa: T201 - for the parent
        sys.stdin.read()
        os._exit(0)


if __name__ == "__main__":
    _serve(sys.argv[1], float(sys.argv[2]), checks_numbers=bool(sys.argv[3]))
