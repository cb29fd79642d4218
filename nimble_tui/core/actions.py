"""Every action the app has: its id, its plain words and its default key.

One registry feeds the key bindings, the footer, the palette, the help and the README's key tables;
the settings check their `[keys]` against it. Keys are spelt the way Textual spells them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Action:
    """One thing an artist can do.

    `label` is what the footer shows, `words` what the palette and the help say; `key` is the
    default, `also` further fixed keys; `footer` whether the footer of the main screen names it.
    """

    id: str
    label: str
    words: str
    key: str
    also: tuple[str, ...] = ()
    footer: bool = False


ACTIONS: tuple[Action, ...] = (
    Action("connect", "Connect", "Open a workstation's screen", "enter", footer=True),
    Action("new", "New", "Launch a new workstation", "n", footer=True),
    Action("stop", "Stop", "Stop a workstation, keep its disk", "s", footer=True),
    Action("start", "Start", "Start a workstation again", "t", footer=True),
    Action("keep", "Keep", "Keep a stopped workstation from being deleted", "k"),
    Action("backups", "Backups", "See its backups, start from one", "b"),
    Action("rename", "Rename", "Give a workstation another name", "e"),
    Action("delete", "Delete", "Delete a workstation for good", "d", footer=True),
    Action("show", "Show all", "Show everything about it", "v"),
    Action("history", "History", "Show what happened, and when", "h"),
    Action("usage", "Time", "Show running time and cost", "u"),
    Action("eulas", "Licences", "Show the licences, accept what is missing", "l"),
    Action("people", "People", "Show members, roles and launch profiles", "p"),
    Action("filter", "Filter", "Show only workstations that match", "slash", footer=True),
    Action("sort", "Sort", "Sort the workstations another way", "z"),
    Action("refresh", "Refresh", "Look at the studio again now", "r"),
    Action("studios", "Studios", "Go to another studio", "g"),
    Action("help", "Help", "Show what this screen can do", "question_mark", footer=True),
    Action("palette", "More", "Show every action in plain words", "ctrl+p", footer=True),
    Action("theme", "Theme", "Change the colours", "ctrl+t"),
    Action("sign_in", "Sign in", "Sign in with an invite", "i"),
    Action("sign_out", "Sign out", "Sign out and forget the keys", "o"),
    Action("quit", "Quit", "Leave; the workstations run on", "q", also=("ctrl+q",)),
)

"""The actions of the main screen."""

PAGE_ACTIONS: tuple[Action, ...] = (
    Action("raw", "JSON", "Show it as the API has it, or in words again", "j"),
    Action("copy", "Copy", "Copy what is under the cursor", "c"),
    Action("copy_all", "Copy all", "Copy all of it as JSON", "a"),
    Action("all", "All or one", "Show what happened to all, or to one again", "a"),
    Action("matrix", "Matrix", "Switch between list and matrix", "m"),
    Action("add", "Add", "Add to launch profile", "a"),
    Action("take_off", "Remove", "Remove from a launch profile", "x"),
    Action("onboard", "Onboard", "Onboard: review a plan, then run it", "n"),
    Action("offboard", "Offboard", "Offboard: review a plan, then run it", "o"),
    Action("admin", "Admin", "Make a person an admin, or remove the admin role", "A"),
    Action("access", "Access", "Show a person's personas on launch profiles, and set one", "v"),
    Action("datazone", "DataZone", "Show a DataZone profile; create it, set its status", "z"),
    Action("find", "Find", "Find users of the DataZone domain", "f"),
    Action("unfinished", "Resume", "Resume an unfinished plan", "w"),
)
"""The actions of the screens that the main one opens."""

BY_ID = {action.id: action for action in (*ACTIONS, *PAGE_ACTIONS)}

_EVERYWHERE = ("refresh", "help", "palette", "theme", "quit")
_TELLING = ("backups", "show", "history", "usage", *_EVERYWHERE)
_PEOPLE = (
    *("filter", "matrix", "add", "take_off", "onboard", "offboard", "admin", "access"),
    *("datazone", "find", "copy", "unfinished"),
)
SCREENS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "main": tuple(action.id for action in ACTIONS),
        "backups": _TELLING,
        "show": ("raw", "copy", "copy_all", *_TELLING),
        "history": ("all", "copy", *_TELLING),
        "usage": _TELLING,
        "people": (*_PEOPLE, *_EVERYWHERE),
    }
)
"""What each screen offers, by the action that opens it; no two of these share a key."""


def places(*action_ids: str) -> tuple[str, ...]:
    """Return the labels of the screens that offer all of these; none where the main one does."""
    wanted = set(action_ids)
    if wanted <= set(SCREENS["main"]):
        return ()
    return tuple(BY_ID[screen].label for screen, ids in SCREENS.items() if wanted <= set(ids))
