"""The screens' source: no call of theirs blocks, and no result travels by message."""

import ast
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "nimble_tui" / "tui"
FILES = sorted(FOLDER.rglob("*.py"))
SPAWN = ("app.py", "_spawn")
"""The one place that starts workers: those of the workspace's coroutines."""
THREADS = {"Thread", "run_in_executor", "to_thread"}
OF_THREADS = {"daemon_threads.py", "last_resort.py"}
"""What runs calls in threads, and what ends the process even where the event loop hangs."""
OF_WIDGETS = {
    *("Choices.Chosen", "Choices.Taken", "KeyBar.Chosen", "Matrix.Crossed"),
    *("ReadingList.Chosen", "Rows.Moved", "Ticks.Ticked"),
}
"""Messages about which entry or row a person chose."""
LIMITS = {"lines of the main screen": 350, "lines of a method of it": 15}


def named(node: ast.expr) -> str:
    """Return the last name of an expression such as `textual.work(...)`."""
    node = node.func if isinstance(node, ast.Call) else node
    return getattr(node, "id", getattr(node, "attr", ""))


def offences(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "textual.worker":
            names = {alias.name for alias in node.names} - {"Worker"}
            yield from (f"{path.name}: {name} is about a worker's end" for name in sorted(names))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if "work" in map(named, node.decorator_list):
                yield f"{path.name}: {node.name} is a worker of its own"
            calls = [one for one in ast.walk(node) if isinstance(one, ast.Call)]
            starts = [one for one in calls if named(one) == "run_worker"]
            if starts and (path.name, node.name) != SPAWN:
                yield f"{path.name}: {node.name} starts a worker"
            if any(keyword.arg == "thread" for one in starts for keyword in one.keywords):
                yield f"{path.name}: {node.name} starts a thread"
        if isinstance(node, ast.Call) and named(node) in THREADS and path.name not in OF_THREADS:
            yield f"{path.name}: a thread of its own"


def messages() -> Iterator[str]:
    """Yield the names of message classes that carry anything."""
    for path in FILES:
        for outer in ast.walk(ast.parse(path.read_text())):
            inner = outer.body if isinstance(outer, ast.Module | ast.ClassDef) else ()
            for node in inner:
                if isinstance(node, ast.ClassDef) and "Message" in map(named, node.bases):
                    holds = any(isinstance(one, ast.AnnAssign) for one in node.body)
                    prefix = f"{outer.name}." if isinstance(outer, ast.ClassDef) else ""
                    if holds:
                        yield prefix + node.name


def test_every_call_goes_through_the_workspaces_tasks() -> None:
    assert [one for path in FILES for one in offences(path)] == []


def test_no_message_carries_the_result_of_a_call() -> None:
    assert set(messages()) <= OF_WIDGETS


def test_the_main_screen_fits_two_pages_of_an_editor() -> None:
    path = FOLDER / "screens" / "main.py"
    lines = path.read_text().splitlines()
    (screen,) = [
        one
        for one in ast.parse(path.read_text()).body
        if isinstance(one, ast.ClassDef) and one.name == "MainScreen"
    ]
    assert list(map(named, screen.bases)) == ["NimbleScreen"]
    assert len(lines) <= LIMITS["lines of the main screen"]
    methods = [
        one for one in screen.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    long = {
        one.name: len(code(one))
        for one in methods
        if len(code(one)) > LIMITS["lines of a method of it"]
    }
    assert long == {}


def code(method: ast.FunctionDef | ast.AsyncFunctionDef) -> range:
    """Return the lines of a method's body, without its docstring."""
    first = method.body[1] if ast.get_docstring(method) and len(method.body) > 1 else method.body[0]
    return range(first.lineno, (method.end_lineno or first.lineno) + 1)
