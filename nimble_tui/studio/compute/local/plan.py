"""The plan that a supervisor is handed: data alone, checked before."""

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from nimble_tui.core.text import clean
from nimble_tui.studio.compute import Failure, Machine
from nimble_tui.studio.compute.local import bubblewrap, check, desktop_session, sandbox, xvnc
from nimble_tui.studio.compute.local.components import UnusableError, parts_of
from nimble_tui.studio.compute.local.session import SERVER_FD
from nimble_tui.studio.compute.local.settings import UIDS, Limits, LocalSettings

_ARTIST: Final = "artist"
_MINUTE: Final = 60
_MAX_SESSION_LENGTH: Final = 690
"""Minutes after which a workstation ends whose studio never says when."""
_GIB: Final = 2**30
_RESOLVER: Final = Path("/etc/resolv.conf")
_DESKTOP: Final = "ro-desktop"


def refusal(machine: Machine, settings: LocalSettings) -> Failure | None:
    """Return why a workstation cannot be run here as its launch profile says, if it cannot."""
    problem = check.missing(settings)
    if not problem and machine.platform != "LINUX":
        problem = (
            f"Its image is for {clean(machine.platform) or 'no known platform'}, and this machine "
            "runs only Linux workstations. Choose another launch profile."
        )
    if not problem and settings.limits(machine.ec2_instance_type) is None:
        problem = (
            f"There are no limits for {clean(machine.ec2_instance_type)} here: ask your admin "
            f'to add [local.types."{clean(machine.ec2_instance_type)}"] to studio.toml.'
        )
    if not problem:
        try:
            _server(machine)
            _parts(machine, settings)
        except UnusableError as error:
            problem = str(error)
        except ValueError as error:
            problem = f"Its launch profile cannot be enforced here: {error}"
    return Failure("INTERNAL_ERROR", problem) if problem else None


def limits_of(machine: Machine, settings: LocalSettings) -> Limits:
    """Return the limits of a workstation that is not refused."""
    limits = settings.limits(machine.ec2_instance_type)
    if limits is None:
        raise ValueError("no limits for this instance type")
    return limits


def first_uid(settings: LocalSettings, slot: int, *, is_root: bool) -> int | None:
    """Return the first user id of a workstation, None where it has none of its own."""
    return settings.first_uid + slot * UIDS if is_root else None


def plan_of(
    machine: Machine, settings: LocalSettings, slot: int, restore: Path | None, *, is_root: bool
) -> tuple[dict[str, Any], str]:
    """Return the plan of a workstation that is not refused, but for its state; and its notes."""
    parts = _parts(machine, settings)
    limits = limits_of(machine, settings)
    size = machine.volumes.get("size")
    if isinstance(size, int) and size * _GIB > limits.disk:
        parts.notes.append(
            f"Its launch profile gives it {size} GiB of disk, and here it has "
            f"{limits.disk // _GIB} GiB."
        )
    environment = _environment(machine)
    pasta = check.pasta()
    own_network = bool(pasta)
    length = machine.stream_configuration.get("maxSessionLengthInMinutes")
    display = desktop_session.environment(":0", f"{bubblewrap.RUN}/xauthority")
    plan = {
        "mode": "run",
        "first_uid": first_uid(settings, slot, is_root=is_root),
        "restore": str(restore or ""),
        "authority": xvnc.authority(secrets.token_bytes(xvnc.COOKIE_BYTES)).hex(),
        "server": _server(machine),
        "session": list(settings.session(machine.ec2_image_id) or desktop_session.DEFAULT_SESSION),
        "environment": environment | display,
        "scripts": parts.scripts,
        "script_seconds": settings.script_seconds,
        "asked_before": settings.asked_before,
        "folders": parts.folders | {_DESKTOP: str(desktop_session.FILES)},
        "mounts": [*parts.mounts, (_DESKTOP, desktop_session.MOUNT)],
        "hidden": [str(path) for path in settings.hidden],
        "files": _files(own_network=own_network),
        "own_network": own_network,
        "pasta": pasta if check.can_connect() else "",
        "hostname": _hostname(machine),
        "seconds": (length if isinstance(length, int) else _MAX_SESSION_LENGTH) * _MINUTE,
    }
    return plan, " ".join(parts.notes)


def _parts(machine: Machine, settings: LocalSettings) -> Any:
    return parts_of(machine.initialization, settings.shares, _environment(machine))


def _server(machine: Machine) -> list[str]:
    """Return the command of its X server; ValueError where it cannot be as the profile says."""
    command = xvnc.xvnc_command(
        rfb_socket=f"{bubblewrap.RUN}/rfb.sock",
        authority_file=f"{bubblewrap.RUN}/xauthority",
        display_fd=SERVER_FD,
        clipboard_mode=str(machine.stream_configuration.get("clipboardMode", "")),
    )
    return [*command, "-Log=*:stderr:0"]  # its errors alone, for the last words of a session


def _environment(machine: Machine) -> dict[str, str]:
    return {
        "HOME": bubblewrap.HOME,
        "USER": _ARTIST,
        "LOGNAME": _ARTIST,
        "SHELL": "/bin/bash" if Path("/bin/bash").exists() else "/bin/sh",
        "PATH": bubblewrap.PATH,
        "LANG": "C.UTF-8",
        "XDG_RUNTIME_DIR": bubblewrap.RUN,
        "NIMBLE_SESSION_ID": machine.session_id,
        "NIMBLE_LAUNCH_PROFILE_ID": machine.launch_profile_id,
        "NIMBLE_INSTANCE_TYPE": clean(machine.ec2_instance_type),
    }


def _hostname(machine: Machine) -> str:
    """Return a host name that a shell's prompt can show."""
    ending = "".join(letter for letter in machine.session_id[-4:] if letter.isalnum())
    return f"workstation-{ending}".rstrip("-").lower()


def _files(*, own_network: bool) -> Mapping[str, str]:
    """Return small files of the sandbox's /etc: its users, and where it asks for names."""
    shell = "/bin/bash" if Path("/bin/bash").exists() else "/bin/sh"
    users = [*_system_entries("/etc/passwd"), f"{_ARTIST}:x:1000:1000::{bubblewrap.HOME}:{shell}"]
    groups = [*_system_entries("/etc/group"), f"{_ARTIST}:x:1000:"]
    files = {"passwd": "\n".join(users) + "\n", "group": "\n".join(groups) + "\n"}
    if own_network and _asks_itself():
        files["resolv.conf"] = f"nameserver {sandbox.NAMESERVER}\n"
    elif _RESOLVER.is_file():
        files["resolv.conf"] = _RESOLVER.read_text(encoding="utf-8", errors="replace")
    return files


def _system_entries(path: str) -> list[str]:
    """Return the lines of this machine's own users or groups, and none of its people's."""
    lines = Path(path).read_text(encoding="utf-8", errors="replace").splitlines()
    fields = [line.split(":") for line in lines]
    return [
        ":".join(entry)
        for entry in fields
        if len(entry) > 3
        and entry[2].isdecimal()
        and (int(entry[2]) < 1000 or int(entry[2]) > 65000)
    ]


def _asks_itself() -> bool:
    """Return whether this machine asks a program of its own for names."""
    with_loopback = ("nameserver 127.", "nameserver ::1")
    try:
        lines = _RESOLVER.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    return any(line.startswith(with_loopback) for line in lines)
