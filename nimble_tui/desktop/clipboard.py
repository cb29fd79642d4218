"""The clipboard of the terminal, also through tmux and GNU screen.

Sources: xterm's control sequences (OSC 52), tmux's manual on load-buffer, show-messages,
terminal-features (whose Ms is the clipboard) and allow-passthrough, GNU screen's
manual on device control strings.
"""

import base64
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from enum import Enum, auto

from nimble_tui.desktop.environment import scrubbed
from nimble_tui.desktop.notification import passed_on

FEATURE = "set -as terminal-features ',*:clipboard'"
PASSTHROUGH = "set -g allow-passthrough on"

_SECRET_BUFFER = "nimble-tui"  # noqa: S105 - its name
_CHUNK = 240
"""Characters of one control string; GNU screen drops those of more than 256 in old versions."""
_SECONDS = 3.0


class Outcome(Enum):
    """The result of copying through tmux."""

    SENT = auto()
    """It was sent to the terminal."""
    NO_CLIPBOARD = auto()
    """tmux knows no clipboard of the terminal."""
    FAILED = auto()
    """tmux is not running, or is older than 3.2."""


def osc52(text: str) -> str:
    """Return what makes a terminal put `text` into its clipboard, where it allows that."""
    return f"\x1b]52;c;{base64.b64encode(text.encode()).decode()}\x07"


def through(sequence: str, environment: Mapping[str, str]) -> str:
    """Return what makes tmux or GNU screen pass a sequence to the terminal that they run in."""
    if environment.get("TMUX") or not environment.get("STY"):
        return passed_on(sequence, environment)
    chunks = (sequence[at : at + _CHUNK] for at in range(0, len(sequence), _CHUNK))
    return "".join(f"\x1bP{chunk}\x1b\\" for chunk in chunks)


def by_tmux(text: str, environment: Mapping[str, str], *, secret: bool) -> Outcome:
    """Let tmux put `text` into the terminal's clipboard; blocks for a few seconds at most.

    A `secret` leaves no trace among tmux's buffers.
    """
    named = ["-b", _SECRET_BUFFER] if secret else []
    deleted = ["delete-buffer", *named, ";"] if secret else []
    command = ["tmux", "load-buffer", *named, "-w", "-", ";", *deleted]
    command += ["show-messages", "-T"]  # what tmux knows of its terminals
    tmux = {name: environment[name] for name in ("TMUX", "TMUX_PANE") if name in environment}
    with suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(  # noqa: S603 - fixed words
            command,
            input=text.encode(),
            capture_output=True,
            timeout=_SECONDS,
            check=True,
            env={**scrubbed(environment), **tmux},
        )
        return Outcome.SENT if b"Ms: (string)" in done.stdout else Outcome.NO_CLIPBOARD
    return Outcome.FAILED
