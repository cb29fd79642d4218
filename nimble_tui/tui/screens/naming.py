"""The part of the main screen that knows what people are called, once a page wants to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on, work
from textual.message import Message
from textual.reactive import reactive

from nimble_tui.tui.screens.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nimble_tui.core.service import StudioInfo, StudioService


class NamingScreen(Desk):
    """Looks up names in a worker; until they are there, and where nobody knows one, ids do."""

    people_names: reactive[Mapping[str, str]] = reactive(dict, repaint=False)

    @dataclass(eq=False, repr=False)
    class PeopleNamed(Message):
        """What people are called, by their ids; not `whole` where some could not be asked for."""

        names: Mapping[str, str]
        whole: bool

    def __init__(self, info: StudioInfo) -> None:
        super().__init__(info)
        self._wanted: set[str] = set()
        self._names_whole = True

    def want_names(self, principal_ids: Iterable[str | None]) -> None:
        """Look up what people are called whom nobody wanted to know of yet."""
        ids = {one for one in principal_ids if one}
        ids -= {self.info.principal_id, self.info.studio_id}
        if self.service is not None and not ids <= self._wanted:
            self._wanted |= ids
            self._read_people_names(self.service, sorted(self._wanted))

    def renew_names(self) -> None:
        """See to it that names which could not be had are wanted anew."""
        if not self._names_whole:
            self._wanted.clear()
            self._names_whole = True

    @work(
        thread=True,
        exclusive=True,
        exit_on_error=False,
        group="names",
        description="look up what people are called",
    )
    def _read_people_names(self, service: StudioService, principal_ids: list[str]) -> None:
        from nimble_tui.core.people.joining import called

        found = service.people.identities(principal_ids)
        self.post_message(
            self.PeopleNamed(called(principal_ids, found.items), found.problem is None)
        )

    @on(PeopleNamed)
    def _people_named(self, message: PeopleNamed) -> None:
        self._names_whole = message.whole
        self.people_names = {**self.people_names, **message.names}
