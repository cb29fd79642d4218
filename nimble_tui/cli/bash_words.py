"""Words on a bash command line: taken apart as they were typed, and quoted as they are put in."""

from dataclasses import dataclass

_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./,+@%")
_IN_DOUBLE = '"\\$`'


@dataclass(frozen=True, slots=True)
class Typed:
    """A word as typed: what it means, its own characters, and the quote it ends in, if any."""

    meant: str
    raw: str
    quote: str = ""


def split(line: str) -> list[Typed]:
    """Return the words of a line up to the cursor; the last one, maybe empty, is being typed.

    Nothing is expanded, and an open quote or a backslash at the end are as if not yet typed.
    """
    words: list[Typed] = []
    meant, raw, quote, begun = "", "", "", False
    characters = iter(line)
    for c in characters:
        if not quote and c in " \t\n":
            if begun:
                words.append(Typed(meant, raw))
            meant, raw, begun = "", "", False
            continue
        raw, begun = raw + c, True
        if c == "\\" and quote != "'":
            following = next(characters, "")
            raw += following
            literal = quote == '"' and following not in _IN_DOUBLE
            meant += f"\\{following}" if literal and following else following
        elif c == quote:
            quote = ""
        elif not quote and c in "\"'":
            quote = c
        else:
            meant += c
    return [*words, Typed(meant, raw, quote)]


def quoted(text: str, quote: str) -> str | None:
    """Return a text so that bash takes it as it is, within an open quote where there is one.

    None where that cannot be written: a ! within double quotes may recall a command.
    """
    if quote == "'":
        return text.replace("'", "'\\''")
    if quote:
        if "!" in text:
            return None
        return "".join(f"\\{c}" if c in _IN_DOUBLE else c for c in text)
    return "".join(c if c in _PLAIN or not c.isascii() else f"\\{c}" for c in text)


def completing(typed: Typed, replaced: str, text: str) -> str | None:
    """Return what takes the place of `replaced`, the end of a word that is to become `text`.

    readline breaks words at characters such as : and =, and replaces what stands after the last.
    None where that cannot be.
    """
    before = typed.raw.removesuffix(replaced)
    head = split(before)[-1]
    if head.quote != typed.quote and replaced:
        # The quote was opened within what is replaced.
        head = Typed(head.meant, head.raw, "")
    if not text.startswith(head.meant):
        return None
    return quoted(text[len(head.meant) :], head.quote)
