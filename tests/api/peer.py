"""A scripted peer on loopback: notes what it is sent and answers what it is told."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, NamedTuple


class Sent(NamedTuple):
    method: str
    target: str
    headers: dict[str, str]
    body: bytes


class Answer(NamedTuple):
    status: int
    content: dict[str, Any] | None
    error: str = ""


@dataclass
class Peer:
    url: str
    sent: list[Sent] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    def will_answer(
        self, content: dict[str, Any] | None, status: int = 200, error: str = ""
    ) -> None:
        self.answers.append(Answer(status, content, error))


@contextmanager
def scripted_peer() -> Iterator[Peer]:
    class Handler(BaseHTTPRequestHandler):
        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline()
            self.close_connection = True
            if not self.raw_requestline or not self.parse_request():
                return
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            peer.sent.append(Sent(self.command, self.path, headers, body))
            answer = peer.answers.pop(0)
            content = b""
            if answer.content is not None:
                content = json.dumps(answer.content, default=datetime.isoformat).encode()
            self.send_response(answer.status)
            if answer.error:
                self.send_header("x-amzn-ErrorType", answer.error)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        peer = Peer(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield peer
        finally:
            server.shutdown()
            thread.join()
