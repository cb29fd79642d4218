"""What the benchmarks share: a home of their own, a real terminal, and how a figure is printed."""

import fcntl
import json
import os
import pty
import select
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
APP = (str(Path(sys.executable).with_name("nimble-tui")),)
BARE = (sys.executable, str(HERE / "bare_app.py"))
PATIENCE = 60.0


def tell(figure: str, ours: Sequence[float], against: Sequence[float], goal: str) -> None:
    """Print the ratio of two medians, taken in one run."""
    ratio = statistics.median(ours) / statistics.median(against)
    print(
        f"{figure}: {ratio:.2f}× (goal {goal}); medians of {len(ours)}: "
        f"{statistics.median(ours):.4g} against {statistics.median(against):.4g}"
    )


@contextmanager
def home() -> Iterator[dict[str, str]]:
    """Yield an environment in which the program finds nobody's files but its own."""
    with tempfile.TemporaryDirectory() as folder:
        kept = {k: v for k, v in os.environ.items() if k in {"PATH", "LANG", "VIRTUAL_ENV"}}
        yield {**kept, "HOME": folder, "TERM": "xterm-256color", "COLORTERM": "truecolor"}


@contextmanager
def studio(environment: dict[str, str], *words: str) -> Iterator[dict[str, Any]]:
    """Serve a demo studio in a process of its own, and let the settings in the home name it."""
    command = [*APP, "studio", "serve", "--demo", "--ephemeral", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as serving:
        try:
            line = serving.stdout.readline() if serving.stdout else ""
            about: dict[str, Any] = json.loads(line)
            _sign_in(environment, about)
            yield about
        finally:
            serving.terminate()


def _sign_in(environment: dict[str, str], about: dict[str, Any]) -> None:
    folder = Path(environment["HOME"])
    aws = folder / ".aws"
    aws.mkdir(exist_ok=True)
    (aws / "credentials").write_text(
        f"[bench]\naws_access_key_id = {about['access_key_id']}\n"
        f"aws_secret_access_key = {about['secret_access_key']}\n"
    )
    settings = folder / "config.toml"
    environment["NIMBLE_TUI_CONFIG"] = str(settings)
    settings.write_text(
        f'[refresh]\nidle = 3\n[studios.bench]\nstudio_id = "{about["studio_id"]}"\n'
        f'region = "{about["region"]}"\nprincipal_id = "{about["principal_id"]}"\n'
        f'endpoint_url = "{about["endpoint_url"]}"\ncredentials = "bench"\n'
    )
    settings.chmod(0o600)


class Terminal:
    """A program in a real terminal; it only counts and searches what is written."""

    def __init__(self, words: Sequence[str], environment: dict[str, str]) -> None:
        self.began = time.perf_counter()
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 34, 120, 0, 0))
        self.process = subprocess.Popen(
            words, stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True
        )
        os.close(slave)

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.master)

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self.master, keys.encode())

    def wait_for(self, needle: bytes) -> float:
        """Return the seconds since the start at which `needle` was written."""
        seen = b""
        end = time.perf_counter() + PATIENCE
        while needle not in seen:
            seen = seen[-4096:] + self.read(end - time.perf_counter())
        return time.perf_counter() - self.began

    def read(self, seconds: float) -> bytes:
        """Return what is written next, within so many seconds; TimeoutError when nothing is."""
        if not select.select([self.master], [], [], max(seconds, 0.0))[0]:
            raise TimeoutError
        return os.read(self.master, 1 << 20)

    def written_in(self, seconds: float) -> bytes:
        """Return all that is written in so many seconds."""
        end = time.perf_counter() + seconds
        seen = b""
        while (left := end - time.perf_counter()) > 0:
            try:
                seen += self.read(left)
            except TimeoutError:
                break
        return seen

    def cpu(self) -> float:
        """Return the processor seconds it used so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """Return the MiB of memory it holds."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(one for one in status.splitlines() if one.startswith("VmRSS:"))
        return int(line.split()[1]) / 1024
