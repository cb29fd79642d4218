"""Finds what a person means by a word: one rule for workstations, profiles, images and people."""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeVar

T = TypeVar("T")
Texts = Callable[[T], Iterable[str | None]]

SHORTEST_PART: Final = 3
"""Characters; a shorter word names only what it spells in full, so that a slip hits nothing."""


def matches(word: str, candidates: Iterable[T], *, ids: Texts[T], names: Texts[T]) -> list[T]:
    """Return the candidates that `word` names; several mean that it does not tell them apart.

    An id exactly as it is comes first, then a name exactly as it is, then either in other
    capitals, then the beginning of an id or of any word of a name, which takes `SHORTEST_PART`
    characters or more. Composed and decomposed accents are the same, and a beginning may leave
    accents out.
    """
    every = list(candidates)
    typed = _folded(word)
    if not typed:
        return []
    for texts in (ids, names):
        exact = [one for one in every if word in texts(one)]
        if exact:
            return exact
    whole = [one for one in every if any(_folded(text) == typed for text in _all(one, ids, names))]
    if whole or len(typed) < SHORTEST_PART:
        return whole
    begun = word.strip()
    plain = _without_accents(typed)
    return [
        one
        for one in every
        if any(text and text.startswith(begun) for text in ids(one))
        or any(_begins_a_word(plain, _without_accents(_folded(text))) for text in names(one))
    ]


def parts(word: str, candidates: Iterable[T], names: Texts[T]) -> Sequence[T]:
    """Return the candidates whose name has `word` anywhere in it, to suggest after no match."""
    typed = _without_accents(_folded(word))
    if not typed:
        return []
    return [
        one
        for one in candidates
        if any(typed in _without_accents(_folded(text)) for text in names(one))
    ]


def _all(one: T, ids: Texts[T], names: Texts[T]) -> Iterable[str | None]:
    yield from ids(one)
    yield from names(one)


def _folded(text: str | None) -> str:
    return " ".join(unicodedata.normalize("NFC", text or "").casefold().split())


def _without_accents(folded: str) -> str:
    apart = unicodedata.normalize("NFD", folded)
    return "".join(one for one in apart if not unicodedata.combining(one))


def _begins_a_word(typed: str, name: str) -> bool:
    at = name.find(typed)
    while at > 0 and name[at - 1].isalnum():
        at = name.find(typed, at + 1)
    return at >= 0
