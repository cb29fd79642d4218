"""Facts in groups, as the screen that shows everything tells them, and what all groups share."""

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
    """One thing that is known; `style` names a colour when it needs one."""

    label: str
    value: str
    style: str = ""


class Group(NamedTuple):
    """Facts that belong together."""

    title: str
    facts: tuple[Fact, ...]


class FactContext(NamedTuple):
    """What is needed to tell facts: who is asked, when and where that is.

    `names` are what people are called, by their ids.
    """

    info: StudioInfo
    now: datetime
    tz: tzinfo | None
    names: Mapping[str, str] = _NO_NAMES

    def who(self, principal_id: str | None) -> str:
        """Return who did something: `you`, a name, or an id as the studio has it."""
        if not principal_id:
            return "nobody knows"
        if principal_id == self.info.principal_id:
            return YOU
        if principal_id == self.info.studio_id:
            return BY_ITSELF
        return self.names.get(principal_id) or text.clean_id(principal_id)

    def at(self, time: datetime | None) -> str:
        """Return a time, and how long ago or how far ahead that is; empty for none."""
        if time is None:
            return ""
        shown = times.local_time(time, self.now, self.tz)
        if time > self.now:
            return f"{shown}, in {in_words(time - self.now)}"
        return f"{shown}, {times.ago(self.now - time)}"

    def deed(self, label: str, at: datetime | None, by: str | None) -> tuple[Fact, ...]:
        """Return when something was done and by whom; nothing when neither is known."""
        parts = (f"by {self.who(by)}" if by else "", self.at(at))
        return known(Fact(label, " · ".join(part for part in parts if part)))


def known(*facts: Fact) -> tuple[Fact, ...]:
    """Return those facts that have a value."""
    return tuple(one for one in facts if one.value)


def shown_id(value: str | None) -> str:
    """Return an id so that different ones never look alike."""
    return text.clean_id(value) if value else "unknown"


def unread(count: int) -> str:
    """Return that so many of a list could not be read."""
    return f"{count} could not be read"


def image_name(image: StreamingImage) -> str:
    """Return an image's name, and its platform where the name does not say it."""
    name, platform = labels.name_and_platform(image)
    return f"{name} ({platform})" if platform else name


def image(one: StreamingImage, state: str | None = None) -> tuple[Fact, ...]:
    """Return what is known of an image; its `state` where that says more than its place does."""
    count = len(one.eula_ids)
    named = "1 licence" if count == 1 else f"{count} licences"
    return known(
        Fact("Image", image_name(one)),
        Fact("", one.description or ""),
        Fact("State", "" if state in {None, "READY"} else glossary.state(state), "failed"),
        Fact("Licences", f"{named} that the studio accepts before a launch" if count else ""),
    )


def status(code: str | None, message: str | None) -> tuple[Fact, ...]:
    """Return what the studio says of a state."""
    return known(
        Fact("Status code", glossary.code(code) if code else ""),
        Fact("The studio says", message or ""),
    )


def disk(volume: VolumeConfiguration | None) -> tuple[Fact, ...]:
    """Return what is known of a disk."""
    if volume is None:
        return (Fact("Disk", "as large as the studio makes it"),)
    parts = [
        f"{volume.size} GiB" if volume.size else "",
        f"{volume.throughput} MiB/s" if volume.throughput else "",
        f"{volume.iops:,} reads and writes a second" if volume.iops else "",
    ]
    return (Fact("Disk", ", ".join(part for part in parts if part) or "unknown"),)


def backups_made(mode: str | None, count: int | None) -> str:
    """Return in words what backups are made of a workstation."""
    match mode:
        case None | "DEACTIVATED":
            return "None are made of this kind of workstation"
        case "AUTOMATIC" if count == 0:
            return "None are kept of this kind of workstation"
        case "AUTOMATIC" if count == 1:
            return "One is made at each stop, only the last is kept"
        case "AUTOMATIC":
            kept = "" if count is None else f", the last {count} are kept"
            return f"One is made at each stop{kept}"
        case _:
            return "The studio decides when they are made"


def backups(mode: str | None, count: int | None) -> Fact:
    """Return in words what backups are made, the API's word beside."""
    made = backups_made(mode, count)
    return Fact("Backups", f"{made} · {mode}" if mode else made)


def lasting(persistence: str | None, ending: str | None) -> tuple[Fact, ...]:
    """Return in words what becomes of a workstation once it is stopped, the API's word beside.

    Source: the AWS API reference, StreamConfiguration, members sessionPersistenceMode and
    automaticTerminationMode.
    """
    return known(
        Fact("When stopped", glossary.persistence(persistence) if persistence else ""),
        Fact("In the end", glossary.ending(ending) if ending else ""),
    )


def exchange(configuration: StreamConfiguration, platform: str | None) -> Group:
    """Return in words what may be copied and uploaded."""
    match configuration.clipboard_mode:
        case "ENABLED":
            clipboard = (
                "You can copy and paste between your computer and this workstation · ENABLED"
            )
        case "DISABLED":
            clipboard = (
                "Nothing can be copied between your computer and this workstation · DISABLED"
            )
        case other:
            clipboard = other or "the studio does not tell"
    facts = [Fact("Clipboard", clipboard)]
    if "UPLOAD" in configuration.session_storage_mode:
        roots = {
            "LINUX": configuration.session_storage_root_linux,
            "WINDOWS": configuration.session_storage_root_windows,
        }
        known = roots.get((platform or "").upper())
        named = [known] if known else [root for root in roots.values() if root]
        where = " or ".join(named) or "a folder that the studio chose"
        facts.append(Fact("Files", f"Uploads land in {where}; nothing can be downloaded"))
    elif configuration.session_storage_mode:
        facts.append(Fact("Files", ", ".join(configuration.session_storage_mode)))
    else:
        facts.append(Fact("Files", "Files cannot be uploaded; use the studio's shared storage"))
    return Group("Clipboard and files", tuple(facts))


def components(details: LaunchProfileDetails | None, ids: Iterable[str]) -> Group:
    """Return what of the studio its workstations reach."""
    if details is None:
        count = len(tuple(ids))
        facts = (Fact("Components", f"{count}, not read yet" if count else "none"),)
        return Group("What it reaches in the studio", facts)
    found = []
    for one in details.studio_component_summaries:
        name = one.name or text.clean_id(one.studio_component_id)
        more = " · ".join(part for part in (glossary.maker(one.subtype), one.description) if part)
        kind = glossary.component(one.type)
        found.append(Fact(kind, f"{name} · {more}" if more else name))
    nothing = (Fact("Components", "none that the studio tells"),)
    return Group("What it reaches in the studio", tuple(found) or nothing)


def tags(given: Mapping[str, str]) -> Group:
    """Return tags, those that people gave first, the app's own dim at the end."""
    own = sorted(key for key in given if key.startswith(OWN_TAGS))
    others = sorted((key for key in given if key not in own), key=str.casefold)
    facts = [Fact(key or "(no name)", given[key] or "(empty)") for key in others]
    facts += [Fact(key, given[key] or "(empty)", "muted") for key in own]
    return Group("Tags", tuple(facts) or (Fact("Tags", "none"),))
