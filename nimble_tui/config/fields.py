"""Parsers of values in the settings' tables.

A check returns the value to use, or raises ValueError with the rest of a sentence that begins
with the key. No check repeats the value: it may be a secret in the wrong place.
"""

import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TypeGuard

from nimble_tui.config.settings import NOTIFY, THEMES
from nimble_tui.core.endpoints import endpoint_problem
from nimble_tui.core.text import clean, is_plain_id
from nimble_tui.core.toml_reader import Check

STUDIO_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_REGION = re.compile(r"[a-z]{2,}(-[a-z]+)+-[0-9]+")
_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(\.{_LABEL})*")
# All below one name, but never below one such as "com" or the end of an address in numbers.
_HOSTS_BELOW = re.compile(rf"\*(\.{_LABEL})+\.(?=[0-9-]*[A-Za-z]){_LABEL}")
# IdentityStoreId and DomainId, as the AWS API references give them.
_IDENTITY_STORE = re.compile(r"d-[0-9a-f]{10}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DOMAIN = re.compile(r"dzd[-_][A-Za-z0-9_-]{1,36}")
_LONGEST_HOST = 253
_LONGEST_NAME = 128
_LONGEST_CURRENCY = 8
_LONGEST_PATH = 4096
_LONGEST_WAIT = 3600.0
_HIGHEST_PRICE = 1000.0


def text(value: object) -> str:
    """Parse a text."""
    if not isinstance(value, str):
        raise ValueError('must be text in quotes, such as "this"')
    return value


def an_id(value: object) -> str:
    """Parse an id: not empty, visible characters only."""
    if not is_plain_id(text(value)):
        raise ValueError("must be a complete id without spaces")
    return text(value)


def region(value: object) -> str:
    """Parse the name of an AWS region."""
    if not _REGION.fullmatch(text(value)):
        raise ValueError('must be a region such as "us-west-2"')
    return text(value)


def shown_name(value: object) -> str:
    """Parse a display name, sanitised."""
    return clean(text(value), _LONGEST_NAME)


def endpoint(value: object) -> str:
    """Parse a studio's address."""
    problem = endpoint_problem(text(value))
    if problem:
        raise ValueError(problem)
    return text(value)


def credentials(value: object) -> str:
    """Parse `keyring` or the name of an AWS profile."""
    name = text(value)
    if not name.strip() or clean(name, _LONGEST_NAME) != name:
        raise ValueError('must be "keyring" or the name of an AWS profile')
    return name


def identity_store_id(value: object) -> str:
    """Parse the id of an identity store."""
    if not _IDENTITY_STORE.fullmatch(text(value)):
        raise ValueError('must be the id of an identity store, such as "d-9267a41c58"')
    return text(value)


def domain_id(value: object) -> str:
    """Parse the id of a DataZone domain."""
    if not _DOMAIN.fullmatch(text(value)):
        raise ValueError('must be the id of a DataZone domain, such as "dzd-4k2m9x7q1w5v3t"')
    return text(value)


def aws_profile(value: object) -> str:
    """Parse the name of an AWS profile."""
    name = text(value)
    if not name.strip() or clean(name, _LONGEST_NAME) != name:
        raise ValueError("must be the name of an AWS profile in ~/.aws/config")
    return name


def yes_or_no(value: object) -> bool:
    """Parse true or false."""
    if not isinstance(value, bool):
        raise ValueError("must be true or false, without quotes")
    return value


def colour(value: object) -> str:
    """Parse a colour as `#rrggbb` or `#rgb`."""
    if not _COLOUR.fullmatch(text(value)):
        raise ValueError('must be a colour such as "#ff8800"')
    return text(value)


def theme(value: object) -> str:
    """Parse a theme's plain name, and return the screens' name for it."""
    if text(value) not in THEMES:
        raise ValueError("must be one of " + ", ".join(f'"{name}"' for name in THEMES))
    return THEMES[text(value)]


def notify(value: object) -> str:
    """Parse the kind of terminal notification for deadlines."""
    if text(value) not in NOTIFY:
        raise ValueError("must be one of " + ", ".join(f'"{name}"' for name in NOTIFY))
    return text(value)


def log_file(value: object) -> str:
    """Parse a file to write to, with its folder; empty for none."""
    path = text(value)
    if clean(path, _LONGEST_PATH) != path:
        raise ValueError("must be a file name")
    if path and not (path.startswith("~") or Path(path).is_absolute()):
        raise ValueError('must be a file name with its folder, such as "~/nimble-tui.log"')
    return path


def ca_file(value: object) -> str:
    """Take a file of a certificate authority, with its folder; empty for none."""
    path = text(value)
    if clean(path, _LONGEST_PATH) != path:
        raise ValueError("must be the name of a file")
    if path and not (path.startswith("~") or Path(path).is_absolute()):
        raise ValueError('must name a file with its folder, such as "~/studio-ca.pem"')
    return path


def stream_hosts(value: object) -> tuple[str, ...]:
    """Parse host names, in which `*.` stands for all below; return them in lower case."""
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError('must be a list of host names, such as ["*.dcv.example"]')
    for one in value:
        form = _HOSTS_BELOW if one.startswith("*") else _HOST
        if len(one) > _LONGEST_HOST or not form.fullmatch(one):
            raise ValueError(
                'can contain only host names, such as "dcv.example", or "*.dcv.example" for all '
                "names below it: no https://, no port, no path"
            )
    return tuple(dict.fromkeys(one.lower() for one in value))


def currency(value: object) -> str:
    """Parse a currency."""
    shown = clean(text(value))
    if not 1 <= len(shown) <= _LONGEST_CURRENCY:
        raise ValueError('must be one to eight characters, such as "$" or "EUR"')
    return shown


def price(value: object) -> float:
    """Parse an hourly price."""
    if not _is_number(value) or not 0 <= value <= _HIGHEST_PRICE:
        raise ValueError("must be an hourly price from 0 to 1000, without quotes, such as 1.01")
    return float(value)


def seconds(value: object) -> float:
    """Parse a duration from a second to an hour."""
    if not _is_number(value):
        raise ValueError("must be a number of seconds, without quotes")
    if not 1 <= value <= _LONGEST_WAIT:
        raise ValueError("must be from 1 to 3600 seconds")
    return float(value)


def _is_number(value: object) -> TypeGuard[int | float]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value)


STUDIO: Mapping[str, Check] = {
    "studio_id": an_id,
    "region": region,
    "principal_id": an_id,
    "display_name": shown_name,
    "endpoint_url": endpoint,
    "credentials": credentials,
    "read_only": yes_or_no,
    "accent": colour,
    "stream_hosts": stream_hosts,
    "identity_store_id": identity_store_id,
    "domain_id": domain_id,
    "people_profile": aws_profile,
    "people_region": region,
    "ca_file": ca_file,
}
NEEDED = ("studio_id", "region", "principal_id", "endpoint_url")
TOP: Mapping[str, Check] = {
    "theme": theme,
    "notify": notify,
    "log": log_file,
    "mouse": yes_or_no,
}
REFRESH: Mapping[str, Check] = {"busy": seconds, "idle": seconds, "unfocused": seconds}
