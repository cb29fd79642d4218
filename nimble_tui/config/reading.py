"""config.toml read strictly: all problems together, each with its place and its fix."""

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from nimble_tui.config import fields
from nimble_tui.config.keymap import RESERVED, clashes, key_label, known_keys, normal_key
from nimble_tui.config.scan import lines_of, secret_lines
from nimble_tui.config.settings import Settings, SettingsError, StudioSettings
from nimble_tui.core.actions import BY_ID, Action, places
from nimble_tui.core.cadence import Intervals
from nimble_tui.core.instance_types import INSTANCE_TYPES
from nimble_tui.core.prices import Prices
from nimble_tui.core.service import DEMO
from nimble_tui.core.text import clean

_WHERE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_MISTAKES = {
    r"Cannot (overwrite|declare|mutate)|Duplicate": "duplicate name",
    r"Invalid value": 'text needs quotes, and numbers none, such as theme = "dark" or idle = 30',
    r"Expected '='|Invalid statement|Invalid initial character": (
        "expected name = value; a comment begins with #"
    ),
    r"Expected newline": (
        "unexpected text after the value; write one setting per line, and a price as 1.01"
    ),
    r"Expected '\]'": "write a table as [name], on its own line",
    r"Unterminated string|Illegal character '\\n'": ("text in quotes must end on the same line"),
}
"""Common mistakes, by tomllib's messages."""
_TABLES = ("refresh", "keys", "prices", "studios")

Where = tuple[str, ...]


