"""Orders to the supervisor of a workstation, through the socket in its folder."""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from nimble_tui.studio.compute import MachineRequest, Verb
from nimble_tui.studio.compute.local import folder, sockets
from nimble_tui.studio.compute.local.folder import Folder

_ORDER_TAKES: Final = 3.0
_STARTS_LISTENING: Final = 2.0
_MOST_BACKUPS: Final = 10


def order_of(request: MachineRequest, root: Path) -> dict[str, Any]:
    """Return a request as a supervisor takes it."""
    machine = request.machine
    order: dict[str, Any] = {"verb": str(request.verb), "number": request.number}
    if request.verb == Verb.STOP:
        order |= {"graceful": True, "retention": machine.retention, "backup": ""}
        if machine.backup_id:
            backup = folder.backup_of(root, machine.session_id, machine.backup_id)
            most = machine.stream_configuration.get("sessionBackup", {}).get("maxBackupsToRetain")
            order |= {
                "backup": str(backup),
                "backups": most if isinstance(most, int) else _MOST_BACKUPS,
            }
    elif request.verb == Verb.TERMINATE:
        # A session's own request has a state; without one, only this machine of it is over.
        is_over = bool(machine.state)
        listed = folder.backups_of(root, machine.session_id)
        order["backups_of"] = str(listed) if is_over else ""
    return order


def send_order(place: Folder, order: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return a supervisor's answer, None where it gives none."""
    until = time.monotonic() + _STARTS_LISTENING
    while True:
        try:
            with sockets.connect(place.control, _ORDER_TAKES) as connection:
                connection.sendall(json.dumps(order).encode() + b"\n")
                with connection.makefile("rb") as file:
                    answer = json.loads(file.readline(65536))
                return answer if isinstance(answer, dict) else None
        except (FileNotFoundError, ConnectionRefusedError):
            if not place.is_locked() or time.monotonic() > until:
                return None
            time.sleep(0.02)
        except (OSError, ValueError):
            return None
