"""A list that draws only its visible lines, for any number of rows."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Generic, Protocol, TypeVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.geometry import Offset, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style as TextStyle

from nimble_tui.tui.widgets.line import Line
from nimble_tui.view.list_diff import same, same_ends

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.style import Style
    from textual import events


class Keyed(Protocol):
    """An object with a key that identifies it through every change."""

    @property
    def key(self) -> str:
        """Its unique key."""
        ...


R = TypeVar("R", bound=Keyed)


class Rows(ScrollView, Generic[R], can_focus=True):
    """A list of rows of a few lines; the cursor follows a row's key, not its place.

    `airy` leaves a blank line between rows while all of them fit. While `filtered` is set, missing
    rows are only hidden: the cursor returns to the row it was put on.
    """

    LINES: ClassVar[int] = 2
    """The number of lines of a row."""

    KEEPS_CURSOR: ClassVar[bool] = True
    """True to show the cursor without the focus, too."""

    airy: reactive[bool] = reactive(False, init=False, repaint=False)

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", show=False),
        Binding("down", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home", "edge(-1)", "First", show=False),
        Binding("end", "edge(1)", "Last", show=False),
    ]
    hovered: reactive[int | None] = reactive(None, repaint=False)

    @dataclass(eq=False, repr=False)
    class Moved(Message):
        """The cursor moved to another row, or its row changed."""

        rows: ScrollView
        key: str | None

        @property
        def control(self) -> ScrollView:
            """The list that posted the message."""
            return self.rows

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id, classes=classes)
        self._rows: Sequence[R] = ()
        self._cursor = 0
        self._chosen: str | None = None
        self.filtered = False
        self._painted: dict[int, list[Strip]] = {}
        self._painted_width = 0
        self._styles: dict[str, Style] = {}
        self._widths: tuple[int, ...] = ()
        self._empty = ""
        self._pitch = self.LINES

    # For subclasses.

    @abstractmethod
    def paint(self, row: R, width: int) -> list[Line]:
        """Return a row's lines, each `width` cells wide."""

    def measure(self, rows: Sequence[R]) -> tuple[int, ...]:  # noqa: ARG002 - some kinds need it
        """Return the widths of columns, which depend on all rows."""
        return ()

    # For users of the list.

    @property
    def rows(self) -> Sequence[R]:
        """The rows, in their order."""
        return self._rows

    @property
    def cursor(self) -> int:
        """The index of the selected row."""
        return self._cursor

    @property
    def pitch(self) -> int:
        """The number of lines from one row to the next."""
        return self._pitch

    @property
    def selected(self) -> R | None:
        """The selected row."""
        return self._rows[self._cursor] if self._rows else None

    def show(self, rows: Sequence[R], empty: str = "") -> None:
        """Show these rows with the same cursor and scroll; without rows the sentence `empty`.

        Only changed lines are drawn.
        """
        old, self._rows = self._rows, rows
        if same(old, rows):
            if not rows and empty != self._empty:
                self._empty = empty
                self.refresh()
            return
        self._empty = empty
        was = old[self._cursor].key if old else self._chosen
        widths = self.measure(rows)
        if widths == self._widths and self._same_keys(old, rows):
            self._forget_unseen()
            for place in self._seen():
                if rows[place] is not old[place]:
                    self._draw_again(place)
        else:
            self._widths = widths
            moved_from, self._cursor = self._cursor, self._new_cursor(self._chosen, was)
            if rows and not self.filtered:
                self._chosen = rows[self._cursor].key
            if len(rows) != len(old):
                self._space()
            self._follow_cursor(moved_from)
            self._redraw()
        self.post_message(self.Moved(self, self.selected.key if self.selected else None))

    @staticmethod
    def _same_keys(old: Sequence[R], rows: Sequence[R]) -> bool:
        if len(old) != len(rows):
            return False
        first, last = same_ends(old, rows)
        changed = slice(first, len(rows) - last)
        return all(a.key == b.key for a, b in zip(old[changed], rows[changed], strict=True))

    def select(self, key: str) -> None:
        """Put the cursor on the row with this key, if it exists."""
        if (place := self._place_of(key)) is not None:
            self._chosen = key
            self._go(place)

    def tick(self) -> None:
        """Draw the visible rows again if time changed them."""
        for place in self._seen():
            self._draw_again(place)

    def _draw_again(self, place: int) -> None:
        before = self._painted.get(place)
        after = self._draw(place)
        if before != after:
            self._painted[place] = after
            self._refresh_row(place)

    # Drawing.

    def render_line(self, y: int) -> Strip:
        """Return the visible line `y`."""
        width = self.scrollable_content_region.width
        if width != self._painted_width:
            self._painted_width = width
            self._painted.clear()
        place, part = divmod(y + self.scroll_offset.y, self.pitch)
        if not self._rows:
            return self._empty_line(y, width)
        if place >= len(self._rows) or part >= self.LINES:
            return Strip.blank(width, self.rich_style)
        if place not in self._painted:
            self._painted[place] = self._draw(place)
        return self._painted[place][part]

    def _draw(self, place: int) -> list[Strip]:
        width = self.scrollable_content_region.width
        ground, mark = "", " "
        if place == self._cursor and (self.has_focus or self.KEEPS_CURSOR):
            ground, mark = ("$cursor", "▌") if self.has_focus else ("$cursor-blur", "▌")
        elif place == self.hovered:
            ground = "$hover"
        base = self._style("")
        if ground:
            base += self._style(f"on {ground}")

        def style_of(name: str) -> Style:
            return base + self._style(name) if name else base

        edge = Strip([Segment(mark, style_of("$edge-focus" if self.has_focus else "$edge"))], 1)
        lines = self.paint(self._rows[place], width - 1)
        return [Strip.join([edge, line.strip(style_of)]) for line in lines]

    def _style(self, definition: str) -> Style:
        """Return a style such as `bold $ready on $cursor` in the theme's colours.

        Without a definition it is the list's own style.
        """
        if definition not in self._styles:
            parsed = TextStyle.parse(definition, self.app.theme_variables)
            self._styles[definition] = parsed.rich_style if definition else self.rich_style
        return self._styles[definition]

    def _empty_line(self, y: int, width: int) -> Strip:
        lines = self._empty.split("\n")
        top = max((self.size.height - len(lines)) // 2 - 1, 0)
        if not 0 <= y - top < len(lines):
            return Strip.blank(width, self.rich_style)
        text = lines[y - top]
        line = Line(width)
        line.add(" " * max((width - len(text)) // 2, 1)).add(text, "$muted")
        base = self.rich_style
        return line.strip(lambda name: base + self._style(name) if name else base)

    def _redraw(self) -> None:
        self._painted.clear()
        self.refresh()

    def _refresh_row(self, place: int) -> None:
        self.refresh_lines(place * self.pitch, self.pitch)

    def _repaint_row(self, place: int | None) -> None:
        if place is not None:
            self._painted.pop(place, None)
            self._refresh_row(place)

    def _space(self) -> None:
        """Set the distance of rows, and so the length of the list."""
        spaced = self.LINES + 1
        fits = len(self._rows) * spaced - 1 <= self.size.height
        self._pitch = spaced if self.airy and fits else self.LINES
        self.virtual_size = Size(0, len(self._rows) * self._pitch - (self._pitch - self.LINES))

    def _seen(self) -> range:
        first = self.scroll_offset.y // self.pitch
        last = -(-(self.scroll_offset.y + self.size.height) // self.pitch)
        return range(first, min(last, len(self._rows)))

    def _forget_unseen(self) -> None:
        seen = self._seen()
        self._painted = {place: lines for place, lines in self._painted.items() if place in seen}

    # The cursor.

    def _new_cursor(self, *keys: str | None) -> int:
        """Return the place of the first of these rows that exists, else the nearest to the old."""
        for key in dict.fromkeys(keys):
            if key is not None and (place := self._place_of(key)) is not None:
                return place
        return max(min(self._cursor, len(self._rows) - 1), 0)

    def _place_of(self, key: str) -> int | None:
        # An index of all rows would take longer to make than the few searches in it.
        return next((place for place, row in enumerate(self._rows) if row.key == key), None)

    def _follow_cursor(self, moved_from: int) -> None:
        """Keep the cursor's row in its place on the screen when rows above it change."""
        top = self.scroll_offset.y
        if not top <= self._cursor * self.pitch <= top + self.size.height - self.pitch:
            moved = (self._cursor - moved_from) * self.pitch
            self.scroll_to(y=max(top + moved, 0), animate=False)
        self._show_cursor()

    def _show_cursor(self) -> None:
        if not self._rows or not self.size.height:
            return
        top, cursor = self.scroll_offset.y, self._cursor * self.pitch
        if cursor < top:
            self.scroll_to(y=cursor, animate=False)
        elif cursor + self.LINES > top + self.size.height:
            self.scroll_to(y=cursor + self.LINES - self.size.height, animate=False)

    def _go(self, place: int) -> None:
        place = max(min(place, len(self._rows) - 1), 0)
        if place == self._cursor or not self._rows:
            return
        before, self._cursor = self._cursor, place
        self._chosen = self._rows[place].key
        self._repaint_row(before)
        self._repaint_row(place)
        self._show_cursor()
        self.post_message(self.Moved(self, self._rows[place].key))

    def action_move(self, by: int) -> None:
        """Move the cursor by rows."""
        self._go(self._cursor + by)

    def action_page(self, by: int) -> None:
        """Move the cursor by pages."""
        self._go(self._cursor + by * max(self.size.height // self.pitch - 1, 1))

    def action_edge(self, which: int) -> None:
        """Move the cursor to the first row or the last."""
        self._go(0 if which < 0 else len(self._rows) - 1)

    # Mouse, focus, size and colours.

    def _place_at(self, offset: Offset | None) -> int | None:
        if offset is None:
            return None
        place = (offset.y + self.scroll_offset.y) // self.pitch
        return place if 0 <= place < len(self._rows) else None

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse clicked."""
        place = self._place_at(event.get_content_offset(self))
        if place is not None:
            self._go(place)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Highlight the row under the mouse."""
        self.hovered = self._place_at(event.get_content_offset(self))

    def on_leave(self) -> None:
        """Remove the highlight."""
        self.hovered = None

    def watch_hovered(self, before: int | None, after: int | None) -> None:
        """Draw both rows again."""
        self._repaint_row(before)
        self._repaint_row(after)

    def on_focus(self) -> None:
        """Draw the cursor in its focused style."""
        self._repaint_row(self._cursor)

    def on_blur(self) -> None:
        """Draw the cursor in its unfocused style."""
        self._repaint_row(self._cursor)

    def watch_airy(self) -> None:
        """Lay the rows out again."""
        self._space()
        self._redraw()
        self._show_cursor()

    def on_resize(self) -> None:
        """Lay every row out for the new size."""
        self._space()
        self._redraw()
        self._show_cursor()

    def notify_style_update(self) -> None:
        """Draw everything in the new colours."""
        super().notify_style_update()
        self._styles.clear()
        self._painted.clear()
