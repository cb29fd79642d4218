"""The name of the app, drawn large."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

_LETTERS = (
    "        ╷           ╷   ╷       ",
    "┌───╮  ╶┐  ┌─┬─╮  ├───╮ │  ╭───╮",
    "│   │   │  │ │ │  │   │ │  ├───╯",
    "╵   ╵  ╶┴╴ ╵ ╵ ╵  ╰───╯ ╰╴ ╰───╴",
)


class Logo(Static):
    """`nimble`, in lines."""

    def __init__(self) -> None:
        super().__init__(Content.styled("\n".join(_LETTERS), "$accent"))
