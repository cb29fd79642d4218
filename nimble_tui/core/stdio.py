"""Output streams at the end of the program."""

import os
from typing import TextIO


def flush_or_drop(stream: TextIO) -> None:
    """Flush a stream; if that fails, drop its content and all that follows.

    Otherwise the interpreter flushes again at its end, and exits with 120 instead of the program's
    own code.
    """
    try:
        stream.flush()
    except (OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
