"""Applies the studio components of a launch profile on this machine.

Source: the AWS API reference, StudioComponent, StudioComponentInitializationScript and
StudioComponentConfiguration. Where that is silent, docs/local.md names the variables of a script.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from nimble_tui.core.text import clean
from nimble_tui.studio.compute.local import shares

_HOME: Final = "/home/artist"
_MOUNT_POINT: Final = re.compile(r"(/[^/\n\s\\\0]{1,128}){1,16}")
_KEY: Final = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]{0,63}")
_OF_ROOT: Final = {
    "HOME": "/root",
    "USER": "root",
    "LOGNAME": "root",
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
}
_TAKEN: Final = frozenset(
    {"bin", "boot", "dev", "etc", "lib", "lib32", "lib64", "libx32", "opt", "proc", "run", "sbin"}
    | {"sys", "tmp", "usr", "var"}
)
_CONFIGURATIONS: Final = (
    ("sharedFileSystemConfiguration", "linuxMountPoint", "NIMBLE_LINUX_MOUNT_POINT"),
    ("sharedFileSystemConfiguration", "shareName", "NIMBLE_SHARE_NAME"),
    ("sharedFileSystemConfiguration", "endpoint", "NIMBLE_ENDPOINT"),
    ("sharedFileSystemConfiguration", "fileSystemId", "NIMBLE_FILE_SYSTEM_ID"),
    ("licenseServiceConfiguration", "endpoint", "NIMBLE_ENDPOINT"),
    ("computeFarmConfiguration", "endpoint", "NIMBLE_ENDPOINT"),
    ("computeFarmConfiguration", "activeDirectoryUser", "NIMBLE_ACTIVE_DIRECTORY_USER"),
    ("activeDirectoryConfiguration", "directoryId", "NIMBLE_DIRECTORY_ID"),
)
"""The members of a component's configuration, and the variables that hold them."""


class UnusableError(ValueError):
    """A component cannot be had on this machine; its text says why."""


@dataclass(slots=True)
class Parts:
    """The results of components: folders to mount, scripts to run, notes for the artist.

    `folders` are folders of this machine by their names in the sandbox's staging, `mounts` pairs of
    such a name and where it is shown.
    """

    folders: dict[str, str] = field(default_factory=dict)
    mounts: list[tuple[str, str]] = field(default_factory=list)
    scripts: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def parts_of(
    components: Sequence[Mapping[str, Any]],
    folders: Mapping[str, Path],
    common: Mapping[str, str],
) -> Parts:
    """Return what components mean; `folders` are those of shares, `common` variables of scripts.

    System scripts come before user scripts, each in the order of the components. Raises
    UnusableError for a share that is not there.
    """
    parts = Parts()
    for component in components:
        name, kind = clean(str(component.get("name", ""))), component.get("type")
        if kind == "SHARED_FILE_SYSTEM":
            _mount(parts, component, name, folders)
        elif kind == "ACTIVE_DIRECTORY":
            parts.notes.append(f"It is not joined to the directory {name}: not possible here.")
    for context in ("SYSTEM_INITIALIZATION", "USER_INITIALIZATION"):
        for component in components:
            parts.scripts += _scripts(component, context, common)
    return parts


def _mount(
    parts: Parts, component: Mapping[str, Any], name: str, folders: Mapping[str, Path]
) -> None:
    configuration = _configuration(component, "sharedFileSystemConfiguration")
    share = str(configuration.get("shareName", ""))
    folder = folders.get(share)
    if folder is None:
        raise UnusableError(
            f"The file system {name} cannot be mounted: its share {clean(share)!r} is not in "
            "[local.shares] of studio.toml. Ask your admin."
        )
    if problem := shares.problem_of(folder):
        raise UnusableError(
            f"The file system {name} cannot be mounted: the folder of its share {clean(share)!r} "
            f"{problem}. Ask your admin."
        )
    target = _mount_point(str(configuration.get("linuxMountPoint", "")))
    if target is None:
        raise UnusableError(
            f"The file system {name} has no mount point for Linux that can be used: a folder "
            "outside the system's own, such as /mnt/projects. Ask your admin."
        )
    staged = f"share-{len(parts.mounts)}"
    parts.folders[staged] = str(folder)
    parts.mounts.append((staged, target))
    if shares.seems_unmounted(folder):
        parts.notes.append(
            f"The file system {name} is empty: if it should not be, ask your admin to mount it."
        )


def _mount_point(given: str) -> str | None:
    """Return the path at which a share is shown, None where it cannot be there."""
    path = _HOME + given.removeprefix("$HOME") if given.startswith("$HOME/") else given
    if not _MOUNT_POINT.fullmatch(path) or {".", ".."} & set(path.split("/")):
        return None
    return None if path.split("/")[1] in _TAKEN or path == _HOME else path


def _scripts(
    component: Mapping[str, Any], context: str, common: Mapping[str, str]
) -> list[dict[str, Any]]:
    as_root = context == "SYSTEM_INITIALIZATION"
    of_root = _OF_ROOT if as_root else {}
    return [
        {
            "component": clean(str(component.get("name", ""))),
            "as_root": as_root,
            "text": script["script"],
            "environment": {**_variables(component), **common, **of_root},
        }
        for script in component.get("initializationScripts", ())
        if script.get("runContext") == context
        and script.get("platform", "LINUX") == "LINUX"
        and script.get("script")
    ]


def _variables(component: Mapping[str, Any]) -> dict[str, str]:
    """Return the variables of a component's scripts; the studio's own come after its parameters."""
    variables = {}
    for one in component.get("scriptParameters", ()):
        key, value = str(one.get("key", "")), str(one.get("value", ""))
        if _KEY.fullmatch(key) and "\0" not in value:
            variables[key] = value
    for configuration, member, variable in _CONFIGURATIONS:
        value = str(_configuration(component, configuration).get(member, ""))
        if value and "\0" not in value:
            variables[variable] = value
    for member, variable in (
        ("studioComponentId", "NIMBLE_COMPONENT_ID"),
        ("name", "NIMBLE_COMPONENT_NAME"),
        ("type", "NIMBLE_COMPONENT_TYPE"),
        ("subtype", "NIMBLE_COMPONENT_SUBTYPE"),
    ):
        variables[variable] = clean(str(component.get(member, "")))
    return variables


def _configuration(component: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = component.get("configuration", {}).get(name, {})
    return found if isinstance(found, Mapping) else {}
