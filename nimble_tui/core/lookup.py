"""Finds what a person means by a word: one rule for workstations, profiles, images and people."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from nimble_tui.core.text import clean, clean_id

T = TypeVar("T")
Texts = Callable[[T], Iterable[str | None]]

SHORTEST_PART: Final = 3
"""Characters; a shorter word names only what it spells in full, so that a slip hits nothing."""

MOST_LISTED: Final = 10

PRINCIPAL_ID: Final = re.compile(
    r"([0-9a-f]{10}-)?[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
)
"""A person's id (the Identity Store API reference, ResourceId)."""


class NotOneError(Exception):
    """A word that names none of a kind, or several: a sentence, then what it may mean, by lines."""

    def __init__(self, *sentences: str, several: bool = False) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences
        self.several = several


@dataclass(frozen=True, slots=True)
class Naming(Generic[T]):
    """How things of one kind are named, and what is said of a word that does not name one.

    `kind` is their plural; a `line` is the id, the name, and what else distinguishes it. `none`
    says that a word names none, `offer` comes before the lines of those there are, `otherwise` in
    its place where there are none.
    """

    kind: str
    ids: Texts[T]
    names: Texts[T]
    line: Callable[[T], tuple[str, str, str]]
    none: Callable[[str], str] = "Nothing is called {}.".format
    offer: str = ""
    otherwise: str = ""

    def find(self, word: str, candidates: Iterable[T], *, in_full: bool = False) -> T | None:
        """Return the candidate that `word` names, None where it names none.

        Raises NotOneError where it names several.
        """
        found = matches(word, candidates, ids=self.ids, names=self.names, in_full=in_full)
        if len(found) > 1:
            sentence = f"{clean(word, 64)} may be any of {len(found)} {self.kind}; say which:"
            raise NotOneError(sentence, *self._lines(found), several=True)
        return found[0] if found else None

    def one(self, word: str, candidates: Sequence[T]) -> T:
        """Return the candidate that `word` names, as `find` does, else raise NotOneError."""
        found = self.find(word, candidates)
        if found is None:
            raise self.absent(word, candidates)
        return found

    def absent(self, word: str, listed: Sequence[T]) -> NotOneError:
        """Return the error for a word that names none, with those to choose from."""
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


_TOO_SHORT = f"The beginning of a name takes {SHORTEST_PART} characters or more."


def matches(
    word: str,
    candidates: Iterable[T],
    *,
    ids: Texts[T],
    names: Texts[T],
    in_full: bool = False,
) -> list[T]:
    """Return the candidates that `word` names; several mean that it does not tell them apart.

    An id exactly as it is comes first, then a name in full, then either in other capitals, then
    the beginning of an id or of any word of a name, which takes `SHORTEST_PART` characters or
    more and is no match where names are to be `in_full`. Composed and decomposed accents are the
    same, and a beginning may leave accents out.
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
    """Return the candidates whose name has `word` anywhere in it, to suggest after no match."""
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
    """Return a text as names are compared and filtered: composed and in small letters."""
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
