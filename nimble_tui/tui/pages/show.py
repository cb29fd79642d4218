"""All details of a workstation or a launch profile."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual import getters, on
from textual.content import Content
from textual.highlight import highlight
from textual.reactive import reactive

from nimble_tui.config.plain import plain
from nimble_tui.core.model import SessionState
from nimble_tui.tui import commands
from nimble_tui.tui.pages.page import Page
from nimble_tui.tui.widgets.reading_list import Reading, ReadingList
from nimble_tui.view.facts import FactContext, Group
from nimble_tui.view.profile_facts import of_profile
from nimble_tui.view.session_facts import of_session
from nimble_tui.view.session_rows import SessionRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from textual.binding import BindingType
    from textual.widget import Widget

    from nimble_tui.core.actions import Action
    from nimble_tui.core.model import LaunchProfile
    from nimble_tui.workspace.permissions import Target
    from nimble_tui.workspace.workspace import Workspace

_LABEL = 19


class ShowPage(Page):
    """All details of one thing, as text or raw JSON; it follows changes.

    A deleted one stays on the screen as it was last seen.
    """

    PAGE = "show"
    PACE = 1.0
    OWN = commands.named("raw", "copy", "copy_all")
    AUTO_FOCUS = "ReadingList"
    BINDINGS: ClassVar[list[BindingType]] = [*commands.bindings(("raw", "copy", "copy_all"))]

    raw: reactive[bool] = reactive(False, init=False, repaint=False)
    lines = getters.query_one(ReadingList)

    def __init__(self, workspace: Workspace, target: Target) -> None:
        super().__init__(workspace, target)
        profile = target.profile if target.on_profiles else None
        self._session_id = "" if profile else target.session_id
        self._launch_profile_id = profile.launch_profile_id if profile else None
        self._row: SessionRow | None = None
        self._profile: LaunchProfile | None = None
        self._json = ""

    @property
    def about(self) -> str:
        """The id of the workstation; empty for a launch profile."""
        return self._session_id

    def body(self) -> Iterable[Widget]:
        """Return the list of lines."""
        yield ReadingList("everything")

    def draw(self) -> None:
        """Show the current details."""
        self._find()
        self.workspace.names.request(self._people())
        groups, title = self._groups()
        members = self._members()
        text = json.dumps(plain(members), indent=2, ensure_ascii=True)
        if not self.raw:
            self.lines.show(_readings(groups))
        elif text != self._json or not self.lines.option_count:
            self.lines.show(_raw(text))
        self._json = text
        became = "deleted" if self._profile is None else "no longer listed"
        gone = f" · {became}" if self._gone() else ""
        kind = "raw JSON" if self.raw else ""
        self.head(Content(f"{title}{gone}"), kind)

    def watch_raw(self) -> None:
        """Switch between text and JSON, at the beginning."""
        self.lines.show(())
        self._json = ""
        self.draw()
        self.show_keys()

    def labelled(self, action: Action) -> Action:
        """Return an action; that for the other format is labelled with it."""
        return replace(action, label="Text") if action.id == "raw" and self.raw else action

    def action_raw(self) -> None:
        """Switch between text and raw JSON."""
        self.raw = not self.raw

    def action_copy(self) -> None:
        """Copy the selected line."""
        if (reading := self.lines.reading) is not None:
            self.copy_line(reading.copied)

    def action_copy_all(self) -> None:
        """Copy everything as JSON."""
        self.copy(self._json, "Everything is")

    @on(ReadingList.Chosen)
    def _chosen_line(self) -> None:
        self.action_copy()

    def moves(self) -> Iterable[tuple[str, str]]:
        """Return the navigation keys."""
        return (("↑ ↓", "Move from line to line"), ("enter", "Copy the line"))

    def _find(self) -> None:
        """Update the shown object, if it still exists."""
        snapshot = self.workspace.snapshot
        if self._launch_profile_id is not None:
            profiles = snapshot.launch_profiles
            wanted = self._launch_profile_id
            found = (one for one in profiles if one.launch_profile_id == wanted)
            self._profile = next(found, self._profile)
        elif (row := snapshot.row(self._session_id)) is not None:
            self._row = row
        elif (session := snapshot.session(self._session_id)) is not None:
            by_id = {one.launch_profile_id: one for one in snapshot.known_profiles}
            known = self._row.launch_profile if self._row else None
            self._row = SessionRow.of(session, by_id.get(session.launch_profile_id or "", known))

    def _gone(self) -> bool:
        if self._profile is not None:
            return self._profile not in self.workspace.snapshot.launch_profiles
        return self.workspace.snapshot.row(self._session_id) is None

    def _members(self) -> Mapping[str, object]:
        if self._profile is not None:
            details = self.workspace.snapshot.details.get(self._profile.launch_profile_id)
            profile = {"launchProfile": self._profile.members}
            if details is None:
                return profile
            return {
                **profile,
                "streamingImages": [one.members for one in details.streaming_images],
                "studioComponentSummaries": [
                    one.members for one in details.studio_component_summaries
                ],
            }
        return self._row.session.members if self._row else {}

    def _people(self) -> Iterable[str | None]:
        """Return the ids of the people involved."""
        if self._profile is not None:
            return (self._profile.created_by, self._profile.updated_by)
        if self._row is None:
            return ()
        one = self._row.session
        return (one.owned_by, one.created_by, one.started_by, one.stopped_by, one.updated_by)

    def _groups(self) -> tuple[tuple[Group, ...], str]:
        workspace, snapshot = self.workspace, self.workspace.snapshot
        context = FactContext(snapshot.info, workspace.now, self.nimble.tz, snapshot.names)
        profile, row = self._profile, self._row
        if profile is not None:
            details = snapshot.details.get(profile.launch_profile_id)
            return of_profile(profile, context, details), profile.title
        if row is None:
            return (), "Nothing"
        details = snapshot.details.get(row.session.launch_profile_id or "")
        alive = row.session.state != SessionState.DELETED
        ran = (workspace.ran_today(row),) if alive else ()
        return of_session(row, context, details, ran), row.title


def _readings(groups: Iterable[Group]) -> list[Reading]:
    found: list[Reading] = []
    for at, group in enumerate(groups):
        if at:
            found.append(Reading(f"{at}", Content(""), heading=True))
        title = Content.styled(group.title, "bold $accent")
        found.append(Reading(f"{at}:", title, heading=True))
        for number, fact in enumerate(group.facts):
            # A tag's name can be long, and must be shown in full.
            label = fact.label + " " * max(_LABEL - 2 - cell_len(fact.label), 2)
            style = f"${fact.style}" if fact.style else "$foreground"
            loud = "bold " if fact.style not in {"", "muted"} else ""
            shown = Content.assemble((f"  {label}", "$muted"), (fact.value, loud + style))
            key = f"{at}:{number}:{fact.label}"
            found.append(Reading(key, shown, fact.value, indent=_LABEL))
    return found


def _raw(text: str) -> list[Reading]:
    lines = highlight(text, language="json").split("\n")
    return [
        Reading(f"{at}", line, line.plain.strip(), indent=_indent(line.plain))
        for at, line in enumerate(lines)
    ]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip()) + 2
