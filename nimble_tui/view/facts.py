"""Groups of facts for the details page, and the helpers that all groups share."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from nimble_tui.core import text
from nimble_tui.core.durations import in_words
from nimble_tui.core.launching import OWN_TAGS
from nimble_tui.view import glossary, labels, times
from nimble_tui.view.timeline import BY_ITSELF, YOU

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime, tzinfo

    from nimble_tui.core.model import (
        LaunchProfileDetails,
        StreamConfiguration,
        StreamingImage,
        VolumeConfiguration,
    )
    from nimble_tui.core.service import StudioInfo


_NO_NAMES: Mapping[str, str] = MappingProxyType({})


class Fact(NamedTuple):
    """One fact; `style` is the name of a colour if it needs one."""

    label: str
    value: str
    style: str = ""


class Group(NamedTuple):
    """A group of facts with a title."""

    title: str
    facts: tuple[Fact, ...]


class FactContext(NamedTuple):
    """The context of facts: the studio, the time, the time zone and people's names.

    `names` are people's names by their ids.
    """

    info: StudioInfo
    now: datetime
    tz: tzinfo | None
    names: Mapping[str, str] = _NO_NAMES

    def who(self, principal_id: str | None) -> str:
        """Return a person as text: `you`, a name, or the studio's id."""
        if not principal_id:
            return "unknown"
        if principal_id == self.info.principal_id:
            return YOU
        if principal_id == self.info.studio_id:
            return BY_ITSELF
        return self.names.get(principal_id) or text.clean_id(principal_id)

    def at(self, time: datetime | None) -> str:
        """Return a time with its distance from now; empty for none."""
        if time is None:
            return ""
        shown = times.local_time(time, self.now, self.tz)
        if time > self.now:
            return f"{shown}, in {in_words(time - self.now)}"
        return f"{shown}, {times.ago(self.now - time)}"

    def deed(self, label: str, at: datetime | None, by: str | None) -> tuple[Fact, ...]:
        """Return the time and author of a change; nothing if neither is known."""
        parts = (f"by {self.who(by)}" if by else "", self.at(at))
        return known(Fact(label, " · ".join(part for part in parts if part)))


def known(*facts: Fact) -> tuple[Fact, ...]:
    """Return the facts that have a value."""
    return tuple(one for one in facts if one.value)


def shown_id(value: str | None) -> str:
    """Return an id in a form in which different ones never look alike."""
    return text.clean_id(value) if value else "unknown"


def unread(count: int) -> str:
    """Return a text for the number of unreadable entries of a list."""
    return f"{count} could not be read"


def image_name(image: StreamingImage) -> str:
    """Return an image's name, and its platform if the name does not include it."""
    name, platform = labels.name_and_platform(image)
    return f"{name} ({platform})" if platform else name


def image(one: StreamingImage, state: str | None = None) -> tuple[Fact, ...]:
    """Return the facts about an image, with its `state` if that is not READY."""
    count = len(one.eula_ids)
    named = "1 licence" if count == 1 else f"{count} licences"
    return known(
        Fact("Image", image_name(one)),
        Fact("", one.description or ""),
        Fact("State", "" if state in {None, "READY"} else glossary.state(state), "failed"),
        Fact("Licences", f"{named}, which the studio must accept before a launch" if count else ""),
    )


def status(code: str | None, message: str | None) -> tuple[Fact, ...]:
    """Return the studio's status code and message."""
    return known(
        Fact("Status code", glossary.code(code) if code else ""),
        Fact("The studio says", message or ""),
    )


def disk(volume: VolumeConfiguration | None) -> tuple[Fact, ...]:
    """Return the facts about a disk."""
    if volume is None:
        return (Fact("Disk", "size not reported"),)
    parts = [
        f"{volume.size} GiB" if volume.size else "",
        f"{volume.throughput} MiB/s" if volume.throughput else "",
        f"{volume.iops:,} reads and writes a second" if volume.iops else "",
    ]
    return (Fact("Disk", ", ".join(part for part in parts if part) or "unknown"),)


def backups_made(mode: str | None, count: int | None) -> str:
    """Return a text for the backups of a workstation."""
    match mode:
        case None | "DEACTIVATED":
            return "None: this launch profile doesn't create any"
        case "AUTOMATIC" if count == 0:
            return "None: this launch profile doesn't keep any"
        case "AUTOMATIC" if count == 1:
            return "One at each stop; only the last is kept"
        case "AUTOMATIC":
            kept = "" if count is None else f"; the last {count} are kept"
            return f"One at each stop{kept}"
        case _:
            return "The studio decides when to create them"


def backups(mode: str | None, count: int | None) -> Fact:
    """Return a fact for the backups of a workstation, with the API's term."""
    made = backups_made(mode, count)
    return Fact("Backups", f"{made} · {mode}" if mode else made)


def lasting(persistence: str | None, ending: str | None) -> tuple[Fact, ...]:
    """Return facts about a stopped workstation's disk and deletion, with the API's terms.

    Source: the AWS API reference, StreamConfiguration, members sessionPersistenceMode and
    automaticTerminationMode.
    """
    return known(
        Fact("Stop", glossary.persistence(persistence) if persistence else ""),
        Fact("Deletion", glossary.ending(ending) if ending else ""),
    )


def exchange(configuration: StreamConfiguration, platform: str | None) -> Group:
    """Return facts about the clipboard and about uploads."""
    match configuration.clipboard_mode:
        case "ENABLED":
            clipboard = (
                "You can copy and paste between your computer and this workstation · ENABLED"
            )
        case "DISABLED":
            clipboard = (
                "You can't copy and paste between your computer and this workstation · DISABLED"
            )
        case other:
            clipboard = other or "not reported"
    facts = [Fact("Clipboard", clipboard)]
    if "UPLOAD" in configuration.session_storage_mode:
        roots = {
            "LINUX": configuration.session_storage_root_linux,
            "WINDOWS": configuration.session_storage_root_windows,
        }
        known = roots.get((platform or "").upper())
        named = [known] if known else [root for root in roots.values() if root]
        where = " or ".join(named) or "a folder chosen by the studio"
        facts.append(Fact("Files", f"You can upload files to {where}, but not download any"))
    elif configuration.session_storage_mode:
        facts.append(Fact("Files", ", ".join(configuration.session_storage_mode)))
    else:
        facts.append(Fact("Files", "You can't upload files; use the studio's shared storage"))
    return Group("Clipboard and files", tuple(facts))


def components(details: LaunchProfileDetails | None, ids: Iterable[str]) -> Group:
    """Return the studio components that its workstations connect to."""
    if details is None:
        count = len(tuple(ids))
        facts = (Fact("Components", f"{count}, loading…" if count else "none"),)
        return Group("Studio components", facts)
    found = []
    for one in details.studio_component_summaries:
        name = one.name or text.clean_id(one.studio_component_id)
        more = " · ".join(part for part in (glossary.maker(one.subtype), one.description) if part)
        kind = glossary.component(one.type)
        found.append(Fact(kind, f"{name} · {more}" if more else name))
    nothing = (Fact("Components", "none reported"),)
    return Group("Studio components", tuple(found) or nothing)


def tags(given: Mapping[str, str]) -> Group:
    """Return the tags: people's first, the app's own dim at the end."""
    own = sorted(key for key in given if key.startswith(OWN_TAGS))
    others = sorted((key for key in given if key not in own), key=str.casefold)
    facts = [Fact(key or "(no name)", given[key] or "(empty)") for key in others]
    facts += [Fact(key, given[key] or "(empty)", "muted") for key in own]
    return Group("Tags", tuple(facts) or (Fact("Tags", "none"),))
