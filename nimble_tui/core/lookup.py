"""Finds things by name or id: one rule for workstations, profiles, images and people."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from nimble_tui.core.text import clean, clean_id

T = TypeVar("T")
Texts = Callable[[T], Iterable[str | None]]

SHORTEST_PART: Final = 3
"""Characters; a shorter word matches only in full, so that a typing slip matches nothing."""

MOST_LISTED: Final = 10

PRINCIPAL_ID: Final = re.compile(
    r"([0-9a-f]{10}-)?[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
)
"""A person's id (the Identity Store API reference, ResourceId)."""


class NotOneError(Exception):
    """A word that matches nothing, or several things: a sentence, then the candidates by line."""

    def __init__(self, *sentences: str, several: bool = False) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences
        self.several = several


@dataclass(frozen=True, slots=True)
class Naming(Generic[T]):
    """The naming of one kind of thing, and the messages for a word without a single match.

    `kind` is their plural; a `line` is the id, the name, and what else distinguishes it. `none` is
    the message for no match, `offer` comes before the lines of the candidates, `otherwise` stands
    in its place if there are none.
    """

    kind: str
    ids: Texts[T]
    names: Texts[T]
    line: Callable[[T], tuple[str, str, str]]
    none: Callable[[str], str] = "Nothing matches {}.".format
    offer: str = ""
    otherwise: str = ""

    def find(self, word: str, candidates: Iterable[T], *, in_full: bool = False) -> T | None:
        """Return the candidate that `word` names, None if there is no match.

        Raises NotOneError if several match.
        """
        found = matches(word, candidates, ids=self.ids, names=self.names, in_full=in_full)
        if len(found) > 1:
            sentence = f"“{clean(word, 64)}” matches {len(found)} {self.kind}:"
            raise NotOneError(sentence, *self._lines(found), several=True)
        return found[0] if found else None

    def one(self, word: str, candidates: Sequence[T]) -> T:
        """Return the candidate that `word` names, as `find` does, else raise NotOneError."""
        found = self.find(word, candidates)
        if found is None:
            raise self.absent(word, candidates)
        return found

    def absent(self, word: str, listed: Sequence[T]) -> NotOneError:
        """Return the error for a word without a match, with the candidates to choose from."""
        short = len(word.strip()) < SHORTEST_PART
        sentences = (
            self.none(clean(word, 64)),
            _TOO_SHORT if short else "",
            self.offer if listed else self.otherwise,
        )
        return NotOneError(" ".join(filter(None, sentences)), *self._lines(listed))

    def _lines(self, some: Sequence[T]) -> list[str]:
        rows = map(self.line, some[:MOST_LISTED])
        lines = [f"  {clean_id(key)}  {name}  {more}".rstrip() for key, name, more in rows]
        unlisted = len(some) - len(lines)
        return [*lines, f"  and {unlisted} more"] if unlisted else lines


_TOO_SHORT = f"Type at least {SHORTEST_PART} characters of a name."


def matches(
    word: str,
    candidates: Iterable[T],
    *,
    ids: Texts[T],
    names: Texts[T],
    in_full: bool = False,
) -> list[T]:
    """Return the candidates that `word` matches; several if it is ambiguous.

    An exact id comes first, then a full name, then either ignoring case, then the start of an id
    or of any word of a name, which needs at least `SHORTEST_PART` characters and is no match if
    names have to be `in_full`. Composed and decomposed accents are the same, and a start may leave
    accents out.
    """
    every = list(candidates)
    typed = _compared(word)
    if not typed:
        return []
    by_id = [one for one in every if word in ids(one)]
    if by_id:
        return by_id
    as_named = composed(word)
    by_name = [one for one in every if any(composed(text) == as_named for text in names(one))]
    if by_name:
        return by_name
    whole = [
        one for one in every if any(_compared(text) == typed for text in _all(one, ids, names))
    ]
    if whole or in_full or len(typed) < SHORTEST_PART:
        return whole
    begun = word.strip()
    plain = _without_accents(typed)
    return [
        one
        for one in every
        if any(text and text.startswith(begun) for text in ids(one))
        or any(_begins_a_word(plain, _without_accents(_compared(text))) for text in names(one))
    ]


def parts(word: str, candidates: Iterable[T], names: Texts[T]) -> Sequence[T]:
    """Return the candidates whose name contains `word`, as suggestions after no match."""
    typed = _without_accents(_compared(word))
    if not typed:
        return []
    return [
        one
        for one in candidates
        if any(typed in _without_accents(_compared(text)) for text in names(one))
    ]


def _all(one: T, ids: Texts[T], names: Texts[T]) -> Iterable[str | None]:
    yield from ids(one)
    yield from names(one)


def composed(text: str | None) -> str:
    """Return a text in Unicode's composed form (NFC), in which two that look alike are equal.

    A macOS file dialog and some keyboards write `é` as two characters, most others as one.
    """
    return unicodedata.normalize("NFC", text or "")


def folded(text: str | None) -> str:
    """Return a text in the form in which names are compared: composed and in lower case."""
    return composed(composed(text).casefold())


def _compared(text: str | None) -> str:
    return " ".join(folded(text).split())


def _without_accents(folded: str) -> str:
    apart = unicodedata.normalize("NFD", folded)
    return "".join(one for one in apart if not unicodedata.combining(one))


def _begins_a_word(typed: str, name: str) -> bool:
    at = name.find(typed)
    while at > 0 and name[at - 1].isalnum():
        at = name.find(typed, at + 1)
    return at >= 0
