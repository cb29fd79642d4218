"""A bare Textual app with two tables: what the others are measured against."""

from textual.app import App, ComposeResult
from textual.widgets import DataTable


class BareApp(App[None]):
    """Two tables with one row each."""

    def compose(self) -> ComposeResult:
        yield DataTable[str]()
        yield DataTable[str]()

    def on_mount(self) -> None:
        for table in self.query(DataTable):
            table.add_columns("Launch profiles", "My workstations")
            table.add_row("Lighting", "READY")


if __name__ == "__main__":
    BareApp().run()
