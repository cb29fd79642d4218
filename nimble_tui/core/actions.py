"""Every action of the app: its id, label, description and default key.

One registry feeds the key bindings, the key bar, the palette, the help and the tables in docs/;
the settings check their `[keys]` against it. Keys are spelt the way Textual spells them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Action:
    """An action that a person can choose.

    `label` is its verb, shown in the key bar; `words` describe it in the palette and the help;
    `key` is the default, `also` holds further fixed keys; with `footer` the key bar of the main
    screen shows it.
    """

    id: str
    label: str
    words: str
    key: str
    also: tuple[str, ...] = ()
    footer: bool = False


ACTIONS: tuple[Action, ...] = (
    Action("connect", "Connect", "Open a workstation's desktop", "enter", footer=True),
    Action("new", "Launch", "Launch a workstation", "n", footer=True),
    Action("stop", "Stop", "Stop a workstation, keep its disk", "s", footer=True),
    Action("start", "Start", "Start a stopped workstation", "t", footer=True),
    Action("keep", "Keep", "Keep a stopped workstation from being deleted", "k"),
    Action("backups", "Backups", "Show backups, restore one", "b"),
    Action("rename", "Rename", "Rename a workstation", "e"),
    Action("delete", "Delete", "Delete a workstation permanently", "d", footer=True),
    Action("show", "Details", "Show all details", "v"),
    Action("history", "History", "Show actions and state changes", "h"),
    Action("usage", "Usage", "Show running times and cost", "u"),
    Action("eulas", "Licences", "Show and accept licences", "l"),
    Action("people", "People", "Show members, roles and launch profiles", "p"),
    Action("filter", "Filter", "Filter the workstations", "slash", footer=True),
    Action("sort", "Sort", "Change the sort order", "z"),
    Action("refresh", "Refresh", "Refresh now", "r"),
    Action("studios", "Studios", "Switch to another studio", "g"),
    Action("help", "Help", "Show help for this screen", "question_mark", footer=True),
    Action("palette", "More", "Show all actions", "ctrl+p", footer=True),
    Action("theme", "Theme", "Change the theme", "ctrl+t"),
    Action("sign_in", "Sign in", "Sign in with an invite", "i"),
    Action("sign_out", "Sign out", "Sign out and remove the access keys", "o"),
    Action("quit", "Quit", "Quit; workstations keep running", "q", also=("ctrl+q",)),
)

"""The actions of the main screen."""

PAGE_ACTIONS: tuple[Action, ...] = (
    Action("raw", "JSON", "Switch between text and raw JSON", "j"),
    Action("copy", "Copy", "Copy the line, or the person's id", "c"),
    Action("copy_all", "Copy all", "Copy everything as JSON", "a"),
    Action("all", "All", "Switch between all workstations and one", "a"),
    Action("matrix", "Matrix", "Switch between list and matrix", "m"),
    Action("add", "Add", "Add to a launch profile", "a"),
    Action("take_off", "Remove", "Remove from a launch profile", "x"),
    Action("onboard", "Onboard", "Onboard: review a plan, then run it", "n"),
    Action("offboard", "Offboard", "Offboard: review a plan, then run it", "o"),
    Action("admin", "Admin", "Grant or remove the admin role", "A"),
    Action("access", "Access", "Show personas on launch profiles, set one", "v"),
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
"""The actions of each screen, by the action that opens it; no two of a screen share a key."""


def places(*action_ids: str) -> tuple[str, ...]:
    """Return the labels of the screens that offer all of these; none where the main one does."""
    wanted = set(action_ids)
    if wanted <= set(SCREENS["main"]):
        return ()
    return tuple(BY_ID[screen].label for screen, ids in SCREENS.items() if wanted <= set(ids))
