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

    An id exactly as it is comes first, then a name in full, then either in other capitals, then
    the beginning of an id or of any word of a name, which takes `SHORTEST_PART` characters or
    more. Composed and decomposed accents are the same, and a beginning may leave accents out.
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
    if whole or len(typed) < SHORTEST_PART:
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
