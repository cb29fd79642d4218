"""Output streams at the end of the program."""

import os
from typing import TextIO


def flush_or_drop(stream: TextIO) -> None:
    """Write what a stream still holds; where that fails, drop it and all that follows.

    Otherwise the interpreter tries to write it again when it ends, and exits with 120 in place of
    the program's own code.
    """
    try:
        stream.flush()
    except (OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
