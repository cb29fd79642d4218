"""The first program of a sandbox: it starts the screen, then the session's command."""

import shlex
from collections.abc import Sequence
from typing import Final

BEGIN: Final = "begin"
END: Final = "end"
SERVER_FD: Final = 3
"""The descriptor at which the X server writes the number of its display."""

_ENTRY: Final = """
read -r word && [ "$word" = begin ] || exit 1
exec 5<&0 </dev/null
umask 077
mkfifo /tmp/.display || exit 1
{ %s 3>/tmp/.display 2>/tmp/.server 5<&-; echo 'The X server ended.' >&2; kill -KILL $$; } &
read -r number </tmp/.display || number=
rm -f /tmp/.display
[ -n "$number" ] || { cat /tmp/.server; echo 'The X server did not start.'; exit 70; }
DISPLAY=":$number"
export DISPLAY
umask 022
"$@" 5<&- &
session=$!
{
    while read -r word <&5; do
        [ "$word" = end ] || continue
        read -r self rest </proc/self/stat
        for process in /proc/[0-9]*; do
            process=${process#/proc/}
            read -r name 2>/dev/null </proc/$process/comm || continue
            case $process:$name in 1:* | $$:* | $self:* | *:Xvnc | *:Xtigervnc) continue ;; esac
            kill -TERM $process 2>/dev/null
        done
    done
} &
wait $session
exit $?
"""
_SCRIPT: Final = 'read -r word && [ "$word" = begin ] || exit 1; exec "$@" </dev/null'


def session_command(server: Sequence[str], session: Sequence[str]) -> list[str]:
    """Return the command of a session that begins at the word `BEGIN` on its standard input.

    At `END` it asks every program but the X server to end. `server` are words of ours alone.
    """
    return ["/bin/sh", "-c", _ENTRY % shlex.join(server), "session", *session]


def script_command(command: Sequence[str]) -> list[str]:
    """Return a command that begins at the word `BEGIN` on its standard input."""
    return ["/bin/sh", "-c", _SCRIPT, "script", *command]
