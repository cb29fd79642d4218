"""A list as a studio gave it, which may lack some of what there is."""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """A list as a studio gave it.

    `partial` when pages are missing (what is not in it may still exist), `skipped` how many
    entries could not be read, `problem` one sentence about either.
    """

    items: tuple[T, ...]
    partial: bool = False
    skipped: int = 0
    problem: str | None = None

    @property
    def complete(self) -> bool:
        """Whether everything there is could be read: what is not in it does not exist."""
        return not self.partial and not self.skipped


@dataclass(frozen=True, slots=True)
class ListPage(Generic[T]):
    """A page of a list; `next_token` gets the next one, and is empty after the last.

    `skipped` is how many entries could not be read.
    """

    items: tuple[T, ...]
    next_token: str = ""
    skipped: int = 0
