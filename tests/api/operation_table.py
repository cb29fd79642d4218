"""The operations as the API reference has them, written by hand, to hold the model against."""

from pathlib import Path
from typing import NamedTuple


class Row(NamedTuple):
    name: str
    method: str
    path: str
    status: int
    has_token: bool
    required: frozenset[str]
    query: dict[str, bool]
    """Member names, True where the key repeats."""


def _row(line: str) -> Row:
    name, method, path, status, token, required, query = (cell.strip() for cell in line.split("|"))
    return Row(
        name,
        method,
        f"/2020-08-01{path}",
        int(status),
        token == "T",
        frozenset(required.split()),
        {key.removesuffix("[]"): key.endswith("[]") for key in query.split()},
    )


_TEXT = (Path(__file__).parent / "operations.txt").read_text(encoding="utf-8")
OPERATIONS = [_row(line) for line in _TEXT.splitlines() if not line.startswith("#")]
