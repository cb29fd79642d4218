"""Sanitising of foreign text for a terminal: once, at the boundary, before it is shown."""

import unicodedata

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# Cc: C0 and C1 controls; Cf: bidi overrides, zero-width and tag characters; Cs: lone surrogates;
# Co, Cn: private and unassigned, whose look and width no terminal agrees on; Zl, Zp: line breaks.
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_MARKS = frozenset({"Mn", "Me", "Mc"})
_MOST_MARKS = 2


def clean(value: str, limit: int = 1024) -> str:
    """Return `value` as one line of text without any effect on the terminal.

    Line breaks and tabs become a space, anything that controls a terminal or hides (escapes,
    controls, bidi overrides, zero-width characters) becomes U+FFFD, stacked combining marks are
    dropped, and text over `limit` characters ends in an ellipsis.
    """
    if value.isascii() and value.isprintable() and len(value) <= limit:
        return value.strip()
    safe: list[str] = []
    marks = 0
    for character in value[: limit + 1]:
        if character in "\t\n\r":
            safe.append(" ")
            marks = 0
            continue
        category = unicodedata.category(character)
        if category in _MARKS:
            # A variation selector changes the width of the character before it.
            marks += 1
            if marks <= _MOST_MARKS and not 0xFE00 <= ord(character) <= 0xFE0F:
                safe.append(character)
            continue
        marks = 0
        safe.append(REPLACEMENT if category in _UNSAFE else character)
    if len(value) > limit:
        safe[limit - 1 :] = ["…"]
    return "".join(safe).strip()


def is_encodable(value: str) -> bool:
    """Return whether a text can be written as UTF-8: it holds no lone surrogate."""
    if value.isascii():
        return True
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def clean_id(value: str, limit: int = 256) -> str:
    """Return an id in a form in which two different ids never look alike.

    Anything but visible ASCII is written as an escape, and a backslash as two.
    """
    shown = "".join(
        "\\\\" if c == "\\" else c if "!" <= c <= "~" else f"\\u{{{ord(c):x}}}"
        for c in value[:limit]
    )
    return shown if len(value) <= limit else f"{shown}…({len(value)})"


def is_plain_id(value: str, limit: int = 256) -> bool:
    """Return whether sanitising would leave an id unchanged."""
    return bool(value) and clean_id(value, limit) == value


def in_lines(text: str, width: int) -> str:
    """Return a sentence wrapped between words into lines of at most `width` columns.

    Its indent is repeated on each line; a word that is longer than a line stays whole.
    """
    indent = " " * (len(text) - len(text.lstrip(" ")))
    lines = [indent]
    for word in text.split():
        gap = " " if lines[-1] != indent else ""
        if gap and _columns(lines[-1]) + 1 + _columns(word) > width:
            lines.append(indent + word)
        else:
            lines[-1] += gap + word
    return "\n".join(lines)


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)
