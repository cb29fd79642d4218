"""Set up the project on first use, then run one of these: `python3 dev.py demo`.

  demo      open the demo studio
  test      run every check: lint, then all tests; what follows goes to pytest
  check     lint and unit, before a commit
  lint      ruff, mypy and the import contracts
  unit      the quick tests, without screens, in seconds
  snap      compare the screens with their stored pictures; --accept stores them
  pictures  draw the pictures of the documents (all, or those named), and docs
  docs      write the tables that the documents take from the code
  pythons   print the oldest and the newest Python here that can run the tests

Any other word runs that command in the project's own virtual environment, such as
`python3 dev.py nimble-tui --version`. It needs Python 3.11 or newer, and nothing else; any such
Python can be given in place of `python3`.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# Types are in quotes, so that an older Python reads far enough to print the message.
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
STAMP = VENV / "set-up-for"

LINT = (
    ("ruff", "format", "--check", "."),
    ("ruff", "check", "."),
    ("mypy",),
    ("lint-imports",),
)
PYTEST = ("pytest", "--dist", "worksteal", "-n")
# More than there are cores: a screen's test waits longer than it computes.
EVERY_TEST = (*PYTEST, "6")
QUICK = ("api", "config", "core", "desktop", "view")
UNIT = (*PYTEST, "4", "-q", *(f"tests/{one}" for one in QUICK))
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - each run has a folder of its own in it
MEMORY_NEEDED = 2 * 1024**3
SNAP = (*PYTEST, "4", "-q", "-m", "snapshot and not slow", "tests/tui")


def main(words: "list[str]") -> int:
    """Run `words` and return the exit code."""
    if words[:1] == ["pythons"]:
        return list_pythons()
    if sys.version_info < (3, 11):  # noqa: UP036 - the one file that an older Python may be given
        return say("nimble-tui needs Python 3.11 or newer; install it and run this again with it.")
    if not words or words[0] in {"-h", "--help"}:
        print(__doc__)
        return 0 if words else 2
    problem = set_up()
    if problem:
        return say(problem)
    name, *more = words
    return COMMANDS[name](more) if name in COMMANDS else run(*words)


def test(words: "list[str]") -> int:
    """Run every check, the tests with their files in memory where there is room for them."""
    if not (SHARED_MEMORY.is_dir() and shutil.disk_usage(SHARED_MEMORY).free > MEMORY_NEEDED):
        return run_all(*LINT, (*EVERY_TEST, *words))
    with tempfile.TemporaryDirectory(dir=SHARED_MEMORY, ignore_cleanup_errors=True) as folder:
        return run_all(*LINT, (*EVERY_TEST, f"--basetemp={folder}/files", *words))


def snap(words: "list[str]") -> int:
    """Compare the screens with their pictures, or store the pictures as they are."""
    if words[:1] == ["--accept"]:
        return run(*SNAP, "--snapshot-update", *words[1:])
    code = run(*SNAP, *words)
    if code:
        say("Look at the changed pictures; `python3 dev.py snap --accept` stores them.")
    return code


def pictures(names: "list[str]") -> int:
    """Draw the pictures of the documents, and write their tables."""
    return run("python", "-m", "tests.tui.pictures", *names) or write_tables()


def write_tables() -> int:
    """Write the tables of the documents."""
    return run("python", "-m", "tests.documents.tables")


def run_all(*steps: "tuple[str, ...]") -> int:
    """Run every step, also after one that fails."""
    failed = []
    for step in steps:
        print(f"\n── {' '.join(step)}", flush=True)
        if run(*step) != 0:
            failed.append(" ".join(step))
    if failed:
        return say("\nFailed: " + ", ".join(failed))
    print("\nAll checks passed.")
    return 0


COMMANDS: "dict[str, Callable[[list[str]], int]]" = {
    "demo": lambda words: run("nimble-tui", "--demo", *words),
    "test": test,
    "check": lambda words: run_all(*LINT, (*UNIT, *words)),
    "lint": lambda _: run_all(*LINT),
    "unit": lambda words: run(*UNIT, *words),
    "snap": snap,
    "pictures": pictures,
    "docs": lambda _: write_tables(),
}


def list_pythons() -> int:
    """Print the oldest and the newest Python here that can run the tests, a path a line."""
    found = find_pythons()
    if not found:
        return say("Needs Python 3.11 or newer that can create virtual environments.")
    print(*dict.fromkeys([found[min(found)], found[max(found)]]), sep="\n")
    return 0


def find_pythons() -> "dict[tuple[int, int], str]":
    """Return a Python for each version from 3.11 on, found on the PATH and among pyenv's.

    Each is tried: a shim of pyenv may stand for a version that is switched off, and Debian leaves
    out what virtual environments need.
    """
    folders = [Path(one) for one in os.environ.get("PATH", "").split(os.pathsep) if one]
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    folders += sorted(pyenv.glob("versions/*/bin"))
    named = [path for folder in folders for path in sorted(folder.glob("python3.*"))]
    candidates = [path for path in named if re.fullmatch(r"python3\.\d+(\.exe)?", path.name)]
    found: dict[tuple[int, int], str] = {}
    for path in (Path(sys.executable), *candidates):
        version = version_of(path)
        if version is not None and version >= (3, 11):
            found.setdefault(version, str(path))
    return found


def version_of(python: Path) -> "tuple[int, int] | None":
    """Return the version of a Python that starts and can make virtual environments."""
    code = "import ensurepip, venv, sys; print(*sys.version_info[:2])"
    try:
        done = subprocess.run(
            [str(python), "-c", code],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        major, minor = map(int, done.stdout.split())
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return major, minor


def set_up() -> "str | None":
    """Make the virtual environment if there is none for these files; return what went wrong."""
    import tomllib

    pyproject = (ROOT / "pyproject.toml").read_bytes()
    constraints = (ROOT / "constraints.txt").read_bytes()
    wanted = hashlib.sha256(
        b"\0".join([pyproject, constraints, sys.version.encode(), str(ROOT).encode()])
    ).hexdigest()
    if STAMP.is_file() and STAMP.read_text() == wanted:
        return None
    try:
        import ensurepip  # noqa: F401 - Debian splits it from Python, and venv needs it
        import venv
    except ImportError:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        return (
            "This Python cannot create virtual environments; on Debian or Ubuntu run `sudo apt "
            f"install python{version}-venv`, then run this again."
        )
    print("Setting up .venv (once, about a minute) …", file=sys.stderr, flush=True)
    venv.EnvBuilder(with_pip=True, clear=True).create(VENV)
    tools = tomllib.loads(pyproject.decode())["dependency-groups"]["dev"]
    install = [str(BIN / "python"), "-m", "pip", "install", "-qq", "--no-input"]
    install += ["--disable-pip-version-check", "-c", str(ROOT / "constraints.txt")]
    if subprocess.run([*install, "-e", str(ROOT), *tools], check=False).returncode != 0:
        return "Can't install the packages; see above, check the network, then run this again."
    STAMP.write_text(wanted)
    return None


def run(command: str, *words: str) -> int:
    """Run a command of the virtual environment from the project's folder."""
    env = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"}
    # The tests start many processes, and each would compile the same files again.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    name = f"{command}.exe" if os.name == "nt" else command
    path = BIN / name if (BIN / name).exists() else command
    try:
        return subprocess.run([str(path), *words], cwd=ROOT, env=env, check=False).returncode
    except FileNotFoundError:
        return say(f"No command {command!r}; run `python3 dev.py --help`.")
    except KeyboardInterrupt:
        return 130


def say(sentence: str) -> int:
    """Print a problem on stderr and return 1."""
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
