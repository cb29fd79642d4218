"""config.toml read strictly: all problems together, each with its place and its fix."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from nimble_tui.config import fields
from nimble_tui.config.keymap import RESERVED, clashes, key_label, known_keys, normal_key
from nimble_tui.config.settings import Settings, SettingsError, StudioSettings
from nimble_tui.core.actions import BY_ID, Action, places
from nimble_tui.core.cadence import Intervals
from nimble_tui.core.instance_types import INSTANCE_TYPES
from nimble_tui.core.prices import Prices
from nimble_tui.core.service import DEMO
from nimble_tui.core.toml_reader import Dialect, TomlReader, decoded, nearest

_DIALECT = Dialect(
    tables={"refresh": 1, "keys": 1, "prices": 1, "studios": 2},
    secrets="keys are stored in the keyring: run nimble-tui login",
    value='theme = "dark" or idle = 30',
    number="a price as 1.01",
)


def parse(content: bytes, name: str, *, with_studios: bool = True) -> Settings:
    """Return the settings in the bytes of a file; `name` is what problems call it."""
    text = decoded(content)
    if text is None:
        raise SettingsError((f"{name} is not UTF-8 text; save it as UTF-8.",))
    reader = _Reader(TomlReader(text, name, _DIALECT))
    tables = reader.toml.tables()
    settings = reader.settings(tables, with_studios=with_studios) if tables is not None else None
    if settings is None or reader.toml.problems:
        raise SettingsError(tuple(reader.toml.problems))
    return settings


def studio_from(name: str, table: Mapping[str, object]) -> StudioSettings:
    """Return a studio parsed as in the settings; SettingsError with the problems."""
    reader = _Reader(TomlReader("", "the studio", _DIALECT))
    studio = reader.studio(name, table)
    if studio is None:
        raise SettingsError(tuple(reader.toml.problems))
    return studio


class _Reader:
    """Parses the tables and collects their problems."""

    def __init__(self, toml: TomlReader) -> None:
        self.toml = toml

    def settings(self, tables: Mapping[str, Any], *, with_studios: bool) -> Settings:
        """Return the settings without those that have problems."""
        self.toml.names((), tables, (*fields.TOP, *_DIALECT.tables))
        top = self.toml.values((), {k: v for k, v in tables.items() if k in fields.TOP}, fields.TOP)
        refresh = self.toml.values(
            ("refresh",), self.toml.table(("refresh",), tables.get("refresh", {})), fields.REFRESH
        )
        keys = self._keys(self.toml.table(("keys",), tables.get("keys", {})))
        prices = self._prices(self.toml.table(("prices",), tables.get("prices", {})))
        studios = []
        if with_studios:
            for name, table in self.toml.table(("studios",), tables.get("studios", {})).items():
                studio = self.studio(name, self.toml.table(("studios", name), table))
                studios += [studio] if studio else []
        return Settings(
            **top,
            refresh=Intervals(**refresh),
            keys=MappingProxyType(keys),
            studios=tuple(studios),
            prices=prices,
        )

    def studio(self, name: str, table: Mapping[str, object]) -> StudioSettings | None:
        """Return one studio, or None when something about it is wrong."""
        where = ("studios", name)
        before = len(self.toml.problems)
        if name == DEMO:
            self.toml.report(where, '"demo" is reserved for the demo studio; choose another name.')
        elif not fields.STUDIO_NAME.fullmatch(name):
            self.toml.report(
                where,
                "a studio's name has at most 32 lower-case letters, digits and hyphens.",
            )
        values = self.toml.values(where, table, fields.STUDIO)
        for key in fields.NEEDED:
            if key not in table:
                self.toml.report(where, f"{key} is missing.")
        return StudioSettings(name=name, **values) if len(self.toml.problems) == before else None

    def _keys(self, table: Mapping[str, object]) -> dict[str, str]:
        self.toml.names(("keys",), table, BY_ID)
        changed: dict[str, str] = {}
        for action in (BY_ID[name] for name in table if name in BY_ID):
            given = table[action.id]
            every = [
                self._key(action, one) for one in (given if isinstance(given, list) else [given])
            ]
            keys = dict.fromkeys(key for key in every if key)
            if not every:
                self.toml.report(
                    ("keys", action.id), "is empty; remove it to keep the default key."
                )
            elif list(keys) != [action.key]:
                changed[action.id] = ",".join(keys)
        for key, one, other in clashes(changed):
            where = places(one, other)
            there = f" on {' and '.join(where)}" if where else ""
            self.toml.report(
                ("keys", other),
                f'"{key_label(key)}" is already assigned to "{one}"{there}; change one of them.',
            )
        return changed

    def _key(self, action: Action, spelt: object) -> str | None:
        """Return an action's key as Textual spells it, or report why it is not one."""
        where = ("keys", action.id)
        key = normal_key(spelt) if isinstance(spelt, str) else None
        if key is None:
            near = nearest(spelt, known_keys()) if isinstance(spelt, str) else "."
            several = isinstance(spelt, str) and all(normal_key(one) for one in spelt.split(","))
            if several:
                near = '; write several keys as a list, such as ["s", "f5"].'
            self.toml.report(where, f'is not a key; use one such as "s", "f5" or "ctrl+r"{near}')
        elif key in RESERVED and key != action.key:
            self.toml.report(where, f'"{key}" is reserved for navigation; use another key.')
        else:
            return key
        return None

    def _prices(self, table: Mapping[str, object]) -> Prices:
        where = ("prices",)
        right: dict[str, float] = {}
        for name, value in table.items():
            if name == "currency":
                continue
            if isinstance(value, Mapping):
                whole = (*where, name, *list(value)[:1])
                self.toml.report(whole, 'put the type in quotes, such as "g5.xlarge" = 1.01.')
            elif name not in INSTANCE_TYPES:
                near = nearest(name, ["currency", *INSTANCE_TYPES])
                self.toml.report((*where, name), f"unknown instance type{near}")
            else:
                right |= self.toml.values(where, {name: value}, {name: fields.price})
        head = {k: v for k, v in table.items() if k == "currency"}
        currency = self.toml.values(where, head, {"currency": fields.currency})
        return Prices(**currency, per_hour=MappingProxyType(right))
