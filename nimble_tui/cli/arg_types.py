"""Types of option values; ValueError says what is expected."""

import re

from nimble_tui.core.endpoints import is_loopback
from nimble_tui.core.text import is_plain_id

_LONGEST_TOKEN = 64
_DURATION = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)([smhd]?)", re.ASCII)
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3_600, "d": 86_400}
_LONGEST_WAIT = 7 * 86_400
_LONGEST_RUN = 30 * 86_400
_HOST_NAME = re.compile(r"[A-Za-z0-9.-]{1,253}")


def token(text: str) -> str:
    """Parse a client token (the AWS API reference, ClientToken: 1 to 64 characters)."""
    if is_plain_id(text, _LONGEST_TOKEN):
        return text
    raise ValueError(f"1 to {_LONGEST_TOKEN} letters, digits and punctuation marks, without spaces")


def file(text: str) -> str:
    """Parse a file name."""
    if text.strip():
        return text
    raise ValueError("a file name")


def duration(text: str) -> float:
    """Parse a duration as `sleep` and `timeout` do; seconds unless it ends with s, m, h or d."""
    found = _DURATION.fullmatch(text)
    seconds = float(found[1]) * _UNITS[found[2]] if found else 0.0
    if 0 < seconds <= _LONGEST_WAIT:
        return seconds
    raise ValueError("a duration, such as 90s, 30m or 2h, at most 7 days")


def minutes(text: str) -> int:
    """Parse a length of time as whole minutes, up to 30 days; 0 for `none`."""
    if text == "none":
        return 0
    found = _DURATION.fullmatch(text)
    seconds = float(found[1]) * _UNITS[found[2]] if found and found[2] else 0.0
    if seconds >= 60 and seconds % 60 == 0 and seconds <= _LONGEST_RUN:
        return int(seconds // 60)
    raise ValueError("a length of time in whole minutes, such as 90m, 12h or 4d, at most 30d")


def host_name(text: str) -> str:
    """Parse a host name without a port."""
    if _HOST_NAME.fullmatch(text):
        return text.lower()
    raise ValueError("a host name, such as studio.example, without a port")


def port(text: str) -> int:
    """Parse a port number."""
    if text.isdecimal() and int(text) <= 65_535:
        return int(text)
    raise ValueError("a port is a number from 0 to 65535")


def speed(text: str) -> float:
    """Parse a speed factor."""
    try:
        factor = float(text)
    except ValueError:
        factor = 0.0
    if 0 < factor <= 1_000_000:
        return factor
    raise ValueError("a speed is a number above 0, such as 10")


def limit(text: str) -> int:
    """Parse a number from 1 on."""
    if text.isdecimal() and len(text) <= 15 and int(text) >= 1:
        return int(text)
    raise ValueError("a number is 1 or more")


def count(text: str) -> int:
    """Parse a count."""
    if text.isdecimal() and int(text) <= 100_000:
        return int(text)
    raise ValueError("a count is a number from 0 to 100000")


def loopback(text: str) -> str:
    """Take an address of this computer alone."""
    if is_loopback(text):
        return text
    raise ValueError(
        "an address of this computer, such as 127.0.0.1; to serve others, write a studio.toml and "
        "use --config"
    )
