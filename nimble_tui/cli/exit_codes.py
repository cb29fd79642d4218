"""Exit codes."""

from typing import Final

DONE: Final = 0
FAILED: Final = 1
USAGE: Final = 2
REFUSED: Final = 3
NOT_SIGNED_IN: Final = 4
UNREACHABLE: Final = 5
TIMED_OUT: Final = 6
# As a shell counts a program that a signal ended: 128 and SIGINT, 128 and SIGPIPE.
INTERRUPTED: Final = 130
BROKEN_PIPE: Final = 141

HELP: Final = """\
exit codes:
    0  success
    1  failure; also: a name with no match or several, a --wait that failed
    2  usage error; also: settings errors, or no terminal where one is needed
    3  not allowed: by a rule, by your role, or by the setting read_only
    4  not signed in
    5  the studio cannot be reached
    6  --timeout ended a --wait; the studio continues with the request
  130  interrupted with ctrl+c; the studio continues with requests already sent
  141  the program that reads the output has ended
"""


class Stop(Exception):  # noqa: N818 - the end of a command, not always an error
    """Ends a command with an exit code and sentences for stderr."""

    def __init__(self, code: int, *sentences: str) -> None:
        super().__init__("\n".join(sentences))
        self.code = code
        self.sentences = sentences
