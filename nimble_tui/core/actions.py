"""Every action the app has: its id, its plain words and its default key.

One registry feeds the key bindings, the footer, the palette, the help and the README's key table;
the settings check their `[keys]` against it. Keys are spelt the way Textual spells them.
"""

from dataclasses import dataclass


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
    Action("people", "People", "Show who is in the studio, and who may do what", "p"),
    Action("filter", "Filter", "Show only workstations that match", "slash", footer=True),
    Action("sort", "Sort", "Sort the workstations another way", "z"),
    Action("refresh", "Refresh", "Look at the studio again now", "r"),
    Action("studios", "Studios", "Go to another studio", "g"),
    Action("help", "Help", "Show what this screen can do", "question_mark", footer=True),
    Action("palette", "All actions", "Show every action in plain words", "ctrl+p", footer=True),
    Action("theme", "Theme", "Change the colours", "ctrl+t"),
    Action("sign_in", "Sign in", "Sign in with an invite", "i"),
    Action("sign_out", "Sign out", "Sign out and forget the keys", "o"),
    Action("quit", "Quit", "Leave; the workstations run on", "q", also=("ctrl+q",)),
)

BY_ID = {action.id: action for action in ACTIONS}
