"""Line numbers of tables and keys in a TOML text, by a simple scan.

tomllib reports no positions. What this cannot place (a key inside an inline table) is placed at the
nearest thing around it, or nowhere.
"""

import re
import tomllib

_PART = r"(?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')"
_DOTTED = rf"{_PART}(?:\s*\.\s*{_PART})*"
_HEADER = re.compile(rf"\s*\[\s*({_DOTTED})\s*\]\s*(?:#.*)?$")
_KEY = re.compile(rf"\s*({_DOTTED})\s*=")

# An access key id, and an invite.
_KNOWN_SECRETS = re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{12,}|nimble1_[A-Za-z0-9_-]{16,}")
_LONG_WORD = re.compile(
    r"(?<![A-Za-z0-9+/=_.-])([A-Za-z0-9+/]{40}|[A-Za-z0-9+/]{100,}={0,2})(?![A-Za-z0-9+/=_.-])"
)
_SECRET_NAME = re.compile(
    r"aws_?(?:access|secret|session)|secret|passwor|passwd|passphrase|token"
    r"|(?:access|private|api)_?key",
    re.IGNORECASE,
)


def lines_of(text: str) -> dict[tuple[str, ...], int]:
    """Return the line on which each table and each key is first named, counted from 1."""
    found: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    quoted = False
    for number, line in enumerate(text.split("\n"), start=1):
        if not quoted:
            if header := _HEADER.match(line):
                table = _path(header[1])
                found.setdefault(table, number)
            elif key := _KEY.match(line):
                found.setdefault((*table, *_path(key[1])), number)
        quoted ^= (line.count('"""') + line.count("'''")) % 2 == 1
    return found


def secret_lines(text: str) -> list[int]:
    """Return the numbers of lines that may hold a secret, from 1; comments count too."""
    return [
        number
        for number, line in enumerate(text.split("\n"), start=1)
        if _KNOWN_SECRETS.search(line) or _has_long_secret(line) or _has_secret_name(line)
    ]


def _has_long_secret(line: str) -> bool:
    # 40 characters are the length of a secret access key, and of a commit's id in lower case.
    kinds = (str.islower, str.isupper, str.isdigit)
    return any(
        all(any(is_kind(character) for character in word) for is_kind in kinds)
        for word in _LONG_WORD.findall(line)
    )


def _has_secret_name(line: str) -> bool:
    key = _KEY.match(line.lstrip("# \t"))
    return bool(key and _SECRET_NAME.search(key[1]))


def _path(dotted: str) -> tuple[str, ...]:
    try:
        here: object = tomllib.loads(f"{dotted} = 0")
    except tomllib.TOMLDecodeError:
        return (dotted,)
    path = []
    while isinstance(here, dict):
        name = next(iter(here))
        path.append(name)
        here = here[name]
    return tuple(path)