def parse(content: bytes, name: str, *, with_studios: bool = True) -> Settings:
    """Return the settings in the bytes of a file; `name` is what problems call it."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SettingsError((f"{name} is not UTF-8 text; save it as UTF-8.",)) from error
    reader = _Reader(text, name)
    try:
        tables = tomllib.loads(text.replace("\r\n", "\n"))
    except (ValueError, RecursionError) as error:
        reader.not_toml(error)
    else:
        settings = reader.settings(tables, with_studios=with_studios)
        if not reader.problems:
            return settings
    raise SettingsError(tuple(reader.problems))


def studio_from(name: str, table: Mapping[str, object]) -> StudioSettings:
    """Return a studio parsed as in the settings; SettingsError with the problems."""
    reader = _Reader("", "the studio")
    studio = reader.studio(name, table)
    if studio is None:
        raise SettingsError(tuple(reader.problems))
    return studio


class _Reader:
    """Parses the tables and collects their problems."""

    def __init__(self, text: str, name: str) -> None:
        self.problems: list[str] = []
        self._name = name
        self._lines = lines_of(text)
        self._secrets = secret_lines(text)
        self.problems += [
            (
                f"{name}, line {line}: this looks like a secret. Remove it (keys are stored in the "
                "keyring: run nimble-tui login), and replace it if other people could have read "
                "the file."
            )
            for line in self._secrets
        ]

    def not_toml(self, error: Exception) -> None:
        """Report that the file is not valid TOML, and where."""
        said = clean(str(error), 200)
        place = _WHERE.search(said)
        if place and place[1]:
            where = f", line {place[1]}, column {place[2]}"
        else:
            where = ", at its end" if place else ""
        what = _WHERE.sub("", said) if isinstance(error, tomllib.TOMLDecodeError) else ""
        self.problems.append(f"{self._name}{where}: {_mistake(what)}.")

    def settings(self, tables: Mapping[str, Any], *, with_studios: bool) -> Settings:
        """Return the settings without those that have problems."""
        self._names((), tables, (*fields.TOP, *_TABLES))
        top = self._values((), {k: v for k, v in tables.items() if k in fields.TOP}, fields.TOP)
        refresh = self._values(
            ("refresh",), self._table(("refresh",), tables.get("refresh", {})), fields.REFRESH
        )
        keys = self._keys(self._table(("keys",), tables.get("keys", {})))
        prices = self._prices(self._table(("prices",), tables.get("prices", {})))
        studios = []
        if with_studios:
            for name, table in self._table(("studios",), tables.get("studios", {})).items():
                studio = self.studio(name, self._table(("studios", name), table))
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
        before = len(self.problems)
        if name == DEMO:
            self._report(where, '"demo" is reserved for the demo studio; choose another name.')
        elif not fields.STUDIO_NAME.fullmatch(name):
            self._report(
                where,
                "a studio's name has at most 32 small letters, digits and hyphens.",
            )
        values = self._values(where, table, fields.STUDIO)
        for key in fields.NEEDED:
            if key not in table:
                self._report(where, f"{key} is missing.")
        return StudioSettings(name=name, **values) if len(self.problems) == before else None

    def _table(self, where: Where, value: object) -> Mapping[str, Any]:
        if isinstance(value, Mapping):
            return value
        example = (*where, "north") if where == ("studios",) else where
        self._report(where, f"must be a table, such as [{_dotted(example)}].")
        return {}

    def _values(
        self, where: Where, table: Mapping[str, Any], checks: Mapping[str, fields.Check]
    ) -> dict[str, Any]:
        """Return the values of a table that are right, under their names."""
        self._names(where, table, checks)
        right = {}
        for key, check in checks.items():
            if key in table:
                try:
                    right[key] = check(table[key])
                except ValueError as error:
                    self._report((*where, key), f"{error}.")
        return right

    def _keys(self, table: Mapping[str, object]) -> dict[str, str]:
        self._names(("keys",), table, BY_ID)
        changed: dict[str, str] = {}
        for action in (BY_ID[name] for name in table if name in BY_ID):
            given = table[action.id]
            every = [
                self._key(action, one) for one in (given if isinstance(given, list) else [given])
            ]
            keys = dict.fromkeys(key for key in every if key)
            if not every:
                self._report(("keys", action.id), "is empty; remove it to keep the default key.")
            elif list(keys) != [action.key]:
                changed[action.id] = ",".join(keys)
        for key, one, other in clashes(changed):
            where = places(one, other)
            there = f" on {' and '.join(where)}" if where else ""
            self._report(
                ("keys", other),
                f'"{key_label(key)}" is already assigned to "{one}"{there}; change one of them.',
            )
        return changed

    def _key(self, action: Action, spelt: object) -> str | None:
        """Return an action's key as Textual spells it, or report why it is not one."""
        where = ("keys", action.id)
        key = normal_key(spelt) if isinstance(spelt, str) else None
        if key is None:
            near = _nearest(spelt, known_keys()) if isinstance(spelt, str) else "."
            several = isinstance(spelt, str) and all(normal_key(one) for one in spelt.split(","))
            if several:
                near = '; write several keys as a list, such as ["s", "f5"].'
            self._report(where, f'is not a key; use one such as "s", "f5" or "ctrl+r"{near}')
        elif key in RESERVED and key != action.key:
            self._report(where, f'"{key}" is reserved for navigation; use another key.')
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
                self._report(whole, 'put the type in quotes, such as "g5.xlarge" = 1.01.')
            elif name not in INSTANCE_TYPES:
                near = _nearest(name, ["currency", *INSTANCE_TYPES])
                self._report((*where, name), f"unknown instance type{near}")
            else:
                right |= self._values(where, {name: value}, {name: fields.price})
        head = {k: v for k, v in table.items() if k == "currency"}
        currency = self._values(where, head, {"currency": fields.currency})
        return Prices(**currency, per_hour=MappingProxyType(right))

    def _names(self, where: Where, table: Iterable[str], known: Iterable[str]) -> None:
        names = list(known)
        for key in table:
            if key not in names and self._line((*where, key)) not in self._secrets:
                near = _nearest(key, names)
                self._report((*where, key), f"unknown setting{near}")

    def _line(self, where: Where) -> int | None:
        """Return the line of a table or key, else of the nearest thing around it."""
        while where and where not in self._lines:
            where = where[:-1]
        return self._lines.get(where)

    def _report(self, where: Where, what: str) -> None:
        line = self._line(where)
        at = f"{self._name}, line {line}" if line else self._name
        self.problems.append(f"{at}: {_place(where)}: {what}")


def _mistake(said: str) -> str:
    """Return in plain words what tomllib said is wrong, as far as it is a usual mistake."""
    for pattern, words in _MISTAKES.items():
        if re.match(pattern, said):
            return words
    return f"not valid TOML, the format of settings{f' ({said})' if said else ''}"


def _place(where: Where) -> str:
    """Return `[table] key` the way a person reads it in the file."""
    if len(where) == 1 and where[0] not in _TABLES:
        return clean(where[0], 64)
    depth = 2 if where[0] == "studios" else 1
    table, rest = where[:depth], where[depth:]
    return " ".join([f"[{_dotted(table)}]", *([_dotted(rest)] if rest else [])])


def _dotted(path: Where) -> str:
    return clean(".".join(path), 80)


def _nearest(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word[:64], list(known), n=1)
    return f'; did you mean "{near[0]}"?' if near else "."
