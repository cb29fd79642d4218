"""The data of a studio for the commands of its operator: opened, and searched by name."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from nimble_tui.cli import exit_codes
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.cli.studio_people import studio_data
from nimble_tui.core.lookup import Naming, NotOneError
from nimble_tui.core.text import clean
from nimble_tui.core.toml_reader import nearest

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator, Sequence

    from nimble_tui.studio.local_admin import LocalAdmin
    from nimble_tui.studio.store.records import Resource


@contextmanager
def local_admin(args: Namespace, *, changes: bool) -> Iterator[LocalAdmin]:
    """Open the studio that a command names; of its `changes` all happen, or none.

    Raises Stop with a sentence where it cannot be used, or a change is refused.
    """
    from nimble_tui.studio.invites import opened
    from nimble_tui.studio.local_admin import AdminError, LocalAdmin

    try:
        with (
            studio_data(args) as data,
            opened(data) as store,
            store.write() if changes else store.read() as tx,
        ):
            yield LocalAdmin(tx)
    except AdminError as error:
        raise Stop(exit_codes.FAILED, f"{error} No changes made.") from None


def find(kind: str, word: str, candidates: Sequence[Resource]) -> Resource:
    """Return the resource that a word names; `kind` is what one is called in a sentence.

    Raises Stop, with the nearest name, where none or several match.
    """
    naming: Naming[Resource] = Naming(
        f"{kind}s",
        ids=lambda one: (one.id,),
        names=lambda one: (name_of(one),),
        line=lambda one: (one.id, name_of(one), ""),
    )
    try:
        found = naming.find(word, candidates)
    except NotOneError as error:
        raise Stop(exit_codes.FAILED, *error.sentences) from None
    if found is None:
        names = [name_of(one) for one in candidates]
        raise Stop(
            exit_codes.FAILED,
            f"There is no {kind} named “{clean(word, 64)}”{nearest(word, names)}",
        )
    return found


def name_of(resource: Resource) -> str:
    """Return the name of a resource, safe to show."""
    return clean(str(resource.document.get("name", "")))


def need_new_name(kind: str, word: str, candidates: Sequence[Resource]) -> None:
    """Refuse a name that one of a kind has already."""
    if any(one.document.get("name") == word for one in candidates):
        raise Stop(exit_codes.FAILED, f"There is already {kind} named “{clean(word, 64)}”.")
