"""Escape sequences for a terminal's own notifications.

Sources: iTerm2's documentation of OSC 9, kitty's desktop notification protocol (OSC 99),
rxvt-unicode's notify extension (OSC 777), and tmux's manual on allow-passthrough.
"""

import base64
import zlib
from collections.abc import Mapping

from nimble_tui.core.text import clean

_TITLE, _BODY = 80, 300


def notification(mode: str, title: str, body: str) -> str:
    """Return the sequence for a notification: `mode` is osc9, osc99 or osc777, else nothing.

    Neither text can end the sequence early or begin another one.
    """
    title, body = clean(title, _TITLE), clean(body, _BODY)
    match mode:
        case "osc9":
            text = ": ".join(part for part in (title, body) if part)
            # ConEmu and Windows Terminal take a number there for a command of another kind.
            return f"\x1b]9;{_not_a_number(text)}\x07"
        case "osc99":
            name = f"nimble-{zlib.crc32(f'{title} {body}'.encode()):08x}"
            return (
                f"\x1b]99;i={name}:d=0:e=1;{_base64(title)}\x1b\\"
                f"\x1b]99;i={name}:d=1:e=1:p=body;{_base64(body)}\x1b\\"
            )
        case "osc777":
            return f"\x1b]777;notify;{title.replace(';', ',')};{body.replace(';', ',')}\x07"
        case _:
            return ""


def passed_on(sequence: str, environment: Mapping[str, str]) -> str:
    """Return the sequence wrapped so that tmux passes it to its terminal."""
    if not sequence or not environment.get("TMUX"):
        return sequence
    return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"


def _not_a_number(text: str) -> str:
    return f"» {text}" if text[:1].isdigit() else text


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
