"""studio.toml: what a studio is served from, and where."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from nimble_tui.core.endpoints import (
    endpoint_host,
    endpoint_problem,
    is_closed_by_aws,
    is_loopback,
)
from nimble_tui.core.text import clean
from nimble_tui.core.toml_reader import Check, Dialect, TomlReader, decoded
from nimble_tui.studio.audit import RETENTION
from nimble_tui.studio.compute.local.settings import LocalSettings, read_local

KEYRING: Final = "keyring"
"""The value of `master_key` where a keyring holds the key."""
LOCAL: Final = "local"
COMPUTES: Final = ("simulated", LOCAL)
DEFAULT_NOVNC: Final = Path("/usr/share/novnc")
"""The folder of Debian's package novnc."""
_WORKSTATIONS: Final = "workstations"
"""The folder of workstations beside the studio's data, unless the settings name another."""
_LARGEST: Final = 1024 * 1024
_LONGEST_NAME: Final = 64  # StudioDisplayName, in the AWS API reference
_LONGEST_PATH: Final = 4096
_MOST_DAYS: Final = 3650
_REGION: Final = re.compile(r"[a-z]{2,}(-[a-z]+)+-[0-9]+")
_LISTEN: Final = re.compile(r"(?:\[([0-9A-Fa-f:.]{2,45})\]|([A-Za-z0-9.-]{1,253})):([0-9]{1,5})")
_DIALECT: Final = Dialect(
    tables={"studio": 1, "serve": 1, "local": 1},
    secrets="keys and passwords have files of their own",
    value='listen = "0.0.0.0:8443"',
    number="a text stands in quotes",
)


class ConfigError(Exception):
    """studio.toml cannot be used; its text is one sentence a problem, one a line."""


class Listen(NamedTuple):
    """An address and a port to listen on."""

    host: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StudioConfig:
    """All of studio.toml, its paths absolute.

    `name` and `region` may be None, which leaves them as the store has them; without `public_url`
    the studio is reached where it listens. Without a certificate it speaks plain HTTP. The
    `master_key` is in that file, or in the keyring where it is `KEYRING`; without one the access
    keys in the store are not encrypted. The audit log remembers who did what for `audit_days`.
    `local` is there where `compute` is that. `novnc` is the folder of noVNC, which draws screens in
    a browser.
    """

    store: Path
    listen: Listen
    name: str | None = None
    region: str | None = None
    compute: str = COMPUTES[0]
    master_key: Path | str | None = None
    audit_days: int = RETENTION.days
    public_url: str | None = None
    certificate: Path | None = None
    key: Path | None = None
    trusted_proxies: tuple[str, ...] = ()
    novnc: Path = DEFAULT_NOVNC
    local: LocalSettings | None = None


def read_config(path: Path) -> StudioConfig:
    """Return the settings in a file; raises ConfigError with all that is wrong with them."""
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror or error}.") from None
    text = decoded(content)
    if text is None or len(content) > _LARGEST:
        raise ConfigError(f"{path} is not UTF-8 text of at most 1 MiB.")
    return parse_config(text, path)


def parse_config(text: str, path: Path) -> StudioConfig:
    """Return the settings in a text that is, or will be, in the file at `path`; ConfigError."""
    toml = TomlReader(text, path.name, _DIALECT)
    tables = toml.tables()
    config = _config(toml, tables, path.absolute().parent) if tables is not None else None
    if config is None or toml.problems:
        raise ConfigError("\n".join(toml.problems))
    return config


def _config(toml: TomlReader, tables: Mapping[str, Any], folder: Path) -> StudioConfig | None:
    toml.names((), tables, _DIALECT.tables)
    before = len(toml.problems)
    values: dict[str, Any] = {}
    for name, checks in (("studio", _STUDIO), ("serve", _SERVE)):
        table = toml.table((name,), tables.get(name, {}))
        values |= toml.values((name,), table, checks)
        for key in _NEEDED & checks.keys():
            if key not in table:
                toml.report((name,), f"{key} is missing.")
    for name in ("store", "master_key", "certificate", "key", "novnc"):
        if name in values and values[name] != KEYRING:
            values[name] = folder / values[name]
    local = read_local(toml, toml.table(("local",), tables.get("local", {})), folder)
    if len(toml.problems) > before:
        return None
    if values.get("compute") == LOCAL:
        files = ("master_key", "certificate", "key")
        own = [values[name] for name in files if isinstance(values.get(name), Path)]
        hidden = (values["store"].parent, *own)
        beside = {"folder": values["store"].with_name(_WORKSTATIONS), "hidden": hidden}
        values["local"] = LocalSettings(**(beside | local))
    config = StudioConfig(**values)
    _check_together(toml, config)
    return config


