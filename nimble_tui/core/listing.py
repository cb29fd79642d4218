"""A list as a studio returned it, which may be incomplete."""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """A list as a studio returned it.

    `partial` means that pages are missing (what is not in it may still exist), `skipped` is the
    number of entries that could not be read, `problem` one sentence about either.
    """

    items: tuple[T, ...]
    partial: bool = False
    skipped: int = 0
    problem: str | None = None

    @property
    def complete(self) -> bool:
        """True if everything could be read: what is not in the list does not exist."""
        return not self.partial and not self.skipped


@dataclass(frozen=True, slots=True)
class ListPage(Generic[T]):
    """A page of a list; `next_token` gets the next one, and is empty after the last.

    `skipped` is how many entries could not be read.
    """

    items: tuple[T, ...]
    next_token: str = ""
    skipped: int = 0
