"""AWS as far as signing in goes: a token service on loopback, and profiles that need a person."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

CODE = "294817"
SERIAL = "arn:aws:iam::123456789012:mfa/mara"
ROLE_SECRET = "canary/role+secret"
_ROLE = f"""<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
<Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>{ROLE_SECRET}</SecretAccessKey>
<SessionToken>role-token</SessionToken><Expiration>2126-11-21T13:26:00Z</Expiration></Credentials>
</AssumeRoleResult></AssumeRoleResponse>"""
_NO = (
    '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error>'
    "<Code>AccessDenied</Code><Message>MultiFactorAuthentication failed with invalid MFA one time "
    "pass code.</Message></Error></ErrorResponse>"
)


@contextmanager
def token_service() -> Iterator[tuple[str, list[dict[str, list[str]]]]]:
    """Serve AssumeRole to whoever has the CODE; return where, and the requests it got."""
    requests: list[dict[str, list[str]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            requests.append(parse_qs(body))
            good = requests[-1].get("TokenCode") == [CODE]
            answer = (_ROLE if good else _NO).encode()
            self.send_response(200 if good else 403)
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", requests
        finally:
            server.shutdown()
            thread.join()


def aws_config(text: str) -> None:
    folder = Path(os.environ["HOME"]) / ".aws"
    folder.mkdir(exist_ok=True)
    (folder / "config").write_text(text)


def role_profile(name: str) -> str:
    """A profile whose role takes a one-time code."""
    return (
        f"[profile {name}]\nregion = us-west-2\nrole_arn = arn:aws:iam::123456789012:role/artist\n"
        f"source_profile = base\nmfa_serial = {SERIAL}\n"
        "[profile base]\naws_access_key_id = AKIDBASE\naws_secret_access_key = base\n"
    )


def process_profile(name: str, folder: Path, work: str) -> str:
    """A profile whose program does some Python `work`, then prints keys."""
    program = folder / "keys.py"
    program.write_text(
        f"import os, pathlib, time\n{work}\n"
        'print(\'{"Version": 1, "AccessKeyId": "AKIDPROGRAM", "SecretAccessKey": "s"}\')\n'
    )
    return f"[profile {name}]\ncredential_process = {sys.executable} {program}\n"