def _check_together(toml: TomlReader, config: StudioConfig) -> None:
    """Report values that do not fit one another."""
    if (config.certificate is None) != (config.key is None):
        there, missing = ("key", "certificate") if config.key else ("certificate", "key")
        toml.report(("serve", there), f"needs {missing} too.")
        return
    if config.certificate is None and not (
        is_loopback(config.listen.host) or config.trusted_proxies
    ):
        toml.report(
            ("serve", "listen"),
            "other computers reach the studio there, so it needs certificate and key "
            "(nimble-tui studio certificate makes them), or a proxy in trusted_proxies that "
            "handles TLS.",
        )
    is_plain = urlsplit(config.public_url or "").scheme == "http"
    if config.certificate is not None and is_plain:
        toml.report(
            ("serve", "public_url"), "must begin with https://, because there is a certificate."
        )
    if config.public_url is None and not is_loopback(config.listen.host):
        toml.report(("serve",), "public_url is missing: the address under which artists reach it.")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError('must be text in quotes, such as "this"')
    return value


def _name(value: object) -> str:
    name = _text(value)
    if not 1 <= len(name) <= _LONGEST_NAME or clean(name) != name:
        raise ValueError(f"must be a name of 1 to {_LONGEST_NAME} visible characters")
    return name


def _region(value: object) -> str:
    if not _REGION.fullmatch(_text(value)[:64]):
        raise ValueError('must be a region such as "us-west-2"')
    return _text(value)


def _compute(value: object) -> str:
    if _text(value) not in COMPUTES:
        raise ValueError("must be " + " or ".join(f'"{one}"' for one in COMPUTES))
    return _text(value)


def _path(value: object) -> Path:
    path = _text(value)
    if not 1 <= len(path) <= _LONGEST_PATH or clean(path, _LONGEST_PATH) != path:
        raise ValueError("must be the name of a file")
    return Path(path).expanduser()


def _master_key(value: object) -> Path | str:
    return KEYRING if value == KEYRING else _path(value)


def _audit_days(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _MOST_DAYS:
        raise ValueError(f"must be a number of days from 1 to {_MOST_DAYS}")
    return value


def _listen(value: object) -> Listen:
    found = _LISTEN.fullmatch(_text(value)[:300])
    if not found or int(found[3]) > 65535:
        raise ValueError('must be an address and a port, such as "0.0.0.0:8443" or "[::]:8443"')
    return Listen(found[1] or found[2], int(found[3]))


def _public_url(value: object) -> str:
    problem = endpoint_problem(_text(value))
    if not problem and urlsplit(_text(value)).path not in {"", "/"}:
        problem = "must end after the host and port"
    if not problem and is_closed_by_aws(endpoint_host(_text(value))):
        problem = "must be your own address: AWS's service closed in October 2024"
    if problem:
        raise ValueError(problem)
    return _text(value).rstrip("/")


def _proxies(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError('must be a list of IP addresses, such as ["10.0.0.5"]')
    try:
        return tuple(str(ipaddress.ip_address(_text(one))) for one in value)
    except ValueError:
        raise ValueError('can contain only IP addresses of proxies, such as ["10.0.0.5"]') from None


_STUDIO: Final[Mapping[str, Check]] = {
    "name": _name,
    "region": _region,
    "compute": _compute,
    "store": _path,
    "master_key": _master_key,
    "audit_days": _audit_days,
}
_SERVE: Final[Mapping[str, Check]] = {
    "listen": _listen,
    "public_url": _public_url,
    "certificate": _path,
    "key": _path,
    "trusted_proxies": _proxies,
    "novnc": _path,
}
CHECKS: Final[Mapping[str, Check]] = {**_STUDIO, **_SERVE}
"""The check of each setting, by its name."""
_NEEDED: Final = frozenset({"store", "listen"})
