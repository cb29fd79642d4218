"""What the exit codes mean."""

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
    0  done
    1  failed; also: --wait ended in a failure, none or several of that name
    2  wrong use; also: wrong settings, no terminal for the app or a question
    3  refused by a rule, or you are not allowed to; also: read_only is set
    4  not signed in
    5  the studio cannot be reached
    6  --timeout ended a --wait; what was requested continues
  130  interrupted with ctrl+c; what the studio was asked for goes on
"""


class Stop(Exception):  # noqa: N818 - the end of a command, not always an error
    """Ends a command with an exit code and sentences for stderr."""

    def __init__(self, code: int, *sentences: str) -> None:
        super().__init__("\n".join(sentences))
        self.code = code
        self.sentences = sentences
