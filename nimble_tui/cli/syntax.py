"""The types of the command line's grammar."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple


class Argument(NamedTuple):
    """An argument of a command; a `name` that begins with -- is an option.

    `metavar` is what stands for its value in the help, "" for an option without one; `choices`
    are all that it may be. Of what is `many` there is a list: an option may be given again, of
    anything else there is one at least. An option that is `required` has to be given.
    """

    name: str
    help: str
    metavar: str = ""
    choices: tuple[str, ...] = ()
    parse: Callable[[str], object] = str
    default: object = None
    optional: bool = False
    many: bool = False
    required: bool = False

    @property
    def is_option(self) -> bool:
        """True for an option, which begins with --."""
        return self.name.startswith("--")

    @property
    def takes_value(self) -> bool:
        """True for an option with a value and for a positional argument."""
        return bool(self.metavar or self.choices)


_NOTHING: Mapping[str, str] = MappingProxyType({})


class Command(NamedTuple):
    """A command: name, summary, function, arguments; `fixed` are preset values.

    `run` names a function of this package, as `module:function`, which takes the parsed words and
    returns the exit code: what one command does not need, it does not wait for. `parts` are
    commands below it, named after it; without a `run` it is one of them that is meant. `common`
    are the common options that apply, and that its help lists; None for those of the command above
    it, or for all. `more` is what its help ends with, such as a word explained.
    """

    name: str
    what: str
    run: str = ""
    words: tuple[Argument, ...] = ()
    fixed: Mapping[str, str] = _NOTHING
    parts: tuple["Command", ...] = ()
    common: tuple[Argument, ...] | None = None
    more: str = ""


JSON = Argument("--json", "Print JSON")
YES = Argument("--yes", "Don't ask for confirmation")
DEMO = Argument("--demo", "Use the demo studio on this computer")
STUDIO = Argument("--studio", "Use this studio from your settings", metavar="NAME")
CONFIG = Argument("--config", "Settings file of the studio (studio.toml)", metavar="FILE")
DATA = Argument(
    "--data",
    "Data file, instead of --config; only if its access keys are not encrypted with a master key",
    metavar="FILE",
)
WHERE = (CONFIG, DATA)
"""Which studio: its settings, or its data file alone."""
