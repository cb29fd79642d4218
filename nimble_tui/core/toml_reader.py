"""A TOML file read strictly: all problems together, each with its place and its fix."""

import difflib
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from nimble_tui.core.text import clean
from nimble_tui.core.toml_scan import lines_of, secret_lines

_WHERE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")

Check = Callable[[object], object]
"""Returns the value to use, or raises ValueError with the rest of a sentence about the key."""
Where = tuple[str, ...]


class Dialect(NamedTuple):
    """Particulars of one kind of file.

    `tables` are its tables with the depth of a table's name: 2 for `[studios.NAME]`. `secrets`
    says where secrets are stored instead, `value` is an example of settings, and `number` says how
    a value is written.
    """

    tables: Mapping[str, int]
    secrets: str
    value: str
    number: str


class TomlReader:
    """Parses tables and collects their problems, one sentence each, in `problems`."""

    def __init__(self, text: str, name: str, dialect: Dialect) -> None:
        self.problems: list[str] = []
        self._text = text
        self._name = name
        self._dialect = dialect
        self._lines = lines_of(text)
        self._secrets = secret_lines(text)
        self.problems += [
            (
                f"{name}, line {line}: this looks like a secret. Remove it ({dialect.secrets}), "
                "and replace it if other people could have read the file."
            )
            for line in self._secrets
        ]

    def tables(self) -> dict[str, Any] | None:
        """Return the content, or None where it is not valid TOML."""
        try:
            return tomllib.loads(self._text.replace("\r\n", "\n"))
        except (ValueError, RecursionError) as error:
            self._not_toml(error)
            return None

    def table(self, where: Where, value: object) -> Mapping[str, Any]:
        """Return a table, or an empty one where the value is not a table."""
        if isinstance(value, Mapping):
            return value
        depth = self._dialect.tables.get(where[0], 1)
        example = (*where, "north") if len(where) < depth else where
        self.report(where, f"must be a table, such as [{_dotted(example)}].")
        return {}

    def values(
        self, where: Where, table: Mapping[str, Any], checks: Mapping[str, Check]
    ) -> dict[str, Any]:
        """Return the valid values of a table by their names."""
        self.names(where, table, checks)
        right = {}
        for key, check in checks.items():
            if key in table:
                try:
                    right[key] = check(table[key])
                except ValueError as error:
                    self.report((*where, key), f"{error}.")
        return right

    def names(self, where: Where, table: Iterable[str], known: Iterable[str]) -> None:
        """Report the unknown names of a table, each with the nearest known one."""
        names = list(known)
        for key in table:
            if key not in names and self._line((*where, key)) not in self._secrets:
                self.report((*where, key), f"unknown setting{nearest(key, names)}")

    def report(self, where: Where, what: str) -> None:
        """Add a problem with a table or key, with its line."""
        line = self._line(where)
        at = f"{self._name}, line {line}" if line else self._name
        self.problems.append(f"{at}: {self._place(where)}: {what}")

    def _not_toml(self, error: Exception) -> None:
        said = clean(str(error), 200)
        place = _WHERE.search(said)
        if place and place[1]:
            where = f", line {place[1]}, column {place[2]}"
        else:
            where = ", at its end" if place else ""
        what = _WHERE.sub("", said) if isinstance(error, tomllib.TOMLDecodeError) else ""
        self.problems.append(f"{self._name}{where}: {self._mistake(what)}.")

    def _mistake(self, said: str) -> str:
        """Return in plain words what tomllib said is wrong, as far as it is a usual mistake."""
        value, number = self._dialect.value, self._dialect.number
        mistakes = {
            r"Cannot (overwrite|declare|mutate)|Duplicate": "duplicate name",
            r"Invalid value": f"text needs quotes, and numbers none, such as {value}",
            r"Expected '='|Invalid statement|Invalid initial character": (
                "expected name = value; a comment begins with #"
            ),
            r"Expected newline": (
                f"unexpected text after the value; write one setting per line, and {number}"
            ),
            r"Expected '\]'": "write a table as [name], on its own line",
            r"Unterminated string|Illegal character '\\n'": (
                "text in quotes must end on the same line"
            ),
        }
        for pattern, words in mistakes.items():
            if re.match(pattern, said):
                return words
        return f"not valid TOML, the format of settings{f' ({said})' if said else ''}"

    def _line(self, where: Where) -> int | None:
        """Return the line of a table or key, else of the nearest thing around it."""
        while where and where not in self._lines:
            where = where[:-1]
        return self._lines.get(where)

    def _place(self, where: Where) -> str:
        """Return `[table] key` the way a person reads it in the file."""
        depth = self._dialect.tables.get(where[0])
        if depth is None and len(where) == 1:
            return clean(where[0], 64)
        table, rest = where[: depth or 1], where[depth or 1 :]
        return " ".join([f"[{_dotted(table)}]", *([_dotted(rest)] if rest else [])])


def decoded(content: bytes) -> str | None:
    """Return the text of a file in UTF-8, None for one that is not."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the end of a sentence that names what was probably meant."""
    near = difflib.get_close_matches(word[:64], list(known), n=1)
    return f'; did you mean "{near[0]}"?' if near else "."


def _dotted(path: Where) -> str:
    return clean(".".join(path), 80)
